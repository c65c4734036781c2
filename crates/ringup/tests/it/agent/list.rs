//! Lists: checked, confirmed once, sold row by row.

mod check;
mod page;
mod run;

use ringup_core::id::SaleListId;
use ringup_core::money::Language;
use ringup_engine::agent::{self, ListSeen, Seller};

use crate::support::{TestAgent, TestApp, TestCard};

/// A list with these references, cards and amounts.
fn list_of<'a>(rows: impl IntoIterator<Item = (String, &'a TestCard, &'a str)>) -> String {
    let mut text = "reference,card,amount\n".to_owned();
    for (reference, card, amount) in rows {
        text.push_str(&format!("{reference},{},{amount}\n", card.number));
    }
    text
}

/// The same amount for each card, with references `R1`, `R2` and so on.
fn list_for(cards: &[TestCard], amount: &str) -> String {
    list_of(cards.iter().enumerate().map(|(nth, card)| (format!("R{}", nth + 1), card, amount)))
}

async fn given_cards(app: &TestApp, count: usize) -> Vec<TestCard> {
    let mut cards = Vec::new();
    for _ in 0..count {
        cards.push(app.given_a_card("0.00 CNY").await);
    }
    cards
}

async fn seller_of(app: &TestApp, agent: &TestAgent) -> Seller {
    agent::find_at(&app.engine, &agent.code.parse().unwrap()).await.unwrap().unwrap()
}

async fn uploads(app: &TestApp, agent: &TestAgent, list: &str) -> SaleListId {
    let seller = seller_of(app, agent).await;
    agent::upload_list(&app.engine, &seller, list.as_bytes().to_vec(), Language::En).await.unwrap()
}

async fn starts(app: &TestApp, agent: &TestAgent, id: SaleListId) {
    agent::start_list(&app.engine, &seller_of(app, agent).await, id).await.unwrap();
}

async fn seen(app: &TestApp, agent: &TestAgent, id: SaleListId) -> ListSeen {
    agent::find_list(&app.engine, &seller_of(app, agent).await, id, 100).await.unwrap().unwrap()
}

/// The lines of the result, without their heads, explanations and the codes of receipts.
async fn result_of(app: &TestApp, agent: &TestAgent, id: SaleListId) -> Vec<String> {
    let file =
        agent::result_file(&app.engine, &seller_of(app, agent).await, id, |_, _| String::new()).await.unwrap().unwrap();
    let lines = file.strip_prefix('\u{feff}').unwrap().lines().skip(1);
    lines.map(|line| line.rsplitn(3, ',').nth(2).unwrap().to_owned()).collect()
}
