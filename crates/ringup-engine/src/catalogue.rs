//! The catalogue: products, promotions and plans, as the issuer writes them in a file.

mod file;
mod plans;

pub use file::{Catalogue, CatalogueError};

use crate::Engine;
use crate::error::SubmitError;

/// Writes a catalogue, in one commit: products and promotions are added, those of the same number replaced. Plans take the
/// place of all that were there, when the file has any.
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
            if let Some(plans) = &catalogue.plans {
                ringup_db::plan::replace_plans(tx, plans)?;
            }
            Ok(())
        })
        .await
}
