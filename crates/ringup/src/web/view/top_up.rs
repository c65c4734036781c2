//! The pages of a top-up: choose, check, pay, and how it stands.

use askama::Template;

use super::notice::NoticePart;
use super::{Adjustment, AmountTile, Deadline, Fact, Live, Page, Problems, QuoteTable, Step, Tone};
use crate::web::icons;

/// Screen 1: the card and the amount.
#[derive(Clone, Debug, Template)]
#[template(path = "top_up/choose.html")]
pub struct ChoosePage {
    /// The shell.
    pub page: Page,
    /// The card number as it was typed.
    pub card: String,
    /// The amounts on offer.
    pub tiles: Vec<AmountTile>,
    /// The field for another amount, where others are sold.
    pub other: Option<OtherAmount>,
    /// What the chosen amount costs and gives.
    pub quote: Option<QuoteTable>,
    /// Why there is no quote, when something was chosen.
    pub quote_problem: Option<String>,
    /// What is wrong: fields `card`, `amount`, `other`.
    pub problems: Problems,
}

/// The field for an amount that stands on no tile.
#[derive(Clone, Debug)]
pub struct OtherAmount {
    /// As it was typed.
    pub typed: String,
    /// What stands before the figure: `¥`.
    pub sign: &'static str,
    /// Between which amounts it must be.
    pub hint: String,
}

/// What the chosen amount costs and gives, asked for while the holder chooses.
#[derive(Clone, Debug, Template)]
#[template(path = "top_up/quote_fragment.html")]
pub struct QuoteFragment {
    /// The shell.
    pub page: Page,
    /// The amounts on offer: what a promotion does to each is brought up to date in its place.
    pub tiles: Vec<AmountTile>,
    /// What the chosen amount costs and gives.
    pub quote: Option<QuoteTable>,
    /// Why there is no quote, when something was chosen.
    pub quote_problem: Option<String>,
}

/// Screen 2: what will happen, and who takes the payment.
#[derive(Clone, Debug, Template)]
#[template(path = "top_up/check.html")]
pub struct CheckPage {
    /// The shell.
    pub page: Page,
    /// The card's last four digits.
    pub card_tail: String,
    /// What it costs and gives.
    pub quote: QuoteTable,
    /// Screen 1 with everything filled in.
    pub change_url: String,
    /// Who can take the payment.
    pub providers: Vec<ProviderChoice>,
    /// Which quote this is about.
    pub quote_token: String,
    /// The key of this one intent.
    pub idempotency_key: String,
    /// How long the quote is valid.
    pub deadline: Deadline,
    /// The same top-up was made a moment ago.
    pub another: Option<AnotherTopUp>,
    /// What is wrong: fields `provider`, `another`.
    pub problems: Problems,
}

/// One provider to choose.
#[derive(Clone, Debug)]
pub struct ProviderChoice {
    /// What the form sends: `alipay`, `wechat_pay`.
    pub value: &'static str,
    /// Its name.
    pub name: String,
    /// How it works.
    pub note: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// The same card was topped up by the same amount a moment ago.
#[derive(Clone, Debug)]
pub struct AnotherTopUp {
    /// That it was.
    pub heading: String,
    /// When, and what to do.
    pub text: String,
    /// Where to see it.
    pub url: String,
}

/// Screen 3: paying.
#[derive(Clone, Debug, Template)]
#[template(path = "top_up/pay.html")]
pub struct PayPage {
    /// The shell.
    pub page: Page,
    /// `Pay with Alipay`.
    pub heading: String,
    /// What is to be paid.
    pub amount: String,
    /// The card's last four digits.
    pub card_tail: String,
    /// The QR code as SVG.
    pub qr: Option<String>,
    /// What to scan it with.
    pub scan_with: String,
    /// Where the phone hands over to the provider's app.
    pub app_url: Option<String>,
    /// `Open Alipay and pay ¥95.00`.
    pub open_app: String,
    /// How long it can be paid.
    pub deadline: Deadline,
    /// What to do, in three short lines.
    pub lines: Vec<String>,
    /// How the page learns that it was paid.
    pub live: Live,
    /// What looking by hand has found.
    pub looked: Option<String>,
    /// Other ways to pay for the same top-up.
    pub others: OtherWays,
}

/// Other ways to pay for the same top-up.
#[derive(Clone, Debug)]
pub struct OtherWays {
    /// Each of them.
    pub ways: Vec<OtherWay>,
    /// Where another way is asked for.
    pub url: String,
    /// The key of that intent.
    pub idempotency_key: String,
}

/// Another way to pay.
#[derive(Clone, Debug)]
pub struct OtherWay {
    /// What the form sends: provider and method, `wechat_pay/qr`.
    pub value: String,
    /// `Pay with WeChat Pay instead`.
    pub label: String,
}

/// Screen 4 while, or because, the card has not been credited.
#[derive(Clone, Debug, Template)]
#[template(path = "top_up/status.html")]
pub struct StatusPage {
    /// The shell.
    pub page: Page,
    /// How it feels.
    pub tone: Tone,
    /// How it stands.
    pub heading: String,
    /// Why, what happens next, and by when: a paragraph each.
    pub leads: Vec<String>,
    /// What happened and what will.
    pub steps: Vec<Step>,
    /// How the page learns of a change; nothing when nothing will change by itself.
    pub live: Option<Live>,
    /// Other ways to pay, while the provider does not answer.
    pub others: Option<OtherWays>,
    /// What the holder can do.
    pub action: Option<Action>,
    /// Amount, card, code.
    pub facts: Vec<Fact>,
}

/// Something to do next.
#[derive(Clone, Debug)]
pub struct Action {
    /// Where.
    pub url: String,
    /// What, and for how much.
    pub label: String,
}

/// Screen 4: the card has its money.
#[derive(Clone, Debug, Template)]
#[template(path = "top_up/credited.html")]
pub struct CreditedPage {
    /// The shell.
    pub page: Page,
    /// `¥100.00 is on card ···· 4321`.
    pub heading: String,
    /// Something that has changed since: some of it went back.
    pub notice: Option<String>,
    /// Where its receipt can be sent by e-mail; nothing where that is not offered.
    pub notice_part: Option<NoticePart>,
    /// What it got on top.
    pub bonuses: Vec<Adjustment>,
    /// New expiry, what was paid.
    pub facts: Vec<Fact>,
    /// The code that proves it.
    pub receipt_code: String,
    /// The receipt.
    pub receipt_url: String,
    /// The QR code that checks it, as SVG.
    pub qr: String,
    /// What happened.
    pub steps: Vec<Step>,
}
