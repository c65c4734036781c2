//! What all calls cost when certain bundles are bought.

use super::days::Days;
use super::{AskedCalls, BundleUse, Choice, PaidCalls, Question};
use crate::money::{Amount, AmountError, Unit};
use crate::plan::bundle::Bundle;

/// A bundle, and how it is bought.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pick<'a> {
    pub(super) bundle: &'a Bundle,
    /// How many at once.
    pub(super) at_once: u32,
    /// How often, each time when the one before ends.
    pub(super) times: u32,
}

/// A question with its calls and with what they are counted in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting<'a> {
    pub(super) question: &'a Question,
    pub(super) calls: &'a [AskedCalls],
    pub(super) unit: Unit,
    /// The calls over the days, before anything is paid.
    pub(super) spread: &'a Days,
}

impl Setting<'_> {
    /// The calls that a bundle can pay, the cheapest by the second first.
    fn covered(&self, bundle: &Bundle) -> Vec<(usize, &AskedCalls)> {
        let mut covered: Vec<_> =
            self.calls.iter().enumerate().filter(|(_, asked)| bundle.covers(asked.destination)).collect();
        covered.sort_by(|(_, one), (_, other)| worth(one, other).cmp(&worth(other, one)));
        covered
    }

    /// How many counted seconds the fullest stretch between two purchases of this bundle has.
    pub(super) fn needs_most(&self, bundle: &Bundle) -> u64 {
        let days = self.spread;
        let need = |from: usize, until: usize| {
            self.covered(bundle).into_iter().fold(0_u64, |sum, (position, asked)| {
                let seconds = days.count(position, from, until).saturating_mul(asked.price.counted_seconds);
                sum.saturating_add(seconds)
            })
        };
        let validity = usize::from(bundle.validity_days).max(1);
        let stretches = (0..usize::from(self.question.days)).step_by(validity);
        stretches.map(|from| need(from, from.saturating_add(validity))).max().unwrap_or(0)
    }

    /// Pays for everything: the bundles with the fewest destinations first, then by the minute.
    pub(super) fn evaluate(&self, picks: &[Pick<'_>]) -> Result<Choice, AmountError> {
        let mut picks = picks.to_vec();
        picks.sort_by_key(|pick| (pick.bundle.destinations.len(), pick.bundle.id));
        let mut days = self.spread.clone();
        let mut total = Amount::zero(self.unit);
        let mut bundles = Vec::with_capacity(picks.len());
        for pick in &picks {
            let used = self.use_up(pick, &mut days)?;
            total = total.plus(used.sum)?;
            bundles.push(used);
        }
        let mut paid = Vec::new();
        for (position, asked) in self.calls.iter().enumerate() {
            let calls = days.left(position);
            let sum = times(asked.price.sum, calls)?;
            total = total.plus(sum)?;
            if calls > 0 {
                paid.push(PaidCalls { position, calls, sum });
            }
        }
        Ok(Choice { bundles, paid, total })
    }

    fn use_up(&self, pick: &Pick<'_>, days: &mut Days) -> Result<BundleUse, AmountError> {
        let covered = self.covered(pick.bundle);
        let validity = usize::from(pick.bundle.validity_days).max(1);
        let pool = pick.bundle.seconds().saturating_mul(u64::from(pick.at_once));
        let (mut calls, mut seconds_used, mut seconds_left) = (0_u64, 0_u64, 0_u64);
        let mut from = 0_usize;
        for _ in 0..pick.times {
            let until = from.saturating_add(validity);
            let mut seconds = pool;
            for (position, asked) in &covered {
                let counted = asked.price.counted_seconds.max(1);
                let pays = seconds.checked_div(counted).unwrap_or(0).min(days.count(*position, from, until));
                days.take(*position, from, until, pays);
                seconds = seconds.saturating_sub(pays.saturating_mul(counted));
                calls = calls.saturating_add(pays);
            }
            seconds_left = seconds_left.saturating_add(seconds);
            seconds_used = seconds_used.saturating_add(pool.saturating_sub(seconds));
            from = until;
        }
        Ok(BundleUse {
            bundle: pick.bundle.id,
            at_once: pick.at_once,
            times: pick.times,
            sum: times(pick.bundle.price, u64::from(pick.at_once).saturating_mul(u64::from(pick.times)))?,
            calls,
            seconds_used,
            seconds_left,
            ends_after_days: u32::from(pick.bundle.validity_days).saturating_mul(pick.times),
        })
    }
}

/// What a second of one costs, made comparable with a second of the other.
fn worth(one: &AskedCalls, other: &AskedCalls) -> u128 {
    u128::from(one.price.sum.minor()).saturating_mul(u128::from(other.price.counted_seconds))
}

fn times(amount: Amount, times: u64) -> Result<Amount, AmountError> {
    let minor = amount.minor().checked_mul(times).ok_or(AmountError::TooLarge)?;
    Amount::new(minor, amount.unit())
}
