mod chain;
mod money_flows;

use proptest::prelude::*;

use super::*;
use crate::card::CardNumber;
use crate::id::PaymentId;
use crate::money::Unit;

fn line(side: Side, minor: u64, unit: Unit) -> Line {
    let card = CardNumber::with_check_digit(866_100_000_000_001).unwrap();
    let account = match side {
        Side::Debit => AccountRef::unallocated(PaymentId::from_u64(1)),
        Side::Credit => AccountRef::card_main(card),
    };
    Line { account, side, amount: Amount::new(minor, unit).unwrap() }
}

fn entry(lines: Vec<Line>) -> Result<JournalEntry, EntryError> {
    JournalEntry::new(EntryKind::TopUpCredited, lines)
}

#[test]
fn an_entry_that_does_not_balance_is_refused() {
    let refused = entry(vec![line(Side::Debit, 100, Unit::Cny), line(Side::Credit, 99, Unit::Cny)]).unwrap_err();
    assert_eq!(refused, EntryError::Unbalanced { unit: Unit::Cny, debit_minor: 100, credit_minor: 99 });
    assert_eq!(refused.to_string(), "debits of 100 and credits of 99 minor units of CNY do not balance");
}

#[test]
fn one_unit_never_balances_another() {
    let refused = entry(vec![line(Side::Debit, 100, Unit::Cny), line(Side::Credit, 100, Unit::Usd)]);
    assert_eq!(refused, Err(EntryError::Unbalanced { unit: Unit::Cny, debit_minor: 100, credit_minor: 0 }));
}

#[test]
fn lines_of_zero_are_dropped_and_nothing_else_is_no_entry() {
    let lines =
        vec![line(Side::Debit, 100, Unit::Cny), line(Side::Credit, 0, Unit::Sec), line(Side::Credit, 100, Unit::Cny)];
    assert_eq!(entry(lines).unwrap().lines().len(), 2);
    assert_eq!(entry(vec![]), Err(EntryError::Empty));
    assert_eq!(entry(vec![line(Side::Debit, 0, Unit::Cny)]), Err(EntryError::Empty));
}

#[test]
fn amounts_that_cannot_be_added_up_are_refused() {
    let most = crate::money::MINOR_MAX;
    let both = vec![line(Side::Debit, most, Unit::Cny), line(Side::Debit, most, Unit::Cny)];
    assert_eq!(entry(both), Err(EntryError::Amount(crate::money::AmountError::TooLarge)));
}

#[test]
fn lines_of_one_account_and_column_become_one() {
    let lines = [(Side::Debit, 60), (Side::Credit, 100), (Side::Debit, 40)];
    let entry = entry(lines.map(|(side, minor)| line(side, minor, Unit::Cny)).to_vec()).unwrap();
    assert_eq!(entry.lines(), [line(Side::Debit, 100, Unit::Cny), line(Side::Credit, 100, Unit::Cny)]);
}

#[test]
fn a_balance_moves_by_its_own_side_until_it_cannot_be_counted() {
    let hundred = Amount::new(100, Unit::Cny).unwrap();
    assert_eq!(Balance::ZERO.moved(hundred, true), Some(Balance::from_minor(100)));
    assert_eq!(Balance::ZERO.moved(hundred, false), Some(Balance::from_minor(-100)));
    assert_eq!(Balance::from_minor(i64::MAX).moved(hundred, true), None);
    assert_eq!(Balance::from_minor(-5).available(Unit::Cny), Amount::zero(Unit::Cny));
}

/// The chart of the design, as columns have it: never to be changed, only added to.
#[test]
fn the_chart_of_accounts_is_for_ever() {
    let row = |code: &AccountCode| {
        let floor = if code.has_floor() { "floor" } else { "" };
        let owner = format!("{:?}", code.owner_kind());
        format!("{:>3} {:<23}{:<7}{owner:<8}{floor}", code.code(), code.name(), code.side().name())
    };
    let chart: Vec<String> = AccountCode::ALL.iter().map(|code| row(code).trim_end().to_owned()).collect();
    let expected = [
        " 10 card.main              credit Card    floor",
        " 11 card.bonus             credit Grant   floor",
        " 12 float.agent            credit Purse",
        " 20 liability.unallocated  credit Payment floor",
        " 21 liability.refund       credit Payment floor",
        " 22 commission.payable     credit Purse",
        " 30 clearing.alipay        debit  Day",
        " 31 clearing.wechat_pay    debit  Day",
        " 32 cash.till              debit  Purse   floor",
        " 33 cash.kiosk             debit  Purse   floor",
        " 34 cash.safe              debit  Purse",
        " 35 cash.transit           debit  Day",
        " 36 bank                   debit  Day",
        " 40 opening.balance        debit  Day",
        " 50 expense.promotion      debit  Day",
        " 51 expense.refund_loss    debit  Day",
        " 52 expense.commission     debit  Day",
        " 60 income.usage           credit Day",
        " 61 income.breakage        credit Day",
        " 70 suspense.over_short    debit  Purse",
    ];
    assert_eq!(chart, expected);
}

#[test]
fn what_a_column_keeps_reads_back() {
    for code in AccountCode::ALL {
        assert_eq!(AccountCode::from_code(code.code()), Some(*code));
        assert_eq!(AccountCode::from_name(code.name()), Some(*code));
    }
    for kind in EntryKind::ALL {
        assert_eq!(EntryKind::from_code(kind.code()), Some(*kind));
    }
    for kind in 1..=6 {
        assert_eq!(Cause::from_parts(kind, 77).map(Cause::parts), Some((kind, 77)));
    }
    assert_eq!(Cause::from_parts(7, 77), None);
}

proptest! {
    #[test]
    fn what_is_accepted_balances_and_what_balances_is_accepted(
        lines in prop::collection::vec((any::<bool>(), 0..4_u64, 0..2_usize), 0..8),
    ) {
        let lines: Vec<Line> = lines
            .into_iter()
            .map(|(debit, minor, unit)| line(if debit { Side::Debit } else { Side::Credit }, minor, Unit::ALL[unit]))
            .collect();
        let sum = |side: Side, unit: Unit| -> u64 {
            let of_side = lines.iter().filter(|line| line.side == side && line.amount.unit() == unit);
            of_side.map(|line| line.amount.minor()).sum()
        };
        let balances = Unit::ALL.into_iter().all(|unit| sum(Side::Debit, unit) == sum(Side::Credit, unit));
        let is_empty = lines.iter().all(|line| line.amount.is_zero());
        prop_assert_eq!(entry(lines.clone()).is_ok(), balances && !is_empty);
    }
}
