//! The demo's agent: a company that applied, was approved, bought float, and sells with a program of its own.

use std::str::FromStr as _;

use ringup_core::money::Amount;
use ringup_core::place::PlaceCode;
use ringup_db::clerk::Role;
use ringup_engine::agent::{self, Application, Approval, Contact, Document};
use ringup_engine::pin::Pin;
use ringup_engine::{Engine, clerk};
use ringup_sandbox::Holder;
use serde_json::json;

use super::DemoError;
use super::seed::DemoCard;
use super::shopping::{self, Bought};

/// Which of the seed's places is his.
const PLACE: &str = "BJ-A001";
const PERSON: &str = "01";
/// Where the demo's program asks from.
const HERE: &str = "127.0.0.1";

/// Why there is no agent.
#[derive(Debug, thiserror::Error)]
#[error("the demo's agent: {0}")]
pub struct AgentError(String);

fn failed(error: &impl ToString) -> AgentError {
    AgentError(error.to_string())
}

/// An agent to play with. A demo's PINs and keys may be shown.
pub(super) struct DemoAgent {
    pin: Pin,
    key: String,
}

/// Has a company apply, approves it, and confirms its first transfer.
pub(super) async fn sow(engine: &Engine) -> Result<DemoAgent, AgentError> {
    let amount = |text: &str| Amount::from_str(text).map_err(|error| failed(&error));
    let id = agent::apply(engine, application()?).await.map_err(|error| failed(&error))?;
    let place = PlaceCode::from_str(PLACE).map_err(|error| failed(&error))?;
    let (credit_limit, alert_below) = (amount("0.00 CNY")?, Some(amount("200.00 CNY")?));
    let approval = Approval { place, credit_limit, alert_below };
    let approved = agent::approve(engine, id, approval).await.map_err(|error| failed(&error))?;
    let business = approved.business.ok_or_else(|| AgentError("it was approved, and has no business".to_owned()))?;
    let bought = agent::confirm_transfer(engine, id, "demo transfer 1", amount("1000.00 CNY")?).await;
    bought.map_err(|error| failed(&error))?;
    let person = (PERSON.to_owned(), "Zhao Min".to_owned());
    let person = clerk::take_on(engine, business.place, person, Role::Clerk).await.map_err(|error| failed(&error))?;
    let here = HERE.parse().map_err(|_| AgentError(format!("{HERE} is no address")))?;
    let key = agent::make_key(engine, id, "the demo's program", &[here]).await.map_err(|error| failed(&error))?;
    Ok(DemoAgent { pin: person.pin, key: key.key.to_text() })
}

fn application() -> Result<Application, AgentError> {
    let paper = b"%PDF-1.7\nThe demo's licence.\n%%EOF\n".to_vec();
    let paper = Document::new("licence.pdf", paper).map_err(|error| failed(&error))?;
    Ok(Application {
        company: "西门便利店".to_owned(),
        registration: "91110108MA0DEMO1".to_owned(),
        contact: Contact {
            name: "Zhao Min".to_owned(),
            email: "agent@example.com".to_owned(),
            phone: "+86 138 0000 1007".to_owned(),
        },
        licence_number: "A-1007".to_owned(),
        licence_issuer: "北京市通信管理局".to_owned(),
        licence_last_day: "2099-12-31".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        documents: vec![paper],
    })
}

/// His program sells 100 yuan from his float.
pub(super) async fn sell(server_url: &str, agent: &DemoAgent, card: &DemoCard) -> Result<Bought, DemoError> {
    let program = Holder::new(server_url)?.with_key(agent.key.clone());
    let wish = json!({ "card": card.number.to_string(), "amount": "100.00 CNY" });
    let key = format!("demo-agent-{}", card.number);
    let sold = program.post("/api/v1/agent/sales", Some(&key), &wish).await?;
    let code = sold["code"].as_str().unwrap_or_default();
    Ok(shopping::bought(&program, "agent, float", code).await?)
}

impl DemoAgent {
    /// What somebody needs who wants to sell as the agent.
    pub(super) fn told(&self, server_url: &str) -> String {
        format!("agent {server_url}/agent code {PLACE} number {PERSON} pin {}\n", self.pin.reveal())
    }
}
