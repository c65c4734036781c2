//! The accounting policy: one function for each money event, and no posting is built anywhere else.
//!
//! Read from top to bottom this is how Ringup books. What each recipe posts for a real example stands in
//! `docs/money-flows.md`, which is made from the tests' snapshots.

use super::entry::{EntryError, EntryKind, JournalEntry, Line};
use super::{AccountCode, AccountRef, Side};
use crate::card::CardNumber;
use crate::id::{GrantId, PaymentId, PurseId};
use crate::money::Amount;
use crate::purse::Purse;

/// Money was taken: a provider owes it to us, a purse holds it, or it comes off a float; and we owe it to the payer until it is on
/// a card.
///
/// # Errors
/// [`EntryError::Empty`] for nothing.
pub fn payment_captured(taken_on: AccountRef, payment: PaymentId, paid: Amount) -> Result<JournalEntry, EntryError> {
    JournalEntry::new(
        EntryKind::PaymentCaptured,
        vec![debit(taken_on, paid), credit(AccountRef::unallocated(payment), paid)],
    )
}

/// What a top-up puts on a card.
#[derive(Clone, Copy, Debug)]
pub struct Credited {
    /// The card.
    pub card: CardNumber,
    /// The payment it comes from.
    pub payment: PaymentId,
    /// What was paid for it.
    pub paid: Amount,
    /// What the card gets to spend.
    pub card_gets: Amount,
    /// What the card gets as bonus, in any unit.
    pub bonus: Option<(GrantId, Amount)>,
}

/// The card gets its value: what was paid, plus what the promotions give.
///
/// # Errors
/// [`EntryError::Amount`] when more was paid than the card gets; [`EntryError::Empty`] for nothing.
pub fn top_up_credited(credited: &Credited) -> Result<JournalEntry, EntryError> {
    let promotion = AccountRef::of_today(AccountCode::ExpensePromotion);
    let discount = credited.card_gets.minus(credited.paid)?;
    let mut lines = vec![
        debit(AccountRef::unallocated(credited.payment), credited.paid),
        debit(promotion, discount),
        credit(AccountRef::card_main(credited.card), credited.card_gets),
    ];
    if let Some((grant, bonus)) = credited.bonus {
        lines.extend([debit(promotion, bonus), credit(AccountRef::card_bonus(grant), bonus)]);
    }
    JournalEntry::new(EntryKind::TopUpCredited, lines)
}

/// Money that cannot go on a card is owed back to its payer.
///
/// # Errors
/// [`EntryError::Empty`] for nothing.
pub fn payment_owed_back(payment: PaymentId, amount: Amount) -> Result<JournalEntry, EntryError> {
    JournalEntry::new(
        EntryKind::PaymentOwedBack,
        vec![debit(AccountRef::unallocated(payment), amount), credit(AccountRef::owed_back(payment), amount)],
    )
}

/// What a refund takes off a card, and what it gives back.
#[derive(Clone, Copy, Debug)]
pub struct Reversed {
    /// The card.
    pub card: CardNumber,
    /// The payment that is paid back.
    pub payment: PaymentId,
    /// What the payer gets back.
    pub refund: Amount,
    /// The part of the top-up's value that goes with it.
    pub main: Amount,
    /// How much of that the card still has.
    pub main_left: Amount,
    /// The part of the bonus that goes with it, and how much of that is left.
    pub bonus: Option<ReversedBonus>,
}

/// The bonus side of a refund.
#[derive(Clone, Copy, Debug)]
pub struct ReversedBonus {
    /// Which bonus.
    pub grant: GrantId,
    /// The part that goes with the refund.
    pub share: Amount,
    /// How much of that is left.
    pub left: Amount,
}

/// A top-up is undone, wholly or in part: the card gives up its value and its bonus, the payer is owed
/// what he paid, the promotion gets back what it gave. What was spent meanwhile is the issuer's loss, and named so.
///
/// # Errors
/// [`EntryError::Amount`] when the parts do not fit each other; [`EntryError::Empty`] for nothing.
pub fn top_up_reversed(reversed: &Reversed) -> Result<JournalEntry, EntryError> {
    let promotion = AccountRef::of_today(AccountCode::ExpensePromotion);
    let loss = AccountRef::of_today(AccountCode::ExpenseRefundLoss);
    let mut lines = vec![
        debit(AccountRef::card_main(reversed.card), reversed.main_left),
        debit(loss, reversed.main.minus(reversed.main_left)?),
    ];
    if let Some(bonus) = reversed.bonus {
        lines.push(debit(AccountRef::card_bonus(bonus.grant), bonus.left));
        lines.push(debit(loss, bonus.share.minus(bonus.left)?));
        lines.push(credit(promotion, bonus.share));
    }
    lines.push(credit(AccountRef::owed_back(reversed.payment), reversed.refund));
    lines.push(credit(promotion, reversed.main.minus(reversed.refund)?));
    JournalEntry::new(EntryKind::TopUpReversed, lines)
}

/// The payer has his money back: from a provider, in cash, or on his float.
///
/// # Errors
/// [`EntryError::Empty`] for nothing.
pub fn refund_sent(given_by: AccountRef, payment: PaymentId, amount: Amount) -> Result<JournalEntry, EntryError> {
    JournalEntry::new(
        EntryKind::RefundSent,
        vec![debit(AccountRef::owed_back(payment), amount), credit(given_by, amount)],
    )
}

/// A drawer is filled from the safe of its store.
///
/// # Errors
/// [`EntryError::Empty`] for nothing.
pub fn purse_opened(drawer: AccountRef, safe: AccountRef, opening: Amount) -> Result<JournalEntry, EntryError> {
    JournalEntry::new(EntryKind::PurseOpened, vec![debit(drawer, opening), credit(safe, opening)])
}

/// A drawer or cash box is counted and emptied into its safe. What was too little or too much is named, not hidden.
///
/// # Errors
/// [`EntryError::Empty`] when there is nothing and nothing was expected; [`EntryError::Amount`] when amounts are in two units.
pub fn purse_closed(
    purse: &Purse,
    safe: AccountRef,
    (expected, counted): (Amount, Amount),
) -> Result<JournalEntry, EntryError> {
    let over_short = AccountRef::over_short(purse.id);
    let difference = if counted.exceeds(expected)? {
        credit(over_short, counted.minus(expected)?)
    } else {
        debit(over_short, expected.minus(counted)?)
    };
    let emptied = credit(AccountRef::purse(purse.kind, purse.id), expected);
    JournalEntry::new(EntryKind::PurseClosed, vec![debit(safe, counted), emptied, difference])
}

/// Cash leaves a safe for the bank.
///
/// # Errors
/// [`EntryError::Empty`] for nothing.
pub fn cash_sent_to_bank(safe: AccountRef, amount: Amount) -> Result<JournalEntry, EntryError> {
    let transit = AccountRef::of_today(AccountCode::CashTransit);
    JournalEntry::new(EntryKind::CashMoved, vec![debit(transit, amount), credit(safe, amount)])
}

/// The bank has counted what was sent. What differs is charged to the safe it came from.
///
/// # Errors
/// [`EntryError::Empty`] for nothing; [`EntryError::Amount`] when amounts are in two units.
pub fn cash_banked(purse: &Purse, (sent, banked): (Amount, Amount)) -> Result<JournalEntry, EntryError> {
    let (transit, bank) = (AccountRef::of_today(AccountCode::CashTransit), AccountRef::of_today(AccountCode::Bank));
    let over_short = AccountRef::over_short(purse.id);
    let difference = if banked.exceeds(sent)? {
        credit(over_short, banked.minus(sent)?)
    } else {
        debit(over_short, sent.minus(banked)?)
    };
    JournalEntry::new(EntryKind::CashMoved, vec![debit(bank, banked), credit(transit, sent), difference])
}

/// A safe is filled from the bank.
///
/// # Errors
/// [`EntryError::Empty`] for nothing.
pub fn cash_fetched(safe: AccountRef, amount: Amount) -> Result<JournalEntry, EntryError> {
    let bank = AccountRef::of_today(AccountCode::Bank);
    JournalEntry::new(EntryKind::CashMoved, vec![debit(safe, amount), credit(bank, amount)])
}

/// An agent has paid in advance: by a transfer that has arrived at the bank, or through a provider, who owes it to us.
///
/// # Errors
/// [`EntryError::Empty`] for nothing.
pub fn float_bought(taken_on: AccountRef, float: AccountRef, amount: Amount) -> Result<JournalEntry, EntryError> {
    JournalEntry::new(EntryKind::FloatBought, vec![debit(taken_on, amount), credit(float, amount)])
}

/// An agent has earned commission by what he sold in a month.
///
/// # Errors
/// [`EntryError::Empty`] for nothing.
pub fn commission_earned(float: PurseId, amount: Amount) -> Result<JournalEntry, EntryError> {
    let (expense, payable) = commission(float);
    JournalEntry::new(EntryKind::CommissionEarned, vec![debit(expense, amount), credit(payable, amount)])
}

/// Sales were reversed after their commission was booked: they have earned none.
///
/// # Errors
/// [`EntryError::Empty`] for nothing.
pub fn commission_taken_back(float: PurseId, amount: Amount) -> Result<JournalEntry, EntryError> {
    let (expense, payable) = commission(float);
    JournalEntry::new(EntryKind::CommissionTakenBack, vec![debit(payable, amount), credit(expense, amount)])
}

/// An agent is paid what he has earned: from the bank, or onto his float.
///
/// # Errors
/// [`EntryError::Empty`] for nothing.
pub fn commission_paid(float: PurseId, paid_to: AccountRef, amount: Amount) -> Result<JournalEntry, EntryError> {
    let (_, payable) = commission(float);
    JournalEntry::new(EntryKind::CommissionPaid, vec![debit(payable, amount), credit(paid_to, amount)])
}

fn commission(float: PurseId) -> (AccountRef, AccountRef) {
    (AccountRef::of_today(AccountCode::ExpenseCommission), AccountRef::commission_payable(float))
}

/// Value was spent: bonuses first, then the card's own money.
///
/// # Errors
/// [`EntryError::Empty`] for nothing; [`EntryError::Amount`] when it cannot be summed.
pub fn usage_charged(
    card: CardNumber,
    bonuses: &[(GrantId, Amount)],
    main: Amount,
) -> Result<JournalEntry, EntryError> {
    let mut lines: Vec<Line> =
        bonuses.iter().map(|(grant, amount)| debit(AccountRef::card_bonus(*grant), *amount)).collect();
    lines.push(debit(AccountRef::card_main(card), main));
    let total = bonuses.iter().try_fold(main, |sum, (_, amount)| sum.plus(*amount))?;
    lines.push(credit(AccountRef::of_today(AccountCode::IncomeUsage), total));
    JournalEntry::new(EntryKind::UsageCharged, lines)
}

/// A bonus reached its date: what is left of it is the issuer's again.
///
/// # Errors
/// [`EntryError::Empty`] for nothing.
pub fn bonus_lapsed(grant: GrantId, left: Amount) -> Result<JournalEntry, EntryError> {
    JournalEntry::new(
        EntryKind::BonusLapsed,
        vec![
            debit(AccountRef::card_bonus(grant), left),
            credit(AccountRef::of_today(AccountCode::IncomeBreakage), left),
        ],
    )
}

/// A card came from another system with a balance.
///
/// # Errors
/// [`EntryError::Empty`] for nothing.
pub fn opening_balance(card: CardNumber, balance: Amount) -> Result<JournalEntry, EntryError> {
    JournalEntry::new(
        EntryKind::OpeningBalance,
        vec![
            debit(AccountRef::of_today(AccountCode::OpeningBalance), balance),
            credit(AccountRef::card_main(card), balance),
        ],
    )
}

fn debit(account: AccountRef, amount: Amount) -> Line {
    Line { account, side: Side::Debit, amount }
}

fn credit(account: AccountRef, amount: Amount) -> Line {
    Line { account, side: Side::Credit, amount }
}
