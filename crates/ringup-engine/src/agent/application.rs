//! The application: what a company says of itself, with its papers.

use ringup_core::id::{AgentDocumentId, AgentId};
use ringup_core::place::LocalDate;
use ringup_core::shard::Shard;
use ringup_db::agent::{self, Agent, AgentState, Licence};
use ringup_db::agent_document::{self, AgentDocument};

use super::document::{self, DOCUMENTS_MAX, Document};
use super::end_of_day;
use crate::Engine;
use crate::error::SubmitError;
use crate::seal;

/// So many applications wait for the office at most: whoever sends thousands fills no disk.
const WAITING_MAX: u64 = 500;

/// A line has so many characters at most.
const LINE_MAX: usize = 120;

const CONTACT_PURPOSE: &[u8] = b"ringup agent contact 1";

/// What a company says of itself.
#[derive(Clone, Debug, Default)]
pub struct Application {
    /// The company's name.
    pub company: String,
    /// Its number in the register of companies.
    pub registration: String,
    /// Who asks, and how he is reached.
    pub contact: Contact,
    /// The licence's number.
    pub licence_number: String,
    /// Who gave it.
    pub licence_issuer: String,
    /// Its last day, as `2027-03-31`.
    pub licence_last_day: String,
    /// The IANA name of the zone that the company's clock goes by.
    pub time_zone: String,
    /// Its papers.
    pub documents: Vec<Document>,
}

/// The person who applied.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// His name.
    pub name: String,
    /// His e-mail address.
    pub email: String,
    /// His phone number.
    pub phone: String,
}

/// Nothing of a person is written to a log.
impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contact").finish_non_exhaustive()
    }
}

/// A field of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LicenceField {
    /// The company's name.
    Company,
    /// Its registration.
    Registration,
    /// The name of the person.
    Name,
    /// His e-mail address.
    Email,
    /// His phone number.
    Phone,
    /// The licence's number.
    Number,
    /// Who gave it.
    Issuer,
}

/// What is wrong with an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplicationProblem {
    /// A line is empty, too long, or has signs that no line has.
    #[error("{0:?} is missing, or longer than {LINE_MAX} characters")]
    Line(LicenceField),
    /// The last day of the licence is no day.
    #[error("the licence's last day is written 2027-03-31")]
    LastDay,
    /// The licence has run out already.
    #[error("the licence has run out")]
    Expired,
    /// There is no such time zone.
    #[error("there is no such time zone")]
    TimeZone,
    /// There are no papers, or too many.
    #[error("an application has 1 to {DOCUMENTS_MAX} documents")]
    Documents,
}

/// Why an application was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// It is wrong or incomplete.
    #[error("the application is incomplete")]
    Incomplete(Vec<ApplicationProblem>),
    /// Too many wait already.
    #[error("too many applications wait")]
    TooMany,
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

/// Takes an application. The office decides.
///
/// # Errors
/// [`ApplyError`], in its order.
pub async fn apply(engine: &Engine, application: Application) -> Result<AgentId, ApplyError> {
    let now = engine.now();
    let id = AgentId::from_u64(engine.ids().one(Shard(0), now));
    let agent = read(engine, id, &application).map_err(ApplyError::Incomplete)?;
    let mut documents = Vec::with_capacity(application.documents.len());
    for document in application.documents {
        let document_id = AgentDocumentId::from_u64(engine.ids().one(Shard(0), now));
        let content = document::seal(engine, document_id, document.content);
        let (name, media_type) = (document.name, document.media_type.to_owned());
        documents.push(AgentDocument { id: document_id, agent: id, name, media_type, content, added_at: now });
    }
    let taken = engine
        .write(move |tx| {
            if agent::count_applications(tx)? >= WAITING_MAX {
                return Ok(false);
            }
            agent::insert_agent(tx, &agent)?;
            documents.iter().try_for_each(|document| agent_document::insert_agent_document(tx, document))?;
            Ok(true)
        })
        .await?;
    if taken { Ok(id) } else { Err(ApplyError::TooMany) }
}

fn read(engine: &Engine, id: AgentId, application: &Application) -> Result<Agent, Vec<ApplicationProblem>> {
    let now = engine.now();
    let contact = &application.contact;
    let lines = [
        (LicenceField::Company, &application.company),
        (LicenceField::Registration, &application.registration),
        (LicenceField::Name, &contact.name),
        (LicenceField::Email, &contact.email),
        (LicenceField::Phone, &contact.phone),
        (LicenceField::Number, &application.licence_number),
        (LicenceField::Issuer, &application.licence_issuer),
    ];
    let wrong = lines.into_iter().filter(|(field, line)| !is_line(line) || !fits(*field, line));
    let mut problems: Vec<ApplicationProblem> = wrong.map(|(field, _)| ApplicationProblem::Line(field)).collect();
    let last_day = application.licence_last_day.trim().parse::<LocalDate>().ok();
    let time_zone = application.time_zone.trim();
    let ends_at = last_day.and_then(|day| end_of_day(time_zone, day));
    match (last_day, ends_at) {
        (None, _) => problems.push(ApplicationProblem::LastDay),
        (Some(_), None) => problems.push(ApplicationProblem::TimeZone),
        (Some(_), Some(ends_at)) if ends_at <= now => problems.push(ApplicationProblem::Expired),
        (Some(_), Some(_)) => {}
    }
    if !(1..=DOCUMENTS_MAX).contains(&application.documents.len()) {
        problems.push(ApplicationProblem::Documents);
    }
    let (Some(last_day), Some(ends_at), true) = (last_day, ends_at, problems.is_empty()) else {
        return Err(problems);
    };
    Ok(Agent {
        id,
        state: AgentState::Applied,
        state_at: now,
        company: trimmed(&application.company),
        registration: trimmed(&application.registration),
        contact: seal_contact(engine, contact),
        licence: Licence {
            number: trimmed(&application.licence_number),
            issuer: trimmed(&application.licence_issuer),
            last_day,
            ends_at,
        },
        time_zone: time_zone.to_owned(),
        applied_at: now,
        business: None,
    })
}

/// Whether a text is a line: not empty, not too long, and nothing in it that moves what stands around it.
pub(super) fn is_line(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().count() <= LINE_MAX && !text.chars().any(char::is_control)
}

/// What more a line must have. Whether mail arrives at an address only mail can tell.
fn fits(field: LicenceField, line: &str) -> bool {
    match field {
        LicenceField::Email => {
            line.trim().split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        }
        LicenceField::Phone => line.chars().filter(char::is_ascii_digit).count() >= 5,
        LicenceField::Company
        | LicenceField::Registration
        | LicenceField::Name
        | LicenceField::Number
        | LicenceField::Issuer => true,
    }
}

fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}

fn seal_contact(engine: &Engine, contact: &Contact) -> String {
    let lines = [&contact.name, &contact.email, &contact.phone].map(|line| trimmed(line)).join("\n");
    seal::seal(engine.keys().records(), CONTACT_PURPOSE, lines.into_bytes())
}

/// Who applied; nothing when it was sealed with another key.
#[must_use]
pub fn contact_of(engine: &Engine, agent: &Agent) -> Option<Contact> {
    let opened = seal::open(engine.keys().records(), CONTACT_PURPOSE, &agent.contact)?;
    let text = String::from_utf8(opened).ok()?;
    let mut lines = text.split('\n').map(str::to_owned);
    Some(Contact { name: lines.next()?, email: lines.next()?, phone: lines.next()? })
}
