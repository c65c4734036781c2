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
    /// Adds the products and promotions of a file, and replaces those of the same number.
    Load {
        /// The file (TOML).
        file: PathBuf,
    },
}

pub(super) async fn run(engine: Engine, args: &Args) -> Result<ExitCode, CommandError> {
    let Act::Load { file } = &args.act;
    let catalogue = Catalogue::parse(&std::fs::read_to_string(file)?)?;
    let (products, promotions) = (catalogue.products.len(), catalogue.promotions.len());
    catalogue::load(&engine, catalogue).await?;
    println!("{products} products and {promotions} promotions loaded");
    Ok(ExitCode::SUCCESS)
}
