use ringup_db::clerk::Role;
use ringup_db::device::{PaperWidth, PrinterAt, PrinterCharset};
use ringup_engine::device;
use ringup_sandbox::PlayedPrinter;

use crate::support::{TestApp, Till};

async fn stands_beside(app: &TestApp, till: &Till<'_>, printer: &PlayedPrinter) {
    let at = PrinterAt { address: printer.address.clone(), width: PaperWidth::Mm58, charset: PrinterCharset::Raster };
    device::set_printer(&app.engine, till.id, Some(at)).await.unwrap();
}

/// Until the printer has heard that nothing more comes.
async fn printed(printer: &PlayedPrinter, count: usize) -> Vec<Vec<u8>> {
    let waiting = async {
        while printer.slips().len() < count {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), waiting).await.unwrap();
    printer.slips()
}

#[tokio::test]
async fn the_first_slip_is_plain_and_every_other_one_says_that_it_is_a_reprint() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await;
    let printer = PlayedPrinter::on().unwrap();
    stands_beside(&app, &till, &printer).await;
    let card = app.given_a_card("0.00 CNY").await;
    let code = till.sells(&card, "50.00", "").await;
    let page = till.gets(&format!("/store?sold={code}")).await;
    assert!(page.text.contains(&format!("data-print-url=\"/store/sales/{code}/print\"")), "{}", page.text);
    let url = format!("/store/sales/{code}/print");
    let first = till.posts(&url, &[]).await.json();
    assert_eq!((first["state"].as_str(), first["text"].as_str()), (Some("out"), Some("The slip is printed.")));
    assert_eq!(till.posts(&url, &[]).await.json()["state"], "out");
    let slips = printed(&printer, 2).await;
    assert!(slips[1].len() > slips[0].len(), "the mark is one more line");
    let has = |slip: &[u8], text: &[u8]| slip.windows(text.len()).any(|part| part == text);
    assert!(!has(&slips[0], b"REPRINT") && has(&slips[1], b"REPRINT"));
    assert!(slips.iter().all(|slip| has(slip, b"BJ-S001-000001")));
}

#[tokio::test]
async fn a_printer_without_paper_or_that_is_gone_is_named_and_the_next_slip_is_still_the_first() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await.in_chinese();
    let printer = PlayedPrinter::on().unwrap();
    stands_beside(&app, &till, &printer).await;
    let card = app.given_a_card("0.00 CNY").await;
    let code = till.sells(&card, "50.00", "").await;
    let url = format!("/store/sales/{code}/print");
    printer.has_paper(false);
    let told = till.posts(&url, &[]).await.json();
    assert_eq!((told["state"].as_str(), told["trouble"].as_str()), (Some("not_sent"), Some("printer_no_paper")));
    assert_eq!(told["text"], "凭证未打印：打印机缺纸。");
    let mut nowhere = printer.clone();
    nowhere.address = "127.0.0.1:1".to_owned();
    stands_beside(&app, &till, &nowhere).await;
    assert_eq!(till.posts(&url, &[]).await.json()["trouble"], "printer_unknown");
    stands_beside(&app, &till, &printer).await;
    printer.has_paper(true);
    assert_eq!(till.posts(&url, &[]).await.json()["state"], "out");
    let in_english = till.in_english();
    assert_eq!(in_english.posts(&url, &[]).await.json()["state"], "out");
    let slips = printed(&printer, 2).await;
    let marked = |slip: &[u8]| slip.windows(7).any(|part| part == b"REPRINT");
    assert!(!marked(&slips[0]) && marked(&slips[1]), "only what may be on paper counts");
}

#[tokio::test]
async fn where_the_browser_prints_the_page_itself_is_the_first_slip_once() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await;
    let card = app.given_a_card("0.00 CNY").await;
    let code = till.sells(&card, "50.00", "").await;
    let url = format!("/store?sold={code}");
    assert!(!till.gets(&url).await.text.contains("REPRINT"));
    assert!(till.gets(&url).await.text.contains("REPRINT"));
    assert_eq!(till.posts(&format!("/store/sales/{code}/print"), &[]).await.status, 404, "there is no printer");
}
