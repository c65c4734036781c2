use ringup_core::time::Span;
use ringup_engine::agent::{self, Approval};

use crate::support::{TestApp, application, yuan};

#[tokio::test]
async fn everybody_sees_whether_an_agent_is_licensed_since_when_and_until_when() {
    let app = TestApp::new().await;
    let approval = Approval { place: "BJ-A001".parse().unwrap(), credit_limit: yuan("0.00"), alert_below: None };
    let application = application("Asia/Shanghai", "2026-12-31");
    let shop = app.given_an_agent_of("BJ-A001", application, approval, "100.00").await;
    let reader = app.reader("en");
    let says = async |what: &str| {
        let page = reader.gets("/agents/bj-a001").await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains(what), "{what}: {}", page.text);
        page.text
    };
    let page = says("Licensed to sell top-ups").await;
    for part in ["23 November 2026", "31 December 2026", "京A-0007", "Lucky Phone Shop", "<svg", "/agents/BJ-A001"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for secret in ["Wang Li", "wang@example.com", "5555", "100.00"] {
        assert!(!page.contains(secret), "{secret} is nobody's business: {page}");
    }
    agent::suspend(&app.engine, shop.id).await.unwrap();
    says("Not licensed at the moment").await;
    agent::resume(&app.engine, shop.id).await.unwrap();
    says("Licensed to sell top-ups").await;
    app.clock.advance(Span::days(39));
    says("The licence has run out").await;
}

#[tokio::test]
async fn a_code_that_is_no_agents_is_called_so() {
    let app = TestApp::new().await;
    app.given_an_agent("0.00").await;
    for code in ["NY-A001", "BJ-S001", "BJ-A002", "%3Cscript%3E", "a%20b"] {
        let page = app.reader("zh-Hans").gets(&format!("/agents/{code}")).await;
        assert_eq!(page.status, 404, "{code}");
        assert!(page.text.contains("不是我们的代理商"), "{code}: {}", page.text);
        assert!(!page.text.contains("<script>"), "{code}");
    }
}
