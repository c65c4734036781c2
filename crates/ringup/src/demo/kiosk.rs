//! The demo's kiosk: the program inside one, on a validator and a printer that the sandbox plays. One holder puts in two notes, another pays by the
//! QR code on its screen.

mod qr;

use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use ringup_core::bank_note::SaleKey;
use ringup_core::money::{Amount, Language, Unit};
use ringup_core::place::PlaceCode;
use ringup_db::device::DeviceKind;
use ringup_engine::kiosk::{self, Policy};
use ringup_engine::{Engine, device};
use ringup_sandbox::{Holder, PlayedPrinter, Sandbox, ValidatorProtocol, ValidatorSandbox, start_validator};
use ringup_terminal::config::{PrinterSettings, ProtocolName, ScreenSettings, Settings, ValidatorSettings};
use ringup_terminal::device_key::DeviceKey;
use ringup_terminal::machine::{self, Begin, Command, Handle, Outcome, ValidatorState, View};
use ringup_terminal::printer::SlipPrinter;
use ringup_terminal::server::{self, Server};
use ringup_terminal::{chance, courier};
use tokio::sync::oneshot;

use super::DemoError;
use super::seed::DemoCard;
use super::shopping::{self, Bought};

/// Which of the seed's places is one.
const PLACE: &str = "BJ-K001";
const NOTES: [u32; 2] = [50, 50];
/// A machine on a busy computer needs its time.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why there is no kiosk, or why it took no money.
#[derive(Debug, thiserror::Error)]
#[error("the demo's kiosk: {0}")]
pub struct KioskError(String);

fn failed(error: impl ToString) -> KioskError {
    KioskError(error.to_string())
}

/// Makes a place a kiosk; answers the code that enrols its machine.
pub(super) async fn sow(engine: &Engine) -> Result<String, KioskError> {
    let amount = |text: &str| Amount::from_str(text).map_err(failed);
    let place = PlaceCode::from_str(PLACE).map_err(failed)?;
    let notes: Result<Vec<Amount>, KioskError> =
        ["10.00 CNY", "20.00 CNY", "50.00 CNY", "100.00 CNY"].into_iter().map(amount).collect();
    let policy = Policy {
        unit: Unit::Cny,
        hot_line: "+86 10 5555 0000".to_owned(),
        notes: notes?,
        visit_max: amount("500.00 CNY")?,
        offline_max: Some(amount("100.00 CNY")?),
        box_capacity: 600,
        box_nearly_full: 500,
    };
    let added = kiosk::add(engine, &place, policy).await.map_err(failed)?;
    let invited = device::invite(engine, (DeviceKind::Kiosk, added.place), "Kiosk".to_owned()).await;
    Ok(invited.map_err(failed)?.1.grouped())
}

/// What the kiosk of the demo stands on.
pub(super) struct Around<'a> {
    pub(super) server_url: &'a str,
    pub(super) sandbox: &'a Sandbox,
    pub(super) data: &'a Path,
    pub(super) font: Option<&'a Path>,
    pub(super) code: &'a str,
}

/// The program that runs, and what it asks and prints. It goes on after its sales, as long as the demo serves: a machine whose
/// validator is gone looks for another at the same place, and might find somebody's terminal there.
pub(super) struct Kiosk {
    validator: ValidatorSandbox,
    machine: Handle,
    server: Server,
    printer: PlayedPrinter,
    /// Whether there is a font to print with.
    prints: bool,
}

impl Kiosk {
    /// The last slip, when the machine says that it is out.
    async fn slip(&self, is_printed: impl FnMut(&View) -> bool) -> Result<Option<Vec<u8>>, KioskError> {
        if !self.prints {
            return Ok(None);
        }
        until(&self.machine, "the slip", is_printed).await?;
        Ok(self.printer.slips().pop())
    }
}

/// A top-up that was made, and its slip as the printer got it.
type WithSlip = (Bought, Option<Vec<u8>>);

/// A holder puts in two notes of 50, and the next one pays by the QR code on the screen.
pub(super) async fn sell(
    kiosk: &Kiosk,
    around: &Around<'_>,
    [of_notes, by_code]: [&DemoCard; 2],
) -> Result<[WithSlip; 2], DemoError> {
    let holder = Holder::new(around.server_url)?;
    let code = puts_notes_in(&kiosk.machine, &kiosk.validator, of_notes).await?;
    let slip = kiosk.slip(|view| view.sale.as_ref().is_some_and(|sale| sale.is_printed)).await?;
    kiosk.machine.send(Command::Forget);
    let notes = (shopping::bought(&holder, "kiosk, notes", &code).await?, slip);
    let code = qr::pays(kiosk, &holder, around.sandbox, by_code).await?;
    let slip = kiosk.slip(|view| view.top_up.as_ref().is_some_and(|top_up| top_up.is_printed)).await?;
    kiosk.machine.send(Command::Forget);
    let scanned = (shopping::bought(&holder, "kiosk, QR code", &code).await?, slip);
    Ok([notes, scanned])
}

fn settings(around: &Around<'_>, validator: &ValidatorSandbox, printer: &PlayedPrinter) -> Settings {
    Settings {
        server: around.server_url.to_owned(),
        data: around.data.join("kiosk"),
        validator: ValidatorSettings { protocol: ProtocolName::Ssp, port: validator.path().to_owned() },
        printer: PrinterSettings {
            at: printer.address.clone(),
            width_mm: 58,
            font: around.font.map(Path::to_owned),
            gb18030: false,
        },
        screen: ScreenSettings::default(),
    }
}

/// Enrols the machine, and switches it on.
pub(super) async fn start(around: &Around<'_>) -> Result<Kiosk, KioskError> {
    let validator = start_validator(ValidatorProtocol::Ssp).map_err(failed)?;
    let printer = PlayedPrinter::on().map_err(failed)?;
    let settings = settings(around, &validator, &printer);
    std::fs::create_dir_all(&settings.data).map_err(failed)?;
    server::enrol(&settings.server, around.code, &settings.key_file()).await.map_err(failed)?;
    let key = DeviceKey::read(&settings.key_file()).map_err(failed)?;
    let number = key.kiosk;
    let server = Server::new(&settings.server, Arc::new(key)).map_err(failed)?;
    let slips = SlipPrinter::new(&settings.printer).map_err(failed)?;
    let policy_file = settings.policy_file();
    let machine = machine::start(settings, number, None, slips);
    tokio::spawn(courier::carry(server.clone(), machine.clone(), policy_file));
    tokio::spawn(courier::carry_top_ups(server.clone(), machine.clone()));
    let is_ready = |view: &View| {
        view.policy.is_some() && !view.is_broken && view.validator == ValidatorState::Ok && view.takes_notes()
    };
    until(&machine, "its validator", is_ready).await?;
    Ok(Kiosk { validator, machine, server, printer, prints: around.font.is_some() })
}

async fn puts_notes_in(machine: &Handle, validator: &ValidatorSandbox, card: &DemoCard) -> Result<String, KioskError> {
    let most = Some(Amount::from_str("500.00 CNY").map_err(failed)?);
    let (reply, answer) = oneshot::channel();
    let key = SaleKey(chance::bytes());
    machine.send(Command::Begin(Begin { key, card: card.number, language: Language::ZhHans, most, reply }));
    let begun = answer.await.map_err(failed)?;
    begun.map_err(|refusal| KioskError(format!("it takes no notes: {refusal:?}")))?;
    let mut paid = 0;
    for note in NOTES {
        paid += u64::from(note) * 100;
        validator.insert(note);
        until(machine, "a note", |view| view.sale.as_ref().is_some_and(|sale| sale.paid.minor() >= paid)).await?;
    }
    machine.send(Command::Stop);
    let view = until(machine, "the credit", |view| booked(view).is_some()).await?;
    booked(&view).ok_or_else(|| KioskError("nothing was booked".to_owned()))
}

/// The code of the sale on the screen, when the server has booked it.
fn booked(view: &View) -> Option<String> {
    match &view.sale.as_ref()?.outcome {
        Outcome::Booked(answer) => Some(answer.code.clone()),
        Outcome::Open | Outcome::Ending | Outcome::Waiting | Outcome::Nothing | Outcome::Refused => None,
    }
}

async fn until(machine: &Handle, what: &str, is_so: impl FnMut(&View) -> bool) -> Result<View, KioskError> {
    let mut view = machine.view();
    let seen = tokio::time::timeout(PATIENCE, view.wait_for(is_so)).await;
    let seen = seen.map_err(|_| KioskError(format!("{what} did not come")))?;
    Ok(seen.map_err(failed)?.clone())
}
