//! The catalogue: products and promotions, as the issuer writes them in a file.

mod file;

pub use file::{Catalogue, CatalogueError};

use crate::Engine;
use crate::error::SubmitError;

/// Writes every product and promotion of a catalogue, in one commit: new ones are added, those of the same number replaced.
///
/// # Errors
/// [`SubmitError`] when the database does not serve.
pub async fn load(engine: &Engine, catalogue: Catalogue) -> Result<(), SubmitError> {
    engine
        .write(move |tx| {
            for product in &catalogue.products {
                ringup_db::product::upsert_product(tx, product)?;
            }
            for promotion in &catalogue.promotions {
                ringup_db::promotion::upsert_promotion(tx, promotion)?;
            }
            Ok(())
        })
        .await
}
