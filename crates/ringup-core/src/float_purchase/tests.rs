use super::*;
use crate::money::Unit;

const CREATED: Timestamp = Timestamp::from_seconds(1_800_000_000);
const LATER: Timestamp = Timestamp::from_seconds(1_800_009_999);

fn fen(minor: u64) -> Amount {
    Amount::new(minor, Unit::Cny).unwrap()
}

fn paid(minor: u64) -> FloatPaid {
    let transaction = TransactionId::parse("T1").unwrap();
    FloatPaid { transaction, amount: fen(minor), paid_at: CREATED, booked_at: None }
}

fn states() -> [FloatPurchaseState; 4] {
    [
        FloatPurchaseState::Created,
        FloatPurchaseState::Pending { hand_over: "weixin://wxpay/bizpayurl?pr=1".to_owned() },
        FloatPurchaseState::Paid(paid(10_000)),
        FloatPurchaseState::Abandoned { abandoned_at: CREATED },
    ]
}

fn purchase(state: FloatPurchaseState) -> FloatPurchase {
    FloatPurchase {
        id: FloatPurchaseId::from_u64(1),
        agent: AgentId::from_u64(2),
        float: PurseId::from_u64(3),
        amount: fen(10_000),
        provider: Provider::WechatPay,
        method: PayMethod::Qr,
        state,
        created_at: CREATED,
        expires_at: CREATED,
        version: 0,
    }
}

fn report(source: ReportSource, word: PaymentWord) -> FloatReport {
    FloatReport { provider: Provider::WechatPay, purchase: FloatPurchaseId::from_u64(1), source, word }
}

fn says_paid(transaction: &str, amount: Amount) -> PaymentWord {
    PaymentWord::Paid { transaction: TransactionId::parse(transaction).unwrap(), amount, paid_at: CREATED }
}

/// States down, events across: what each state becomes, or `-` where the event is a repeat or comes too late.
#[test]
fn every_state_meets_every_event() {
    let mut table = format!("{:<10}{:<10}{:<10}abandon\n", "from", "hand_over", "pay");
    for state in states() {
        let row = [
            state.clone().hand_over("https://pay.example/1".to_owned()),
            state.clone().pay(paid(1)),
            state.clone().abandon(LATER),
        ];
        let [hand_over, pay, abandon] = row.map(|to| to.map_or("-", |state| state.name()));
        table.push_str(&format!("{:<10}{hand_over:<10}{pay:<10}{abandon}\n", state.name()));
    }
    let expected = "\
from      hand_over pay       abandon
created   pending   paid      abandoned
pending   pending   paid      abandoned
paid      -         -         -
abandoned -         paid      -
";
    assert_eq!(table, expected);
}

/// Which word leads to which state, by a notification and by our own question.
#[test]
fn a_word_is_believed_as_far_as_it_fits() {
    let words = [
        ("waiting", PaymentWord::Waiting),
        ("closed", PaymentWord::Closed),
        ("paid", says_paid("T1", fen(10_000))),
        ("less", says_paid("T1", fen(9_999))),
        ("nothing", says_paid("T1", fen(0))),
        ("dollars", says_paid("T1", Amount::new(10_000, Unit::Usd).unwrap())),
        ("other", says_paid("T2", fen(10_000))),
    ];
    let mut table = String::new();
    for source in [ReportSource::Notification, ReportSource::Query] {
        for (name, word) in &words {
            table.push_str(&format!("{:<13}{name:<8}", source.name()));
            for state in states() {
                let told = purchase(state).told(&report(source, word.clone()), LATER);
                let told = told.map_or_else(|refusal| refusal.code(), |purchase| purchase.state.name());
                table.push_str(&format!(" {told:<14}"));
            }
            table.truncate(table.trim_end().len());
            table.push('\n');
        }
    }
    let expected = "\
notification waiting  created        pending        paid           abandoned
notification closed   abandoned      abandoned      paid           abandoned
notification paid     paid           paid           paid           paid
notification less     report_differs report_differs report_differs report_differs
notification nothing  report_differs report_differs report_differs report_differs
notification dollars  report_differs report_differs report_differs report_differs
notification other    paid           paid           report_differs paid
query        waiting  created        pending        paid           abandoned
query        closed   abandoned      abandoned      paid           abandoned
query        paid     paid           paid           paid           paid
query        less     paid           paid           report_differs paid
query        nothing  report_differs report_differs report_differs report_differs
query        dollars  report_differs report_differs report_differs report_differs
query        other    paid           paid           report_differs paid
";
    assert_eq!(table, expected);
}

#[test]
fn another_provider_is_not_believed_whatever_it_says() {
    let report = FloatReport { provider: Provider::Alipay, ..report(ReportSource::Query, PaymentWord::Waiting) };
    for state in states() {
        let differs = Err(Refusal::ReportDiffers(Difference::Provider));
        assert_eq!(purchase(state).told(&report, LATER), differs);
    }
}

#[test]
fn what_was_booked_is_not_forgotten_by_a_repeat() {
    let booked = FloatPaid { booked_at: Some(LATER), ..paid(9_000) };
    let before = purchase(FloatPurchaseState::Paid(booked));
    let again = report(ReportSource::Notification, says_paid("T1", fen(9_000)));
    assert_eq!(before.clone().told(&again, LATER), Ok(before));
}
