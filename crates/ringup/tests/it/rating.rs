//! Ratings: one for each receipt, seen by everybody as text, answered by the place, moderated by the office.

use ringup_core::apply::{RefundHowMuch, SpentMeanwhile};
use ringup_core::job::CaseKind;
use ringup_core::time::Span;
use ringup_core::top_up::TopUpCode;
use ringup_db::clerk::Role;
use ringup_db::rating::Rating;
use ringup_engine::top_up::IdempotencyKey;
use ringup_engine::{rating, refund, top_up};

use crate::support::{Answer, Program, Reader, TestAgent, TestApp};

/// An agent, and the receipts of so many sales of his.
async fn given_sales(app: &TestApp, count: usize) -> (TestAgent, Vec<String>) {
    let agent = app.given_an_agent("1000.00").await;
    let reader = app.reader("en");
    reader.signs_in_as(&agent).await;
    let mut receipts = Vec::new();
    for _ in 0..count {
        let card = app.given_a_card("0.00 CNY").await;
        let sold = reader.sells_from_float(&card, "10.00").await;
        receipts.push(sold.replace("/agent/sales/", "/receipts/"));
    }
    (agent, receipts)
}

async fn rates(reader: &Reader<'_>, receipt: &str, stars: &str, comment: &str) -> Answer {
    let form = [("place", "BJ-A001"), ("stars", stars), ("comment", comment)];
    reader.posts(&format!("{receipt}/rating"), &form).await
}

impl TestApp {
    async fn ratings(&self) -> Vec<Rating> {
        rating::recent(&self.engine, 100).await.unwrap()
    }

    /// How the API says that the agent's place is rated.
    async fn rated(&self) -> serde_json::Value {
        self.get("/api/v1/places?q=BJ-A001").await.json()["places"][0]["rating"].clone()
    }

    async fn takes_back(&self, receipt: &str) {
        let code: TopUpCode = receipt.strip_prefix("/receipts/").unwrap().parse().unwrap();
        let view = top_up::view(&self.engine, code).await.unwrap().unwrap();
        let number = IdempotencyKey::parse("office-1").unwrap();
        let (how_much, spent) = (RefundHowMuch::Whole, SpentMeanwhile::Refuse);
        refund::request(&self.engine, &number, view.top_up.id, how_much, spent).await.unwrap();
    }
}

fn location_of(answer: &Answer) -> (u16, String) {
    (answer.status, answer.location())
}

#[tokio::test]
async fn the_holder_of_a_receipt_rates_once_and_everybody_sees_it_counted() {
    let app = TestApp::new().await;
    let (_, receipts) = given_sales(&app, 3).await;
    let reader = app.reader("en");
    let form = reader.gets(&receipts[0]).await;
    assert!(form.text.contains("How was Lucky Phone Shop?"), "{}", form.text);
    assert_eq!(form.text.matches("type=\"radio\" name=\"stars\"").count(), 5);
    assert_eq!(app.rated().await, serde_json::Value::Null);
    let answer = rates(&reader, &receipts[0], "5", "Fast and kind").await;
    assert_eq!(location_of(&answer), (303, format!("{}#rating", receipts[0])));
    assert_eq!(rates(&reader, &receipts[1], "4", "").await.status, 303);
    assert_eq!(rates(&reader, &receipts[2], "5", "").await.status, 303);
    let expected = serde_json::json!({ "average": "4.7", "count": 3, "stars": [0, 0, 0, 1, 2] });
    assert_eq!(app.rated().await, expected);
    for (path, parts) in [
        ("/agents/BJ-A001", ["4.7 out of 5 stars", "3 ratings", "Fast and kind"]),
        ("/places/BJ-A001/ratings", ["4.7 out of 5 stars", "5 of 5 stars", "Fast and kind"]),
        ("/places?q=BJ-A001", ["4.7 out of 5 stars", "3 ratings", "/places/BJ-A001/ratings"]),
    ] {
        let page = reader.gets(path).await.text;
        for part in parts {
            assert!(page.contains(part), "{path}: {part}: {page}");
        }
        let code = receipts[0].strip_prefix("/receipts/").unwrap();
        assert!(!page.contains(code), "nobody learns whose receipt it was");
    }
    let chinese = app.reader("zh-Hans").gets("/agents/BJ-A001").await.text;
    assert!(chinese.contains("平均 4.7 星，满分 5 星") && chinese.contains("3 条评价"), "{chinese}");
}

#[tokio::test]
async fn a_rating_is_changed_for_an_hour_and_a_second_one_is_refused_after_it() {
    let app = TestApp::new().await;
    let (_, receipts) = given_sales(&app, 1).await;
    let reader = app.reader("en");
    assert_eq!(rates(&reader, &receipts[0], "1", "Slow").await.status, 303);
    app.clock.advance(Span::minutes(59));
    assert_eq!(rates(&reader, &receipts[0], "3", "It came after all").await.status, 303);
    let page = reader.gets(&receipts[0]).await.text;
    assert!(page.contains("You can change it until 11:00") && page.contains("It came after all"), "{page}");
    assert_eq!(app.rated().await["stars"], serde_json::json!([0, 0, 1, 0, 0]));
    app.clock.advance(Span::minutes(1));
    let late = rates(&reader, &receipts[0], "5", "Changed my mind").await;
    assert_eq!(late.status, 409);
    assert!(late.text.contains("This receipt was used for a rating already"), "{}", late.text);
    assert_eq!(rates(&reader, &receipts[0], "3", "It came after all").await.status, 303, "the same press");
    assert_eq!(app.ratings().await.len(), 1);
    assert_eq!(app.rated().await["count"], 1);
    assert!(!reader.gets(&receipts[0]).await.text.contains("name=\"stars\""), "the form is gone");
}

#[tokio::test]
async fn a_receipt_rates_no_place_but_the_one_that_sold_it() {
    let app = TestApp::new().await;
    let (_, receipts) = given_sales(&app, 1).await;
    let reader = app.reader("en");
    let url = format!("{}/rating", receipts[0]);
    for place in ["BJ-S001", "NY-A001", "XX-1"] {
        let answer = reader.posts(&url, &[("place", place), ("stars", "1"), ("comment", "")]).await;
        assert_eq!(answer.status, 422, "{place}");
        assert!(answer.text.contains("This receipt is from another place"), "{}", answer.text);
    }
    let answer = reader.posts(&url, &[("place", ""), ("stars", "1")]).await;
    assert_eq!(answer.status, 400);
    let made_up = receipts[0].chars().rev().collect::<String>();
    for code in ["2222-2222-2222-2222-2222-2222-22", "x", made_up.split('/').next().unwrap()] {
        assert_eq!(rates(&reader, &format!("/receipts/{code}"), "1", "").await.status, 404, "{code}");
    }
    assert_eq!(app.ratings().await, []);
    let elsewhere = reader.posts_from_elsewhere(&url, &[("place", "BJ-A001"), ("stars", "1")]).await;
    assert_eq!(elsewhere.status, 403);
}

#[tokio::test]
async fn what_was_bought_online_was_sold_by_nobody_who_could_be_rated() {
    let app = TestApp::new().await;
    app.given_places_of_agents().await;
    let card = app.given_a_card("0.00 CNY").await;
    let order = app.given_a_credited_top_up(&card, "10.00 CNY", ringup_core::payment::Provider::Alipay).await;
    let (reader, receipt) = (app.reader("en"), format!("/receipts/{}", order.code));
    assert!(!reader.gets(&receipt).await.text.contains("name=\"stars\""));
    assert_eq!(rates(&reader, &receipt, "5", "").await.status, 404);
    assert_eq!(app.ratings().await, []);
}

#[tokio::test]
async fn six_stars_and_a_comment_too_long_are_refused_with_what_was_typed() {
    let app = TestApp::new().await;
    let (_, receipts) = given_sales(&app, 1).await;
    let reader = app.reader("en");
    for stars in ["6", "0", "-1", "4.5", "", "５", "99999999999999999999"] {
        let answer = rates(&reader, &receipts[0], stars, "my words").await;
        assert_eq!(answer.status, 422, "{stars}");
        assert!(answer.text.contains("Choose one to five stars") && answer.text.contains("my words"), "{stars}");
    }
    let answer = rates(&reader, &receipts[0], "5", &"好".repeat(501)).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("more than 500 characters"), "{}", answer.text);
    assert!(answer.text.contains("value=\"5\" checked"), "the stars are kept");
    let answer = rates(&reader, &receipts[0], "5", &"x".repeat(1_000_000)).await;
    assert_eq!(answer.status, 413);
    assert_eq!(app.ratings().await, []);
}

#[tokio::test]
async fn no_html_no_script_no_link_and_no_turned_writing_survives() {
    let app = TestApp::new().await;
    let (agent, receipts) = given_sales(&app, 1).await;
    let (reader, seller) = (app.reader("en"), app.reader("en"));
    let nasty = "<script>alert(1)</script>\r\n<img src=x onerror=alert(1)> </p>\u{202e}lia\u{200b}med\u{0} \
                 https://evil.example {{7*7}} \"'";
    assert_eq!(rates(&reader, &receipts[0], "1", nasty).await.status, 303);
    seller.signs_in_as(&agent).await;
    let answer = seller.posts(&answer_url(&app).await, &[("answer", nasty)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    app.clock.advance(Span::minutes(3));
    let mut pages = vec![seller.gets("/agent/ratings").await.text];
    for path in ["/agents/BJ-A001", "/places/BJ-A001/ratings", "/places?q=BJ-A001", receipts[0].as_str()] {
        pages.push(reader.gets(path).await.text);
    }
    for page in pages {
        for bad in ["<script>alert", "<img src=x", "href=\"https://evil", "\u{202e}", "\u{200b}", "\u{0}"] {
            assert!(!page.contains(bad), "{bad:?}: {page}");
        }
    }
    let page = reader.gets("/agents/BJ-A001").await.text;
    assert_eq!(page.matches("&#60;script&#62;alert(1)&#60;/script&#62; &#60;img").count(), 2, "{page}");
    assert!(page.contains("liamed https://evil.example {{7*7}}"), "{page}");
}

async fn answer_url(app: &TestApp) -> String {
    format!("/agent/ratings/{}/answer", app.ratings().await[0].id)
}

#[tokio::test]
async fn the_agents_people_answer_and_nobody_else_does() {
    let app = TestApp::new().await;
    let (agent, receipts) = given_sales(&app, 1).await;
    let (reader, seller) = (app.reader("en"), app.reader("en"));
    rates(&reader, &receipts[0], "2", "Closed at noon").await;
    let url = answer_url(&app).await;
    assert_eq!(location_of(&reader.posts(&url, &[("answer", "I am the shop")]).await), (303, "/agent".to_owned()));
    seller.signs_in_as(&agent).await;
    for (typed, says) in [(" \u{202e}\n", "Write an answer"), ("x".repeat(501).as_str(), "more than 500 characters")] {
        let refused = seller.posts(&url, &[("answer", typed)]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains(says), "{}", refused.text);
    }
    assert_eq!(app.ratings().await[0].answer, None);
    assert_eq!(seller.posts(&url, &[("answer", "Sorry, we moved house")]).await.status, 303);
    let page = reader.gets("/agents/BJ-A001").await.text;
    assert!(page.contains("Lucky Phone Shop answers") && page.contains("Sorry, we moved house"), "{page}");
    assert!(!page.contains("Wang Li"), "who of them wrote it is nobody's business");
    assert_eq!(seller.posts(&url, &[("answer", "Sorry. We are back")]).await.status, 303);
    let page = reader.gets("/agents/BJ-A001").await.text;
    assert!(page.contains("We are back") && !page.contains("moved house"), "{page}");
    let nobody = seller.posts("/agent/ratings/rat_1/answer", &[("answer", "x")]).await;
    assert_eq!(nobody.status, 404);
}

#[tokio::test]
async fn a_store_is_rated_like_an_agent_and_answered_by_its_supervisor_alone() {
    let app = TestApp::new().await;
    let (_, receipts) = given_sales(&app, 1).await;
    let reader = app.reader("en");
    rates(&reader, &receipts[0], "5", "the agent's own").await;
    let agents = app.ratings().await[0].id;
    let store = app.given_a_store().await;
    let (clerk, supervisor) =
        (app.given_a_clerk(&store, "01", Role::Clerk).await, app.given_a_clerk(&store, "09", Role::Supervisor).await);
    let till = app.given_an_open_till(&store, &clerk, "100").await;
    let code = till.sells(&app.given_a_card("0.00 CNY").await, "50.00", "").await;
    let form = [("place", "BJ-S001"), ("stars", "3"), ("comment", "A long queue")];
    assert_eq!(reader.posts(&format!("/receipts/{code}/rating"), &form).await.status, 303);
    let url = format!("/store/ratings/{}/answer", app.ratings().await[0].id);
    let list = till.gets("/store/ratings").await.text;
    assert!(list.contains("A long queue") && list.contains("Only a supervisor can answer"), "{list}");
    assert!(!list.contains("name=\"answer\""), "{list}");
    let refused = till.posts(&url, &[("answer", "We know")]).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let till = app.given_a_till(&store).await;
    till.signs_in(&supervisor).await;
    let others = till.posts(&format!("/store/ratings/{agents}/answer"), &[("answer", "Not ours")]).await;
    assert_eq!(others.status, 422, "{}", others.text);
    assert_eq!(till.posts(&url, &[("answer", "A second till opens on Monday")]).await.status, 303);
    let page = reader.gets("/places/BJ-S001/ratings").await.text;
    assert!(page.contains("East Gate Store answers") && page.contains("A second till opens"), "{page}");
    assert!(app.ratings().await.iter().any(|rating| rating.id == agents && rating.answer.is_none()));
}

#[tokio::test]
async fn the_rating_of_a_sale_that_was_taken_back_goes_with_it() {
    let app = TestApp::new().await;
    let (_, receipts) = given_sales(&app, 2).await;
    let reader = app.reader("en");
    rates(&reader, &receipts[0], "1", "Wrong card").await;
    rates(&reader, &receipts[1], "5", "").await;
    app.takes_back(&receipts[0]).await;
    assert_eq!(app.rated().await, serde_json::json!({ "average": "5.0", "count": 1, "stars": [0, 0, 0, 0, 1] }));
    assert!(!reader.gets("/agents/BJ-A001").await.text.contains("Wrong card"));
    let again = rates(&reader, &receipts[0], "1", "Still wrong").await;
    assert_eq!(again.status, 409);
    assert!(again.text.contains("The sale was taken back"), "{}", again.text);
    assert!(!reader.gets(&receipts[0]).await.text.contains("name=\"stars\""));
}

#[tokio::test]
async fn abuse_is_reported_once_seen_until_a_person_decides_and_gone_when_he_hides_it() {
    let app = TestApp::new().await;
    let (_, receipts) = given_sales(&app, 2).await;
    let reader = app.reader_at("en", "198.51.100.7");
    rates(&reader, &receipts[0], "1", "You are all thieves").await;
    rates(&reader, &receipts[1], "5", "").await;
    let id = app.ratings().await[1].id;
    let report = async |address: &str| {
        location_of(&app.reader_at("en", address).posts(&format!("/ratings/{id}/report"), &[]).await)
    };
    let told = |what: &str| (303, format!("/places/BJ-A001/ratings?reported={what}"));
    assert_eq!(report("192.0.2.1").await, told("opened"));
    assert_eq!(report("192.0.2.2").await, told("waiting"));
    let page = reader.gets("/places/BJ-A001/ratings?reported=opened").await.text;
    assert!(page.contains("You are all thieves") && page.contains("A person will look at it"), "{page}");
    let cases = app.cases().await;
    assert_eq!((cases.len(), cases[0].kind), (1, CaseKind::RatingReported));
    assert!(cases[0].detail.contains(&id.to_string()), "{}", cases[0].detail);

    rating::decide(&app.engine, id, rating::Decision::Show).await.unwrap();
    assert_eq!(app.cases().await.len(), 0, "the case is closed");
    assert_eq!(report("192.0.2.3").await, told("decided"));
    assert_eq!(app.cases().await.len(), 0);
    // What was changed since has not been seen by anybody of the office.
    app.clock.advance(Span::minutes(5));
    assert_eq!(rates(&reader, &receipts[0], "1", "Thieves and worse").await.status, 303);
    assert_eq!(report("192.0.2.3").await, told("opened"));

    rating::decide(&app.engine, id, rating::Decision::Hide).await.unwrap();
    assert_eq!(app.cases().await.len(), 0);
    assert_eq!(app.rated().await["stars"], serde_json::json!([0, 0, 0, 0, 1]));
    assert!(!reader.gets("/agents/BJ-A001").await.text.contains("Thieves"));
    assert_eq!(report("192.0.2.4").await.0, 404);
    assert_eq!(rates(&reader, &receipts[0], "5", "Now hidden").await.status, 409, "hidden is not written anew");
    assert!(reader.gets(&receipts[0]).await.text.contains("We have hidden it"));
}

#[tokio::test]
async fn a_flood_of_reports_from_one_address_ends_after_five_and_a_day_later_it_may_report_again() {
    let app = TestApp::new().await;
    let (_, receipts) = given_sales(&app, 7).await;
    let reader = app.reader("en");
    for receipt in &receipts {
        rates(&reader, receipt, "4", "").await;
    }
    let ids: Vec<String> = app.ratings().await.iter().map(|rating| rating.id.to_string()).collect();
    let flood = app.reader_at("en", "203.0.113.9");
    let report = async |who: &Reader<'_>, id: &str| who.posts(&format!("/ratings/{id}/report"), &[]).await;
    for id in &ids[..5] {
        assert_eq!(report(&flood, id).await.status, 303);
        assert_eq!(report(&flood, id).await.status, 303, "the same again is no further report");
    }
    let refused = report(&flood, &ids[5]).await;
    assert_eq!(refused.status, 429);
    assert!(refused.text.contains("Too much was reported from your network today"), "{}", refused.text);
    assert_eq!(app.cases().await.len(), 5);
    assert_eq!(report(&app.reader_at("en", "203.0.113.10"), &ids[5]).await.status, 303, "others still can");
    app.clock.advance(Span::seconds(86_401));
    ringup_engine::sweep::forget(&app.engine).await.unwrap();
    assert_eq!(report(&flood, &ids[6]).await.location(), "/places/BJ-A001/ratings?reported=opened");
    for id in ["rat_1", "x", "%3Cscript%3E"] {
        assert_eq!(report(&reader, id).await.status, 404, "{id}");
    }
}

#[tokio::test]
async fn the_newest_twenty_are_shown_and_all_are_counted() {
    let app = TestApp::new().await;
    let (_, receipts) = given_sales(&app, 22).await;
    let reader = app.reader("en");
    for (receipt, number) in receipts.iter().zip(1..) {
        app.clock.advance(Span::seconds(1));
        assert_eq!(rates(&reader, receipt, "5", &format!("comment {number} of them")).await.status, 303);
    }
    let page = reader.gets("/agents/BJ-A001").await.text;
    assert!(page.contains("22 ratings") && page.contains("The newest 20 are shown"), "{page}");
    assert!(page.contains("comment 22 of") && page.contains("comment 3 of"), "{page}");
    assert!(!page.contains("comment 2 of") && !page.contains("comment 1 of"), "{page}");
}

#[tokio::test]
async fn presses_at_the_same_time_make_one_rating() {
    let app = TestApp::new().await;
    let (_, receipts) = given_sales(&app, 1).await;
    let (_, url) = app.with_a_second_server().await;
    let mut presses = tokio::task::JoinSet::new();
    for number in 0..12 {
        let server = if number % 2 == 0 { &app.url } else { &url };
        let form = [("place", "BJ-A001"), ("stars", "5"), ("comment", "once")];
        let request = app.http.post(format!("{server}{}/rating", receipts[0])).form(&form);
        let request = request.header("sec-fetch-site", "same-origin");
        presses.spawn(async move { request.send().await.unwrap().status().as_u16() });
    }
    assert_eq!(presses.join_all().await, [303; 12]);
    assert_eq!(app.rated().await["count"], 1);
}

#[tokio::test]
async fn the_office_moderates_by_the_command_line() {
    let app = TestApp::new().await;
    let (_, receipts) = given_sales(&app, 1).await;
    let reader = app.reader("en");
    rates(&reader, &receipts[0], "1", "\u{1b}[31mred\u{7} words").await;
    let id = app.ratings().await[0].id.to_string();
    reader.posts(&format!("/ratings/{id}/report"), &[]).await;
    let program = Program::on(app.leaves_its_database());
    let run = |args: &[&str]| program.prints(args);
    let list = run(&["rating", "list"]);
    assert!(list.contains(&id) && list.contains("BJ-A001  reported  1  \"[31mred words\""), "{list}");
    assert!(run(&["review", "cases"]).contains("rating_reported"));
    assert!(run(&["rating", "hide", &id]).contains("hidden"));
    assert_eq!((run(&["rating", "list"]), run(&["review", "cases"])), (String::new(), String::new()));
    assert!(run(&["rating", "list", "--all"]).contains("hidden"));
    assert!(run(&["rating", "show", &id]).contains("shown"));
}
