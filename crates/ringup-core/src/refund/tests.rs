use super::*;

/// States down, events across: what each state becomes, or `-` where the event is a repeat or comes too late.
#[test]
fn every_state_meets_every_event() {
    let at = Timestamp::from_seconds(1_780_300_800);
    let states = [
        RefundState::Requested,
        RefundState::Succeeded { succeeded_at: at },
        RefundState::Failed { failed_at: at, reason: "ACCOUNT_CLOSED".to_owned() },
    ];
    let mut table = format!("{:<10}{:<10}fail\n", "from", "succeed");
    for state in states {
        let row = [state.clone().succeed(at), state.clone().fail(at, "ACCOUNT_CLOSED".to_owned())];
        let [succeed, fail] = row.map(|to| to.map_or("-", |state| state.name()));
        table.push_str(&format!("{:<10}{succeed:<10}{fail}\n", state.name()));
    }
    let expected = "\
from      succeed   fail
requested succeeded failed
succeeded -         -
failed    succeeded -
";
    assert_eq!(table, expected);
}

#[test]
fn a_failure_keeps_the_providers_own_words() {
    let at = Timestamp::from_seconds(1_780_300_800);
    let failed = RefundState::Requested.fail(at, "用户账户已注销".to_owned());
    assert_eq!(failed, Ok(RefundState::Failed { failed_at: at, reason: "用户账户已注销".to_owned() }));
}
