use super::*;
use crate::money::Unit;

fn states() -> [PaymentState; 4] {
    let at = Timestamp::from_seconds(1_780_300_800);
    [
        PaymentState::Created,
        PaymentState::Pending { hand_over: "weixin://wxpay/bizpayurl?pr=1".to_owned() },
        PaymentState::Captured(capture(at)),
        PaymentState::Abandoned { abandoned_at: at },
    ]
}

fn capture(captured_at: Timestamp) -> Capture {
    let id = CaptureId::from_u64(3);
    Capture { id, previous: None, captured_at, transaction: Some(transaction()), amount: amount() }
}

fn transaction() -> TransactionId {
    TransactionId::parse("2026060122001400000000000001").unwrap()
}

fn amount() -> Amount {
    Amount::new(9_500, Unit::Cny).unwrap()
}

/// States down, events across: what each state becomes, or `-` where the event is a repeat or comes too late.
#[test]
fn every_state_meets_every_event() {
    let at = Timestamp::from_seconds(1_780_300_900);
    let mut table = format!("{:<10}{:<10}{:<10}abandon\n", "from", "hand_over", "capture");
    for state in states() {
        let row = [
            state.clone().hand_over("https://pay.example/1".to_owned()),
            state.clone().capture(capture(at)),
            state.clone().abandon(at),
        ];
        let [hand_over, capture, abandon] = row.map(|to| to.map_or("-", |state| state.name()));
        table.push_str(&format!("{:<10}{hand_over:<10}{capture:<10}{abandon}\n", state.name()));
    }
    let expected = "\
from      hand_over capture   abandon
created   pending   captured  abandoned
pending   pending   captured  abandoned
captured  -         -         -
abandoned -         captured  -
";
    assert_eq!(table, expected);
}

#[test]
fn a_refused_event_names_both_states() {
    let [_, _, captured, abandoned] = states();
    let at = Timestamp::from_seconds(1_780_300_900);
    assert_eq!(captured.abandon(at).unwrap_err().to_string(), "captured cannot become abandoned");
    let late = abandoned.hand_over(String::new()).unwrap_err();
    assert_eq!(late, InvalidTransition { from: "abandoned", to: "pending" });
}

#[test]
fn a_second_hand_over_replaces_the_first() {
    let [_, pending, ..] = states();
    let again = pending.hand_over("https://pay.example/2".to_owned());
    assert_eq!(again, Ok(PaymentState::Pending { hand_over: "https://pay.example/2".to_owned() }));
}

#[test]
fn a_transaction_number_is_visible_ascii_of_64_characters_at_most() {
    let longest = "9".repeat(64);
    for good in ["4200002026060112345678901234", "T", longest.as_str()] {
        assert_eq!(TransactionId::parse(good).unwrap().as_str(), good);
    }
    let too_long = "9".repeat(65);
    for bad in ["", " ", "12 34", "12\n", "一二三", too_long.as_str()] {
        assert_eq!(TransactionId::parse(bad), Err(ParseTransactionIdError), "{bad:?}");
    }
}
