//! The pages of a store's till.

use askama::Template;

use super::notice::NoticePart;
use super::{AmountTile, Fact, Page, Problems, QuoteTable, Tone};
use crate::web::icons;

/// Asks for the code that enrols a till.
#[derive(Clone, Debug, Template)]
#[template(path = "store/enrol.html")]
pub struct EnrolPage {
    /// The shell.
    pub page: Page,
    /// Why the till has to be enrolled, when there is something to say.
    pub notice: Option<String>,
    /// What is wrong: field `code`.
    pub problems: Problems,
}

/// Which counter and till it is, on top of each page.
#[derive(Clone, Debug)]
pub struct TillHead {
    /// The store's name.
    pub store: String,
    /// The till's name.
    pub till: String,
    /// Who serves; nobody before he has signed in.
    pub clerk: Option<String>,
}

/// Asks who serves.
#[derive(Clone, Debug, Template)]
#[template(path = "store/sign_in.html")]
pub struct SignInPage {
    /// The shell.
    pub page: Page,
    /// Which till.
    pub head: TillHead,
    /// Whether the till locked itself.
    pub locked: bool,
    /// What is wrong: field `number`.
    pub problems: Problems,
}

/// Asks what is in the drawer before the first sale.
#[derive(Clone, Debug, Template)]
#[template(path = "store/open_drawer.html")]
pub struct OpenDrawerPage {
    /// The shell.
    pub page: Page,
    /// Which till.
    pub head: TillHead,
    /// What was typed.
    pub opening: String,
    /// `¥`
    pub sign: String,
    /// The form's key.
    pub idempotency_key: String,
    /// What is wrong: field `opening`.
    pub problems: Problems,
}

/// Asks what was counted, without saying what is expected.
#[derive(Clone, Debug, Template)]
#[template(path = "store/close_drawer.html")]
pub struct CloseDrawerPage {
    /// The shell.
    pub page: Page,
    /// Which till.
    pub head: TillHead,
    /// What was typed.
    pub counted: String,
    /// `¥`
    pub sign: String,
    /// What is wrong: field `counted`.
    pub problems: Problems,
}

/// What the count came to.
#[derive(Clone, Debug, Template)]
#[template(path = "store/counted.html")]
pub struct CountedPage {
    /// The shell.
    pub page: Page,
    /// Which till.
    pub head: TillHead,
    /// How it feels.
    pub tone: Tone,
    /// That it is right, or how much is missing or too much.
    pub heading: String,
    /// What was expected, counted, and where the money is now.
    pub facts: Vec<Fact>,
}

/// The till: the sale on the left, what was sold on the right.
#[derive(Clone, Debug, Template)]
#[template(path = "store/till.html")]
pub struct TillPage {
    /// The shell.
    pub page: Page,
    /// Which till.
    pub head: TillHead,
    /// The sale that was just made.
    pub sold: Option<SoldPanel>,
    /// The card number as it was typed.
    pub card: String,
    /// The amounts, in the order of the keys F1 to F6.
    pub tiles: Vec<AmountTile>,
    /// Another amount, as it was typed; nothing where only the tiles are sold.
    pub other: Option<String>,
    /// `¥`
    pub sign: String,
    /// The price of what was chosen.
    pub offer: Option<TillOffer>,
    /// The cash that was handed over, as it was typed.
    pub cash: String,
    /// The sale's key.
    pub idempotency_key: String,
    /// That the same was put on the card a moment ago.
    pub another: Option<String>,
    /// Why the buyer must show who he is.
    pub identity: Option<IdentityAsk>,
    /// What is wrong: fields `card`, `amount`, `other`, `cash`, `document`.
    pub problems: Problems,
    /// What is in the drawer.
    pub total: String,
    /// The last sales.
    pub sales: Vec<SaleRow>,
    /// How many sales wait for somebody to decide that they are undone.
    pub waiting: u64,
}

/// The price of a sale, with what holds the promise.
#[derive(Clone, Debug)]
pub struct TillOffer {
    /// The table.
    pub quote: QuoteTable,
    /// The sealed quote.
    pub token: String,
    /// What is to be paid, in minor units: to tell the change while cash is typed.
    pub pays_minor: u64,
    /// How many of them make one, and with how many decimals it is written.
    pub decimals: u32,
}

/// The price alone, brought up to date while the clerk chooses.
#[derive(Clone, Debug, Template)]
#[template(path = "store/offer_fragment.html")]
pub struct OfferFragment {
    /// The shell.
    pub page: Page,
    /// The price; nothing while card or amount are missing.
    pub offer: Option<TillOffer>,
    /// Why there is none.
    pub problem: Option<String>,
}

/// Asks for a document.
#[derive(Clone, Debug)]
pub struct IdentityAsk {
    /// Why.
    pub reason: String,
    /// The kinds to choose from: value and name.
    pub documents: Vec<(&'static str, String)>,
}

/// The sale that was just made.
#[derive(Clone, Debug)]
pub struct SoldPanel {
    /// What is given back, the largest thing on the screen; nothing where no cash was taken.
    pub change: Option<String>,
    /// That it is on the card, or when it will be.
    pub text: String,
    /// The slip.
    pub slip: Slip,
    /// Where it can be printed again.
    pub reprint_url: String,
    /// Where the server is asked to print it; nothing where the browser prints.
    pub print_url: Option<String>,
}

/// A sale whose buyer must confirm it in his app.
#[derive(Clone, Debug, Template)]
#[template(path = "store/scan.html")]
pub struct ScanPage {
    /// The shell.
    pub page: Page,
    /// Which till.
    pub head: TillHead,
    /// What is to be paid.
    pub amount: String,
    /// With what.
    pub with: String,
    /// How it feels.
    pub tone: Tone,
    /// Whether it is still waited for.
    pub waits: bool,
    /// Until when, or why no money was taken.
    pub text: String,
}

/// A receipt as it is printed at a counter.
#[derive(Clone, Debug)]
pub struct Slip {
    /// The store's name.
    pub store: String,
    /// The store's address.
    pub address: String,
    /// The licence it shows.
    pub licence: Option<String>,
    /// `No. 41`.
    pub number: String,
    /// When it was sold.
    pub sold_at: String,
    /// What the card gets, large.
    pub amount: String,
    /// The rest, line by line.
    pub facts: Vec<Fact>,
    /// The code that proves it.
    pub code: String,
    /// The address of its page.
    pub page_url: String,
    /// The same as a QR code.
    pub qr: String,
    /// Where it is checked, without `https://`.
    pub check_at: String,
    /// Whether it was printed before.
    pub reprint: bool,
}

/// A slip alone, to be printed again.
#[derive(Clone, Debug, Template)]
#[template(path = "store/receipt.html")]
pub struct SlipPage {
    /// The shell.
    pub page: Page,
    /// Which till.
    pub head: TillHead,
    /// The slip.
    pub slip: Slip,
    /// How the sale stands.
    pub tone: Tone,
    /// In a few words.
    pub state: String,
    /// Where the server is asked to print it; nothing where the browser prints.
    pub print_url: Option<String>,
    /// Where to ask for it to be undone; nothing when that is no use.
    pub undo_url: Option<String>,
    /// The cash that waits to be handed back, and where to say that it was.
    pub pay_out: Option<PayOut>,
    /// Where its receipt can be sent by e-mail; nothing where that is not offered.
    pub notice_part: Option<NoticePart>,
    /// What is wrong: fields `reason`, `pay-out`.
    pub problems: Problems,
}

/// Cash that waits to be handed back.
#[derive(Clone, Debug)]
pub struct PayOut {
    /// How much.
    pub amount: String,
    /// Where to say that it was.
    pub url: String,
    /// The form's key.
    pub idempotency_key: String,
}

/// One sale in the list.
#[derive(Clone, Debug)]
pub struct SaleRow {
    /// When.
    pub when: String,
    /// The number of its receipt.
    pub number: String,
    /// The card's last four digits.
    pub card_tail: String,
    /// What was paid.
    pub amount: String,
    /// How it feels.
    pub tone: Tone,
    /// How it stands.
    pub state: String,
    /// Its slip.
    pub url: String,
}

/// Sales that wait for somebody to decide that they are undone.
#[derive(Clone, Debug, Template)]
#[template(path = "store/undo.html")]
pub struct UndoPage {
    /// The shell.
    pub page: Page,
    /// Which till.
    pub head: TillHead,
    /// What waits.
    pub requests: Vec<UndoRow>,
    /// What is wrong: field `pin`.
    pub problems: Problems,
}

/// A sale that somebody wants undone.
#[derive(Clone, Debug)]
pub struct UndoRow {
    /// Where to decide.
    pub url: String,
    /// Which sale.
    pub facts: Vec<Fact>,
    /// Why.
    pub reason: String,
}
