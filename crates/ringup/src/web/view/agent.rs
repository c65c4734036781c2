//! The pages of agents.

pub mod list;

use askama::Template;

use super::rating::RatingBoard;
use super::sub_agent::{SharesPanel, SubAgentRow};
use super::top_up::ProviderChoice;
use super::{AmountTile, Deadline, Fact, Live, Page, Problems, QuoteTable, Tone};
use crate::web::icons;

/// Who sells, on top of each page: the float is always in sight.
#[derive(Clone, Debug)]
pub struct AgentHead {
    /// The name over the door.
    pub name: String,
    /// The agent's code.
    pub code: String,
    /// Who is signed in.
    pub person: String,
    /// What can still be sold.
    pub available: String,
    /// Whether that is little.
    pub is_low: bool,
}

/// The float in figures.
#[derive(Clone, Debug)]
pub struct FloatPanel {
    /// What can be sold.
    pub available: String,
    /// What is on it.
    pub balance: String,
    /// How far it may go below zero, where it may.
    pub credit_limit: Option<String>,
    /// Whether it is low.
    pub is_low: bool,
}

/// Asks who is there.
#[derive(Clone, Debug, Template)]
#[template(path = "agent/sign_in.html")]
pub struct SignInPage {
    /// The shell.
    pub page: Page,
    /// The agent's code as it was typed.
    pub agent: String,
    /// The number as it was typed.
    pub number: String,
    /// Whether the page locked itself.
    pub locked: bool,
    /// What is wrong: field `agent`.
    pub problems: Problems,
}

/// Asks what a company says of itself.
#[derive(Clone, Debug, Template)]
#[template(path = "agent/apply.html")]
pub struct ApplyPage {
    /// The shell.
    pub page: Page,
    /// The company's name as it was typed; so with everything below.
    pub company: String,
    /// Its registration.
    pub registration: String,
    /// Who asks.
    pub name: String,
    /// His e-mail address.
    pub email: String,
    /// His phone number.
    pub phone: String,
    /// The licence's number.
    pub licence_number: String,
    /// Who gave it.
    pub licence_issuer: String,
    /// Its last day.
    pub licence_last_day: String,
    /// The zone of the company's clock.
    pub time_zone: String,
    /// What is wrong, by the fields' names.
    pub problems: Problems,
}

/// The application has been taken.
#[derive(Clone, Debug, Template)]
#[template(path = "agent/applied.html")]
pub struct AppliedPage {
    /// The shell.
    pub page: Page,
    /// The number it is asked about by.
    pub number: String,
}

/// The sale and the last sales.
#[derive(Clone, Debug, Template)]
#[template(path = "agent/home.html")]
pub struct HomePage {
    /// The shell.
    pub page: Page,
    /// Who sells.
    pub head: AgentHead,
    /// The float.
    pub float: FloatPanel,
    /// Why nothing can be sold now.
    pub not_selling: Option<String>,
    /// The card number as it was typed.
    pub card: String,
    /// The amounts.
    pub tiles: Vec<AmountTile>,
    /// Another amount as it was typed; nothing where only the tiles are sold.
    pub other: Option<String>,
    /// `¥`
    pub sign: String,
    /// The last sales.
    pub sales: Vec<SaleRow>,
    /// What is wrong: fields `card`, `amount`, `other`.
    pub problems: Problems,
}

/// A sale in a list.
#[derive(Clone, Debug)]
pub struct SaleRow {
    /// When.
    pub when: String,
    /// The card's last four digits.
    pub card_tail: String,
    /// What the card got.
    pub amount: String,
    /// What it cost.
    pub paid: String,
    /// How it feels.
    pub tone: Tone,
    /// How it stands.
    pub state: String,
    /// Its page.
    pub url: String,
    /// Where the same is sold once more.
    pub repeat_url: String,
}

/// What is chosen, with its price.
#[derive(Clone, Debug, Template)]
#[template(path = "agent/check.html")]
pub struct CheckPage {
    /// The shell.
    pub page: Page,
    /// Who sells.
    pub head: AgentHead,
    /// The card's number, to be compared with the card.
    pub card: String,
    /// The table.
    pub quote: QuoteTable,
    /// What is left of the float afterwards; nothing when it does not cover it.
    pub left: Option<String>,
    /// The sealed quote.
    pub quote_token: String,
    /// The form's key.
    pub idempotency_key: String,
    /// That the same was put on the card a moment ago.
    pub another: Option<String>,
    /// What is wrong: fields `sell`, `another`.
    pub problems: Problems,
}

/// A sale that was made.
#[derive(Clone, Debug, Template)]
#[template(path = "agent/sale.html")]
pub struct SalePage {
    /// The shell.
    pub page: Page,
    /// Who sells.
    pub head: AgentHead,
    /// How it feels.
    pub tone: Tone,
    /// That it is on the card.
    pub heading: String,
    /// What it was.
    pub facts: Vec<Fact>,
    /// The code as a QR code, for the buyer.
    pub qr: String,
    /// The receipt, once there is one.
    pub receipt_url: Option<String>,
    /// Where the same is sold once more.
    pub repeat_url: String,
}

/// The float.
#[derive(Clone, Debug, Template)]
#[template(path = "agent/float.html")]
pub struct FloatPage {
    /// The shell.
    pub page: Page,
    /// Who sells.
    pub head: AgentHead,
    /// The float.
    pub float: FloatPanel,
    /// Below what it is low.
    pub alert_below: Option<String>,
    /// The amount to buy as it was typed.
    pub amount: String,
    /// `¥`
    pub sign: String,
    /// Who takes the payment; nobody when nothing can be bought by a provider now.
    pub providers: Vec<ProviderChoice>,
    /// The form's key.
    pub idempotency_key: String,
    /// What was bought, the newest first.
    pub bought: Vec<BoughtRow>,
    /// What is wrong: fields `amount`, `provider`.
    pub problems: Problems,
}

/// Float that was bought, or is to be.
#[derive(Clone, Debug)]
pub struct BoughtRow {
    /// When the office confirmed a transfer, or a purchase was ordered.
    pub when: String,
    /// The bank's reference, or the provider.
    pub how: String,
    /// How much.
    pub amount: String,
    /// Whether it is on the float.
    pub is_on_float: bool,
    /// How it stands.
    pub state: String,
    /// The page of a purchase.
    pub url: Option<String>,
}

/// Float that is bought through a provider.
#[derive(Clone, Debug, Template)]
#[template(path = "agent/purchase.html")]
pub struct PurchasePage {
    /// The shell.
    pub page: Page,
    /// Who buys.
    pub head: AgentHead,
    /// How it feels.
    pub tone: Tone,
    /// How it stands.
    pub heading: String,
    /// What that means.
    pub lead: Option<String>,
    /// How it is paid, while it can be.
    pub pay: Option<PayPart>,
    /// That the provider has no payment yet.
    pub looked: Option<String>,
    /// How the page learns of news, while there may be some.
    pub live: Option<Live>,
    /// What it is.
    pub facts: Vec<Fact>,
}

/// What brings a payer to the provider.
#[derive(Clone, Debug)]
pub struct PayPart {
    /// What is to be paid.
    pub amount: String,
    /// The QR code, where that is scanned.
    pub qr: Option<String>,
    /// What it is scanned with.
    pub scan_with: String,
    /// The app's address, where it is on this device.
    pub app_url: Option<String>,
    /// What the button says that leads there.
    pub open_app: String,
    /// Until when it can be paid.
    pub deadline: Deadline,
    /// What to do.
    pub lines: Vec<String>,
}

/// An agent, for everybody.
#[derive(Clone, Debug, Template)]
#[template(path = "agent/public.html")]
pub struct PublicPage {
    /// The shell.
    pub page: Page,
    /// How it feels.
    pub tone: Tone,
    /// Whether he is licensed.
    pub heading: String,
    /// What that means for whoever stands before his shop.
    pub lead: String,
    /// Who he is; nothing when nobody has this code.
    pub agent: Option<PublicAgent>,
}

/// Who an agent is.
#[derive(Clone, Debug)]
pub struct PublicAgent {
    /// The name over the door.
    pub name: String,
    /// Company, licence, since when and until when.
    pub facts: Vec<Fact>,
    /// This page's address as a QR code, for the shop window.
    pub qr: String,
    /// The same to be typed.
    pub address: String,
    /// His code, to complain with.
    pub code: String,
    /// What holders of his receipts say.
    pub board: RatingBoard,
}

/// What an agent earned in a month.
#[derive(Clone, Debug, Template)]
#[template(path = "agent/commission.html")]
pub struct CommissionPage {
    /// The shell.
    pub page: Page,
    /// Who sells.
    pub head: AgentHead,
    /// The month in words.
    pub month: String,
    /// Whether it is over, and booked.
    pub note: String,
    /// What was earned.
    pub earned: String,
    /// What it is made of, where others have a part in it.
    pub shares: Option<SharesPanel>,
    /// Each product.
    pub rows: Vec<CommissionRow>,
    /// Each sub-agent.
    pub sub_agents: Vec<SubAgentRow>,
    /// What is to be paid, over all months.
    pub payable: String,
    /// What was paid, over all months.
    pub paid: String,
    /// The month before.
    pub previous_url: String,
    /// The month after; nothing when that has not begun.
    pub next_url: Option<String>,
    /// The same as a file.
    pub csv_url: String,
    /// The same as a document, where the server has a font.
    pub pdf_url: Option<String>,
}

/// What an agent earned by one product.
#[derive(Clone, Debug)]
pub struct CommissionRow {
    /// The product's name.
    pub product: String,
    /// How it is counted.
    pub terms: String,
    /// How many sales.
    pub sales: String,
    /// What was sold.
    pub sold: String,
    /// What was given back of it.
    pub reversed: String,
    /// What was earned.
    pub earned: String,
}
