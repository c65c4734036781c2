use ringup_core::apply::{RefundHowMuch, SpentMeanwhile};
use ringup_core::commission::{Counted, Month, Scheme, Tier};
use ringup_core::id::TopUpId;
use ringup_core::money::BasisPoints;
use ringup_core::time::Span;
use ringup_db::commission::PaidTo;
use ringup_engine::agent::{self, CommissionError};
use ringup_engine::refund;
use ringup_engine::top_up::IdempotencyKey;

use crate::support::{Program, TestAgent, TestApp, key, sale_of, yuan};

pub(super) fn month(text: &str) -> Month {
    text.parse().unwrap()
}

pub(super) async fn agrees(app: &TestApp, agent: &TestAgent, counted: Counted, tiers: &[(u64, u32)]) {
    let tier = |(from_minor, rate): &(u64, u32)| Tier { from_minor: *from_minor, rate: BasisPoints(*rate) };
    let scheme = Scheme::new(counted, tiers.iter().map(tier).collect()).unwrap();
    agent::set_scheme(&app.engine, agent.id, ("plain", month("2026-11")), scheme).await.unwrap();
}

/// Sells each of these to a card of its own; answers the top-ups.
pub(super) async fn sells(app: &TestApp, agent: &TestAgent, amounts: &[&str]) -> Vec<TopUpId> {
    let api_key = app.given_a_key(agent, "127.0.0.1").await;
    let mut sold = Vec::new();
    for amount in amounts {
        let card = app.given_a_card("0.00 CNY").await;
        let answer = app.sells_by_key(&api_key, &key(), &sale_of(&card, &format!("{amount} CNY"))).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        sold.push(answer.field("id").parse().unwrap());
    }
    sold
}

pub(super) async fn reverses(app: &TestApp, top_up: TopUpId, how_much: RefundHowMuch) {
    let number = IdempotencyKey::draw();
    refund::request(&app.engine, &number, top_up, how_much, SpentMeanwhile::Refuse).await.unwrap();
}

#[tokio::test]
async fn a_month_is_booked_once_when_it_is_over_and_paid_once() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("1000.00").await;
    agrees(&app, &agent, Counted::PerMonth, &[(0, 100), (10_000, 200)]).await;
    sells(&app, &agent, &["100.00", "50.00"]).await;
    let book = async |text: &str| agent::book_month(&app.engine, agent.id, month(text)).await;
    assert_eq!(book("2026-11").await, Err(CommissionError::MonthNotOver(month("2026-11"))));
    app.clock.advance(Span::days(8));
    assert_eq!(book("2026-11").await, Ok(2_00), "1 % of 100 and 2 % of 50");
    assert_eq!(book("2026-11").await, Ok(0));
    assert_eq!(book("2026-10").await, Ok(0), "there was no scheme");
    let pay = async |to| agent::pay_out(&app.engine, agent.id, to).await.unwrap();
    let before = app.can_sell_for(&agent).await;
    assert_eq!(pay(PaidTo::Float).await, Some(yuan("2.00")));
    assert_eq!(pay(PaidTo::Float).await, None);
    assert_eq!(app.can_sell_for(&agent).await, before.plus(yuan("2.00")).unwrap());
}

#[tokio::test]
async fn splitting_a_sale_earns_nothing_more() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("1000.00").await;
    agrees(&app, &agent, Counted::PerSale, &[(0, 15), (10_000, 30)]).await;
    sells(&app, &agent, &["100.00"]).await;
    let earned = async || {
        let found = agent::find(&app.engine, agent.id).await.unwrap().unwrap();
        agent::statement(&app.engine, &found, month("2026-11")).await.unwrap().unwrap().earned_minor
    };
    assert_eq!(earned().await, 30);
    sells(&app, &agent, &["10.00"; 10]).await;
    // Ten times 0.015 yuan, rounded once: 15 fen, where ten rounded ones up would be 20.
    assert_eq!(earned().await, 45);
}

#[tokio::test]
async fn a_reversed_sale_earns_none_and_takes_back_what_it_earned() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("1000.00").await;
    agrees(&app, &agent, Counted::PerSale, &[(0, 200)]).await;
    let sold = sells(&app, &agent, &["100.00", "50.00", "200.00"]).await;
    reverses(&app, sold[0], RefundHowMuch::Whole).await;
    app.clock.advance(Span::days(8));
    let book = async || agent::book_month(&app.engine, agent.id, month("2026-11")).await.unwrap();
    assert_eq!(book().await, 5_00);
    assert_eq!(agent::pay_out(&app.engine, agent.id, PaidTo::Bank).await.unwrap(), Some(yuan("5.00")));
    reverses(&app, sold[1], RefundHowMuch::Whole).await;
    reverses(&app, sold[2], RefundHowMuch::Part(yuan("50.00"))).await;
    assert_eq!(book().await, -2_00);
    assert_eq!(book().await, 0);
    assert_eq!(agent::account(&app.engine, agent.id).await.unwrap().payable_minor(), -2_00);
    assert_eq!(agent::pay_out(&app.engine, agent.id, PaidTo::Bank).await.unwrap(), None, "he owes it");
    let totals = app.engine.read(|tx| ringup_db::account::trial_balance(tx)).await.unwrap();
    let of = |name: &str| totals.iter().find(|total| total.code.name() == name).map(|total| total.balance.minor());
    assert_eq!((of("expense.commission"), of("commission.payable")), (Some(3_00), Some(-2_00)));
}

#[tokio::test]
async fn a_month_that_was_booked_keeps_its_scheme() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("1000.00").await;
    agrees(&app, &agent, Counted::PerSale, &[(0, 100)]).await;
    sells(&app, &agent, &["100.00"]).await;
    app.clock.advance(Span::days(8));
    agent::book_month(&app.engine, agent.id, month("2026-11")).await.unwrap();
    let set = async |product: &str, from: &str| {
        let tier = Tier { from_minor: 0, rate: BasisPoints(500) };
        let scheme = Scheme::new(Counted::PerSale, vec![tier]).unwrap();
        agent::set_scheme(&app.engine, agent.id, (product, month(from)), scheme).await
    };
    assert_eq!(set("plain", "2026-11").await, Err(CommissionError::MonthBooked(month("2026-11"))));
    assert_eq!(set("nothing", "2026-12").await, Err(CommissionError::ProductUnknown));
    assert_eq!(set("plain", "2026-12").await, Ok(()));
    let sold = sells(&app, &agent, &["100.00"]).await;
    app.clock.advance(Span::days(31));
    let book = async |text: &str| agent::book_month(&app.engine, agent.id, month(text)).await.unwrap();
    assert_eq!(book("2026-12").await, 5_00);
    assert_eq!(book("2026-11").await, 0);
    reverses(&app, sold[0], RefundHowMuch::Whole).await;
    assert_eq!(book("2026-12").await, -5_00);
}

#[tokio::test]
async fn an_agent_reads_his_statement_as_a_page_and_as_a_file() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("1000.00").await;
    let reader = app.reader("en");
    assert_eq!(reader.gets("/agent/commission").await.location(), "/agent");
    reader.signs_in_as(&agent).await;
    assert!(reader.gets("/agent/commission").await.text.contains("No commission has been agreed"));
    agrees(&app, &agent, Counted::PerMonth, &[(0, 150)]).await;
    let sold = sells(&app, &agent, &["100.00", "50.00"]).await;
    reverses(&app, sold[1], RefundHowMuch::Whole).await;
    let page = reader.gets("/agent/commission?month=2026-11").await;
    for part in ["Commission for November 2026", "So far", "¥1.50", "1.50 % from ¥0.00", "¥150.00", "¥50.00"] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    let file = reader.gets("/agent/commission/2026-11.csv").await;
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let lines: Vec<&str> = file.text.lines().collect();
    assert_eq!(lines[0], "agent,month,product,counted_per,sales,sold,reversed,earned,currency,line,party,share");
    assert_eq!(lines[1..], ["BJ-A001,2026-11,plain,month,2,150.00,50.00,1.50,CNY,own_sales,,"]);
    let document = reader.gets("/agent/commission/2026-11.pdf").await;
    assert_eq!(document.header("content-type"), Some("application/pdf"));
    let name = "attachment; filename=\"commission-BJ-A001-2026-11.pdf\"";
    assert_eq!(document.header("content-disposition"), Some(name));
    assert!(document.text.starts_with("%PDF-1.7"));
    for wrong in ["2026-11", "2026-13.csv", "x.csv", "2026-13.pdf", "2026-11.doc"] {
        assert_eq!(reader.gets(&format!("/agent/commission/{wrong}")).await.status, 404, "{wrong}");
    }
    assert_eq!(reader.gets("/agent/commission?month=nonsense").await.status, 200);
}

/// The command line's clock is the machine's, on which November 2026 may be over or not.
#[tokio::test]
async fn the_office_agrees_on_commission_by_the_command_line() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("1000.00").await;
    let id = agent.id.to_string();
    let program = Program::on(app.leaves_its_database());
    let set = ["agent", "commission", &id, "plain", "--from", "2026-11", "--per"];
    program.prints(&[&set[..], &["month", "--tier", "0=1.50", "--tier", "10000=2"]].concat());
    let falls = program.fails(&[&set[..], &["sale", "--tier", "0=2", "--tier", "100=1"]].concat());
    assert!(falls.contains("must not fall"), "{falls}");
    assert!(program.fails(&[&set[..], &["sale", "--tier", "2"]].concat()).contains("AMOUNT=PERCENT"));
    let run = program.prints(&["agent", "commission-run", "2026-10"]);
    assert_eq!(run, format!("{id}  2026-10  0 minor units to be paid\n"));
    assert_eq!(program.prints(&["agent", "commission-run", "2099-01"]), format!("{id}  2099-01  is not over there\n"));
    assert_eq!(program.prints(&["agent", "payout-run", "--to", "bank"]), "");
}
