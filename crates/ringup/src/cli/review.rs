use std::process::ExitCode;

use clap::Subcommand;
use ringup_engine::Engine;

use super::CommandError;
use crate::web::i18n::time::iso;

/// How many of each are shown.
const SHOWN_MAX: u32 = 200;

/// `ringup review …`
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Open matters, the one due soonest first; then the claims on kiosks' notes.
    Cases,
    /// Signed notifications that differ from what we know, the latest first.
    Notifications,
}

pub(super) async fn run(engine: Engine, args: &Args) -> Result<ExitCode, CommandError> {
    match args.act {
        Act::Cases => {
            for open in engine.read(|tx| ringup_db::review_case::open_cases(tx, SHOWN_MAX)).await? {
                println!(
                    "{}  due {}  {}  {}  {}",
                    open.case.id,
                    iso(open.case.due_at.micros()),
                    open.case.kind,
                    open.case.top_up,
                    open.case.detail
                );
            }
            for line in super::kiosk::claim_lines(&engine).await? {
                println!("claim {line}");
            }
        }
        Act::Notifications => {
            for row in engine.read(|tx| ringup_db::notification::recent_notifications(tx, SHOWN_MAX)).await? {
                println!(
                    "{}  {}  {}  {}  {}",
                    row.id,
                    iso(row.received_at.micros()),
                    row.provider,
                    row.code,
                    row.reference.unwrap_or_default()
                );
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
