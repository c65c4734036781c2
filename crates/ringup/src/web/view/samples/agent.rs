//! Samples of agents' pages.

mod list;

use super::{DAY, NOW, Sample, date_after, quote, sample, tiles};
use crate::web::i18n::{Locale, time};
use crate::web::qr;
use crate::web::view::agent::{
    AgentHead, AppliedPage, ApplyPage, BoughtRow, CheckPage, CommissionPage, CommissionRow, FloatPage, FloatPanel,
    HomePage, PayPart, PublicAgent, PublicPage, PurchasePage, SalePage, SaleRow, SignInPage,
};
use crate::web::view::sub_agent::{GoneUpRow, SharesPanel, SubAgentRow};
use crate::web::view::top_up::ProviderChoice;
use crate::web::view::{Deadline, Fact, Live, Page, Problems, QuoteTable, Tone};

pub(super) fn samples(page: &Page) -> Result<Vec<Sample>, askama::Error> {
    let wrong = Problems::one("agent", page.t("problem-agent-wrong"));
    let mut incomplete = Problems::one("licence_last_day", page.t("problem-apply-last-day"));
    incomplete.add("documents", page.t("problem-apply-document-kind"));
    let uncovered = Problems::one("sell", page.t_one("problem-float-insufficient", "amount", "¥38.00"));
    let mistyped = Problems::one("card", page.t("problem-card-mistyped"));
    let another = page.words.t_with("another-heading", &[("amount", "¥100.00"), ("time", "14:01")]);
    let mut samples = list::samples(page)?;
    samples.extend([
        sample("agent-sign-in", &sign_in(page))?,
        sample("agent-sign-in-problem", &SignInPage { problems: wrong, locked: true, ..sign_in(page) })?,
        sample("agent-apply", &apply(page))?,
        sample("agent-apply-problem", &ApplyPage { problems: incomplete, ..apply(page) })?,
        sample("agent-applied", &AppliedPage { page: page.clone(), number: "agt_06YDY1H01SG8G1".to_owned() })?,
        sample("agent-home", &home(page))?,
        sample("agent-home-low", &HomePage { head: head(page, true), float: float(true), ..home(page) })?,
        sample("agent-home-expired", &HomePage { not_selling: Some(page.t("agent-expired")), ..home(page) })?,
        sample("agent-home-problem", &HomePage { problems: mistyped, sales: Vec::new(), ..home(page) })?,
        sample("agent-check", &check(page))?,
        sample("agent-check-another", &CheckPage { another: Some(another), ..check(page) })?,
        sample("agent-check-uncovered", &CheckPage { left: None, problems: uncovered, ..check(page) })?,
        sample("agent-sale", &sale(page))?,
        sample("agent-public", &public(page, Tone::Ok, "public-agent-licensed", "public-agent-licensed-lead"))?,
        sample("agent-public-expired", &public(page, Tone::Warn, "public-agent-expired", "public-agent-not-lead"))?,
        sample(
            "agent-public-unknown",
            &PublicPage {
                agent: None,
                ..public(page, Tone::Warn, "public-agent-unknown", "public-agent-unknown-lead")
            },
        )?,
        sample("agent-commission", &commission(page))?,
        sample("agent-commission-shared", &shared(page))?,
        sample("agent-commission-none", &CommissionPage { rows: Vec::new(), next_url: None, ..commission(page) })?,
        sample("agent-float", &float_page(page))?,
        sample("agent-float-empty", &FloatPage { bought: Vec::new(), float: float(true), ..float_page(page) })?,
        sample("agent-purchase-pay", &purchase(page, true))?,
        sample("agent-purchase-done", &purchase(page, false))?,
    ]);
    Ok(samples)
}

pub(super) fn head(page: &Page, is_low: bool) -> AgentHead {
    let name = match page.words.locale() {
        Locale::En => "Lucky Phone Shop, Zhongguancun East Road",
        Locale::ZhHans => "吉祥通讯店（中关村东路）",
    };
    let available = if is_low { "¥38.00" } else { "¥12,480.00" };
    AgentHead {
        name: name.to_owned(),
        code: "BJ-A001".to_owned(),
        person: "Wang Li".to_owned(),
        available: available.to_owned(),
        is_low,
    }
}

fn float(is_low: bool) -> FloatPanel {
    let (available, balance) = if is_low { ("¥38.00", "−¥4,962.00") } else { ("¥12,480.00", "¥7,480.00") };
    FloatPanel {
        available: available.to_owned(),
        balance: balance.to_owned(),
        credit_limit: Some("¥5,000.00".to_owned()),
        is_low,
    }
}

fn sign_in(page: &Page) -> SignInPage {
    let (agent, number) = ("BJ-A001".to_owned(), "01".to_owned());
    SignInPage { page: page.clone(), agent, number, locked: false, problems: Problems::none() }
}

fn apply(page: &Page) -> ApplyPage {
    ApplyPage {
        page: page.clone(),
        company: "Lucky Phone Shop Ltd".to_owned(),
        registration: "91110108MA01".to_owned(),
        name: "Wang Li".to_owned(),
        email: "wang@example.com".to_owned(),
        phone: "+86 10 5555 0100".to_owned(),
        licence_number: String::new(),
        licence_issuer: String::new(),
        licence_last_day: String::new(),
        time_zone: "Asia/Shanghai".to_owned(),
        problems: Problems::none(),
    }
}

fn home(page: &Page) -> HomePage {
    let row = |minutes: i64, tail: &str, amount: &str, tone, state| SaleRow {
        when: time::short_date_time(page.words, NOW.saturating_sub(minutes.saturating_mul(60_000_000))),
        card_tail: tail.to_owned(),
        amount: amount.to_owned(),
        paid: amount.to_owned(),
        tone,
        state: page.t(state),
        url: "/agent/sales/sample".to_owned(),
        repeat_url: "/agent?repeat=sample".to_owned(),
    };
    HomePage {
        page: page.clone(),
        head: head(page, false),
        float: float(false),
        not_selling: None,
        card: "8610 2233 4455 4321".to_owned(),
        tiles: tiles(page, "100.00"),
        other: Some(String::new()),
        sign: "¥".to_owned(),
        sales: vec![
            row(2, "4321", "¥100.00", Tone::Ok, "state-credited"),
            row(34, "9907", "¥50.00", Tone::Back, "agent-sale-undone"),
            row(1_500, "0018", "¥500.00", Tone::Ok, "state-credited"),
        ],
        problems: Problems::none(),
    }
}

fn check(page: &Page) -> CheckPage {
    CheckPage {
        page: page.clone(),
        head: head(page, false),
        card: "8610 2233 4455 4321".to_owned(),
        quote: QuoteTable { arrives: page.t("till-at-once"), ..quote(page) },
        left: Some("¥12,385.00".to_owned()),
        quote_token: "sample".to_owned(),
        idempotency_key: "sample-key".to_owned(),
        another: None,
        problems: Problems::none(),
    }
}

fn sale(page: &Page) -> SalePage {
    let facts = vec![
        Fact::new(page.t("fact-card"), "···· 4321".to_owned()),
        Fact::new(page.t("fact-got"), "¥100.00".to_owned()),
        Fact::new(page.t("agent-from-float"), "¥95.00".to_owned()),
        Fact::new(page.t("fact-time"), time::date_time(page.words, NOW)),
        Fact::code(page.t("fact-receipt-number"), "BJ-A001-000041".to_owned()),
        Fact::code(page.t("fact-code"), "4RV2 RACR PD6W 0C6T TKCS AGVT XN".to_owned()),
    ];
    SalePage {
        page: page.clone(),
        head: head(page, false),
        tone: Tone::Ok,
        heading: page.words.t_with("credited-heading", &[("amount", "¥100.00"), ("tail", "4321")]),
        facts,
        qr: qr::svg("https://ringup.example/top-ups/4RV2RACRPD6W0C6TTKCSAGVTXN", "QR").unwrap_or_default(),
        receipt_url: Some("/receipts/sample".to_owned()),
        repeat_url: "/agent?repeat=sample".to_owned(),
    }
}

fn float_page(page: &Page) -> FloatPage {
    let row = |days: i64, how: &str, amount: &str, is_on_float| BoughtRow {
        when: time::short_date_time(page.words, NOW.saturating_sub(DAY.saturating_mul(days))),
        how: how.to_owned(),
        amount: amount.to_owned(),
        is_on_float,
        state: page.t(if is_on_float { "purchase-on-float" } else { "state-abandoned" }),
        url: (!how.starts_with("ICBC")).then(|| "/agent/float/purchases/sample".to_owned()),
    };
    let provider = |value: &'static str, name: &str, note: &str, chosen| ProviderChoice {
        value,
        name: page.t(name),
        note: page.t(note),
        chosen,
    };
    FloatPage {
        page: page.clone(),
        head: head(page, false),
        float: float(false),
        alert_below: Some("¥1,000.00".to_owned()),
        amount: String::new(),
        sign: "¥".to_owned(),
        providers: vec![
            provider("alipay", "alipay", "provider-alipay-note", true),
            provider("wechat_pay", "wechat-pay", "provider-wechat-pay-note", false),
        ],
        idempotency_key: "sample-key".to_owned(),
        bought: vec![
            row(0, &page.t("wechat-pay"), "+¥2,000.00", true),
            row(1, "ICBC 2026112100077812", "+¥10,000.00", true),
            row(3, &page.t("alipay"), "¥500.00", false),
            row(30, "ICBC 2026102300011904", "+¥5,000.00", true),
        ],
        problems: Problems::none(),
    }
}

fn purchase(page: &Page, waits: bool) -> PurchasePage {
    let (words, provider, amount) = (page.words, page.t("wechat-pay"), "¥2,000.00");
    let app = page.t("pay-app-wechat-pay");
    let scan_with = page.t_one("pay-scan-with", "app", &app);
    let pay = PayPart {
        amount: amount.to_owned(),
        qr: qr::svg("weixin://wxpay/bizpayurl?pr=sample", &scan_with).ok(),
        scan_with,
        app_url: None,
        open_app: String::new(),
        deadline: Deadline { text: "14:17".to_owned(), iso: "2026-11-22T14:17:00+08:00".to_owned(), seconds_left: 840 },
        lines: vec![
            page.t_one("pay-line-open", "app", &app),
            page.t_one("pay-line-confirm", "amount", amount),
            page.t("purchase-line-stay"),
        ],
    };
    let live = Live { url: "/status".to_owned(), look_url: "/look".to_owned() };
    let done = page.t_one("purchase-on-float-heading", "amount", amount);
    PurchasePage {
        page: page.clone(),
        head: head(page, false),
        tone: Tone::Ok,
        heading: if waits { page.t_one("pay-with", "provider", &provider) } else { done },
        lead: None,
        pay: waits.then_some(pay),
        looked: None,
        live: waits.then_some(live),
        facts: vec![
            Fact::new(page.t("purchase-amount"), amount.to_owned()),
            Fact::new(page.t("fact-with"), provider),
            Fact::new(page.t("purchase-ordered"), time::short_date_time(words, NOW)),
            Fact::code(page.t("purchase-number"), "flo_06YDY1H01SG8G1".to_owned()),
        ],
    }
}

fn public(page: &Page, tone: Tone, heading: &str, lead: &str) -> PublicPage {
    let facts = vec![
        Fact::new(page.t("public-agent-company"), "Lucky Phone Shop Ltd".to_owned()),
        Fact::new(page.t("public-agent-licence"), "京A-0007".to_owned()),
        Fact::new(page.t("apply-licence-issuer"), "Beijing Communications Administration".to_owned()),
        Fact::new(page.t("public-agent-since"), date_after(page, -300)),
        Fact::new(page.t("public-agent-until"), date_after(page, 65)),
        Fact::code(page.t("agent-code"), "BJ-A001".to_owned()),
    ];
    let agent = PublicAgent {
        name: head(page, false).name,
        facts,
        qr: qr::svg("https://ringup.example/agents/BJ-A001", "QR").unwrap_or_default(),
        address: "ringup.example/agents/BJ-A001".to_owned(),
        code: "BJ-A001".to_owned(),
        board: super::rating::board(page),
    };
    PublicPage { page: page.clone(), tone, heading: page.t(heading), lead: page.t(lead), agent: Some(agent) }
}

fn commission(page: &Page) -> CommissionPage {
    let words = page.words;
    let tier = |rate: &str, amount: &str| words.t_with("commission-tier", &[("rate", rate), ("amount", amount)]);
    let and = words.t("commission-and");
    let row = CommissionRow {
        product: "Ringup 100".to_owned(),
        terms: format!(
            "{}{}{and}{}",
            words.t("commission-per-month"),
            tier("1.50", "¥0.00"),
            tier("2.00", "¥10,000.00")
        ),
        sales: "214".to_owned(),
        sold: "¥18,420.00".to_owned(),
        reversed: "¥150.00".to_owned(),
        earned: "¥315.40".to_owned(),
    };
    CommissionPage {
        page: page.clone(),
        head: head(page, false),
        month: match words.locale() {
            Locale::En => "October 2026".to_owned(),
            Locale::ZhHans => "2026年10月".to_owned(),
        },
        note: words.t("commission-booked"),
        earned: "¥315.40".to_owned(),
        shares: None,
        rows: vec![row],
        sub_agents: Vec::new(),
        payable: "−¥2.25".to_owned(),
        paid: "¥1,204.65".to_owned(),
        previous_url: "/agent/commission?month=2026-09".to_owned(),
        next_url: Some("/agent/commission?month=2026-11".to_owned()),
        csv_url: "/agent/commission/2026-10.csv".to_owned(),
        pdf_url: Some("/agent/commission/2026-10.pdf".to_owned()),
    }
}

/// In the middle of three levels.
fn shared(page: &Page) -> CommissionPage {
    let words = page.words;
    let row = |name: &str, (code, state): (&str, &str), sold: String, came_up: &str| SubAgentRow {
        name: name.to_owned(),
        state: format!("{code} · {}", words.t(state)),
        sold,
        terms: words.t_one("sub-agent-comes-up", "share", "20.00"),
        came_up: came_up.to_owned(),
        through: None,
    };
    let sales = |count: u64| words.t_count("sub-agent-sales", "count", count);
    let (many, one) = (sales(96), sales(1));
    let much = [("sales", many.as_str()), ("sold", "¥6,240.00"), ("reversed", "¥50.00")];
    let sub_agents = vec![
        SubAgentRow {
            through: Some(words.t_one("sub-agent-through", "amount", "¥4.10")),
            ..row(
                "Harbour Street Phones Ltd",
                ("BJ-A014", "sub-agent-approved"),
                words.t_with("sub-agent-sold-net", &much),
                "¥22.67",
            )
        },
        row(
            "海淀便民通讯有限公司",
            ("BJ-A022", "sub-agent-suspended"),
            words.t_with("sub-agent-sold", &[("sales", &one), ("sold", "¥100.00")]),
            "¥0.30",
        ),
    ];
    let gone_up = GoneUpRow {
        parent: "Northern Cards Holding Ltd".to_owned(),
        terms: format!("BJ-A002 · {}", words.t_one("sub-agent-goes-up", "share", "10.00")),
        amount: "−¥33.83".to_owned(),
    };
    let shares =
        SharesPanel { own: "¥315.40".to_owned(), from_below: Some("¥22.97".to_owned()), gone_up: Some(gone_up) };
    CommissionPage { earned: "¥304.54".to_owned(), shares: Some(shares), sub_agents, ..commission(page) }
}
