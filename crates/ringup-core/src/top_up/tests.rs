use proptest::prelude::*;

use super::*;

const AT: Timestamp = Timestamp::from_seconds(1_780_300_800);
const RECEIPT: ReceiptId = ReceiptId::from_u64(7);

fn states() -> [TopUpState; 8] {
    let (reason, some, none) = (RefundReason::ByStaff, Some(RECEIPT), None);
    [
        TopUpState::Placed,
        TopUpState::Deferred { since: AT },
        TopUpState::Abandoned { abandoned_at: AT },
        TopUpState::Credited { credited_at: AT, receipt: RECEIPT },
        TopUpState::Refunding { since: AT, reason, receipt: none },
        TopUpState::Refunding { since: AT, reason, receipt: some },
        TopUpState::Refunded { refunded_at: AT, reason, receipt: none },
        TopUpState::Refunded { refunded_at: AT, reason, receipt: some },
    ]
}

/// States down, events across: what each state becomes, or `-` where the event is refused. `+` marks a state with
/// a receipt.
#[test]
fn every_state_meets_every_event() {
    let name = |state: &TopUpState| format!("{}{}", state.name(), if state.receipt().is_some() { "+" } else { "" });
    let mut table =
        format!("{:<11}{:<10}{:<9}{:<10}{:<11}finish_refund\n", "from", "credit", "defer", "abandon", "refund");
    for state in states() {
        let row = [
            state.clone().credit(AT, RECEIPT),
            state.clone().defer(AT),
            state.clone().abandon(AT),
            state.clone().refund(AT, RefundReason::ByStaff),
            state.clone().finish_refund(AT),
        ];
        let [credit, defer, abandon, refund, finish] = row.map(|to| to.map_or("-".to_owned(), |state| name(&state)));
        table.push_str(&format!("{:<11}{credit:<10}{defer:<9}{abandon:<10}{refund:<11}{finish}\n", name(&state)));
    }
    let expected = "\
from       credit    defer    abandon   refund     finish_refund
placed     credited+ deferred abandoned refunding  -
deferred   credited+ -        -         refunding  -
abandoned  credited+ deferred -         refunding  -
credited+  -         -        -         refunding+ -
refunding  -         -        -         -          refunded
refunding+ -         -        -         -          refunded+
refunded   -         -        -         -          -
refunded+  -         -        -         -          -
";
    assert_eq!(table, expected);
}

#[test]
fn a_refused_event_names_both_states() {
    let refused = TopUpState::Placed.finish_refund(AT).unwrap_err();
    assert_eq!(refused.to_string(), "placed cannot become refunded");
}

#[test]
fn a_top_up_has_ended_when_nothing_more_is_to_come() {
    let ended: Vec<&str> = states().iter().filter(|state| state.is_final()).map(TopUpState::name).collect();
    assert_eq!(ended, ["abandoned", "credited", "refunded", "refunded"]);
}

#[test]
fn a_receipt_code_is_typed_in_many_ways() {
    let code = TopUpCode::from_bytes([0x5A; 16]);
    let text = code.to_string();
    let sloppy = text.replace('1', "l").replace('0', "o").to_lowercase();
    for typed in [text.clone(), code.grouped(), code.grouped().replace(' ', "-"), sloppy] {
        assert_eq!(typed.parse(), Ok(code), "{typed}");
    }
    for wrong in ["", "2TB9", &format!("{text}0"), &text.replace('B', "U"), "ZZZZZZZZZZZZZZZZZZZZZZZZZZ"] {
        assert_eq!(wrong.parse::<TopUpCode>(), Err(ParseTopUpCodeError), "{wrong}");
    }
}

#[test]
fn a_log_never_opens_a_receipt() {
    assert_eq!(format!("{:?}", TopUpCode::from_bytes([0xFF; 16])), "TopUpCode(7ZZZ···)");
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(bytes: [u8; 16]) {
        let code = TopUpCode::from_bytes(bytes);
        prop_assert_eq!(code.to_string().parse(), Ok(code));
        prop_assert_eq!(code.grouped().parse(), Ok(code));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,40}") {
        let _ = text.parse::<TopUpCode>();
    }
}
