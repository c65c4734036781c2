//! What a card can be used for, and which of it serves somebody best.

use ringup_core::plan::{self, Advice, AdviceRefusal, Destination, FindRefusal, Period, Plans, Question, Wish};
use ringup_core::product::Product;

use crate::Engine;
use crate::error::Unavailable;

/// What is offered now.
#[derive(Clone, Debug)]
pub struct Offered {
    /// The products that have rates, by their numbers.
    pub products: Vec<Product>,
    /// All plans.
    pub plans: Plans,
}

impl Offered {
    /// The product that files and addresses name so.
    #[must_use]
    pub fn product(&self, code: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.code == code)
    }
}

/// What advice is asked for, as a person or a program says it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The code of the card's product.
    pub product: String,
    /// Where to and how much.
    pub calls: Vec<Calls>,
    /// How long a call lasts.
    pub call_seconds: u32,
    /// For how many days.
    pub days: u16,
}

/// How much one destination is called.
#[derive(Clone, Debug)]
pub struct Calls {
    /// Where to.
    pub to: To,
    /// How many minutes.
    pub minutes: u32,
    /// In what time.
    pub per: Period,
}

/// Where somebody calls.
#[derive(Clone, Debug)]
pub enum To {
    /// As a person typed it: a number, how it begins, or a name. It may mean several destinations.
    Typed(String),
    /// The code of a destination.
    Code(String),
}

impl To {
    fn find<'a>(&self, plans: &'a Plans) -> Result<&'a Destination, FindRefusal> {
        match self {
            Self::Typed(typed) => plans.find_one(typed),
            Self::Code(code) => plans.destination_by_code(code).ok_or(FindRefusal::Unknown),
        }
    }
}

/// Advice, with all that it speaks of.
#[derive(Clone, Debug)]
pub struct Advised {
    /// The card's product.
    pub product: Product,
    /// All plans.
    pub plans: Plans,
    /// What was asked.
    pub question: Question,
    /// What serves best.
    pub advice: Advice,
}

/// Why no advice is given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdviseError {
    /// No product that has rates is named so.
    #[error("there is no such card with rates")]
    ProductUnknown,
    /// It is not certain where these calls, counted from 0, would go.
    #[error("{why}")]
    Destination {
        /// Which ones.
        position: usize,
        /// Why not.
        why: FindRefusal,
    },
    /// The question makes no sense, or the card does not reach a destination.
    #[error(transparent)]
    Refused(#[from] AdviceRefusal),
    /// The database does not serve.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl AdviseError {
    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ProductUnknown => "product_unknown",
            Self::Destination { why, .. } => why.code(),
            Self::Refused(refusal) => refusal.code(),
            Self::Unavailable(_) => "unavailable",
        }
    }
}

/// Why no rate is told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FindError {
    /// It is not certain where a call would go.
    #[error(transparent)]
    Refused(#[from] FindRefusal),
    /// The database does not serve.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Destinations that a person can have meant, with what is offered there.
#[derive(Clone, Debug)]
pub struct Found {
    /// The destinations, the likeliest first; never none.
    pub destinations: Vec<Destination>,
    /// What is offered.
    pub offered: Offered,
}

/// Everything that is offered now.
///
/// # Errors
/// [`Unavailable`].
pub async fn offered(engine: &Engine) -> Result<Offered, Unavailable> {
    engine
        .read(|tx| {
            let plans = ringup_db::plan::plans(tx)?;
            let mut products = ringup_db::product::products(tx)?;
            products.retain(|product| plans.rates.iter().any(|rate| rate.product == product.id));
            Ok(Offered { products, plans })
        })
        .await
}

/// Finds where a call would go, by a number, how it begins, or a name.
///
/// # Errors
/// [`FindError`].
pub async fn find(engine: &Engine, typed: &str) -> Result<Found, FindError> {
    let offered = offered(engine).await?;
    let destinations = offered.plans.find(typed)?.into_iter().cloned().collect();
    Ok(Found { destinations, offered })
}

/// Says what serves best.
///
/// # Errors
/// [`AdviseError`], in its order.
pub async fn advise(engine: &Engine, asked: Asked) -> Result<Advised, AdviseError> {
    let offered = offered(engine).await?;
    let product = offered.product(&asked.product).ok_or(AdviseError::ProductUnknown)?.clone();
    if asked.calls.len() > plan::limits::DESTINATIONS_MAX {
        return Err(AdviceRefusal::TooManyDestinations.into());
    }
    let mut wishes = Vec::with_capacity(asked.calls.len());
    for (position, calls) in asked.calls.iter().enumerate() {
        let found = calls.to.find(&offered.plans);
        let found = found.map_err(|why| AdviseError::Destination { position, why })?;
        wishes.push(Wish { destination: found.id, minutes: calls.minutes, per: calls.per });
    }
    let question = Question { product: product.id, wishes, call_seconds: asked.call_seconds, days: asked.days };
    let plans = offered.plans;
    // With many bundles of few days it can take some tenths of a second: not on a thread that others' requests wait for.
    let advising = tokio::task::spawn_blocking(move || {
        let advice = plan::advise(&plans, &question)?;
        Ok(Advised { product, plans, question, advice })
    });
    advising.await.map_err(|_| Unavailable("the advice was cut off".to_owned()))?
}
