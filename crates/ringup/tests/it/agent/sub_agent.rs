use ringup_core::apply::RefundHowMuch;
use ringup_core::commission::Counted;
use ringup_core::money::{Amount, BasisPoints, Unit};
use ringup_core::sub_agent::{LinkError, Parent};
use ringup_core::time::Span;
use ringup_db::commission::PaidTo;
use ringup_engine::agent::{self, Approval, SubAgentError};
use ringup_engine::place;

use super::commission::{agrees, month, reverses, sells};
use crate::support::{Program, TestAgent, TestApp, application, yuan};

/// Agents' places beside those that every scenario has.
const MORE_PLACES: [&str; 3] = ["BJ-A002", "BJ-A003", "BJ-A004"];

async fn given_more_places(app: &TestApp) {
    let mut list = "kind,code,name_en,name_zh_hans,city_en,city_zh_hans,district_en,district_zh_hans,address_en,\
                    address_zh_hans,latitude,longitude,time_zone,hours,takes,credited_at,licence,reach_cm,phone,state,\
                    out_of_order_since\n"
        .to_owned();
    for code in MORE_PLACES {
        list.push_str(&format!(
            "agent,{code},Shop,通讯店,Beijing,北京,Haidian,海淀区,{code} Road,{code} 号,39.904200,116.407400,Asia/Shanghai,\
             Mo-Su 08:00-20:00,cash,,,,,,\n"
        ));
    }
    let (places, refused) = place::parse(&app.engine, list.as_bytes()).unwrap();
    assert!(refused.is_empty(), "{refused:?}");
    app.engine.write(move |tx| ringup_db::place::upsert_places(tx, &places)).await.unwrap();
}

async fn given_agent(app: &TestApp, code: &'static str, company: &str, unit: Unit) -> TestAgent {
    given_more_places(app).await;
    let credit_limit = Amount::zero(unit);
    let approval = Approval { place: code.parse().unwrap(), credit_limit, alert_below: None };
    let mut application = application("Asia/Shanghai", "2027-11-22");
    company.clone_into(&mut application.company);
    let float = if unit == Unit::Cny { "2000.00" } else { "0.00" };
    app.given_an_agent_of(code, application, approval, float).await
}

/// A main agent, a sub-agent and his sub-agent: 20 % go up from the lowest and 50 % from the one in the middle, from November on. Each
/// earns by his own scheme: 1.99 %, 1 % and 3 %.
struct Tree {
    main: TestAgent,
    sub: TestAgent,
    lowest: TestAgent,
}

async fn given_three_levels(app: &TestApp) -> Tree {
    let main = given_agent(app, "BJ-A001", "Main Cards Ltd", Unit::Cny).await;
    let sub = given_agent(app, "BJ-A002", "Middle Phones Ltd", Unit::Cny).await;
    let lowest = given_agent(app, "BJ-A003", "Corner Shop Ltd", Unit::Cny).await;
    for (agent, rate) in [(&main, 300), (&sub, 100), (&lowest, 199)] {
        agrees(app, agent, Counted::PerSale, &[(0, rate)]).await;
    }
    puts(app, &lowest, &sub, 2_000, "2026-11").await.unwrap();
    puts(app, &sub, &main, 5_000, "2026-11").await.unwrap();
    Tree { main, sub, lowest }
}

async fn puts(
    app: &TestApp,
    below: &TestAgent,
    above: &TestAgent,
    share: u32,
    from: &str,
) -> Result<(), SubAgentError> {
    let parent = Parent { agent: above.id, share: BasisPoints(share) };
    agent::set_parent(&app.engine, below.id, parent, month(from)).await
}

impl Tree {
    fn all(&self) -> [&TestAgent; 3] {
        [&self.lowest, &self.sub, &self.main]
    }

    /// Books a month for all three; answers what each was booked in all, from below to above.
    async fn books(&self, app: &TestApp, text: &str) -> [i64; 3] {
        for agent in self.all() {
            agent::book_month(&app.engine, agent.id, month(text)).await.unwrap();
        }
        self.booked(app).await
    }

    async fn booked(&self, app: &TestApp) -> [i64; 3] {
        let mut booked = [0; 3];
        for (booked, agent) in booked.iter_mut().zip(self.all()) {
            *booked = agent::account(&app.engine, agent.id).await.unwrap().booked_minor;
        }
        booked
    }

    async fn payable(&self, app: &TestApp) -> [i64; 3] {
        let mut payable = [0; 3];
        for (payable, agent) in payable.iter_mut().zip(self.all()) {
            *payable = agent::account(&app.engine, agent.id).await.unwrap().payable_minor();
        }
        payable
    }

    async fn earned(&self, app: &TestApp, text: &str) -> [u64; 3] {
        let mut earned = [0; 3];
        for (earned, agent) in earned.iter_mut().zip(self.all()) {
            let found = agent::find(&app.engine, agent.id).await.unwrap().unwrap();
            let statement = agent::statement(&app.engine, &found, month(text)).await.unwrap().unwrap();
            *earned = statement.earned_minor;
        }
        earned
    }
}

/// What commission has cost the issuer, in minor units.
async fn expense(app: &TestApp) -> i64 {
    let totals = app.engine.read(|tx| ringup_db::account::trial_balance(tx)).await.unwrap();
    totals.iter().find(|total| total.code.name() == "expense.commission").map_or(0, |total| total.balance.minor())
}

#[tokio::test]
async fn three_levels_share_what_a_sale_earns_and_the_issuer_pays_it_once() {
    let app = TestApp::new().await;
    let tree = given_three_levels(&app).await;
    sells(&app, &tree.lowest, &["100.00"]).await;
    // 1.99: 0.39 reach the middle, and 0.19 of them the top. Whoever is below keeps the rest.
    assert_eq!(tree.earned(&app, "2026-11").await, [160, 20, 19]);
    sells(&app, &tree.sub, &["100.00"]).await;
    sells(&app, &tree.main, &["50.00"]).await;
    assert_eq!(tree.earned(&app, "2026-11").await, [160, 20 + 50, 19 + 50 + 150]);
    app.clock.advance(Span::days(8));
    assert_eq!(tree.books(&app, "2026-11").await, [160, 70, 219]);
    assert_eq!(expense(&app).await, 199 + 100 + 150, "what the sellers' own schemes say");
}

#[tokio::test]
async fn a_month_is_booked_once_by_runs_at_the_same_time_and_a_payout_run_pays_each_once() {
    let app = TestApp::new().await;
    let tree = given_three_levels(&app).await;
    sells(&app, &tree.lowest, &["100.00", "200.00"]).await;
    app.clock.advance(Span::days(8));
    let book = || agent::book_month(&app.engine, tree.lowest.id, month("2026-11"));
    let (first, second) = tokio::join!(book(), book());
    assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
    assert_eq!(tree.booked(&app).await, [478, 60, 59]);
    assert_eq!(tree.books(&app, "2026-11").await, [478, 60, 59], "once more, and by each of the three");
    assert_eq!(expense(&app).await, 597);
    let ids = tree.all().map(|agent| agent.id.to_string());
    let program = Program::on(app.leaves_its_database());
    let paid = program.prints(&["agent", "payout-run", "--to", "bank"]);
    for (id, amount) in ids.iter().zip(["4.78", "0.60", "0.59"]) {
        assert!(paid.contains(&format!("{id}  {amount} CNY  to his bank")), "{paid}");
    }
    assert_eq!(program.prints(&["agent", "payout-run", "--to", "bank"]), "");
}

#[tokio::test]
async fn splitting_a_sale_gives_nobody_more() {
    let app = TestApp::new().await;
    let tree = given_three_levels(&app).await;
    sells(&app, &tree.lowest, &["100.00"]).await;
    assert_eq!(tree.earned(&app, "2026-11").await, [160, 20, 19]);
    sells(&app, &tree.lowest, &["10.00"; 10]).await;
    // The month's 3.98 are divided once: 0.79 go up, and 0.39 of them.
    assert_eq!(tree.earned(&app, "2026-11").await, [319, 40, 39]);
}

#[tokio::test]
async fn a_sale_reversed_after_the_payout_is_taken_back_from_whoever_had_a_part() {
    let app = TestApp::new().await;
    let tree = given_three_levels(&app).await;
    let sold = sells(&app, &tree.lowest, &["100.00", "200.00"]).await;
    app.clock.advance(Span::days(8));
    assert_eq!(tree.books(&app, "2026-11").await, [478, 60, 59]);
    for agent in tree.all() {
        agent::pay_out(&app.engine, agent.id, PaidTo::Bank).await.unwrap().unwrap();
    }
    assert_eq!(tree.payable(&app).await, [0, 0, 0]);
    reverses(&app, sold[1], RefundHowMuch::Whole).await;
    assert_eq!(tree.books(&app, "2026-11").await, [160, 20, 19]);
    assert_eq!(tree.payable(&app).await, [-318, -40, -40], "each owes his part");
    assert_eq!(agent::pay_out(&app.engine, tree.main.id, PaidTo::Bank).await.unwrap(), None);
    reverses(&app, sold[0], RefundHowMuch::Part(yuan("50.00"))).await;
    assert_eq!(tree.books(&app, "2026-11").await, [80, 10, 9]);
    assert_eq!(expense(&app).await, 99);
}

#[tokio::test]
async fn a_fourth_level_a_circle_and_another_currency_are_refused() {
    let app = TestApp::new().await;
    let tree = given_three_levels(&app).await;
    let other = given_agent(&app, "BJ-A004", "Fourth Ltd", Unit::Cny).await;
    let abroad = given_agent(&app, "NY-A001", "Canal Ltd", Unit::Usd).await;
    let refused =
        async |below: &TestAgent, above: &TestAgent| puts(&app, below, above, 100, "2026-12").await.unwrap_err();
    assert_eq!(refused(&other, &tree.lowest).await, SubAgentError::Link(LinkError::TooDeep));
    assert_eq!(refused(&tree.main, &other).await, SubAgentError::Link(LinkError::TooDeep));
    assert_eq!(refused(&tree.main, &tree.lowest).await, SubAgentError::Link(LinkError::Circle));
    assert_eq!(refused(&tree.main, &tree.main).await, SubAgentError::Link(LinkError::Circle));
    assert_eq!(refused(&other, &abroad).await, SubAgentError::UnitsDiffer);
    let too_much = puts(&app, &other, &tree.main, 10_001, "2026-12").await;
    assert_eq!(too_much, Err(SubAgentError::Link(LinkError::Share)));
    let applied = agent::apply(&app.engine, application("Asia/Shanghai", "2027-11-22")).await.unwrap();
    let parent = |agent| Parent { agent, share: BasisPoints(100) };
    let set = async |below, above| agent::set_parent(&app.engine, below, parent(above), month("2026-12")).await;
    assert_eq!(set(applied, tree.main.id).await, Err(SubAgentError::AgentUnknown));
    assert_eq!(set(other.id, applied).await, Err(SubAgentError::ParentUnknown));
    // One parent: another takes the first one's place.
    puts(&app, &tree.lowest, &other, 100, "2026-12").await.unwrap();
    puts(&app, &other, &tree.main, 100, "2026-12").await.unwrap();
    assert_eq!(agent::parents(&app.engine, tree.lowest.id).await.unwrap().len(), 2);
}

#[tokio::test]
async fn another_share_holds_from_the_next_month_and_no_booked_month_changes() {
    let app = TestApp::new().await;
    let tree = given_three_levels(&app).await;
    sells(&app, &tree.lowest, &["100.00"]).await;
    puts(&app, &tree.lowest, &tree.sub, 10_000, "2026-12").await.unwrap();
    assert_eq!(tree.earned(&app, "2026-11").await, [160, 20, 19]);
    app.clock.advance(Span::days(8));
    sells(&app, &tree.lowest, &["100.00"]).await;
    assert_eq!(tree.earned(&app, "2026-12").await, [0, 100, 99]);
    agent::book_month(&app.engine, tree.lowest.id, month("2026-11")).await.unwrap();
    let booked = Err(SubAgentError::MonthBooked(month("2026-11")));
    assert_eq!(puts(&app, &tree.lowest, &tree.sub, 1_000, "2026-11").await, booked);
    assert_eq!(puts(&app, &tree.sub, &tree.main, 1_000, "2026-11").await, booked, "a part of it is his");
    assert_eq!(agent::end_parent(&app.engine, tree.sub.id, month("2026-10")).await, booked);
    puts(&app, &tree.sub, &tree.main, 1_000, "2026-12").await.unwrap();
    app.clock.advance(Span::days(31));
    assert_eq!(tree.books(&app, "2026-11").await, [160, 20, 19]);
    assert_eq!(tree.books(&app, "2026-12").await, [160, 20 + 180, 19 + 19]);
}

#[tokio::test]
async fn a_parent_who_leaves_in_mid_month_has_his_share_of_all_of_it_or_of_none() {
    let app = TestApp::new().await;
    let tree = given_three_levels(&app).await;
    sells(&app, &tree.lowest, &["100.00"]).await;
    let ends = async |agent: &TestAgent, from: &str| agent::end_parent(&app.engine, agent.id, month(from)).await;
    assert_eq!(ends(&tree.main, "2026-11").await, Err(SubAgentError::NoParent(month("2026-11"))));
    // From the next month on: what is sold until then is shared, also after he has left.
    ends(&tree.lowest, "2026-12").await.unwrap();
    sells(&app, &tree.lowest, &["100.00"]).await;
    assert_eq!(tree.earned(&app, "2026-11").await, [319, 40, 39]);
    // From this month on: nothing of it is shared, not even what was sold before.
    ends(&tree.lowest, "2026-11").await.unwrap();
    assert_eq!(tree.earned(&app, "2026-11").await, [398, 0, 0]);
    puts(&app, &tree.lowest, &tree.main, 1_000, "2026-12").await.unwrap();
    app.clock.advance(Span::days(8));
    sells(&app, &tree.lowest, &["100.00"]).await;
    assert_eq!(tree.books(&app, "2026-11").await, [398, 0, 0]);
    app.clock.advance(Span::days(31));
    assert_eq!(tree.books(&app, "2026-12").await, [398 + 180, 0, 19]);
}

#[tokio::test]
async fn a_sub_agent_sells_under_his_own_licence_while_his_parent_is_suspended() {
    let app = TestApp::new().await;
    let tree = given_three_levels(&app).await;
    agent::suspend(&app.engine, tree.sub.id).await.unwrap();
    sells(&app, &tree.lowest, &["100.00"]).await;
    let reader = app.reader("en");
    let lowest = reader.gets("/agents/BJ-A003").await.text;
    assert!(lowest.contains("Licensed to sell top-ups") && !lowest.contains("Middle Phones"), "{lowest}");
    assert!(reader.gets("/agents/BJ-A002").await.text.contains("Not licensed at the moment"));
    assert_eq!(tree.earned(&app, "2026-11").await, [160, 20, 19], "the share is a matter between the two");
    reader.signs_in_as(&tree.main).await;
    assert!(reader.gets("/agent/commission").await.text.contains("BJ-A002 · suspended"));
}

#[tokio::test]
async fn a_parent_sees_the_sums_of_his_own_sub_agents_and_nobody_elses() {
    let app = TestApp::new().await;
    let tree = given_three_levels(&app).await;
    let stranger = given_agent(&app, "BJ-A004", "Stranger Ltd", Unit::Cny).await;
    agrees(&app, &stranger, Counted::PerSale, &[(0, 100)]).await;
    let sold = sells(&app, &tree.lowest, &["100.00", "50.00"]).await;
    reverses(&app, sold[1], RefundHowMuch::Whole).await;
    sells(&app, &tree.sub, &["200.00"]).await;
    let reads = async |agent: &TestAgent, language: &'static str| {
        let reader = app.reader(language);
        reader.signs_in_as(agent).await;
        let page = reader.gets("/agent/commission?month=2026-11").await.text;
        (page, reader.gets("/agent/commission/2026-11.csv").await.text)
    };
    let (page, file) = reads(&tree.sub, "en").await;
    let shown =
        ["Corner Shop Ltd", "BJ-A003 · sells", "2 sales, ¥150.00, of which ¥50.00 reversed", "20.00 % came up to you"];
    for part in
        shown.into_iter().chain(["¥0.39", "To Main Cards Ltd", "BJ-A001 · your parent agent, 50.00 %", "−¥1.19"])
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let lines: Vec<&str> = file.lines().collect();
    let expected = [
        "BJ-A002,2026-11,plain,sale,1,200.00,0.00,2.00,CNY,own_sales,,",
        "BJ-A002,2026-11,,,2,150.00,50.00,0.39,CNY,from_sub_agent,BJ-A003,20.00",
        "BJ-A002,2026-11,,,,,,-1.19,CNY,to_parent,BJ-A001,50.00",
    ];
    assert_eq!(lines[1..], expected);
    let (page, file) = reads(&tree.main, "zh-Hans").await;
    for part in ["下级代理商", "Middle Phones Ltd", "BJ-A002 · 正常销售", "¥1.19", "其中 ¥0.19 来自更下一级"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("Corner Shop Ltd") && !page.contains("BJ-A003"), "{page}");
    assert!(file.contains(",1.00,CNY,from_sub_agent,BJ-A002,50.00") && !file.contains("BJ-A003"), "{file}");
    assert!(file.contains("BJ-A001,2026-11,,,,,,0.19,CNY,through_sub_agent,BJ-A002,50.00"), "{file}");
    let (page, _) = reads(&tree.lowest, "en").await;
    assert!(page.contains("To Middle Phones Ltd") && page.contains("20.00 % of what you earn"), "{page}");
    assert!(!page.contains("Main Cards Ltd"), "{page}");
    let (page, file) = reads(&stranger, "en").await;
    for other in ["Main Cards", "Middle Phones", "Corner Shop", "BJ-A001", "BJ-A002", "BJ-A003", "sub-agents"] {
        assert!(!page.contains(other) && !file.contains(other), "{other}: {page} {file}");
    }
    // The sales themselves are their seller's only, whoever is above him.
    let reader = app.reader("en");
    reader.signs_in_as(&tree.sub).await;
    assert!(reader.gets("/agent").await.text.contains("¥200.00"));
    assert_eq!(reader.gets(&format!("/agent/sales/{}", sold[0])).await.status, 404);
}

#[tokio::test]
async fn the_office_says_who_is_above_whom_by_the_command_line() {
    let app = TestApp::new().await;
    let main = given_agent(&app, "BJ-A001", "Main Cards Ltd", Unit::Cny).await.id.to_string();
    let sub = given_agent(&app, "BJ-A002", "Middle Phones Ltd", Unit::Cny).await.id.to_string();
    let program = Program::on(app.leaves_its_database());
    let share = |share| ["--share", share, "--from", "2026-12"];
    assert_eq!(program.prints(&[&["agent", "parent", &sub, &main][..], &share("12.50")].concat()), "");
    assert!(program.prints(&["agent", "show", &sub]).contains(&format!("from 2026-12  {main}, 12.50 % goes up")));
    let fails = |below: &str, above: &str, part| {
        program.fails(&[&["agent", "parent", below, above][..], &share(part)].concat())
    };
    assert!(fails(&main, &sub, "1").contains("above himself"));
    assert!(fails(&sub, &main, "100.01").contains("100 % at most"));
    program.prints(&["agent", "parent-end", &sub, "--from", "2027-02"]);
    assert!(program.prints(&["agent", "show", &sub]).contains("from 2027-02  none"));
    let none = program.fails(&["agent", "parent-end", &sub, "--from", "2027-02"]);
    assert!(none.contains("no parent from 2027-02 on"), "{none}");
}
