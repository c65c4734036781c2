use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use ringup_core::commission::{Counted, Month, Scheme, Tier};
use ringup_core::id::{AgentDocumentId, AgentId, AgentKeyId, ClerkId};
use ringup_core::money::{Amount, BasisPoints, Unit};
use ringup_core::place::{LocalDate, PlaceCode};
use ringup_core::sub_agent::Parent;
use ringup_db::agent::Agent;
use ringup_db::clerk::Role;
use ringup_db::commission::PaidTo;
use ringup_engine::agent::{self, AddressRule, Approval, CommissionError, standing};
use ringup_engine::{Engine, clerk};

use super::CommandError;
use crate::web::i18n::time::iso;

/// So many agents are read at once.
const PAGE: u32 = 200;

/// `ringup agent …`
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Shows the agents: who has applied, who sells, whose float is low.
    List,
    /// Shows what an agent has told, his documents, people and keys.
    Show {
        /// The agent's id.
        agent: AgentId,
    },
    /// Writes a document of an application to a file.
    Document {
        /// The agent's id.
        agent: AgentId,
        /// The document's id.
        document: AgentDocumentId,
        /// The file; it must not be there yet.
        #[arg(long)]
        out: PathBuf,
    },
    /// Approves an agent: he gets a float, and sells at a place of the kind agent.
    Approve(Approve),
    /// Keeps an agent from selling until further notice.
    Suspend {
        /// The agent's id.
        agent: AgentId,
    },
    /// Lets a suspended agent sell again.
    Resume {
        /// The agent's id.
        agent: AgentId,
    },
    /// Writes down a licence that was renewed.
    Renew(Renew),
    /// Says below what an agent's float is low.
    Alert {
        /// The agent's id.
        agent: AgentId,
        /// The amount, such as 200.00; nothing for no alert.
        below: Option<String>,
    },
    /// Confirms that an agent's bank transfer has arrived: it is on his float, once for each reference.
    FloatBought {
        /// The agent's id.
        agent: AgentId,
        /// The bank's reference.
        reference: String,
        /// What arrived, such as 5000.00.
        amount: String,
    },
    /// Says what an agent earns by a product, from a month on.
    Commission(Commission),
    /// Puts an agent below another, from a month on that has not been booked: a share of what he earns goes up.
    Parent(ParentArgs),
    /// Ends that an agent has a parent, from a month on that has not been booked.
    ParentEnd {
        /// The agent's id.
        agent: AgentId,
        /// The first month in which nothing goes up, such as 2026-11.
        #[arg(long)]
        from: Month,
    },
    /// Books what agents earned in a month that is over, or what has changed since by reversals.
    CommissionRun {
        /// The month, such as 2026-11.
        month: Month,
    },
    /// Pays agents what they have earned and not been paid; prints a line for each.
    PayoutRun {
        /// Where to.
        #[arg(long, value_enum)]
        to: PaidToArg,
    },
    /// Takes somebody on who sells for an agent; prints his PIN, once.
    TakeOn {
        /// The agent's id.
        agent: AgentId,
        /// The number he types.
        number: String,
        /// His name.
        name: String,
    },
    /// Somebody no longer sells for an agent: he is signed out for good.
    Dismiss {
        /// His id.
        person: ClerkId,
    },
    /// Makes a key for an agent's own program; prints it, once.
    Key {
        /// The agent's id.
        agent: AgentId,
        /// What he calls it.
        name: String,
        /// A network address that it may be used from, or the beginning of many such as 192.0.2.0/24; several times.
        #[arg(long = "address", required = true)]
        addresses: Vec<AddressRule>,
    },
    /// Makes a key worthless, for good.
    RevokeKey {
        /// The key's id.
        key: AgentKeyId,
    },
}

#[derive(clap::Args)]
struct Approve {
    /// The agent's id.
    agent: AgentId,
    /// The code of the place where he sells.
    place: PlaceCode,
    /// What his float is counted in.
    #[arg(long, default_value = "CNY")]
    unit: Unit,
    /// How far it may go below zero.
    #[arg(long, default_value = "0")]
    credit_limit: String,
    /// Below what it is low.
    #[arg(long)]
    alert_below: Option<String>,
}

#[derive(clap::Args)]
struct Commission {
    /// The agent's id.
    agent: AgentId,
    /// The code of the product.
    product: String,
    /// The first month that it holds for, such as 2026-11.
    #[arg(long)]
    from: Month,
    /// What the tiers look at.
    #[arg(long, value_enum)]
    per: PerArg,
    /// From which amount on how many per cent, such as 0=1.50; several times.
    #[arg(long = "tier", required = true, value_name = "AMOUNT=PERCENT")]
    tiers: Vec<String>,
}

#[derive(clap::Args)]
struct ParentArgs {
    /// The id of the agent below.
    agent: AgentId,
    /// The id of the agent above.
    parent: AgentId,
    /// How many per cent of what the agent below gets go up, such as 20.00.
    #[arg(long, value_name = "PERCENT")]
    share: String,
    /// The first month that it holds for, such as 2026-11.
    #[arg(long)]
    from: Month,
}

#[derive(Clone, Copy, ValueEnum)]
enum PerArg {
    Sale,
    Month,
}

#[derive(Clone, Copy, ValueEnum)]
enum PaidToArg {
    Bank,
    Float,
}

#[derive(clap::Args)]
struct Renew {
    /// The agent's id.
    agent: AgentId,
    /// The licence's last day, such as 2027-03-31.
    last_day: LocalDate,
    /// Its number, if that is another one.
    #[arg(long)]
    number: Option<String>,
    /// Who gave it, if that is somebody else.
    #[arg(long)]
    issuer: Option<String>,
}

pub(super) async fn run(engine: Engine, args: Args) -> Result<ExitCode, CommandError> {
    match args.act {
        Act::List => list(&engine).await?,
        Act::Show { agent } => show(&engine, &find(&engine, agent).await?).await?,
        Act::Document { agent, document, out } => {
            let found = agent::open_document(&engine, agent, document).await?;
            let (media_type, content) = found.ok_or("there is no such document, or it was kept with another key")?;
            std::fs::File::create_new(&out).and_then(|mut file| std::io::Write::write_all(&mut file, &content))?;
            println!("{} {media_type}", out.display());
        }
        Act::Approve(args) => approve(&engine, args).await?,
        Act::Suspend { agent } => told(&engine, &agent::suspend(&engine, agent).await?),
        Act::Resume { agent } => told(&engine, &agent::resume(&engine, agent).await?),
        Act::Renew(args) => {
            let renewed = agent::renew(&engine, args.agent, (args.number, args.issuer), args.last_day).await?;
            told(&engine, &renewed);
        }
        Act::Alert { agent, below } => {
            let unit = business(&find(&engine, agent).await?)?.unit;
            let below = below.map(|text| Amount::parse(&text, unit)).transpose()?;
            told(&engine, &agent::set_alert(&engine, agent, below).await?);
        }
        Act::FloatBought { agent, reference, amount } => {
            let business = business(&find(&engine, agent).await?)?;
            let amount = Amount::parse(&amount, business.unit)?;
            agent::confirm_transfer(&engine, agent, &reference, amount).await?;
            println!("{agent} can sell for {}", agent::float(&engine, &business).await?.available);
        }
        Act::Commission(args) => commission(&engine, args).await?,
        Act::Parent(args) => {
            let parent = Parent { agent: args.parent, share: percent(&args.share)? };
            agent::set_parent(&engine, args.agent, parent, args.from).await?;
        }
        Act::ParentEnd { agent, from } => agent::end_parent(&engine, agent, from).await?,
        Act::CommissionRun { month } => commission_run(&engine, month).await?,
        Act::PayoutRun { to } => payout_run(&engine, to).await?,
        Act::TakeOn { agent, number, name } => {
            let place = business(&find(&engine, agent).await?)?.place;
            let new = clerk::take_on(&engine, place, (number, name), Role::Clerk).await?;
            println!("{} PIN {}", new.id, new.pin.reveal());
        }
        Act::Dismiss { person } => clerk::dismiss(&engine, person).await?,
        Act::Key { agent, name, addresses } => {
            let new = agent::make_key(&engine, agent, &name, &addresses).await?;
            println!("{} {}", new.id, new.key.to_text());
        }
        Act::RevokeKey { key } => {
            let now = engine.now();
            engine.write(move |tx| ringup_db::agent_key::revoke_agent_key(tx, key, now)).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn find(engine: &Engine, id: AgentId) -> Result<Agent, CommandError> {
    Ok(agent::find(engine, id).await?.ok_or("there is no such agent")?)
}

fn business(agent: &Agent) -> Result<ringup_db::agent::Business, CommandError> {
    Ok(agent.business.ok_or("the agent has not been approved yet")?)
}

fn told(engine: &Engine, agent: &Agent) {
    println!("{} {}", agent.id, standing(agent, engine.now()).name());
}

async fn approve(engine: &Engine, args: Approve) -> Result<(), CommandError> {
    let read = |text: &str| Amount::parse(text, args.unit);
    let approval = Approval {
        place: args.place,
        credit_limit: read(&args.credit_limit)?,
        alert_below: args.alert_below.as_deref().map(read).transpose()?,
    };
    told(engine, &agent::approve(engine, args.agent, approval).await?);
    Ok(())
}

async fn commission(engine: &Engine, args: Commission) -> Result<(), CommandError> {
    let unit = business(&find(engine, args.agent).await?)?.unit;
    let mut tiers = Vec::with_capacity(args.tiers.len());
    for tier in &args.tiers {
        let (from, percent) = tier.split_once('=').ok_or("a tier is written AMOUNT=PERCENT, such as 0=1.50")?;
        tiers.push(Tier { from_minor: Amount::parse(from, unit)?.minor(), rate: self::percent(percent)? });
    }
    let counted = match args.per {
        PerArg::Sale => Counted::PerSale,
        PerArg::Month => Counted::PerMonth,
    };
    let scheme = Scheme::new(counted, tiers)?;
    agent::set_scheme(engine, args.agent, (&args.product, args.from), scheme).await?;
    Ok(())
}

/// A per cent has hundredths as a yuan has fen.
fn percent(text: &str) -> Result<BasisPoints, CommandError> {
    Ok(BasisPoints(u32::try_from(Amount::parse(text, Unit::Cny)?.minor())?))
}

/// One that cannot be booked keeps the others from nothing. What an agent is to be paid is told when all are booked: some of it comes
/// from others' sales.
async fn commission_run(engine: &Engine, month: Month) -> Result<(), CommandError> {
    let agents = approved(engine).await?;
    let mut not_over = Vec::new();
    for agent in &agents {
        match agent::book_month(engine, agent.id, month).await {
            Ok(_) => {}
            Err(CommissionError::MonthNotOver(_)) => not_over.push(agent.id),
            Err(error) => return Err(error.into()),
        }
    }
    for agent in agents {
        if not_over.contains(&agent.id) {
            println!("{}  {month}  is not over there", agent.id);
        } else {
            let account = agent::account(engine, agent.id).await?;
            println!("{}  {month}  {} minor units to be paid", agent.id, account.payable_minor());
        }
    }
    Ok(())
}

async fn payout_run(engine: &Engine, to: PaidToArg) -> Result<(), CommandError> {
    let to = match to {
        PaidToArg::Bank => PaidTo::Bank,
        PaidToArg::Float => PaidTo::Float,
    };
    for agent in approved(engine).await? {
        if let Some(paid) = agent::pay_out(engine, agent.id, to).await? {
            println!("{}  {paid}  to his {}  {}", agent.id, to.name(), agent.company);
        }
    }
    Ok(())
}

async fn approved(engine: &Engine) -> Result<Vec<Agent>, CommandError> {
    let mut all: Vec<Agent> = Vec::new();
    loop {
        let after = all.last().map(|agent| agent.id);
        let page = engine.read(move |tx| ringup_db::agent::agents(tx, after, PAGE)).await?;
        if page.is_empty() {
            all.retain(|agent| agent.business.is_some());
            return Ok(all);
        }
        all.extend(page);
    }
}

async fn list(engine: &Engine) -> Result<(), CommandError> {
    let mut after = None;
    loop {
        let page = engine.read(move |tx| ringup_db::agent::agents(tx, after, PAGE)).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.id);
        for agent in &page {
            let float = match &agent.business {
                Some(business) => {
                    let float = agent::float(engine, business).await?;
                    format!("  can sell for {}{}", float.available, if float.is_low { ", which is low" } else { "" })
                }
                None => String::new(),
            };
            let (state, until) = (standing(agent, engine.now()).name(), agent.licence.last_day);
            println!("{}  {state}  until {until}  {}{float}", agent.id, agent.company);
        }
    }
}

async fn show(engine: &Engine, agent: &Agent) -> Result<(), CommandError> {
    let licence = &agent.licence;
    println!("{}  {}  {}", agent.id, standing(agent, engine.now()).name(), agent.company);
    println!("  registration  {}", agent.registration);
    println!(
        "  licence       {} by {}, until {} in {}",
        licence.number, licence.issuer, licence.last_day, agent.time_zone
    );
    println!("  applied       {}", iso(agent.applied_at.micros()));
    match agent::contact_of(engine, agent) {
        Some(contact) => println!("  contact       {}, {}, {}", contact.name, contact.email, contact.phone),
        None => println!("  contact       cannot be opened with this record.key"),
    }
    for link in agent::parents(engine, agent.id).await? {
        let parent = link.parent.map(|parent| {
            let share = parent.share.0;
            format!("{}, {}.{:02} % goes up", parent.agent, share / 100, share % 100)
        });
        println!("  parent        from {}  {}", link.from, parent.unwrap_or_else(|| "none".to_owned()));
    }
    let (id, place) = (agent.id, agent.business.map(|business| business.place));
    let lines = engine.read(move |tx| {
        let mut lines = Vec::new();
        for document in ringup_db::agent_document::agent_documents(tx, id)? {
            lines.push(format!("  document      {}  {}  {}", document.id, document.media_type, document.name));
        }
        if let Some(place) = place {
            let code = ringup_db::place::find_place(tx, place)?.map(|place| place.code.to_string());
            lines.push(format!("  place         {}", code.unwrap_or_default()));
            for clerk in ringup_db::clerk::clerks_of(tx, place)? {
                let left = if clerk.left_at.is_some() { "  left" } else { "" };
                lines.push(format!("  person        {}  {}  {}{left}", clerk.id, clerk.number, clerk.name));
            }
        }
        for key in ringup_db::agent_key::agent_keys(tx, id)? {
            let revoked = if key.revoked_at.is_some() { "  revoked" } else { "" };
            lines.push(format!("  key           {}  {}  from {}{revoked}", key.id, key.name, key.addresses));
        }
        Ok(lines)
    });
    lines.await?.iter().for_each(|line| println!("{line}"));
    Ok(())
}
