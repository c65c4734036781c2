//! The plans in a catalogue file.

use std::collections::BTreeSet;

use ringup_core::plan::{DestinationId, Period, Plans, Question, Wish, advise};
use ringup_core::product::Product;

use crate::verdict::{Broken, holds, same};

/// A prefix has one owner, every name refers to something, and whoever asks for advice gets some that adds up.
pub(super) fn are_sound(plans: &Plans, products: &[Product]) -> Result<(), Broken> {
    let mut prefixes = BTreeSet::new();
    for destination in &plans.destinations {
        for prefix in &destination.prefixes {
            holds(prefixes.insert(prefix.as_str()), || format!("{prefix} has two owners"))?;
            let found = plans.find(&format!("+{prefix}")).map_err(Broken::doing("a prefix of the file"))?;
            same("whose a prefix is", &found.first().map(|found| found.id), &Some(destination.id))?;
        }
    }
    for rate in &plans.rates {
        holds(plans.destination(rate.destination).is_some(), || format!("{rate:?} leads nowhere"))?;
        let product = products.iter().find(|product| product.id == rate.product);
        same("the unit of a rate", &Some(rate.per_minute.unit()), &product.map(|product| product.unit))?;
    }
    for bundle in &plans.bundles {
        let rated = |to: &DestinationId| plans.rate(bundle.product, *to).is_some();
        holds(bundle.destinations.iter().all(rated), || format!("{bundle:?} leads where there is no rate"))?;
    }
    for product in products {
        can_be_advised(plans, product)?;
    }
    Ok(())
}

fn can_be_advised(plans: &Plans, product: &Product) -> Result<(), Broken> {
    let wish = |to| Wish { destination: to, minutes: 90, per: Period::Week };
    let wishes: Vec<Wish> = plans.rates_of(product.id).take(8).map(|(to, _)| wish(to.id)).collect();
    if wishes.is_empty() {
        return Ok(());
    }
    let question = Question { product: product.id, wishes, call_seconds: 90, days: 20 };
    let advice = advise(plans, &question).map_err(Broken::doing("advice"))?;
    let by_the_minute = advice.choices.iter().filter(|choice| choice.bundles.is_empty()).count();
    same("ways to pay by the minute", &by_the_minute, &1)?;
    for choice in &advice.choices {
        let bundles = choice.bundles.iter().map(|used| (used.calls, used.sum.minor()));
        let paid = choice.paid.iter().map(|paid| (paid.calls, paid.sum.minor()));
        let (calls, sum) = bundles.chain(paid).fold((0, 0), |(calls, sum), line| (calls + line.0, sum + line.1));
        same("the calls of a choice", &calls, &advice.calls.iter().map(|asked| asked.calls).sum())?;
        same("the sum of a choice", &choice.total.minor(), &sum)?;
    }
    Ok(())
}
