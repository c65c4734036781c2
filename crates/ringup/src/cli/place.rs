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
    ///
    /// The first line names the columns, in any order. Needed: kind (store, kiosk, agent), code, name_en, name_zh_hans, city_en,
    /// city_zh_hans, district_en, district_zh_hans, address_en, address_zh_hans, latitude and longitude (degrees, WGS 84),
    /// time_zone (Asia/Shanghai), hours ("Mo-Fr 09:00-12:00,13:30-21:00; Sa 10:00-02:00; 2026-10-01/2026-10-07 off", or 24/7),
    /// takes (cash codes cards). May be there: credited_at (12:00,18:00; nothing for "at once"), licence, reach_cm, phone, state
    /// (in_business, closed, out_of_order) and out_of_order_since (2026-11-26T09:30:00+08:00).
    Import {
        /// The list, in UTF-8.
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
