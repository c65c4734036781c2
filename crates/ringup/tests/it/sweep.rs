//! The sweeper looks for captured money that is neither on a card nor on its way back. The commands cannot leave any, so
//! here somebody tampers with the books.

use ringup_core::job::CaseKind;
use ringup_core::payment::Provider;
use ringup_core::time::Span;
use ringup_engine::sweep::sweep;

use crate::support::TestApp;

/// One fen more that was taken and is on no card: `liability.unallocated` stands in its payment.
const MONEY_THAT_IS_NOWHERE: &str = "update capture set unallocated_minor = unallocated_minor + 1";
const AS_IT_WAS: &str = "update capture set unallocated_minor = unallocated_minor - 1";

#[tokio::test]
async fn captured_money_that_is_nowhere_is_shown_to_a_person_once() {
    let app = TestApp::new().await;
    let card = app.given_a_card("20.00 CNY").await;
    let order = app.places(&card, "50.00 CNY", Provider::Alipay).await;
    app.customer_pays(&order);
    app.until_it_is(&order, "credited").await;
    app.after(Span::minutes(2)).await;
    assert_eq!(sweep(&app.engine).await, Ok(0), "a credited top-up leaves nothing to find");

    app.database.tampered_with(MONEY_THAT_IS_NOWHERE);
    assert_eq!(sweep(&app.engine).await, Ok(1));
    assert_eq!(sweep(&app.engine).await, Ok(0), "it is with a person now");
    let cases = app.engine.read(|tx| ringup_db::review_case::open_cases(tx, 10)).await.unwrap();
    let [open] = cases.as_slice() else { panic!("{cases:?}") };
    assert_eq!((open.case.kind, open.case.top_up.to_string()), (CaseKind::PaidNotSettled, order.id));

    app.database.tampered_with(AS_IT_WAS);
}
