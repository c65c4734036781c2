//! One top-up through every channel and provider, as a holder's program would make it.

use std::time::Duration;

use ringup_sandbox::{Holder, HolderError, PayerAct, Provider, Sandbox};
use serde_json::{Value, json};

use super::seed::DemoCard;

/// How long a top-up may take until it is credited, asked for five times a second.
const ASK_TIMES: u32 = 300;
const ASK_EVERY: Duration = Duration::from_millis(200);

/// A top-up that the demo made.
#[derive(Clone, Debug)]
pub struct Bought {
    /// Through which door, and paid with what.
    pub way: &'static str,
    /// The card, masked.
    pub card: String,
    /// What was paid.
    pub paid: String,
    /// What the card got, with its bonus.
    pub got: String,
    /// How it ended.
    pub state: String,
    /// The code of its receipt.
    pub code: String,
    /// Where its receipt is.
    pub receipt_url: String,
    /// The file with it.
    pub file: String,
    /// The file with its slip, as the printer got it; `-` when none was printed.
    pub slip: String,
}

/// What the demo buys: door, provider, as our API and as the sandbox name it, and how much.
const PURCHASES: [(&str, &str, Provider, &str); 2] = [
    ("online, Alipay", "alipay", Provider::Alipay, "100.00 CNY"),
    ("online, WeChat Pay", "wechat_pay", Provider::WechatPay, "50.00 CNY"),
];

/// Makes every purchase, on one card each.
pub(super) async fn go(server_url: &str, sandbox: &Sandbox, cards: &[DemoCard]) -> Result<Vec<Bought>, HolderError> {
    let holder = Holder::new(server_url)?;
    let mut bought = Vec::new();
    for (purchase, card) in PURCHASES.into_iter().zip(cards) {
        bought.push(buy(&holder, sandbox, card, purchase).await?);
    }
    Ok(bought)
}

async fn buy(
    holder: &Holder,
    sandbox: &Sandbox,
    card: &DemoCard,
    (way, provider, sandbox_provider, amount): (&'static str, &str, Provider, &str),
) -> Result<Bought, HolderError> {
    let wish = json!({ "card": card.number.to_string(), "amount": amount });
    let quote = holder.post("/api/v1/quotes", None, &wish).await?;
    let order = json!({ "quote": quote["quote"], "provider": provider, "method": "qr" });
    let key = format!("demo-{provider}-{}", card.number);
    let placed = holder.post("/api/v1/top-ups", Some(&key), &order).await?;
    let status_path = format!("/api/v1/top-ups/{}", text(&placed["code"]));
    let status = holder.get(&status_path).await?;
    let reference = text(&status["payments"][0]["reference"]);
    if let Err(refusal) = sandbox.control().pay(sandbox_provider, &reference, PayerAct::Pay) {
        tracing::error!(?refusal, "the sandbox's payer could not pay");
    }
    bought(holder, way, &text(&placed["code"])).await
}

/// What became of a top-up, when it has ended.
pub(super) async fn bought(holder: &Holder, way: &'static str, code: &str) -> Result<Bought, HolderError> {
    let status = until_ended(holder, &format!("/api/v1/top-ups/{code}")).await?;
    let bonus = status["bonus"].as_str().map(|bonus| format!(" + {bonus} bonus")).unwrap_or_default();
    Ok(Bought {
        way,
        card: format!("···· {}", text(&status["card_last_four"])),
        paid: text(&status["you_pay"]),
        got: format!("{}{bonus}", text(&status["card_gets"])),
        state: text(&status["state"]),
        code: code.to_owned(),
        receipt_url: text(&status["receipt_url"]),
        file: String::new(),
        slip: String::new(),
    })
}

async fn until_ended(holder: &Holder, status_path: &str) -> Result<Value, HolderError> {
    for _ in 0..ASK_TIMES {
        let status = holder.get(status_path).await?;
        if status["state"] != "placed" {
            return Ok(status);
        }
        tokio::time::sleep(ASK_EVERY).await;
    }
    holder.get(status_path).await
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("-").to_owned()
}

/// The purchases as a table.
pub(super) fn table(bought: &[Bought]) -> String {
    let head = ["way", "card", "paid", "got", "state", "receipt", "file", "slip"].map(str::to_owned);
    let rows = bought.iter().map(|b| {
        [
            b.way.to_owned(),
            b.card.clone(),
            b.paid.clone(),
            b.got.clone(),
            b.state.clone(),
            b.receipt_url.clone(),
            b.file.clone(),
            b.slip.clone(),
        ]
    });
    let lines: Vec<[String; 8]> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max();
    let mut out = String::new();
    for line in &lines {
        for (column, cell) in line.iter().enumerate() {
            let pad = width(column).unwrap_or(0).saturating_sub(cell.chars().count());
            out.push_str(cell);
            out.push_str(&" ".repeat(pad + 2));
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    out
}
