//! Rates, bundles and the advice between them: what a caller without scripts and a program are told, in both languages.

use ringup_core::plan::Plans;
use ringup_engine::catalogue::{self, Catalogue};
use serde_json::{Value, json};

use crate::support::{Answer, CATALOGUE, Reader, TestApp};

const LANGUAGES: [&str; 2] = ["zh-Hans", "en"];

/// Thirty days of five-minute calls to a landline and a mobile in Britain.
pub fn question() -> Value {
    json!({
        "product": "plain",
        "call_seconds": 300,
        "days": 30,
        "calls": [
            { "to": "+44 161 496 0000", "minutes": 100, "per": "month" },
            { "to": "英国手机", "minutes": 50, "per": "month" },
        ],
    })
}

/// The question with one part of it changed.
fn with(at: &str, value: Value) -> Value {
    let mut question = question();
    *question.pointer_mut(at).unwrap() = value;
    question
}

async fn asks(app: &TestApp, question: &Value) -> Answer {
    app.post_json("/api/v1/advice", None, question).await
}

/// The form as it stands with two rows, and what is different in it.
async fn sends(reader: &Reader<'_>, changed: &[(&str, &str)]) -> Answer {
    let mut form = vec![
        ("card", "1"),
        ("days", "30"),
        ("length", "5"),
        ("to-1", "+44 161 496 0000"),
        ("minutes-1", "100"),
        ("per-1", "month"),
        ("to-2", "英国手机"),
        ("minutes-2", "50"),
        ("per-2", "month"),
    ];
    form.retain(|(name, _)| changed.iter().all(|(other, _)| name != other));
    form.extend(changed);
    reader.posts("/plans/advice", &form).await
}

#[tokio::test]
async fn a_number_or_a_name_leads_to_what_calls_there_cost() {
    let app = TestApp::new().await;
    for language in LANGUAGES {
        let reader = app.reader(language);
        for (typed, code) in [
            ("+44 161 496 0000", "gb-landline"),
            ("0044 7911 123456", "gb-mobile"),
            ("+44 (0)161 496 0000", "gb-landline"),
            ("united kingdom, mobile", "gb-mobile"),
            ("美国", "us"),
        ] {
            let answer = reader.posts("/plans", &[("to", typed)]).await;
            let path = format!("/plans/to/{code}");
            assert_eq!((answer.status, answer.header("location")), (303, Some(path.as_str())), "{typed}");
        }
        let page = reader.gets("/plans/to/gb-mobile").await;
        assert_eq!(page.status, 200);
        // 0.90 a minute, a fee of 0.10, and a bundle.
        for shown in ["¥0.90", "¥0.10", "¥9.10", "¥20.00", "+447"] {
            assert!(page.text.contains(shown), "{shown} is not in {}", page.text);
        }
        let page = reader.gets("/plans/to/gb-landline").await;
        assert!(page.text.contains("¥0.0085"), "below one fen: {}", page.text);
        assert_eq!(reader.gets("/plans/to/nowhere").await.status, 404);
        assert_eq!(reader.gets("/plans/to/%FF").await.status, 404);
    }
}

#[tokio::test]
async fn what_can_mean_several_is_asked_back_and_what_is_not_there_is_not_guessed() {
    let app = TestApp::new().await;
    for language in LANGUAGES {
        let reader = app.reader(language);
        for typed in ["+44", "英国", "United Kingdom"] {
            let answer = reader.posts("/plans", &[("to", typed)]).await;
            assert_eq!(answer.status, 200);
            reader.should_read(&answer, "plan-several-heading");
            for path in ["/plans/to/gb-landline", "/plans/to/gb-mobile"] {
                assert!(answer.text.contains(path), "{typed}: {}", answer.text);
            }
        }
        for (typed, problem) in [
            ("", "plan-problem-missing"),
            ("+33 1 42 00 00 00", "plan-problem-unknown"),
            ("France", "plan-problem-unknown"),
            ("法国", "plan-problem-unknown"),
            ("020 7946 0000", "plan-problem-not-international"),
            ("+44 07911 123456", "plan-problem-trunk-zero"),
            ("+44 20*", "plan-problem-not-digits"),
            ("+1234567890123456", "plan-problem-too-long"),
        ] {
            let answer = reader.posts("/plans", &[("to", typed)]).await;
            assert_eq!(answer.status, 422, "{typed}");
            reader.should_read(&answer, problem);
            assert!(answer.text.contains(&format!("value=\"{typed}\"")), "what was typed is kept");
        }
    }
}

#[tokio::test]
async fn advice_is_given_without_scripts_with_its_arithmetic_at_an_address_without_numbers() {
    let app = TestApp::new().await;
    for language in LANGUAGES {
        let reader = app.reader(language);
        let form = reader.gets("/plans/advice?to=gb-mobile").await;
        assert!(form.text.contains(if language == "en" { "United Kingdom, mobile" } else { "英国手机" }));
        let answer = sends(&reader, &[]).await;
        let path = "/plans/advice?card=1&days=30&length=5&calls=gb-landline:100:month,gb-mobile:50:month";
        assert_eq!((answer.status, answer.header("location")), (303, Some(path)), "{}", answer.text);
        let page = reader.gets(path).await;
        assert_eq!(page.status, 200);
        reader.should_read(&page, "advice-best");
        // Both bundles 32.00, one of them 40.00 or 58.00, by the minute 66.00: in this order.
        let at = |sum: &str| page.text.find(sum).unwrap_or_else(|| panic!("{sum} is not in {}", page.text));
        assert!(at("¥32.00") < at("¥40.00") && at("¥40.00") < at("¥58.00") && at("¥58.00") < at("¥66.00"));
        // A call to a mobile: 30 s and 45 steps of 6 s at 0.90, and the fee.
        for figure in ["45 × 6", "5 × 60", "¥4.50", "¥4.60", "¥46.00", "¥34.00"] {
            assert!(page.text.contains(figure), "{figure} is not in {}", page.text);
        }
        // 2026-11-23 and 30 days.
        let ends = if language == "en" { "23 December 2026" } else { "2026年12月23日" };
        assert!(page.text.contains(ends), "{}", page.text);
        let change = reader.gets(&format!("{path}&change=yes")).await;
        assert!(change.text.contains("value=\"100\"") && change.text.contains("name=\"to-2\""), "{}", change.text);
    }
}

#[tokio::test]
async fn the_form_grows_by_a_row_up_to_eight_and_keeps_what_was_typed() {
    let app = TestApp::new().await;
    let reader = app.reader("en");
    let grown = sends(&reader, &[("more", "yes")]).await;
    assert_eq!(grown.status, 200);
    assert!(grown.text.contains("name=\"to-3\"") && !grown.text.contains("name=\"to-4\""), "{}", grown.text);
    assert!(grown.text.contains("value=\"+44 161 496 0000\""), "{}", grown.text);
    let rows = ["to-3", "to-4", "to-5", "to-6", "to-7", "to-8"].map(|name| (name, ""));
    let mut full = rows.to_vec();
    full.push(("more", "yes"));
    let full = sends(&reader, &full).await;
    assert!(full.text.contains("name=\"to-8\"") && !full.text.contains("name=\"to-9\""));
    reader.should_read(&full, "advice-compare");
    assert!(!full.text.contains(&reader.words("advice-add")), "there is no ninth to add");
    assert_eq!(sends(&reader, &rows).await.status, 303, "empty rows are not asked about");
}

#[tokio::test]
async fn a_question_that_makes_no_sense_comes_back_with_what_is_wrong_at_each_field() {
    let app = TestApp::new().await;
    for language in LANGUAGES {
        let reader = app.reader(language);
        for (changed, field, problem) in [
            (("card", ""), "card", "advice-problem-card"),
            (("card", "9"), "card", "advice-problem-card"),
            (("days", "0"), "days", "advice-problem-days"),
            (("days", "367"), "days", "advice-problem-days"),
            (("days", "-1"), "days", "advice-problem-days"),
            (("days", "1.5"), "days", "advice-problem-days"),
            (("length", ""), "length", "advice-problem-length"),
            (("length", "241"), "length", "advice-problem-length"),
            (("length", "99999999999"), "length", "advice-problem-length"),
            (("minutes-1", ""), "minutes-1", "advice-problem-minutes"),
            (("minutes-2", "10001"), "minutes-2", "advice-problem-minutes"),
            (("minutes-2", "many"), "minutes-2", "advice-problem-minutes"),
            (("to-1", ""), "to-1", "plan-problem-missing"),
            (("to-1", "France"), "to-1", "plan-problem-unknown"),
            (("to-2", "+44"), "to-2", "plan-problem-several"),
            (("to-2", "+44 161"), "to-2", "advice-problem-twice"),
            (("to-2", "+1 212 555 0100"), "to-2", "advice-problem-not-reached"),
        ] {
            let answer = sends(&reader, &[changed]).await;
            assert_eq!(answer.status, 422, "{changed:?}");
            reader.should_read(&answer, problem);
            assert!(answer.text.contains(&format!("href=\"#{field}\"")), "{changed:?}: {}", answer.text);
        }
        let blank = [("to-1", ""), ("minutes-1", ""), ("to-2", ""), ("minutes-2", "")];
        reader.should_read(&sends(&reader, &blank).await, "plan-problem-missing");
        let both = sends(&reader, &[("days", "x"), ("to-2", "France")]).await;
        reader.should_read(&both, "advice-problem-days");
        reader.should_read(&both, "plan-problem-unknown");
        for mended in
            ["calls=gb-landline", "calls=:", "calls=nowhere:1:week", "calls=us:1:week&card=1", "calls=a&days=x"]
        {
            let answer = reader.gets(&format!("/plans/advice?{mended}")).await;
            assert_eq!(answer.status, 422, "an address that was cut comes back as the form: {mended}");
        }
        assert_eq!(reader.posts_from_elsewhere("/plans/advice", &blank).await.status, 403);
    }
}

#[tokio::test]
async fn a_program_gets_the_same_advice_in_figures() {
    let app = TestApp::new().await;
    let answer = asks(&app, &question()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let advice = answer.json();
    let totals: Vec<&str> =
        advice["choices"].as_array().unwrap().iter().map(|choice| choice["total"].as_str().unwrap()).collect();
    assert_eq!(totals, ["32.00 CNY", "40.00 CNY", "58.00 CNY", "66.00 CNY"]);
    assert_eq!(
        advice["calls"][1],
        json!({ "destination": "gb-mobile", "calls": 10, "counted_seconds": 300, "each": "4.60 CNY" })
    );
    let bundle = &advice["choices"][0]["bundles"][0];
    assert_eq!(
        *bundle,
        json!({
            "bundle": 1, "at_once": 1, "times": 1, "sum": "12.00 CNY", "calls": 20,
            "seconds_used": 6_000, "seconds_left": 0, "ends_at": "2026-12-23T10:00:00+08:00",
        })
    );
    assert_eq!(advice["choices"][3]["by_the_minute"][0]["sum"], "20.00 CNY");
}

#[tokio::test]
async fn a_program_finds_rates_by_number_and_reads_all_of_them() {
    let app = TestApp::new().await;
    let find = async |to: &str| app.post_json("/api/v1/rates", None, &json!({ "to": to })).await;
    let found = find("+44 7911").await.json();
    assert_eq!(found["destinations"][0]["code"], "gb-mobile");
    assert_eq!(found["products"].as_array().unwrap().len(), 1, "only the card that reaches it: {found}");
    assert_eq!(found["products"][0]["rates"][0]["per_minute"], "0.90 CNY");
    assert_eq!(found["products"][0]["bundles"][0]["id"], 2);
    assert_eq!(find("+44").await.json()["destinations"].as_array().unwrap().len(), 2);
    for (to, problem) in [
        ("", (400, "destination_missing")),
        ("020 7946 0000", (400, "number_not_international")),
        ("+44 07911", (400, "number_trunk_zero")),
        ("+44#", (400, "number_not_digits")),
        ("+1234567890123456", (400, "number_too_long")),
        ("+33", (404, "destination_unknown")),
    ] {
        let (status, code) = find(to).await.problem();
        assert_eq!((status, code.as_str()), problem, "{to}");
    }
    let plans = app.get("/api/v1/plans").await.json();
    assert_eq!(plans["destinations"].as_array().unwrap().len(), 3);
    assert_eq!(plans["products"][1]["rates"][0]["per_minute"], "0.0085 CNY");
}

#[tokio::test]
async fn every_problem_of_a_question_has_its_code() {
    let app = TestApp::new().await;
    let nine = vec![json!({ "to": "gb-mobile", "minutes": 1, "per": "week" }); 9];
    for (at, value, problem) in [
        ("/product", json!("travel"), (404, "product_unknown")),
        ("/calls", json!([]), (422, "destination_missing")),
        ("/calls", json!(nine), (422, "destinations_too_many")),
        ("/call_seconds", json!(0), (422, "call_length_out_of_range")),
        ("/call_seconds", json!(14_401), (422, "call_length_out_of_range")),
        ("/call_seconds", json!(-1), (422, "body_malformed")),
        ("/days", json!(0), (422, "days_out_of_range")),
        ("/days", json!(367), (422, "days_out_of_range")),
        ("/days", json!(70_000), (422, "body_malformed")),
        ("/calls/1/minutes", json!(0), (422, "minutes_out_of_range")),
        ("/calls/1/minutes", json!(10_001), (422, "minutes_out_of_range")),
        ("/calls/1/minutes", json!(0.5), (422, "body_malformed")),
        ("/calls/1/per", json!("day"), (400, "period_unknown")),
        ("/calls/1/to", json!(""), (400, "destination_missing")),
        ("/calls/1/to", json!("+44"), (422, "destination_ambiguous")),
        ("/calls/1/to", json!("+33"), (404, "destination_unknown")),
        ("/calls/1/to", json!("+44 161"), (422, "destination_named_twice")),
        ("/calls/1/to", json!("us"), (422, "destination_not_reached")),
    ] {
        let (status, code) = asks(&app, &with(at, value.clone())).await.problem();
        assert_eq!((status, code.as_str()), problem, "{at} {value}");
    }
    let which = asks(&app, &with("/calls/1/to", json!("+44"))).await;
    assert_eq!(which.field("detail"), "calls[1]: this can mean several destinations: gb-landline, gb-mobile");
}

#[tokio::test]
async fn a_new_catalogue_takes_the_place_of_the_old_rates() {
    let app = TestApp::new().await;
    let reader = app.reader("en");
    let dearer = CATALOGUE.replace("per_minute = \"0.90\"", "per_minute = \"1.05\"");
    let (without_bundles, _) = dearer.split_once("[[bundle]]").unwrap();
    catalogue::load(&app.engine, Catalogue::parse(without_bundles).unwrap()).await.unwrap();
    let page = reader.gets("/plans/to/gb-mobile").await.text;
    assert!(page.contains("¥1.05") && !page.contains("¥0.90") && !page.contains("¥20.00"), "{page}");
    let (products, _) = CATALOGUE.split_once("[[destination]]").unwrap();
    catalogue::load(&app.engine, Catalogue::parse(products).unwrap()).await.unwrap();
    assert!(reader.gets("/plans").await.text.contains("¥1.05"), "a file that does not speak of plans leaves them");
}

#[tokio::test]
async fn an_issuer_without_plans_says_so() {
    let app = TestApp::new().await;
    app.engine.write(|tx| ringup_db::plan::replace_plans(tx, &Plans::default())).await.unwrap();
    for language in LANGUAGES {
        let reader = app.reader(language);
        let page = reader.gets("/plans").await;
        assert_eq!(page.status, 200);
        reader.should_read(&page, "plan-none");
        assert_eq!(reader.gets("/plans/advice").await.status, 200);
        reader.should_read(&sends(&reader, &[]).await, "plan-problem-unknown");
    }
}
