use ringup_core::money::Amount;
use ringup_db::clerk::Role;
use ringup_engine::store;

use crate::support::{TestApp, in_the_purse, yuan};

#[tokio::test]
async fn cash_goes_to_the_bank_in_numbered_bags_and_what_the_bank_misses_is_charged_to_the_store() {
    let app = TestApp::new().await;
    let shop = app.given_a_store().await;
    let supervisor = app.given_a_clerk(&shop, "09", Role::Supervisor).await;
    let till = app.given_an_open_till(&shop, &supervisor, "0").await;
    let card = app.given_a_card("0.00 CNY").await;
    till.sells(&card, "200.00", "").await;
    till.counts("200").await;
    assert_eq!(in_the_purse(&app, shop.store.safe).await, 20_000);
    let bag = [("bag", "A-17"), ("amount", "150")];
    assert_eq!(till.posts("/store/bags", &bag).await.status, 303);
    assert_eq!(till.posts("/store/bags", &bag).await.status, 303, "the same bag");
    assert_eq!(in_the_purse(&app, shop.store.safe).await, 5_000);
    assert_eq!(till.posts("/store/bags", &[("bag", "A-17"), ("amount", "20")]).await.status, 400);
    let open = app.engine.read(|tx| ringup_db::cash_transit::open_transits(tx, 9)).await.unwrap();
    assert_eq!(open.iter().map(|bag| bag.amount).collect::<Vec<Amount>>(), [yuan("150.00")]);
    store::banked(&app.engine, open[0].id, yuan("149.00")).await.unwrap();
    store::banked(&app.engine, open[0].id, yuan("149.00")).await.unwrap();
    assert_eq!(store::banked(&app.engine, open[0].id, yuan("150.00")).await, Err(store::BagError::CountDiffers));
    let totals = app.engine.read(|tx| ringup_db::account::trial_balance(tx)).await.unwrap();
    let of = |name: &str| totals.iter().find(|total| total.code.name() == name).map(|total| total.balance.minor());
    assert_eq!((of("bank"), of("cash.transit"), of("suspense.over_short")), (Some(14_900), Some(0), Some(100)));
}

#[tokio::test]
async fn only_a_supervisor_sends_cash() {
    let app = TestApp::new().await;
    let shop = app.given_a_store().await;
    let clerk = app.given_a_clerk(&shop, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&shop, &clerk, "0").await;
    assert_eq!(till.posts("/store/bags", &[("bag", "A-1"), ("amount", "10")]).await.status, 400);
    assert_eq!(in_the_purse(&app, shop.store.safe).await, 0);
}
