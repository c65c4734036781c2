use std::process::ExitCode;

use clap::Subcommand;
use ringup_core::apply::{RefundHowMuch, Refusal, Repeated, SpentMeanwhile};
use ringup_core::id::TopUpId;
use ringup_core::money::Amount;
use ringup_engine::Engine;
use ringup_engine::error::SubmitError;
use ringup_engine::refund;
use ringup_engine::top_up::IdempotencyKey;

use super::CommandError;

/// `ringup top-up …`
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Takes a top-up off its card and has the money sent back by the running server.
    Refund {
        /// Which top-up: `top_…`.
        top_up: TopUpId,
        /// Our own number of this refund: the same number again changes nothing.
        #[arg(long, value_name = "NUMBER")]
        id: String,
        /// So much of what was paid, such as "50.00 CNY"; all that is left of it without this.
        #[arg(long)]
        amount: Option<Amount>,
        /// Refunds although the card has spent it; the difference is the issuer's loss.
        #[arg(long)]
        accept_loss: bool,
    },
}

pub(super) async fn run(engine: Engine, args: &Args) -> Result<ExitCode, CommandError> {
    let Act::Refund { top_up, id, amount, accept_loss } = &args.act;
    let key = IdempotencyKey::parse(id)?;
    let how_much = amount.map_or(RefundHowMuch::Whole, RefundHowMuch::Part);
    let spent = if *accept_loss { SpentMeanwhile::AcceptLoss } else { SpentMeanwhile::Refuse };
    match refund::request(&engine, &key, *top_up, how_much, spent).await {
        Ok((refund, Repeated::No)) => println!("{refund} requested: the running server sends the money back"),
        Ok((refund, Repeated::Yes)) => println!("{refund} had been requested before; nothing was changed"),
        Err(SubmitError::Refused(refusal @ Refusal::CardHasSpent { .. })) => {
            eprintln!("ringup: {refusal}; --accept-loss refunds it all the same");
            return Ok(ExitCode::FAILURE);
        }
        Err(error) => return Err(error.into()),
    }
    Ok(ExitCode::SUCCESS)
}
