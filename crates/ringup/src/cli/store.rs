use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use ringup_core::id::{ClerkId, DeviceId, TransitId};
use ringup_core::money::{Amount, Unit};
use ringup_core::place::{Place, PlaceCode};
use ringup_core::purse::{Count, PurseState};
use ringup_db::clerk::Role;
use ringup_db::device::{DeviceKind, PaperWidth, PrinterAt, PrinterCharset};
use ringup_db::store::IdentityRule;
use ringup_engine::Engine;
use ringup_engine::{clerk, device, store};

use super::CommandError;
use crate::web::i18n::time::iso;

/// So many bags are shown.
const SHOWN_MAX: u32 = 200;

/// `ringup store …`
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Gives a place a counter: a safe, and what it may sell.
    Add(Add),
    /// Shows the stores, with their clerks and tills.
    List,
    /// Takes a clerk on; prints his PIN, once.
    TakeOn(TakeOn),
    /// Gives a clerk a badge; prints what it says, once.
    Badge {
        /// The clerk's id.
        clerk: ClerkId,
    },
    /// A clerk has left: he is signed out for good.
    Dismiss {
        /// The clerk's id.
        clerk: ClerkId,
    },
    /// Makes the code that enrols a till or kiosk; prints it, once.
    Invite(Invite),
    /// Says which receipt printer stands beside a till; without --address, none.
    Printer(PrinterArgs),
    /// Shuts a till or kiosk out, for good.
    Revoke {
        /// The device's id.
        device: DeviceId,
    },
    /// Shows a clerk's last drawers, and what was over or missing in each.
    Drawers {
        /// The clerk's id.
        clerk: ClerkId,
    },
    /// Shows the bags with cash that no bank has counted.
    Bags,
    /// Writes down what the bank found in a bag.
    Banked {
        /// The bag's id.
        bag: TransitId,
        /// What the bank found, such as 1250.00.
        amount: String,
    },
}

#[derive(clap::Args)]
struct Add {
    /// The code of the place.
    place: PlaceCode,
    /// What it sells in.
    #[arg(long, default_value = "CNY")]
    unit: Unit,
    /// The largest sale.
    #[arg(long)]
    sale_max: String,
    /// Buyers show who they are from this amount on.
    #[arg(long)]
    identity_from: Option<String>,
    /// Buyers show who they are when a card's sales within 30 days come to this much.
    #[arg(long)]
    identity_month: Option<String>,
    /// Buyers show who they are for a card's first sale at the store.
    #[arg(long)]
    identity_first_sale: bool,
}

#[derive(clap::Args)]
struct TakeOn {
    /// The code of the place.
    place: PlaceCode,
    /// The number he types.
    number: String,
    /// His name.
    name: String,
    /// What he may do.
    #[arg(long, value_enum, default_value = "clerk")]
    role: RoleArg,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleArg {
    Clerk,
    Supervisor,
}

#[derive(clap::Args)]
struct Invite {
    /// The code of the place.
    place: PlaceCode,
    /// What people call it.
    name: String,
    /// What it is.
    #[arg(long, value_enum, default_value = "till")]
    kind: KindArg,
}

#[derive(Clone, Copy, ValueEnum)]
enum KindArg {
    Till,
    Kiosk,
}

#[derive(clap::Args)]
struct PrinterArgs {
    /// The till's id.
    device: DeviceId,
    /// Where the server reaches it, such as 192.0.2.7:9100.
    #[arg(long)]
    address: Option<String>,
    /// How wide its paper is, in millimetres: 58 or 80.
    #[arg(long, default_value_t = 58)]
    width: i64,
    /// Whether it writes Chinese itself.
    #[arg(long, value_enum, default_value = "raster")]
    charset: CharsetArg,
}

#[derive(Clone, Copy, ValueEnum)]
enum CharsetArg {
    Raster,
    Gb18030,
}

impl PrinterArgs {
    fn printer(self) -> Result<Option<PrinterAt>, CommandError> {
        let Some(address) = self.address else { return Ok(None) };
        let width = PaperWidth::from_mm(self.width).ok_or("paper is 58 or 80 mm wide")?;
        let charset = match self.charset {
            CharsetArg::Raster => PrinterCharset::Raster,
            CharsetArg::Gb18030 => PrinterCharset::Gb18030,
        };
        Ok(Some(PrinterAt { address, width, charset }))
    }
}

pub(super) async fn run(engine: Engine, args: Args) -> Result<ExitCode, CommandError> {
    match args.act {
        Act::Add(args) => add(&engine, args).await?,
        Act::List => list(&engine).await?,
        Act::TakeOn(args) => {
            let place = place(&engine, &args.place).await?;
            let role = match args.role {
                RoleArg::Clerk => Role::Clerk,
                RoleArg::Supervisor => Role::Supervisor,
            };
            let new = clerk::take_on(&engine, place.id, (args.number, args.name), role).await?;
            println!("{} PIN {}", new.id, new.pin.reveal());
        }
        Act::Badge { clerk } => println!("{}", clerk::give_badge(&engine, clerk).await?.to_text()),
        Act::Dismiss { clerk } => clerk::dismiss(&engine, clerk).await?,
        Act::Invite(args) => {
            let place = place(&engine, &args.place).await?;
            let kind = match args.kind {
                KindArg::Till => DeviceKind::Till,
                KindArg::Kiosk => DeviceKind::Kiosk,
            };
            let (id, code) = device::invite(&engine, (kind, place.id), args.name).await?;
            println!("{id} {}", code.grouped());
        }
        Act::Printer(args) => device::set_printer(&engine, args.device, args.printer()?).await?,
        Act::Revoke { device } => device::revoke(&engine, device).await?,
        Act::Drawers { clerk } => {
            for drawer in store::drawers_of(&engine, clerk, SHOWN_MAX).await? {
                println!("{}", drawer_line(&drawer));
            }
        }
        Act::Bags => {
            for bag in engine.read(|tx| ringup_db::cash_transit::open_transits(tx, SHOWN_MAX)).await? {
                println!("{}  {}  {}  {}", bag.id, iso(bag.sent_at.micros()), bag.bag, bag.amount);
            }
        }
        Act::Banked { bag, amount } => banked(&engine, bag, &amount).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(engine: &Engine, args: Add) -> Result<(), CommandError> {
    let read = |text: &str| Amount::parse(text, args.unit);
    let identity = IdentityRule {
        from: args.identity_from.as_deref().map(read).transpose()?,
        month: args.identity_month.as_deref().map(read).transpose()?,
        first_sale: args.identity_first_sale,
    };
    let store = store::add(engine, &args.place, read(&args.sale_max)?, identity).await?;
    println!("{} safe {}", args.place, store.safe);
    Ok(())
}

async fn list(engine: &Engine) -> Result<(), CommandError> {
    let lines = engine.read(|tx| {
        let devices = ringup_db::device::devices(tx)?;
        let mut lines = Vec::new();
        for store in ringup_db::store::stores(tx)? {
            let code = ringup_db::place::find_place(tx, store.place)?.map(|place| place.code.to_string());
            lines.push(format!("{}  up to {}", code.unwrap_or_default(), store.sale_max));
            for clerk in ringup_db::clerk::clerks_of(tx, store.place)? {
                let left = if clerk.left_at.is_some() { "  left" } else { "" };
                lines.push(format!("  {}  {}  {}  {}{left}", clerk.id, clerk.number, clerk.role.name(), clerk.name));
            }
            for device in devices.iter().filter(|device| device.place == store.place) {
                let state = match (&device.key, device.revoked_at) {
                    (_, Some(_)) => "shut out",
                    (Some(_), None) => "enrolled",
                    (None, None) => "invited",
                };
                lines.push(format!("  {}  {}  {state}  {}", device.id, device.kind.name(), device.name));
            }
        }
        Ok(lines)
    });
    lines.await?.iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// `pur_…  2026-11-26T10:00:00Z  350.00 CNY expected  345.00 CNY counted  5.00 CNY missing`
fn drawer_line(drawer: &store::Drawer) -> String {
    let begun = format!("{}  {}", drawer.purse.id, iso(drawer.session.opened_at.micros()));
    let PurseState::Closed(Count { expected, counted, .. }) = drawer.purse.state else {
        return format!("{begun}  {} in it  open", drawer.expected());
    };
    let differs = match (counted.minus(expected), expected.minus(counted)) {
        (Ok(over), _) if !over.is_zero() => format!("{over} over"),
        (_, Ok(missing)) if !missing.is_zero() => format!("{missing} missing"),
        (_, _) => "right".to_owned(),
    };
    format!("{begun}  {expected} expected  {counted} counted  {differs}")
}

async fn banked(engine: &Engine, bag: TransitId, amount: &str) -> Result<(), CommandError> {
    let found = engine.read(move |tx| ringup_db::cash_transit::find_transit(tx, bag)).await?;
    let unit = found.ok_or("there is no such bag")?.amount.unit();
    store::banked(engine, bag, Amount::parse(amount, unit)?).await?;
    Ok(())
}

async fn place(engine: &Engine, code: &PlaceCode) -> Result<Place, CommandError> {
    let wanted = code.clone();
    let found = engine.read(move |tx| ringup_db::place::find_place_by_code(tx, &wanted)).await?;
    Ok(found.ok_or("there is no place with this code")?)
}
