use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use ringup_engine::Engine;
use ringup_engine::catalogue::{self, Catalogue};

use super::CommandError;

/// `ringup catalogue …`
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Adds the products and promotions of a file, and replaces those of the same number; its rates and bundles take the place of all others.
    Load {
        /// The file (TOML).
        file: PathBuf,
    },
}

pub(super) async fn run(engine: Engine, args: &Args) -> Result<ExitCode, CommandError> {
    let Act::Load { file } = &args.act;
    let catalogue = Catalogue::parse(&std::fs::read_to_string(file)?)?;
    let loaded = told(&catalogue);
    catalogue::load(&engine, catalogue).await?;
    println!("{loaded}");
    Ok(ExitCode::SUCCESS)
}

fn told(catalogue: &Catalogue) -> String {
    let (products, promotions) = (catalogue.products.len(), catalogue.promotions.len());
    let Some(plans) = &catalogue.plans else {
        return format!("{products} products and {promotions} promotions loaded");
    };
    let (destinations, rates, bundles) = (plans.destinations.len(), plans.rates.len(), plans.bundles.len());
    format!(
        "{products} products, {promotions} promotions, {destinations} destinations, {rates} rates and {bundles} bundles loaded"
    )
}
