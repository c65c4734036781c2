//! What of commission goes between an agent, his parent and his sub-agents, on his statement and in its file.

use ringup_core::commission::Month;
use ringup_core::money::{Amount, BasisPoints, Unit};
use ringup_core::place::PlaceCode;
use ringup_engine::agent::{FromBelow, GoneUp, Standing, Statement};

use super::commission::minor;
use crate::web::i18n::Words;
use crate::web::view::sub_agent::{GoneUpRow, SharesPanel, SubAgentRow};

/// What an agent's commission is made of; nothing when he is alone.
pub(super) fn shares(words: Words, statement: &Statement) -> Option<SharesPanel> {
    let unit = statement.own.unit;
    let came_up = statement.from_below.iter().map(came_up_minor).fold(0, u64::saturating_add);
    let from_below = (!statement.from_below.is_empty()).then(|| amount(words, unit, came_up));
    let gone_up = statement.gone_up.as_ref().map(|gone_up| gone_up_row(words, unit, gone_up));
    if from_below.is_none() && gone_up.is_none() {
        return None;
    }
    Some(SharesPanel { own: amount(words, unit, statement.own.earned_minor), from_below, gone_up })
}

fn gone_up_row(words: Words, unit: Unit, gone_up: &GoneUp) -> GoneUpRow {
    let below_zero = i64::try_from(gone_up.minor).unwrap_or(i64::MAX).saturating_neg();
    let share = words.t_one("sub-agent-goes-up", "share", percent(gone_up.share));
    GoneUpRow {
        parent: gone_up.company.clone(),
        terms: joined(gone_up.code.as_ref(), &share),
        amount: minor(words, unit, below_zero),
    }
}

/// A sub-agent, seen from above.
pub(super) fn row(words: Words, unit: Unit, below: &FromBelow) -> SubAgentRow {
    let state = match below.standing {
        Standing::Approved => "sub-agent-approved",
        Standing::Suspended => "sub-agent-suspended",
        Standing::Expired => "sub-agent-expired",
        Standing::Applied => "sub-agent-applied",
    };
    let sales = words.t_count("sub-agent-sales", "count", below.sales);
    let [sold, reversed] = [below.sold_minor, below.reversed_minor].map(|figure| amount(words, unit, figure));
    let things = [("sales", sales.as_str()), ("sold", sold.as_str()), ("reversed", reversed.as_str())];
    let through = (below.through_minor > 0).then(|| amount(words, unit, below.through_minor));
    SubAgentRow {
        name: below.company.clone(),
        state: joined(below.code.as_ref(), &words.t(state)),
        sold: words.t_with(if below.reversed_minor == 0 { "sub-agent-sold" } else { "sub-agent-sold-net" }, &things),
        terms: words.t_one("sub-agent-comes-up", "share", percent(below.share)),
        came_up: amount(words, unit, came_up_minor(below)),
        through: through.map(|amount| words.t_one("sub-agent-through", "amount", amount)),
    }
}

/// The lines of the file, after those of the agent's own sales: the column `earned` of all lines comes to what he earned.
pub(super) fn csv(statement: &Statement, code: &PlaceCode, month: Month) -> String {
    let unit = statement.own.unit;
    let decimal = |minor: u64| Amount::new(minor, unit).map(|amount| amount.to_decimal()).unwrap_or_default();
    let mut text = String::new();
    let party = |code: Option<&PlaceCode>| code.map(ToString::to_string).unwrap_or_default();
    for below in &statement.from_below {
        let (who, share) = (party(below.code.as_ref()), percent(below.share));
        let sold = format!("{},{},{}", below.sales, decimal(below.sold_minor), decimal(below.reversed_minor));
        let by_sales = decimal(below.by_sales_minor);
        text.push_str(&format!("{code},{month},,,{sold},{by_sales},{},from_sub_agent,{who},{share}\r\n", unit.code()));
        if below.through_minor > 0 {
            let through = decimal(below.through_minor);
            text.push_str(&format!(
                "{code},{month},,,,,,{through},{},through_sub_agent,{who},{share}\r\n",
                unit.code()
            ));
        }
    }
    if let Some(gone_up) = &statement.gone_up {
        let (who, share) = (party(gone_up.code.as_ref()), percent(gone_up.share));
        let sign = if gone_up.minor == 0 { "" } else { "-" };
        let minor = decimal(gone_up.minor);
        text.push_str(&format!("{code},{month},,,,,,{sign}{minor},{},to_parent,{who},{share}\r\n", unit.code()));
    }
    text
}

/// Hundredths of a per cent as a per cent with two decimals.
pub(super) fn percent(share: BasisPoints) -> String {
    format!("{}.{:02}", share.0 / 100, share.0 % 100)
}

fn came_up_minor(below: &FromBelow) -> u64 {
    below.by_sales_minor.saturating_add(below.through_minor)
}

fn joined(code: Option<&PlaceCode>, words: &str) -> String {
    code.map_or_else(|| words.to_owned(), |code| format!("{code} · {words}"))
}

fn amount(words: Words, unit: Unit, figure: u64) -> String {
    minor(words, unit, i64::try_from(figure).unwrap_or(i64::MAX))
}
