use ringup_core::apply::{Command, ImportCard};
use ringup_core::id::BatchId;
use ringup_core::time::Span;
use ringup_engine::agent::{self, ListError};
use ringup_engine::card::draw;
use ringup_engine::catalogue::{self, Catalogue};
use ringup_engine::pin::Pin;

use super::{given_cards, list_for, list_of, result_of, seen, seller_of, starts, uploads};
use crate::support::{CATALOGUE, TestApp, TestCard, yuan};

/// A card that is kept in dollars, of a product that differs in nothing else.
async fn given_a_dollar_card(app: &TestApp) -> TestCard {
    let (before, plain) = CATALOGUE.split_once("[[product]]").unwrap();
    let plain = plain.split("[[product]]").next().unwrap();
    let dollars = plain.replace("id = 1", "id = 9").replace("\"plain\"", "\"dollars\"").replace("CNY", "USD");
    let dollars = dollars.replace("622588", "622577");
    let catalogue = Catalogue::parse(&format!("{before}[[product]]{dollars}")).unwrap();
    let product = catalogue.products[0].clone();
    catalogue::load(&app.engine, catalogue).await.unwrap();
    let number = draw::number(&product.format).unwrap();
    let pin = draw::pin(product.format.pin_digits);
    let command = ImportCard {
        number,
        product: product.id,
        batch: BatchId::from_u64(3),
        pin: Pin::parse(&pin).unwrap().hash(app.engine.keys().pins(), number),
        balance: "0.00 USD".parse().unwrap(),
        expires_at: app.clock.now().plus(Span::days(100)),
    };
    app.engine.submit(Command::ImportCard(command)).await.unwrap();
    TestCard { number, pin }
}

#[tokio::test]
async fn a_card_in_another_currency_is_named_and_takes_nothing_from_the_float() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("500.00").await;
    let dollars = given_a_dollar_card(&app).await;
    let id = uploads(&app, &agent, &list_for(std::slice::from_ref(&dollars), "50")).await;
    let list = seen(&app, &agent, id).await;
    assert_eq!((list.list.right, list.wrong[0].reason.as_deref()), (0, Some("wrong_unit")));
    let start = agent::start_list(&app.engine, &seller_of(&app, &agent).await, id).await;
    assert_eq!(start, Err(ListError::NothingToSell));
    app.runs_due_jobs().await;
    app.should_hold(&dollars, "0.00 USD").await;
}

#[tokio::test]
async fn every_right_row_gets_its_price_and_every_wrong_one_its_reason() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("500.00").await;
    let cards = given_cards(&app, 2).await;
    let gifts = app.given_a_card_of("gifts", "0.00 CNY").await;
    let full = app.given_a_card("990.00 CNY").await;
    let unsold = app.given_a_card_not_sold().await;
    let mut list = list_of([
        ("A1".to_owned(), &cards[0], "50"),
        ("A2".to_owned(), &gifts, "100.00"),
        ("A3".to_owned(), &cards[1], "0.01"),
        ("A4".to_owned(), &full, "50"),
        ("A5".to_owned(), &unsold, "50"),
        ("A1".to_owned(), &cards[1], "50"),
        ("A6".to_owned(), &cards[0], "50"),
    ]);
    list.push_str("A7,4000 0000 0000 0002,50\n=1+1,1,1\n");
    let id = uploads(&app, &agent, &list).await;
    let list = seen(&app, &agent, id).await;
    assert_eq!((list.list.rows, list.list.right, list.list.pay), (9, 2, yuan("145.00")));
    let wrong: Vec<_> =
        list.wrong.iter().map(|row| (row.line, row.reason.as_deref().unwrap(), row.other_line)).collect();
    assert_eq!(
        wrong,
        [
            (4, "amount_not_offered", None),
            (5, "balance_too_high", None),
            (6, "card_unknown", None),
            (7, "reference_twice", Some(2)),
            (8, "sale_twice", Some(2)),
            (9, "card_unknown", None),
            (10, "formula", None),
        ]
    );
    assert_eq!(app.can_sell_for(&agent).await, yuan("500.00"), "nothing is sold by a check");
}

#[tokio::test]
async fn nothing_in_the_result_is_a_formula_for_a_spreadsheet() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("500.00").await;
    let cards = given_cards(&app, 1).await;
    let list = format!(
        "{}=cmd|' /C calc'!A0,1,1\n@SUM(1),1,1\n-1+1,1,1\n+1,1,1\nA2,=1+1,1\n",
        list_for(&cards, "50").replace("R1", "京-0001")
    );
    let id = uploads(&app, &agent, &list).await;
    starts(&app, &agent, id).await;
    app.runs_due_jobs().await;
    let lines = result_of(&app, &agent, id).await;
    assert_eq!(lines[0], format!("2,京-0001,{},50.00 CNY,50.00 CNY,sold,,", cards[0].number.last_four()));
    assert_eq!(lines[1], "3,,,,,wrong,formula,");
    assert_eq!(lines.len(), 6);
    for field in lines.iter().flat_map(|line| line.split(',')) {
        assert!(!field.starts_with(['=', '+', '-', '@', '\t', '\'', '"']), "{field}");
    }
}

#[tokio::test]
async fn a_reference_of_an_earlier_list_is_named_when_that_was_confirmed_or_sold() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("500.00").await;
    let cards = given_cards(&app, 2).await;
    let wrong_in = async |list: &str| {
        let id = uploads(&app, &agent, list).await;
        let wrong = seen(&app, &agent, id).await.wrong;
        (id, wrong.into_iter().map(|row| row.reason.unwrap()).collect::<Vec<_>>())
    };
    let (first, list) = (list_for(&cards[..1], "50"), list_for(&cards[1..], "20"));
    let (id, wrong) = wrong_in(&first).await;
    assert!(wrong.is_empty());
    assert!(wrong_in(&list).await.1.is_empty(), "nobody confirmed the first one: it may be a draft");
    starts(&app, &agent, id).await;
    assert_eq!(wrong_in(&list).await.1, ["reference_used"], "it waits");
    app.runs_due_jobs().await;
    assert_eq!(wrong_in(&list).await.1, ["reference_used"], "it was sold");
    let (id, _) = wrong_in(&list).await;
    let start = agent::start_list(&app.engine, &seller_of(&app, &agent).await, id).await;
    assert_eq!(start, Err(ListError::NothingToSell));
}

#[tokio::test]
async fn a_list_is_its_own_agents_alone() {
    let app = TestApp::new().await;
    let first = app.given_an_agent("500.00").await;
    let approval = ringup_engine::agent::Approval {
        place: "NY-A001".parse().unwrap(),
        credit_limit: yuan("0.00"),
        alert_below: None,
    };
    let application = crate::support::application("America/New_York", "2027-11-22");
    let second = app.given_an_agent_of("NY-A001", application, approval, "500.00").await;
    let cards = given_cards(&app, 1).await;
    let id = uploads(&app, &first, &list_for(&cards, "50")).await;
    let other = seller_of(&app, &second).await;
    assert_eq!(agent::find_list(&app.engine, &other, id, 1).await, Ok(None));
    assert_eq!(agent::result_file(&app.engine, &other, id, |_, _| String::new()).await, Ok(None));
    assert_eq!(agent::start_list(&app.engine, &other, id).await, Err(ListError::Unknown));
    assert!(agent::lists(&app.engine, &other).await.unwrap().is_empty());
    // References are each agent's own.
    let own = uploads(&app, &second, &list_for(&given_cards(&app, 1).await, "50")).await;
    for (agent, id) in [(&first, id), (&second, own)] {
        starts(&app, agent, id).await;
        app.runs_due_jobs().await;
        assert_eq!(seen(&app, agent, id).await.progress.sold, 1);
    }
}

#[tokio::test]
async fn lists_that_nobody_confirms_make_room_for_newer_ones() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("500.00").await;
    let cards = given_cards(&app, 1).await;
    let first = uploads(&app, &agent, &list_for(&cards, "50")).await;
    for _ in 0..10 {
        uploads(&app, &agent, &list_for(&cards, "50")).await;
    }
    let seller = seller_of(&app, &agent).await;
    assert_eq!(agent::lists(&app.engine, &seller).await.unwrap().len(), 10);
    assert_eq!(agent::find_list(&app.engine, &seller, first, 1).await, Ok(None));
}
