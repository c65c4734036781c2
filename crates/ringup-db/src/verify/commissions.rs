use std::collections::BTreeMap;

use ringup_core::commission::Earnings;
use ringup_core::id::AgentId;
use ringup_core::ledger::{AccountCode, EntryKind};
use ringup_core::money::BasisPoints;
use ringup_core::sub_agent::divide;

use super::CheckLine;
use crate::agent::find_agent;
use crate::commission::{BOOKINGS, Booking, for_each_sale, read_booking, schemes_of};
use crate::error::DbError;
use crate::journal::unpack;
use crate::seam::{Connected, Query, ReadTx};
use crate::sub_agent::parents_above;

/// What agents earned: it follows from their sales, and the journal says so once.
pub(super) struct Commissions {
    earned: CheckLine,
    shared: CheckLine,
    posted: CheckLine,
}

/// What was written down for a float as earned, taken back or paid: all of it, and what is marked as booked.
type Sums = BTreeMap<(u64, EntryKind), (u128, u128)>;

impl Commissions {
    pub(super) const fn new() -> Self {
        Self {
            earned: CheckLine::new("every month's commission follows from its sales"),
            shared: CheckLine::new("every part of a month's commission is the share that was agreed on"),
            posted: CheckLine::new("commission is earned, taken back and paid once, as it was written down"),
        }
    }

    pub(super) fn lines(self) -> [CheckLine; 3] {
        [self.earned, self.shared, self.posted]
    }

    pub(super) fn look(&mut self, tx: &mut ReadTx<'_>) -> Result<(), DbError> {
        let bookings = BOOKINGS.find(tx, &[], read_booking)?;
        for month in bookings.chunk_by(|a, b| (a.seller, a.month) == (b.seller, b.month)) {
            self.look_at_month(tx, month)?;
            self.look_at_parts(tx, month)?;
        }
        let mut sums = written(&bookings);
        let sql = "select float_id, amount_minor, booked_at from commission_payout";
        let payouts = tx.query(sql, &[], |fields| Ok((fields.bits()?, fields.count()?, fields.opt_time()?)))?;
        for (float, minor, booked_at) in payouts {
            add(&mut sums, (float, EntryKind::CommissionPaid), minor, booked_at.is_some());
        }
        let mut posted = posted(tx)?;
        for ((float, kind), (all, booked)) in sums {
            self.posted.count();
            let posted = posted.remove(&(float, kind)).unwrap_or(0);
            // What was cut off is in the journal or not; which of the two is told by the next run.
            if !(booked..=all).contains(&posted) {
                self.posted.find(|| format!("float {float}, {kind}: {posted} posted, {all} written, {booked} booked"));
            }
        }
        for ((float, kind), posted) in posted {
            self.posted.find(|| format!("float {float}, {kind}: {posted} posted, and nothing was written down"));
        }
        Ok(())
    }

    /// After the month was booked sales can only be reversed: so it earned no more than all of them, and no less than what is left.
    fn look_at_month(&mut self, tx: &mut ReadTx<'_>, bookings: &[Booking]) -> Result<(), DbError> {
        self.earned.count();
        let Some(first) = bookings.first() else { return Ok(()) };
        let Booking { seller, month, sales, .. } = *first;
        let schemes = schemes_of(tx, seller, month)?;
        let mut gross: Vec<Earnings<'_>> = schemes.iter().map(|scheme| Earnings::new(&scheme.scheme)).collect();
        let mut net = gross.clone();
        let float = find_agent(tx, seller)?.and_then(|agent| agent.business).map(|business| business.float);
        let Some(float) = float else {
            self.earned.find(|| format!("{seller} in {month}: he has no float"));
            return Ok(());
        };
        for_each_sale(tx, float, sales, &mut |sale| {
            let nth = schemes.iter().position(|scheme| scheme.product == sale.product);
            let Some((gross, net)) = nth.and_then(|nth| gross.get_mut(nth).zip(net.get_mut(nth))) else { return };
            gross.count(sale.paid_minor);
            net.count(sale.paid_minor.saturating_sub(sale.refunded_minor));
        })?;
        let sum = |all: &[Earnings<'_>]| all.iter().map(|one| i128::from(one.earned_minor())).sum::<i128>();
        let (least, most) = (sum(&net), sum(&gross));
        let booked: i128 = bookings.iter().map(|booking| i128::from(booking.earned_minor)).sum();
        if !(least..=most).contains(&booked) {
            self.earned.find(|| format!("{seller} in {month}: {booked} booked, between {least} and {most} earned"));
        }
        Ok(())
    }

    /// The sum of the parts says what the whole was: so each part is known to the minor unit.
    fn look_at_parts(&mut self, tx: &mut ReadTx<'_>, bookings: &[Booking]) -> Result<(), DbError> {
        self.shared.count();
        let Some(&Booking { seller, month, .. }) = bookings.first() else { return Ok(()) };
        let mut booked: BTreeMap<AgentId, i128> = BTreeMap::new();
        for booking in bookings {
            let part = booked.entry(booking.agent).or_default();
            *part = part.saturating_add(booking.earned_minor.into());
        }
        let above = match parents_above(tx, seller, month) {
            Err(DbError::Damaged(why)) => {
                self.shared.find(|| why);
                return Ok(());
            }
            above => above?,
        };
        let shares: Vec<BasisPoints> = above.iter().map(|parent| parent.share).collect();
        let whole = u64::try_from(booked.values().sum::<i128>()).unwrap_or(0);
        let earners = std::iter::once(seller).chain(above.iter().map(|parent| parent.agent));
        let agreed: BTreeMap<AgentId, i128> = earners.zip(divide(whole, &shares).into_iter().map(i128::from)).collect();
        if booked != agreed {
            self.shared.find(|| format!("{seller} in {month}: {booked:?} booked, {agreed:?} agreed on"));
        }
        Ok(())
    }
}

fn written(bookings: &[Booking]) -> Sums {
    let mut sums = Sums::new();
    for booking in bookings {
        let is_earned = booking.earned_minor >= 0;
        let kind = if is_earned { EntryKind::CommissionEarned } else { EntryKind::CommissionTakenBack };
        let (float, minor) = (booking.float.as_u64(), booking.earned_minor.unsigned_abs());
        add(&mut sums, (float, kind), minor, booking.booked_at.is_some());
    }
    sums
}

fn add(sums: &mut Sums, key: (u64, EntryKind), minor: u64, is_booked: bool) {
    let (all, booked) = sums.entry(key).or_default();
    *all = all.saturating_add(minor.into());
    if is_booked {
        *booked = booked.saturating_add(minor.into());
    }
}

/// What the journal says, for each float and kind.
fn posted(tx: &mut ReadTx<'_>) -> Result<BTreeMap<(u64, EntryKind), u128>, DbError> {
    let mut posted: BTreeMap<(u64, EntryKind), u128> = BTreeMap::new();
    for kind in [EntryKind::CommissionEarned, EntryKind::CommissionTakenBack, EntryKind::CommissionPaid] {
        let sql = "select postings from journal_entry where kind = $1";
        tx.stream(sql, &[kind.code().into()], &mut |row| {
            // An entry that cannot be read is named by another check.
            let Ok(postings) = unpack(row.fields().blob()?) else { return Ok(()) };
            for posting in postings.iter().filter(|line| line.account.code == AccountCode::CommissionPayable) {
                let sum = posted.entry((posting.account.owner, kind)).or_default();
                *sum = sum.saturating_add(posting.amount.minor().into());
            }
            Ok(())
        })?;
    }
    Ok(posted)
}
