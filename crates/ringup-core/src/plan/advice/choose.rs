//! Which ways to pay are worth comparing, and in which order they are shown.

use super::days::Days;
use super::evaluate::{Pick, Setting};
use super::limits::{AT_ONCE_MAX, CHOICES_MAX, KINDS_MAX};
use super::{AskedCalls, Choice, Question};
use crate::money::AmountError;
use crate::plan::Plans;
use crate::plan::bundle::{Bundle, BundleId};

/// A way to pay, with what it comes to.
struct Way<'a> {
    picks: Vec<Pick<'a>>,
    choice: Choice,
}

/// The ranked choices: by the minute, each bundle as it serves best, and combinations that are cheaper than all their parts.
pub(super) fn choices(plans: &Plans, question: &Question, calls: &[AskedCalls]) -> Result<Vec<Choice>, AmountError> {
    let Some(unit) = calls.first().map(|asked| asked.price.sum.unit()) else { return Ok(Vec::new()) };
    let spread = Days::spread(calls, question.days);
    let setting = Setting { question, calls, unit, spread: &spread };
    let by_the_minute = setting.evaluate(&[])?;
    let useful = |bundle: &&Bundle| calls.iter().any(|asked| bundle.covers(asked.destination));
    let bundles: Vec<&Bundle> = plans.bundles_of(question.product).filter(useful).collect();
    let mut alone = Vec::with_capacity(bundles.len());
    for bundle in &bundles {
        alone.extend(cheapest_with(&setting, &[], bundle)?);
    }
    let mut combined: Vec<Way<'_>> = Vec::new();
    for way in &alone {
        combine(&setting, way, &bundles, &mut combined)?;
    }
    combined.retain(|way| {
        let part_total = |pick: &Pick<'_>| {
            let part = alone.iter().find(|part| part.picks.iter().all(|own| own.bundle.id == pick.bundle.id));
            part.map(|part| part.choice.total.minor())
        };
        let cheapest_part = way.picks.iter().filter_map(part_total).min().unwrap_or(u64::MAX);
        way.choice.total.minor() < cheapest_part.min(by_the_minute.total.minor())
    });
    let ways = alone.into_iter().chain(combined).map(|way| way.choice);
    Ok(ranked(by_the_minute, ways.collect()))
}

/// Adds to a way, again and again, the bundle that saves most, while one saves anything; each step is a way of its own.
fn combine<'a>(
    setting: &Setting<'_>,
    start: &Way<'a>,
    bundles: &[&'a Bundle],
    found: &mut Vec<Way<'a>>,
) -> Result<(), AmountError> {
    let mut picks = start.picks.clone();
    let mut total = start.choice.total.minor();
    while picks.len() < KINDS_MAX {
        let mut best: Option<Way<'a>> = None;
        for bundle in bundles {
            if picks.iter().any(|pick| pick.bundle.id == bundle.id) {
                continue;
            }
            let Some(way) = cheapest_with(setting, &picks, bundle)? else { continue };
            if best.as_ref().is_none_or(|best| rank(&way.choice) < rank(&best.choice)) {
                best = Some(way);
            }
        }
        let Some(way) = best.filter(|way| way.choice.total.minor() < total) else { return Ok(()) };
        total = way.choice.total.minor();
        picks.clone_from(&way.picks);
        if !found.iter().any(|known| kinds(&known.choice) == kinds(&way.choice)) {
            found.push(way);
        }
    }
    Ok(())
}

/// A bundle beside others, bought as it serves best: from one at once to as many as the calls need; to the end, or as often
/// as it lasts whole.
fn cheapest_with<'a>(
    setting: &Setting<'_>,
    others: &[Pick<'a>],
    bundle: &'a Bundle,
) -> Result<Option<Way<'a>>, AmountError> {
    let enough = setting.needs_most(bundle).div_ceil(bundle.seconds().max(1));
    let enough = u32::try_from(enough).unwrap_or(AT_ONCE_MAX).clamp(1, AT_ONCE_MAX);
    let (days, validity) = (u32::from(setting.question.days), u32::from(bundle.validity_days).max(1));
    let (whole, to_the_end) = (days.checked_div(validity).unwrap_or(1).max(1), days.div_ceil(validity));
    let mut best: Option<Way<'a>> = None;
    for (at_once, times) in (1..=enough).flat_map(|at_once| (whole..=to_the_end).map(move |times| (at_once, times))) {
        let mut picks = others.to_vec();
        picks.push(Pick { bundle, at_once, times });
        let choice = setting.evaluate(&picks)?;
        if best.as_ref().is_none_or(|best| rank(&choice) < rank(&best.choice)) {
            best = Some(Way { picks, choice });
        }
    }
    Ok(best)
}

/// By the sum; of equal ones fewer kinds to buy, then fewer purchases; then always the same way round.
fn rank(choice: &Choice) -> (u64, usize, u64, Vec<BundleId>) {
    let purchases = choice.bundles.iter().map(|used| u64::from(used.at_once).saturating_mul(u64::from(used.times)));
    let purchases = purchases.fold(0_u64, u64::saturating_add);
    (choice.total.minor(), choice.bundles.len(), purchases, kinds(choice))
}

fn kinds(choice: &Choice) -> Vec<BundleId> {
    let mut kinds: Vec<BundleId> = choice.bundles.iter().map(|used| used.bundle).collect();
    kinds.sort_unstable();
    kinds
}

/// The best choices, and in any case what it costs by the minute.
fn ranked(by_the_minute: Choice, mut others: Vec<Choice>) -> Vec<Choice> {
    others.sort_by_key(rank);
    others.truncate(CHOICES_MAX.saturating_sub(1));
    others.push(by_the_minute);
    others.sort_by_key(rank);
    others
}
