use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use ringup_core::place::{Place, PlaceState};
use ringup_engine::Engine;
use ringup_engine::place::{self, ImportError, ImportPlaces, ImportReport, RefusedRows};

use super::CommandError;

/// `ringup place …`
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Takes over a list of places (CSV): a place with a known code is changed, one that is not on the list stays.
    Import {
        /// The list; its first line names the columns.
        file: PathBuf,
        /// Imports the other rows when some are refused.
        #[arg(long)]
        skip_bad: bool,
    },
    /// Shows all places, by their codes.
    List,
}

pub(super) async fn run(engine: Engine, args: Args) -> Result<ExitCode, CommandError> {
    match args.act {
        Act::Import { file, skip_bad } => {
            let refused = if skip_bad { RefusedRows::AreLeftOut } else { RefusedRows::StopAll };
            import(&engine, &ImportPlaces { file, refused }).await
        }
        Act::List => {
            for place in engine.read(|tx| ringup_db::place::places(tx)).await? {
                println!("{}", line(&place));
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn import(engine: &Engine, request: &ImportPlaces) -> Result<ExitCode, CommandError> {
    let imported = place::import(engine, request).await;
    let (report, code): (&ImportReport, ExitCode) = match &imported {
        Ok(report) => (report, ExitCode::SUCCESS),
        Err(ImportError::Refused(report)) => (report, ExitCode::FAILURE),
        Err(error) => return Err(error.to_string().into()),
    };
    for refused in &report.refused {
        eprintln!("{refused}");
    }
    println!("{report}");
    if let Err(error) = &imported {
        eprintln!("ringup: {error}");
    }
    Ok(code)
}

fn line(place: &Place) -> String {
    let state = match place.state {
        PlaceState::InBusiness => "in_business",
        PlaceState::Closed => "closed",
        PlaceState::OutOfOrder { .. } => "out_of_order",
    };
    let Place { code, kind, position, name, city, hours, .. } = place;
    format!("{code:<20} {:<6} {state:<12} {position:<24} {}, {}  {hours}", kind.name(), name.en, city.en)
}
