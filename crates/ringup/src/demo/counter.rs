//! The demo's counter: a store with a clerk, a supervisor and a till, and a sale for cash over it.

use std::str::FromStr as _;

use ringup_core::money::Amount;
use ringup_core::place::PlaceCode;
use ringup_db::clerk::Role;
use ringup_db::device::{DeviceKind, PaperWidth, PrinterAt, PrinterCharset};
use ringup_db::store::IdentityRule;
use ringup_engine::error::SubmitError;
use ringup_engine::pin::Pin;
use ringup_engine::{Engine, clerk, device, store};
use ringup_sandbox::{Clerk, Holder, Payer, PlayedPrinter, Provider, Sandbox};

use super::DemoError;
use super::seed::DemoCard;
use super::shopping::{self, Bought};

/// Which of the seed's places has the counter.
const PLACE: &str = "BJ-S001";
/// The numbers of the clerk who sells in the demo, of the one for whoever looks at it, and of the supervisor.
const SELLER: &str = "08";
const CLERK: &str = "01";
const SUPERVISOR: &str = "09";

/// Why there is no counter.
#[derive(Debug, thiserror::Error)]
pub enum CounterError {
    /// The seed's list of places lacks it.
    #[error("the list of places has no {PLACE}")]
    NoPlace,
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// The store could not be set up.
    #[error("{0}")]
    Store(String),
}

/// A counter to play with. A demo's PINs and codes may be shown.
#[derive(Debug)]
pub(super) struct Counter {
    seller: Pin,
    clerk: Pin,
    supervisor: Pin,
    /// The printer beside the till that the demo sells with.
    printer: PlayedPrinter,
    /// Enrols that till.
    first: String,
    /// Enrols one more, for whoever looks at the demo.
    spare: String,
}

/// Gives one of the places a counter.
pub(super) async fn sow(engine: &Engine) -> Result<Counter, CounterError> {
    let code = PlaceCode::from_str(PLACE).map_err(|_| CounterError::NoPlace)?;
    let sale_max = Amount::from_str("1000.00 CNY").map_err(|error| CounterError::Store(error.to_string()))?;
    let added = store::add(engine, &code, sale_max, IdentityRule::default()).await;
    let place = added.map_err(|error| CounterError::Store(error.to_string()))?.place;
    let named = |number: &str, name: &str| (number.to_owned(), name.to_owned());
    let seller = clerk::take_on(engine, place, named(SELLER, "张强"), Role::Clerk).await?;
    let taken_on = clerk::take_on(engine, place, named(CLERK, "王芳"), Role::Clerk).await?;
    let over = clerk::take_on(engine, place, named(SUPERVISOR, "Li Wei"), Role::Supervisor).await?;
    let printer = PlayedPrinter::on().map_err(|error| CounterError::Store(error.to_string()))?;
    let (till, first) = device::invite(engine, (DeviceKind::Till, place), "Till 1".to_owned()).await?;
    let at = PrinterAt { address: printer.address.clone(), width: PaperWidth::Mm58, charset: PrinterCharset::Raster };
    device::set_printer(engine, till, Some(at)).await?;
    let (_, spare) = device::invite(engine, (DeviceKind::Till, place), "Till 2".to_owned()).await?;
    let (seller, clerk, supervisor) = (seller.pin, taken_on.pin, over.pin);
    Ok(Counter { seller, clerk, supervisor, printer, first: first.grouped(), spare: spare.grouped() })
}

/// A sale of 100 yuan for cash, and one of 50 to somebody who shows a code of Alipay's.
pub(super) async fn sell(
    server_url: &str,
    sandbox: &Sandbox,
    counter: &Counter,
    [for_cash, by_code]: [&DemoCard; 2],
    prints: bool,
) -> Result<([Bought; 2], Option<Vec<u8>>), DemoError> {
    let mut clerk = Clerk::enrol(server_url, &counter.first).await?;
    clerk.begin(SELLER, counter.seller.reveal(), "300.00").await?;
    let holder = Holder::new(server_url)?;
    let code = clerk.sell(&for_cash.number.to_string(), "100.00", "100").await?;
    let cash = shopping::bought(&holder, "store, cash", &code).await?;
    let mut slip = None;
    if prints {
        clerk.print(&code).await?;
        let printer = counter.printer.clone();
        let is_out = tokio::task::spawn_blocking(move || printer.waits_for(1)).await.unwrap_or(false);
        slip = counter.printer.slips().into_iter().next().filter(|_| is_out);
    }
    let shown = sandbox.control().show_code(Provider::Alipay, Payer::PaysAtOnce);
    let code = clerk.sell(&by_code.number.to_string(), "50.00", &shown).await?;
    let scanned = shopping::bought(&holder, "store, Alipay code", &code).await?;
    Ok(([cash, scanned], slip))
}

impl Counter {
    /// What somebody needs who wants to stand at the counter.
    pub(super) fn told(&self, server_url: &str) -> String {
        format!(
            "till {server_url}/store/enrol code {}\nclerk {CLERK} pin {}\nsupervisor {SUPERVISOR} pin {}\n",
            self.spare,
            self.clerk.reveal(),
            self.supervisor.reveal()
        )
    }
}
