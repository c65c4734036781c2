//! What the demo's issuer sells, the cards it has sold, and where they are topped up.

use ringup_core::apply::{Command, ImportCard};
use ringup_core::card::CardNumber;
use ringup_core::id::BatchId;
use ringup_core::money::Amount;
use ringup_core::product::Product;
use ringup_core::shard::Shard;
use ringup_core::time::Span;
use ringup_engine::Engine;
use ringup_engine::card::draw;
use ringup_engine::catalogue::{self, Catalogue, CatalogueError};
use ringup_engine::error::SubmitError;
use ringup_engine::pin::Pin;
use ringup_engine::place;

/// How many cards of each product are sown.
const CARDS_OF_EACH: usize = 20;

/// A card to play with.
#[derive(Clone, Debug)]
pub struct DemoCard {
    /// Its number.
    pub number: CardNumber,
    /// Its PIN: a demo's may be shown.
    pub pin: String,
}

/// Why the seed could not be sown.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The catalogue is wrong.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A number or PIN could not be drawn.
    #[error("{0}")]
    Draw(String),
    /// The list of places is wrong.
    #[error("{0}")]
    Places(String),
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

/// Writes the catalogue and makes cards in the hands of holders.
pub(super) async fn sow(engine: &Engine) -> Result<Vec<DemoCard>, SeedError> {
    let catalogue = Catalogue::parse(include_str!("seed/catalogue.toml"))?;
    let products = catalogue.products.clone();
    catalogue::load(engine, catalogue).await?;
    sow_places(engine).await?;
    let batch = BatchId::from_u64(engine.ids().one(Shard(0), engine.now()));
    let mut cards = Vec::new();
    for product in &products {
        for nth in 0..CARDS_OF_EACH {
            cards.push(make_card(engine, product, batch, nth).await?);
        }
    }
    Ok(cards)
}

/// Stores, kiosks and agents that might be in Beijing and Shanghai, as they would come in a list of their own.
async fn sow_places(engine: &Engine) -> Result<(), SeedError> {
    let list = include_bytes!("seed/places.csv").as_slice();
    let (places, refused) = place::parse(engine, list).map_err(|error| SeedError::Places(error.to_string()))?;
    match refused.first() {
        Some(refused) => Err(SeedError::Places(refused.to_string())),
        None => Ok(place::write(engine, places).await?),
    }
}

async fn make_card(engine: &Engine, product: &Product, batch: BatchId, nth: usize) -> Result<DemoCard, SeedError> {
    let number = draw::number(&product.format).map_err(|error| SeedError::Draw(error.to_string()))?;
    let pin = draw::pin(product.format.pin_digits);
    let parsed = Pin::parse(&pin).map_err(|error| SeedError::Draw(error.to_string()))?;
    // The first ones have something on them, so that a balance is worth looking at.
    let minor = if nth < 2 { 2_000 } else { 0 };
    let balance = Amount::new(minor, product.unit).map_err(|error| SeedError::Draw(error.to_string()))?;
    let command = ImportCard {
        number,
        product: product.id,
        batch,
        pin: parsed.hash(engine.keys().pins(), number),
        balance,
        expires_at: engine.now().plus(Span::days(40)),
    };
    engine.submit(Command::ImportCard(command)).await?;
    Ok(DemoCard { number, pin })
}
