//! Samples of balance, history and "where is my money?".

use super::{DAY, NOW, Sample, date_after, sample};
use crate::web::i18n::time;
use crate::web::view::balance::{BalanceFormPage, BalancePage, HistoryRow, TopUpLink, WhereFormPage, WhereListPage};
use crate::web::view::{Adjustment, Fact, Page, Problems, Tone};

const CARD: &str = "8610 2233 4455 4321";

pub(super) fn samples(page: &Page) -> Result<Vec<Sample>, askama::Error> {
    let form = |problems| BalanceFormPage { page: page.clone(), card: String::new(), problems };
    let wrong = Problems::one("pin", page.t("problem-card-or-pin"));
    let unknown = Problems::one("code", page.t("problem-code-unknown"));
    let find = |problems| WhereFormPage { page: page.clone(), code: String::new(), card: String::new(), problems };
    Ok(vec![
        sample("balance-form", &form(Problems::none()))?,
        sample("balance-form-problem", &BalanceFormPage { card: CARD.to_owned(), ..form(wrong) })?,
        sample("balance", &balance(page))?,
        sample(
            "balance-empty",
            &BalancePage { history: Vec::new(), warning: None, bonuses: Vec::new(), ..balance(page) },
        )?,
        sample("where-form", &find(Problems::none()))?,
        sample("where-form-problem", &find(unknown))?,
        sample("where-list", &list(page, top_ups(page)))?,
        sample("where-list-empty", &list(page, Vec::new()))?,
    ])
}

fn balance(page: &Page) -> BalancePage {
    let row = |days: i64, what, amount: &str, is_gain, balance: &str| HistoryRow {
        when: time::short_date_time(page.words, NOW.saturating_sub(DAY.saturating_mul(days))),
        what: page.t(what),
        amount: amount.to_owned(),
        is_gain,
        balance: balance.to_owned(),
    };
    BalancePage {
        page: page.clone(),
        card_tail: "4321".to_owned(),
        balance: "¥128.40".to_owned(),
        bonuses: vec![Adjustment {
            label: page.t("balance-bonus"),
            amount: "¥10.00".to_owned(),
            note: Some(page.t_one("balance-bonus-until", "date", date_after(page, 92))),
        }],
        facts: vec![Fact::new(page.t("fact-valid-until"), date_after(page, 9))],
        warning: Some(page.t_one("balance-expires-soon", "date", date_after(page, 9))),
        top_up_url: "/?card=8610223344554321".to_owned(),
        history: vec![
            row(0, "history-top-up", "+¥100.00", true, "¥128.40"),
            row(0, "history-bonus", "+¥10.00", true, "¥10.00"),
            row(31, "history-refund", "−¥50.00", false, "¥28.40"),
            row(31, "history-top-up", "+¥50.00", true, "¥78.40"),
            row(300, "history-opening", "+¥28.40", true, "¥28.40"),
        ],
        newer_url: Some("/balance?page=newer".to_owned()),
        older_url: Some("/balance?page=older".to_owned()),
    }
}

fn list(page: &Page, top_ups: Vec<TopUpLink>) -> WhereListPage {
    WhereListPage { page: page.clone(), card_tail: "4321".to_owned(), top_ups }
}

fn top_ups(page: &Page) -> Vec<TopUpLink> {
    let link = |days: i64, tone, amount: &str, state| TopUpLink {
        url: "/top-ups/sample".to_owned(),
        tone,
        amount: amount.to_owned(),
        state: page.t(state),
        when: time::short_date_time(page.words, NOW.saturating_sub(DAY.saturating_mul(days))),
    };
    vec![
        link(0, Tone::Wait, "¥50.00", "state-waiting"),
        link(1, Tone::Ok, "¥100.00", "state-credited"),
        link(31, Tone::Back, "¥50.00", "state-refunding"),
        link(31, Tone::Ok, "¥50.00", "state-refunded"),
        link(40, Tone::Warn, "¥200.00", "state-review"),
        link(45, Tone::Ended, "¥30.00", "state-abandoned"),
    ]
}
