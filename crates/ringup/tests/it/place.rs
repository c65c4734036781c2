//! Where cards are topped up face to face: the list taken over, searched by page and API, in both languages.

use std::sync::Arc;

use ringup_core::time::Span;
use ringup_engine::place;
use serde_json::Value;

use crate::support::{Answer, Program, TestApp, TestDatabase, errors};

const HEAD: &str = "kind,code,name_en,name_zh_hans,city_en,city_zh_hans,district_en,district_zh_hans,address_en,address_zh_hans,\
                    latitude,longitude,time_zone,hours,takes,credited_at,licence,reach_cm,phone,state,out_of_order_since";

/// In the middle of Beijing a store; 1.1 km to the north a kiosk that is out of order, 2.2 km an agent who credits later; and in
/// Shanghai a store that is closed for good.
const ROWS: [&str; 4] = [
    "store,BJ-S1,Central Store,中心营业厅,Beijing,北京,Dongcheng,东城区,1 Long Street,长街 1 号,39.904200,116.407400,Asia/Shanghai,\
     Mo-Su 09:00-21:00,cash codes cards,,Licence 17,85,+86 10 5555 0100,,",
    "kiosk,BJ-K1,North Kiosk,北门自助终端,Beijing,北京,Haidian,海淀区,Station hall,站厅,39.914200,116.407400,Asia/Shanghai,24/7,\
     codes,,,110,,out_of_order,2026-11-22T08:10:00+08:00",
    "agent,BJ-A1,=1+1 Corner,街角代理点,Beijing,北京,Haidian,海淀区,9 Side Lane,小巷 9 号,39.924200,116.407400,Asia/Shanghai,\
     Mo-Su 07:00-01:00,cash,\"12:00,18:00\",,,,,",
    "store,SH-S1,River Store,江边营业厅,Shanghai,上海,Pudong,浦东新区,8 Quay,江边路 8 号,31.230400,121.473700,Asia/Shanghai,\
     Mo-Fr 10:00-20:00,cash codes,,,,,closed,",
];

fn list(rows: &[&str]) -> String {
    format!("{HEAD}\n{}\n", rows.join("\n"))
}

/// Where the distances of the scenarios are measured from: beside the central store.
const HERE: &str = "39.9042,116.4074";

impl TestApp {
    async fn given_places(&self, rows: &[&str]) {
        let list = list(rows);
        let (places, refused) = place::parse(&self.engine, list.as_bytes()).unwrap();
        assert_eq!(refused, []);
        place::write(&self.engine, places).await.unwrap();
    }

    async fn finds(&self, query: &str) -> Value {
        let answer = self.get(&format!("/api/v1/places?{query}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    async fn finds_codes(&self, query: &str) -> Vec<String> {
        codes(&self.finds(query).await)
    }
}

fn codes(answer: &Value) -> Vec<String> {
    let places = answer["places"].as_array().unwrap().iter();
    places.map(|place| place["code"].as_str().unwrap().to_owned()).collect()
}

/// What the page says in this order, whatever stands between.
fn should_say(page: &Answer, words: &[&str]) {
    let mut rest = page.text.as_str();
    for word in words {
        rest = rest.split_once(word).unwrap_or_else(|| panic!("{word:?} is not there in {}", page.text)).1;
    }
}

#[tokio::test]
async fn the_nearest_places_come_first_with_all_there_is_to_know() {
    let app = TestApp::new().await;
    app.given_places(&ROWS).await;
    let found = app.finds(&format!("near={HERE}&limit=3")).await;
    assert_eq!(codes(&found), ["BJ-S1", "BJ-K1", "BJ-A1"]);
    let [store, kiosk, agent] = [0, 1, 2].map(|nth| found["places"][nth].clone());
    // It is Monday, 10:00 in China.
    assert_eq!(store["distance_m"], 0);
    assert_eq!((&store["standing"], &store["open_until"]), (&"open".into(), &"2026-11-23T21:00:00+08:00".into()));
    assert_eq!((&store["credits_at_once"], &store["credited_at"]), (&true.into(), &"2026-11-23T10:00:00+08:00".into()));
    assert_eq!(store["takes"], serde_json::json!(["cash", "codes", "cards"]));
    assert_eq!((&store["wheelchair"], &store["licence"]), (&true.into(), &"Licence 17".into()));
    assert_eq!(kiosk["distance_m"], 1_112);
    assert_eq!(kiosk["standing"], "out_of_order");
    assert_eq!(kiosk["out_of_order_since"], "2026-11-22T08:10:00+08:00");
    assert_eq!((&agent["distance_m"], &agent["name"]["en"]), (&2_224.into(), &"=1+1 Corner".into()));
    assert_eq!(agent["credited_at_times"], serde_json::json!(["12:00", "18:00"]));
    assert_eq!(agent["credited_at"], "2026-11-23T12:00:00+08:00");
    assert_eq!(agent["open_until"], "2026-11-24T01:00:00+08:00", "past midnight");
    let rest = app.finds(&format!("near={HERE}&limit=3&after={}", found["next"].as_str().unwrap())).await;
    assert_eq!((codes(&rest), &rest["next"]), (vec!["SH-S1".to_owned()], &Value::Null));
    assert_eq!(rest["places"][0]["standing"], "closed");
}

#[tokio::test]
async fn filters_and_words_leave_what_fits() {
    let app = TestApp::new().await;
    app.given_places(&ROWS).await;
    for (query, expected) in [
        ("", vec!["BJ-A1", "BJ-K1", "BJ-S1", "SH-S1"]),
        ("city=Shanghai", vec!["SH-S1"]),
        ("kind=agent", vec!["BJ-A1"]),
        ("open_now=yes", vec!["BJ-A1", "BJ-S1"]),
        ("cash=yes&city=Beijing", vec!["BJ-A1", "BJ-S1"]),
        ("instant=true&kind=store", vec!["BJ-S1", "SH-S1"]),
        ("wheelchair=yes", vec!["BJ-K1", "BJ-S1"]),
        ("q=haidian", vec!["BJ-A1", "BJ-K1"]),
        ("q=%E5%8C%97%E4%BA%AC%E5%B8%82%E6%B5%B7%E6%B7%80%E5%8C%BA", vec!["BJ-A1", "BJ-K1"]), // 北京市海淀区
        ("q=haidian&cash=yes", vec!["BJ-A1"]),
        ("near=SH-S1&limit=1", vec!["SH-S1"]),
        ("q=lhasa", vec![]),
    ] {
        assert_eq!(app.finds_codes(query).await, expected, "{query}");
    }
    // At night only the agent is there, until one o'clock; then nobody.
    app.clock.advance(Span::minutes(14 * 60 + 30));
    assert_eq!(app.finds_codes("open_now=yes").await, ["BJ-A1"]);
    app.clock.advance(Span::minutes(30));
    assert_eq!(app.finds_codes("open_now=yes").await, Vec::<String>::new());
}

#[tokio::test]
async fn what_any_server_writes_the_next_search_shows() {
    let app = TestApp::new().await;
    app.given_places(&ROWS[..1]).await;
    assert_eq!(app.finds_codes("").await, ["BJ-S1"]);
    let (other, _) = app.with_a_second_server().await;
    let more = list(&[ROWS[1], &ROWS[0].replace("Central Store", "Renamed Store")]);
    let (places, _) = place::parse(&other, more.as_bytes()).unwrap();
    place::write(&other, places).await.unwrap();
    let found = app.finds("").await;
    assert_eq!(codes(&found), ["BJ-K1", "BJ-S1"]);
    assert_eq!(found["places"][1]["name"]["en"], "Renamed Store");
}

#[tokio::test]
async fn the_page_lists_and_draws_what_it_found_in_both_languages() {
    let app = TestApp::new().await;
    app.given_places(&ROWS).await;
    let page = app.reader("en").gets(&format!("/places?near={HERE}")).await;
    assert_eq!(page.status, 200);
    should_say(
        &page,
        &[
            "Nearest to your position first.",
            "role=\"img\"",
            "<text y=\"4.5\">3</text>",
            "Too far away for this plan: 4",
            "Central Store",
            "50 m",
            "Open until 21:00",
            "Credited at once",
            "Takes cash, Alipay, WeChat, bank cards",
            "In wheelchair reach (85 cm)",
            "href=\"tel:+861055550100\"",
            "Licence 17",
            "href=\"geo:39.904200,116.407400\"",
            "North Kiosk",
            "1.1 km",
            "Out of order since 22 November at 08:10",
            "=1+1 Corner",
            "Open until tomorrow at 01:00",
            "Credited at 12:00, 18:00; if you pay now, today at 12:00",
            "River Store",
            "1,067 km",
            "Closed until further notice",
        ],
    );
    let page = app.reader("zh-Hans").gets("/places?near=BJ-K1&kind=agent").await;
    should_say(
        &page,
        &[
            "按离“北门自助终端”由近到远排列。",
            "街角代理点",
            "1.1 公里",
            "代理商 · 北京海淀区小巷 9 号",
            "营业中，明天 01:00 关门",
            "每天 12:00、18:00 到账；现在充值，今天 12:00 到账",
            "可用：现金",
        ],
    );
    assert!(!page.text.contains("North Kiosk") && page.text.contains("value=\"agent\" checked"));
}

#[tokio::test]
async fn every_page_of_the_portal_leads_to_the_places() {
    let app = TestApp::new().await;
    for path in ["/", "/help", "/balance"] {
        assert!(app.reader("en").gets(path).await.text.contains("href=\"/places\""), "{path}");
    }
}

#[tokio::test]
async fn pages_go_on_with_the_search_kept() {
    let app = TestApp::new().await;
    let rows: Vec<String> = (10..35).map(|nth| ROWS[0].replace("BJ-S1", &format!("BJ-{nth}"))).collect();
    app.given_places(&rows.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let reader = app.reader("en");
    let (mut path, mut seen) = ("/places?q=central&cash=yes".to_owned(), Vec::new());
    loop {
        let page = reader.gets(&path).await;
        let codes = page.text.split("<dt>Place code</dt><dd>").skip(1).map(|rest| rest[..5].to_owned());
        seen.extend(codes);
        let Some((before, _)) = page.text.split_once("\" rel=\"next\"") else { break };
        path = before.rsplit("href=\"").next().unwrap().replace("&#38;", "&");
        assert!(path.contains("q=central") && path.contains("cash=yes"), "{path}");
    }
    assert_eq!(seen, (10..35).map(|nth| format!("BJ-{nth}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn who_finds_nothing_is_told_what_to_do() {
    let app = TestApp::new().await;
    for (language, none_yet, none, without) in [
        ("en", "There are no places yet", "No place fits", "Without filters"),
        ("zh-Hans", "还没有网点", "没有符合条件的网点", "去掉筛选条件"),
    ] {
        let reader = app.reader(language);
        if language == "en" {
            should_say(&reader.gets("/places").await, &[none_yet, "href=\"/\""]);
            app.given_places(&ROWS).await;
        }
        let page = reader.gets("/places?q=haidian&kind=store&cash=yes").await;
        assert_eq!(page.status, 200);
        should_say(&page, &[none, "href=\"/places?q=haidian\"", without, "href=\"/places\"", "href=\"/\""]);
        let page = reader.gets("/places?q=lhasa").await;
        should_say(&page, &[none, "href=\"/places\""]);
        assert!(!page.text.contains(without), "there are no filters to leave out");
    }
}

#[tokio::test]
async fn a_search_that_cannot_be_read_has_its_code_and_its_sentence() {
    let app = TestApp::new().await;
    app.given_places(&ROWS).await;
    let long = format!("q={}", "x".repeat(101));
    for (query, status, code, en) in [
        ("near=somewhere+else", 400, "position_malformed", "We could not read the position"),
        ("near=39.9;116.4", 400, "position_malformed", "We could not read the position"),
        ("near=NaN,NaN", 400, "position_malformed", "We could not read the position"),
        ("near=90.000001,0", 400, "position_out_of_range", "There is no such position on the Earth"),
        ("near=0,-181", 400, "position_out_of_range", "There is no such position on the Earth"),
        ("near=BJ-X9", 404, "place_unknown", "is gone"),
        (&long, 400, "text_too_long", "at most 100 characters"),
        ("kind=bank", 400, "kind_unknown", "We could not read this address"),
        ("open_now=perhaps", 400, "flag_malformed", "We could not read this address"),
        ("after=yesterday", 400, "cursor_malformed", "We could not read this address"),
        ("limit=51", 400, "limit_out_of_range", "We could not read this address"),
        ("limit=0", 400, "limit_out_of_range", "We could not read this address"),
    ] {
        let answer = app.get(&format!("/api/v1/places?{query}")).await;
        assert_eq!(answer.problem(), (status, code.to_owned()), "{query}");
        let page = app.reader("en").gets(&format!("/places?{query}")).await;
        assert_eq!(page.status, 422, "{query}");
        should_say(&page, &["href=\"#q\"", en]);
    }
    for query in ["colour=red", "q=%ff%fe&colour=red", "q=a&q=b"] {
        let answer = app.get(&format!("/api/v1/places?{query}")).await;
        assert_eq!(answer.problem(), (400, "query_malformed".to_owned()), "{query}");
        // A page forgives what it does not know.
        assert_eq!(app.reader("en").gets(&format!("/places?{query}")).await.status, 200, "{query}");
    }
    let shared = app.reader("en").gets("/places?q=river&from=singlemessage&lang=zh-Hans").await;
    assert!(shared.text.contains("江边营业厅") && !shared.text.contains("中心营业厅"), "{}", shared.text);
    let nasty = app.reader("en").gets("/places?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(nasty.status == 200 && !nasty.text.contains("<script>alert"), "{}", nasty.text);
}

#[tokio::test]
async fn only_the_places_page_may_ask_where_the_visitor_is() {
    let app = TestApp::new().await;
    let policy = async |path: &str| app.get(path).await.header("permissions-policy").unwrap().to_owned();
    assert!(policy("/places").await.contains("geolocation=(self)"));
    assert!(policy("/").await.contains("geolocation=()"));
    let page = app.get("/places").await;
    assert!(page.text.contains("data-locate hidden"), "without scripts the button is not there");
}

#[test]
fn a_list_is_imported_whole_or_not_at_all() {
    let database = Arc::new(TestDatabase::fresh());
    let program = Program::on(Arc::clone(&database));
    let file = database.folder().join("places.csv");
    let bad = ROWS[1].replace("39.914200", "139.9");
    std::fs::write(&file, format!("\u{feff}{}", list(&[ROWS[0], &bad, ROWS[2], ROWS[2]]))).unwrap();
    let refused = program.runs(&["place", "import", "places.csv"]);
    assert_eq!(refused.status.code(), Some(1));
    let said = errors(&refused);
    assert!(said.contains("line 3: position_out_of_range: "), "{said}");
    assert!(said.contains("line 5: code_twice: line 4 has the same code"), "{said}");
    assert!(said.contains("2 of its rows are refused, so nothing was imported"), "{said}");
    assert_eq!(program.prints(&["place", "list"]), "");

    let imported = program.prints(&["place", "import", "places.csv", "--skip-bad"]);
    assert_eq!(imported, "2 places imported, 2 rows refused\n");
    std::fs::write(&file, list(&[&ROWS[0].replace("Central", "Renamed"), ROWS[3]])).unwrap();
    assert_eq!(program.prints(&["place", "import", "places.csv"]), "2 places imported, 0 rows refused\n");
    let shown = program.prints(&["place", "list"]);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines.len(), 3, "{shown}");
    assert!(
        lines[0].starts_with("BJ-A1 ") && lines[0].contains("=1+1 Corner, Beijing"),
        "a formula is a text: {shown}"
    );
    assert!(lines[1].contains("Renamed Store") && lines[2].contains("closed"), "{shown}");
}

#[test]
fn a_list_that_is_none_is_refused_with_a_reason() {
    let database = Arc::new(TestDatabase::fresh());
    let program = Program::on(Arc::clone(&database));
    let import = |bytes: &[u8]| {
        std::fs::write(database.folder().join("places.csv"), bytes).unwrap();
        program.fails(&["place", "import", "places.csv"])
    };
    assert!(program.fails(&["place", "import", "nowhere.csv"]).contains("nowhere.csv"));
    assert!(import(b"").contains("its first line must name the columns kind, code"));
    assert!(import(b"PK\x03\x04\xff\xfe").contains("its first line must name the columns"));
    assert!(import(HEAD.replace("kind", "sort").as_bytes()).contains("\"sort\" is none of them"));
    let megabyte = ROWS[0].replace("1 Long Street", &"x".repeat(1 << 20));
    let said = import(list(&[&megabyte]).as_bytes());
    assert!(said.contains("line 2: too_long: address_en has more than 200 characters") && said.len() < 500, "{said}");
}
