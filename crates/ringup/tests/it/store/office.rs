use ringup_db::clerk::Role;

use crate::support::{Program, TestApp, drawer_of, yuan};

#[tokio::test]
async fn the_office_opens_a_store_and_follows_its_cash_by_the_command_line() {
    let app = TestApp::new().await;
    let shop = app.given_a_store().await;
    let supervisor = app.given_a_clerk(&shop, "09", Role::Supervisor).await;
    let till = app.given_an_open_till(&shop, &supervisor, "0").await;
    let card = app.given_a_card("0.00 CNY").await;
    till.sells(&card, "50.00", "").await;
    till.counts("48").await;
    till.posts("/store/bags", &[("bag", "A-17"), ("amount", "40")]).await;
    let (device, drawer) = (till.id.to_string(), drawer_of(&app, &supervisor).await);
    app.given_a_place_beside_it().await;
    let program = Program::on(app.leaves_its_database());
    let run = |args: &[&str]| program.prints(&[&["store"], args].concat());

    assert!(
        run(&["add", "BJ-S002", "--sale-max", "500.00", "--identity-from", "200"]).starts_with("BJ-S002 safe pur_")
    );
    assert!(program.fails(&["store", "add", "BJ-S002", "--sale-max", "500"]).contains("has a counter already"));
    assert!(program.fails(&["store", "add", "NO-S001", "--sale-max", "500"]).contains("no place with this code"));
    let taken_on = run(&["take-on", "BJ-S002", "01", "Wang Li"]);
    let (clerk, pin) = taken_on.trim().split_once(" PIN ").unwrap();
    assert!(pin.len() >= 4 && pin.bytes().all(|byte| byte.is_ascii_digit()), "{taken_on}");
    assert!(run(&["badge", clerk]).trim().len() >= 26);
    assert!(run(&["invite", "BJ-S002", "Till 1"]).starts_with("dev_"));
    assert_eq!(run(&["printer", &device, "--address", "192.0.2.7:9100", "--width", "80"]), "");
    assert!(
        program
            .fails(&["store", "printer", &device, "--address", "192.0.2.7:9100", "--width", "70"])
            .contains("58 or 80")
    );
    assert_eq!(run(&["revoke", &device]), "");
    assert_eq!(run(&["dismiss", clerk]), "");
    let list = run(&["list"]);
    for part in [
        "BJ-S001",
        "BJ-S002  up to 500.00 CNY",
        "01  clerk  Wang Li  left",
        "till  shut out  Till 1",
        "till  invited  Till 1",
    ] {
        assert!(list.contains(part), "{part}: {list}");
    }

    let drawers = run(&["drawers", &supervisor.id.to_string()]);
    assert!(drawers.starts_with(&drawer.to_string()), "{drawers}");
    assert!(drawers.contains("50.00 CNY expected  48.00 CNY counted  2.00 CNY missing"), "{drawers}");
    let bags = run(&["bags"]);
    let bag = bags.split_whitespace().next().unwrap().to_owned();
    assert!(bags.contains("A-17") && bags.contains(&yuan("40.00").to_string()), "{bags}");
    assert_eq!(run(&["banked", &bag, "40.00"]), "");
    assert_eq!(run(&["bags"]), "");
    assert!(program.fails(&["store", "banked", &bag, "39.00"]).contains("does not fit the bag"));
}
