use ringup_core::time::Span;
use ringup_engine::agent::{self, Approval, Standing};

use crate::support::{TestAgent, TestApp, application, key, sale_of, yuan};

async fn given_an_agent_at(app: &TestApp, code: &'static str, zone: &str) -> (TestAgent, String) {
    let approval = Approval { place: code.parse().unwrap(), credit_limit: yuan("0.00"), alert_below: None };
    let agent = app.given_an_agent_of(code, application(zone, "2026-11-23"), approval, "500.00").await;
    let api_key = app.given_a_key(&agent, "127.0.0.1").await;
    (agent, api_key)
}

#[tokio::test]
async fn at_midnight_on_his_own_clock_an_agent_stops_selling_by_himself() {
    let app = TestApp::new().await;
    let (beijing, here) = given_an_agent_at(&app, "BJ-A001", "Asia/Shanghai").await;
    let (_, there) = given_an_agent_at(&app, "NY-A001", "America/New_York").await;
    let card = app.given_a_card("0.00 CNY").await;
    let sells = async |api_key: &str, amount: &str| {
        let answer = app.sells_by_key(api_key, &key(), &sale_of(&card, amount)).await;
        if answer.status == 201 { "sold".to_owned() } else { answer.problem().1 }
    };
    // It is ten in the morning of the licence's last day in Beijing, and nine in the evening before it in New York.
    app.after(Span::hours(14).minus_a_second()).await;
    assert_eq!(sells(&here, "10.00 CNY").await, "sold");
    app.after(Span::seconds(1)).await;
    assert_eq!(sells(&here, "20.00 CNY").await, "agent_licence_expired");
    assert_eq!(sells(&there, "30.00 CNY").await, "sold");
    app.after(Span::hours(13).minus_a_second()).await;
    assert_eq!(sells(&there, "50.00 CNY").await, "sold");
    app.after(Span::seconds(1)).await;
    assert_eq!(sells(&there, "30.00 CNY").await, "agent_licence_expired");

    let reader = app.reader("en");
    reader.signs_in_as(&beijing).await;
    let page = reader.gets("/agent").await;
    assert!(page.text.contains("Your licence has run out"), "{}", page.text);
    let renewed = agent::renew(&app.engine, beijing.id, (None, None), "2027-11-23".parse().unwrap()).await.unwrap();
    assert_eq!(agent::standing(&renewed, app.clock.now()), Standing::Approved);
    assert_eq!(sells(&here, "20.00 CNY").await, "sold");
}

trait MinusASecond {
    fn minus_a_second(self) -> Self;
}

impl MinusASecond for Span {
    fn minus_a_second(self) -> Self {
        Self::seconds(self.as_seconds() - 1)
    }
}
