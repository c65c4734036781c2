use std::process::ExitCode;

use clap::Subcommand;
use ringup_core::id::RatingId;
use ringup_db::rating::Rating;
use ringup_engine::Engine;
use ringup_engine::rating::{self, Decision};

use super::CommandError;
use crate::web::i18n::time::iso;

/// How many are shown.
const SHOWN_MAX: u32 = 200;

/// `ringup rating …`
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Shows the ratings that were reported as abuse, the oldest first.
    List {
        /// All ratings instead, the newest first, hidden ones too.
        #[arg(long)]
        all: bool,
    },
    /// Hides a rating: it is neither seen nor counted. The case about it is closed.
    Hide {
        /// The rating's id.
        rating: RatingId,
    },
    /// Lets a rating be seen. The case about it is closed.
    Show {
        /// The rating's id.
        rating: RatingId,
    },
}

pub(super) async fn run(engine: Engine, args: &Args) -> Result<ExitCode, CommandError> {
    match args.act {
        Act::List { all: true } => told(&engine, &rating::recent(&engine, SHOWN_MAX).await?).await?,
        Act::List { all: false } => told(&engine, &rating::reported(&engine, SHOWN_MAX).await?).await?,
        Act::Hide { rating } => told(&engine, &[rating::decide(&engine, rating, Decision::Hide).await?]).await?,
        Act::Show { rating } => told(&engine, &[rating::decide(&engine, rating, Decision::Show).await?]).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn told(engine: &Engine, ratings: &[Rating]) -> Result<(), CommandError> {
    for rating in ratings {
        let id = rating.place;
        let place = engine.read(move |tx| ringup_db::place::find_place(tx, id)).await?;
        let place = place.map_or_else(|| id.to_string(), |place| place.code.to_string());
        println!(
            "{}  {}  {place}  {}  {}  {:?}  {:?}",
            rating.id,
            iso(rating.rated_at.micros()),
            rating.state.name(),
            rating.stars,
            rating.comment.as_str(),
            rating.answer.as_ref().map_or("", |answer| answer.text.as_str()),
        );
    }
    Ok(())
}
