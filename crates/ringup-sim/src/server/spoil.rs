//! What a sabotaged server does wrong with a batch: what it is shown, what it takes, what it keeps and what it tells.

use std::borrow::Cow;

use ringup_core::apply::{ClosePurse, Command, Outcome, Refusal, Repeated};
use ringup_core::batch::NotDone;
use ringup_core::books::Changes;
use ringup_core::job::JobKind;
use ringup_core::ledger::Balance;
use ringup_core::money::Amount;
use ringup_core::payment::{PaymentWord, ReportSource};

use crate::sabotage::Sabotage;
use crate::store::{Hidden, Store};

/// What of the store it is not shown.
pub(super) fn hidden(commands: &[Command], sabotage: Option<Sabotage>) -> Hidden {
    let any = |is_meant: fn(&Command) -> bool| commands.iter().any(is_meant);
    let all = |is_meant: fn(&Command) -> bool| commands.iter().all(is_meant);
    let is = |wanted| sabotage == Some(wanted);
    Hidden {
        keys: is(Sabotage::IgnoreKey),
        grants: is(Sabotage::ForgetBonus) && any(|command| matches!(command, Command::RequestRefund(_))),
        captures: is(Sabotage::CreditTwice) && all(is_paid),
        credits: is(Sabotage::CreditLateTwice) && all(|command| matches!(command, Command::CreditTopUp(_))),
        closings: is(Sabotage::SellClosed) && all(|command| matches!(command, Command::Sell(_))),
        limits: is(Sabotage::OverdrawFloat),
    }
}

fn is_paid(command: &Command) -> bool {
    matches!(command, Command::RecordPayment(report) if matches!(report.word, PaymentWord::Paid { .. }))
}

/// The commands as it takes them.
pub(super) fn taken<'a>(store: &Store, commands: &'a [Command], sabotage: Option<Sabotage>) -> Cow<'a, [Command]> {
    if !matches!(sabotage, Some(Sabotage::BelieveAmount | Sabotage::SwallowDifference)) {
        return Cow::Borrowed(commands);
    }
    let take = |command: &Command| match command {
        Command::RecordPayment(report) if sabotage == Some(Sabotage::BelieveAmount) => {
            let mut report = report.clone();
            report.source = ReportSource::Query;
            Command::RecordPayment(report)
        }
        Command::ClosePurse(close) if sabotage == Some(Sabotage::SwallowDifference) => {
            let held = store.purses.get(&close.purse).and_then(|purse| purse.holds);
            let expected = held.map_or(Balance::ZERO, |held| held.balance).available(close.counted.unit());
            Command::ClosePurse(ClosePurse { counted: expected, ..*close })
        }
        other => other.clone(),
    };
    Cow::Owned(commands.iter().map(take).collect())
}

/// Leaves out of a batch's changes what it forgets.
pub(super) fn spoil(changes: &mut Changes, sabotage: Option<Sabotage>) {
    let lost = match sabotage {
        Some(Sabotage::LoseRefundJob) => JobKind::SendRefund,
        Some(Sabotage::LoseLapseJob) => JobKind::LapseGrant,
        Some(Sabotage::LoseFollowJob) => JobKind::FollowPayment,
        Some(Sabotage::LoseCreditJob) => JobKind::CreditTopUp,
        Some(Sabotage::LoseCase) => {
            changes.cases.clear();
            return;
        }
        Some(Sabotage::RepeatNumber) => {
            let sales = changes.new_top_ups.iter_mut().chain(changes.top_ups.iter_mut().map(|update| &mut update.now));
            for number in sales.filter_map(|top_up| top_up.sale.as_mut()?.number.as_mut()) {
                *number = (*number - 1).max(1);
            }
            return;
        }
        Some(Sabotage::OverdrawFloat) => {
            for update in &mut changes.purses {
                update.now.credit_limit = half(update.now.credit_limit);
            }
            return;
        }
        _ => return,
    };
    changes.jobs.retain(|job| job.kind != lost);
}

/// As it was before it was shown twice as high.
fn half(limit: Amount) -> Amount {
    Amount::new(limit.minor() / 2, limit.unit()).unwrap_or(limit)
}

/// What it tells whoever waits.
pub(super) fn told(
    result: Result<Outcome, NotDone>,
    command: &Command,
    sabotage: Option<Sabotage>,
) -> Result<Outcome, NotDone> {
    match (&result, command) {
        (Err(NotDone::Refused(Refusal::RefundPaidOut)), Command::PayOutRefund(pay_out))
            if sabotage == Some(Sabotage::PayOutTwice) =>
        {
            Ok(Outcome::RefundPaidOut { refund: pay_out.refund, repeated: Repeated::No })
        }
        _ => result,
    }
}
