//! Text messages: a text is handed to one SMS centre, which carries it to its phone and says later whether it came.
//!
//! The centre is spoken to in SMPP 3.4. One connection is kept, made when it is needed; after a failure the centre is left alone for a while, and
//! whoever wants to send is told so at once.
//!
//! What the centre says beside its numbers is kept nowhere, and neither number nor text is in any error.

mod number;
mod pause;
mod report;
mod session;
mod text;

use std::sync::{Arc, Mutex, PoisonError};

use ringup_core::notice::{MobileNumber, ParseMobileError};
use ringup_core::secret::Secret;
use ringup_core::time::Timestamp;
use rusmpp::CommandStatus;
use rusmpp::pdus::{BindTransceiver, SubmitSm};
use rusmpp::tokio_codec::CommandCodec;
use rusmpp::types::{COctetString, OctetString};
use rusmpp::values::{DataCoding, EsmClass, InterfaceVersion, Npi, RegisteredDelivery, Ton};
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_util::codec::Framed;

use self::number::Countries;
use self::pause::Pause;
pub use self::report::SmsOutcome;
use self::session::{Answer, BindError, Line, Session, Stream, Times};
use crate::config::{ConfigError, SmsConfig};
use crate::limits;

/// A text with its number.
#[derive(Clone, Debug)]
pub struct TextMessage {
    /// What ties its parts together on the phone. The same message has the same, however often it is sent.
    pub reference: u8,
    /// To whom.
    pub to: MobileNumber,
    /// What it says.
    pub text: Secret<String>,
}

/// Why a text message was not taken, or why that is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmsError {
    /// There is none.
    #[error("no SMS centre is set up")]
    NoCentre,
    /// It has more parts than a text message may have.
    #[error("the text is longer than {} parts", limits::SMS_PARTS_MAX)]
    TooLong,
    /// The centre will never take this message.
    #[error("the SMS centre refused it: {status:#04x}")]
    Refused {
        /// What it said.
        status: u32,
    },
    /// The centre does not know us: by our name or by our password. Staff mend that.
    #[error("the SMS centre does not know us by sms.smpp_url and sms.password_file: {status:#04x}")]
    NotKnown {
        /// What it said.
        status: u32,
    },
    /// It does not take it now.
    #[error("the SMS centre did not take it: {why}")]
    NotTaken {
        /// What it said, or what broke.
        why: String,
    },
    /// It, or a part of it, was handed over, and no answer came: it may have been sent.
    #[error("the SMS centre did not say whether it has taken it: {why}")]
    Unanswered {
        /// What broke.
        why: String,
    },
}

/// What became of a text message that the centre had taken. The centre is answered when this has been.
#[derive(Debug)]
pub struct SmsReport {
    /// The centre's number of the message.
    pub reference: String,
    /// What became of it.
    pub outcome: SmsOutcome,
    written: oneshot::Sender<bool>,
}

impl SmsReport {
    fn new(reference: String, outcome: SmsOutcome) -> (Self, oneshot::Receiver<bool>) {
        let (written, answered) = oneshot::channel();
        (Self { reference, outcome, written }, answered)
    }

    /// It is written down: the centre may forget it.
    pub fn is_written(self) {
        // An error means that the connection is gone.
        let _ = self.written.send(true);
    }

    /// It could not be written down, or there is no such message yet: the centre is to bring it again.
    pub fn is_to_come_again(self) {
        let _ = self.written.send(false);
    }
}

/// The SMS centre and who we are to it.
#[derive(Debug)]
pub(crate) struct SmsCentre {
    host: String,
    port: u16,
    tls: Option<(Arc<rustls::ClientConfig>, ServerName<'static>)>,
    bind: Secret<BindTransceiver>,
    sender: Sender,
    countries: Countries,
    times: Times,
    link: tokio::sync::Mutex<Link>,
    reports: mpsc::Sender<SmsReport>,
    brought: Mutex<Option<mpsc::Receiver<SmsReport>>>,
}

/// The connection, when there is one, and how long to leave the centre alone when there is none.
#[derive(Debug, Default)]
struct Link {
    session: Option<Session>,
    pause: Pause,
}

/// Who the phone shows as the sender.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sender {
    ton: Ton,
    npi: Npi,
    address: COctetString<1, 21>,
}

impl SmsCentre {
    /// Reads the settings; the centre is not spoken to yet.
    pub(crate) fn new(config: &SmsConfig) -> Result<Self, ConfigError> {
        let url = reqwest::Url::parse(&config.smpp_url).map_err(|error| wrong("sms.smpp_url", error))?;
        let port = match url.scheme() {
            "smpp" => 2_775,
            "smpps" => 3_550,
            _ => return Err(wrong("sms.smpp_url", "it is no smpp:// or smpps:// address")),
        };
        if url.password().is_some() {
            return Err(wrong("sms.smpp_url", "a password stands in sms.password_file"));
        }
        let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
        let is_plain = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        if host.is_empty() || !is_plain {
            return Err(wrong("sms.smpp_url", "it has the form smpps://system-id@host:port"));
        }
        let tls = if url.scheme() == "smpps" { Some(tls(&host)?) } else { None };
        let (reports, brought) = mpsc::channel(limits::SMS_REPORTS_AT_ONCE);
        Ok(Self {
            port: url.port().unwrap_or(port),
            host,
            tls,
            bind: Secret::new(bind(url.username(), config.password.as_ref())?),
            sender: sender(&config.from)?,
            countries: Countries::read(&config.countries)
                .ok_or_else(|| wrong("sms.countries", "it is a list of codes like \"CN\""))?,
            times: Times { answer: limits::SMS_ANSWER_TIMEOUT, quiet: limits::SMS_ENQUIRE_AFTER },
            link: tokio::sync::Mutex::default(),
            reports,
            brought: Mutex::new(Some(brought)),
        })
    }

    /// Reads a number as people write it.
    pub(crate) fn number(&self, typed: &str) -> Result<MobileNumber, ParseMobileError> {
        self.countries.number(typed)
    }

    /// What the centre reports. There is one listener: whoever asks first.
    pub(crate) fn reports(&self) -> Option<mpsc::Receiver<SmsReport>> {
        self.brought.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Hands a message over, part by part; answers the centre's number of its last part, by which the centre reports on it.
    pub(crate) async fn send(&self, message: &TextMessage, now: Timestamp) -> Result<String, SmsError> {
        let parts = text::parts(message.text.reveal(), message.reference).ok_or(SmsError::TooLong)?;
        let session = self.session(now).await?;
        let count = parts.octets.len();
        let mut reference = String::new();
        for (number, octets) in (1..).zip(parts.octets) {
            let pdu = self.part(message, parts.coding.number(), octets, (number, count))?;
            let refused = match session.submit(pdu).await {
                Answer::Taken { reference: given } => {
                    reference = given;
                    continue;
                }
                Answer::Status(status) => self.read_status(status, now).await,
                Answer::NotSent => self.lost(now).await,
                Answer::Nobody => SmsError::Unanswered { why: self.lost(now).await.to_string() },
            };
            // What was taken of it is paid for, and must not be paid for every few minutes of a day.
            let is_begun = number > 1 && matches!(refused, SmsError::NotTaken { .. });
            return Err(if is_begun { SmsError::Unanswered { why: refused.to_string() } } else { refused });
        }
        self.link.lock().await.pause.end();
        Ok(reference)
    }

    /// The connection is gone: the centre is left alone for a moment.
    async fn lost(&self, now: Timestamp) -> SmsError {
        let lost = SmsError::NotTaken { why: "the connection broke, or no answer came".to_owned() };
        self.link.lock().await.pause.begin(lost.clone(), now);
        lost
    }

    /// Sees that there is a connection, over which the centre can bring its reports.
    pub(crate) async fn keep_bound(&self, now: Timestamp) -> Result<(), SmsError> {
        self.session(now).await.map(drop)
    }

    /// The connection that stands, or a new one.
    async fn session(&self, now: Timestamp) -> Result<Session, SmsError> {
        let mut link = self.link.lock().await;
        if let Some(why) = link.pause.holds(now) {
            return Err(why);
        }
        if let Some(session) = link.session.as_ref().filter(|session| session.stands()) {
            return Ok(session.clone());
        }
        let error = match self.connect().await {
            Ok(line) => match Session::bind(line, self.bind.reveal().clone(), self.reports.clone(), self.times).await {
                Ok(session) => {
                    link.session = Some(session.clone());
                    return Ok(session);
                }
                Err(BindError::Status(status)) => not_bound(status),
                Err(BindError::Broken(why)) => SmsError::NotTaken { why: why.to_owned() },
            },
            Err(why) => SmsError::NotTaken { why: why.to_owned() },
        };
        link.pause.begin(error.clone(), now);
        Err(error)
    }

    async fn connect(&self) -> Result<Line, &'static str> {
        let connected = timeout(limits::CONNECT_TIMEOUT, TcpStream::connect((self.host.as_str(), self.port))).await;
        let stream = connected.map_err(|_| "it did not answer in time")?.map_err(|_| "the connection failed")?;
        let stream: Box<dyn Stream> = match &self.tls {
            None => Box::new(stream),
            Some((config, name)) => {
                let connector = tokio_rustls::TlsConnector::from(Arc::clone(config));
                let secured = timeout(self.times.answer, connector.connect(name.clone(), stream)).await;
                Box::new(secured.map_err(|_| "TLS failed")?.map_err(|_| "TLS failed")?)
            }
        };
        Ok(Framed::new(stream, CommandCodec::new()))
    }

    fn part(
        &self,
        message: &TextMessage,
        coding: u8,
        octets: Vec<u8>,
        (number, count): (usize, usize),
    ) -> Result<SubmitSm, SmsError> {
        let not_written = || SmsError::NotTaken { why: "the message cannot be written".to_owned() };
        let to = message.to.reveal().trim_start_matches('+');
        let esm_class: u8 = if count > 1 { UDH_INDICATOR } else { 0 };
        // All parts go to one phone, so its last part stands for all of them.
        let asks_report = u8::from(number == count);
        let pdu = SubmitSm::builder()
            .source_addr_ton(self.sender.ton)
            .source_addr_npi(self.sender.npi)
            .source_addr(self.sender.address.clone())
            .dest_addr_ton(Ton::International)
            .dest_addr_npi(Npi::Isdn)
            .destination_addr(octet_string(to).ok_or_else(not_written)?)
            .esm_class(EsmClass::from(esm_class))
            .registered_delivery(RegisteredDelivery::from(asks_report))
            .data_coding(DataCoding::from(coding))
            .short_message(OctetString::from_vec(octets).map_err(|_| not_written())?);
        Ok(pdu.build())
    }

    async fn read_status(&self, status: CommandStatus, now: Timestamp) -> SmsError {
        match status {
            CommandStatus::EsmeRinvdstadr => SmsError::Refused { status: status.into() },
            CommandStatus::EsmeRthrottled | CommandStatus::EsmeRmsgqful => {
                let busy = SmsError::NotTaken { why: format!("it is busy: {:#04x}", u32::from(status)) };
                self.link.lock().await.pause.begin(busy.clone(), now);
                busy
            }
            _ => SmsError::NotTaken { why: format!("{:#04x}", u32::from(status)) },
        }
    }
}

/// SMPP 3.4, 5.2.12: the text begins with a header.
const UDH_INDICATOR: u8 = 0x40;

fn not_bound(status: CommandStatus) -> SmsError {
    match status {
        CommandStatus::EsmeRbindfail | CommandStatus::EsmeRinvpaswd | CommandStatus::EsmeRinvsysid => {
            SmsError::NotKnown { status: status.into() }
        }
        _ => SmsError::NotTaken { why: format!("{:#04x} to the bind", u32::from(status)) },
    }
}

fn bind(system_id: &str, password: Option<&Secret<String>>) -> Result<BindTransceiver, ConfigError> {
    let system_id = Some(system_id).filter(|id| !id.is_empty()).and_then(octet_string);
    let password = password.map_or("", |password| password.reveal());
    Ok(BindTransceiver::builder()
        .system_id(
            system_id.ok_or_else(|| wrong("sms.smpp_url", "its user is the system id: 1 to 15 letters of ASCII"))?,
        )
        .password(octet_string(password).ok_or_else(|| wrong("sms.password_file", "a password has at most 8 letters"))?)
        .interface_version(InterfaceVersion::Smpp3_4)
        .build())
}

/// A number with its `+`, a number of the network's own, or a name.
fn sender(from: &str) -> Result<Sender, ConfigError> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '.');
    let (ton, npi, address, longest) = match from.strip_prefix('+') {
        Some(number) if digits(number) => (Ton::International, Npi::Isdn, number, 15),
        None if digits(from) => (Ton::Unknown, Npi::Unknown, from, 20),
        None if !from.is_empty() && from.chars().all(letter) => (Ton::Alphanumeric, Npi::Unknown, from, 11),
        Some(_) | None => return Err(wrong("sms.from", "it is no number and no name of ASCII letters")),
    };
    if address.len() > longest {
        return Err(wrong("sms.from", format!("it has more than {longest} characters")));
    }
    let address = octet_string(address).ok_or_else(|| wrong("sms.from", "it is too long"))?;
    Ok(Sender { ton, npi, address })
}

fn octet_string<const MAX: usize>(text: &str) -> Option<COctetString<1, MAX>> {
    COctetString::from_string(text.to_owned()).ok()
}

fn tls(host: &str) -> Result<(Arc<rustls::ClientConfig>, ServerName<'static>), ConfigError> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| wrong("sms.smpp_url", "its host is no name"))?;
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong("sms.smpp_url", error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok((Arc::new(config), name))
}

fn wrong(setting: &'static str, why: impl ToString) -> ConfigError {
    ConfigError::Sms { setting, why: why.to_string() }
}

#[cfg(test)]
mod tests;
