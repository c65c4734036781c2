mod claim;
mod list;

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use ringup_core::bank_note::ClaimCode;
use ringup_core::card::CardNumber;
use ringup_core::id::{ClerkId, DeviceId, PurseId};
use ringup_core::money::{Amount, ParseAmountError, Unit};
use ringup_core::place::PlaceCode;
use ringup_db::device::DeviceKind;
use ringup_db::kiosk::Kiosk;
use ringup_db::kiosk_claim::SettledAs;
use ringup_engine::Engine;
use ringup_engine::device;
use ringup_engine::kiosk::{self, Policy};

use super::CommandError;

pub(super) use claim::lines as claim_lines;

/// `ringup kiosk …`
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Makes a place a kiosk, and the code that enrols its machine; prints it, once.
    Add(Add),
    /// Makes the code that enrols another machine at a kiosk's place; prints it, once.
    Invite {
        /// The code of the place.
        place: PlaceCode,
        /// What people call it.
        name: String,
    },
    /// Shuts a machine out, for good.
    Revoke {
        /// The device's id.
        device: DeviceId,
    },
    /// Shows the kiosks: their boxes, their machines, and how they are.
    List,
    /// Gives one of two people the code by which they take a kiosk's box out; prints it, once. It counts for an hour.
    Collector {
        /// The code of the place.
        place: PlaceCode,
        /// Who: the id of somebody who was taken on.
        person: ClerkId,
    },
    /// Writes down what was counted in a box that was taken out.
    Count {
        /// The box's id.
        cash_box: PurseId,
        /// What was counted, such as 1250.00.
        amount: String,
    },
    /// Sends cash out of a kiosk's safe to the bank; `ringup store banked` writes down what the bank found.
    Bag {
        /// The code of the place.
        place: PlaceCode,
        /// Who sends it: the id of somebody who was taken on.
        person: ClerkId,
        /// The number of the sealed bag.
        bag: String,
        /// How much is in it.
        amount: String,
    },
    /// Shows the claims that nobody has settled, the oldest first.
    Claims,
    /// Settles a claim: once.
    Settle(Settle),
}

#[derive(clap::Args)]
struct Add {
    /// The code of the place.
    place: PlaceCode,
    /// What people call the machine.
    #[arg(long, default_value = "Kiosk 1")]
    name: String,
    /// What it sells in.
    #[arg(long, default_value = "CNY")]
    unit: Unit,
    /// Whom a holder calls.
    #[arg(long)]
    hot_line: String,
    /// The notes that it takes.
    #[arg(long, value_delimiter = ',', default_value = "10,20,50,100")]
    notes: Vec<String>,
    /// The most that is put in for one sale.
    #[arg(long)]
    visit_max: String,
    /// The same while the line is down; without it, no notes are taken then.
    #[arg(long)]
    offline_max: Option<String>,
    /// How many notes its box holds.
    #[arg(long, default_value_t = 600)]
    box_capacity: u32,
    /// From how many notes on somebody should come.
    #[arg(long, default_value_t = 500)]
    box_nearly_full: u32,
}

#[derive(clap::Args)]
struct Settle {
    /// The code on the slip.
    code: ClaimCode,
    /// What becomes of the money.
    #[arg(value_enum)]
    how: How,
    /// Who says so.
    #[arg(long)]
    by: String,
    /// What the note is worth, where the validator did not say, or was wrong.
    #[arg(long)]
    value: Option<Amount>,
    /// The card, where none was typed, or another one.
    #[arg(long)]
    card: Option<CardNumber>,
}

#[derive(Clone, Copy, ValueEnum)]
enum How {
    /// It goes on a card.
    Card,
    /// It is handed out of the kiosk's safe.
    Refund,
    /// There was none: the holder has his note.
    Nothing,
}

pub(super) async fn run(engine: Engine, args: Args) -> Result<ExitCode, CommandError> {
    match args.act {
        Act::Add(args) => add(&engine, args).await?,
        Act::Invite { place, name } => invite(&engine, &find(&engine, &place).await?, name).await?,
        Act::Revoke { device } => device::revoke(&engine, device).await?,
        Act::List => list::print(&engine).await?,
        Act::Collector { place, person } => {
            let code = kiosk::give_code(&engine, &find(&engine, &place).await?, person).await?;
            println!("{}", code.grouped());
        }
        Act::Count { cash_box, amount } => {
            let purse = engine.read(move |tx| ringup_db::purse::find_purse(tx, cash_box)).await?;
            let unit = purse.ok_or("there is no such box")?.unit;
            let count = kiosk::count(&engine, cash_box, Amount::parse(&amount, unit)?).await?;
            println!("{cash_box}  expected {}  counted {}", count.expected, count.counted);
        }
        Act::Bag { place, person, bag, amount } => {
            let kiosk = find(&engine, &place).await?;
            let amount = Amount::parse(&amount, kiosk.unit)?;
            println!("{}", kiosk::send_to_bank(&engine, &kiosk, person, (&bag, amount)).await?);
        }
        Act::Claims => claim::lines(&engine).await?.iter().for_each(|line| println!("{line}")),
        Act::Settle(args) => {
            let how = match args.how {
                How::Card => SettledAs::Card,
                How::Refund => SettledAs::Refund,
                How::Nothing => SettledAs::Nothing,
            };
            let asked = kiosk::Settlement { how, by: args.by, value: args.value, card: args.card };
            let claim = kiosk::settle(&engine, args.code, asked).await?;
            let top_up = claim.top_up.map_or_else(|| "no top-up".to_owned(), |top_up| top_up.to_string());
            println!("settled as {}  {top_up}", how.name());
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(engine: &Engine, args: Add) -> Result<(), CommandError> {
    let read = |text: &str| Amount::parse(text, args.unit);
    let policy = Policy {
        unit: args.unit,
        hot_line: args.hot_line.clone(),
        notes: args.notes.iter().map(|note| read(note)).collect::<Result<Vec<Amount>, ParseAmountError>>()?,
        visit_max: read(&args.visit_max)?,
        offline_max: args.offline_max.as_deref().map(read).transpose()?,
        box_capacity: args.box_capacity,
        box_nearly_full: args.box_nearly_full,
    };
    let kiosk = kiosk::add(engine, &args.place, policy).await?;
    println!("{} kiosk {} safe {}", args.place, kiosk.number, kiosk.safe);
    invite(engine, &kiosk, args.name).await
}

async fn invite(engine: &Engine, kiosk: &Kiosk, name: String) -> Result<(), CommandError> {
    let (id, code) = device::invite(engine, (DeviceKind::Kiosk, kiosk.place), name).await?;
    println!("{id} {}", code.grouped());
    Ok(())
}

/// The kiosk at the place with this code.
async fn find(engine: &Engine, code: &PlaceCode) -> Result<Kiosk, CommandError> {
    let code = code.clone();
    let found = engine.read(move |tx| match ringup_db::place::find_place_by_code(tx, &code)? {
        Some(place) => ringup_db::kiosk::find_kiosk(tx, place.id),
        None => Ok(None),
    });
    Ok(found.await?.ok_or("there is no kiosk at a place with this code")?)
}
