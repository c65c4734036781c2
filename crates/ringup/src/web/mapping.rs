//! From what the engine knows to what a page shows: money, names, promotions, in the reader's language.

pub(in crate::web) mod rating;

use ringup_core::money::{Amount, Language};
use ringup_core::payment::{Provider, Tender};
use ringup_core::product::{Name, Product};
use ringup_core::purse::PurseKind;
use ringup_core::quote::{AdjustmentKind, Bonus, Deal, Quote};
use ringup_core::time::Timestamp;
use ringup_engine::quote::Offer;

use crate::web::i18n::{Locale, Words, time};
use crate::web::view::{Adjustment, Deadline, QuoteTable};

/// The core's name for the reader's language.
pub(in crate::web) fn language(words: Words) -> Language {
    match words.locale() {
        Locale::En => Language::En,
        Locale::ZhHans => Language::ZhHans,
    }
}

/// `¥100.00`.
pub(in crate::web) fn money(words: Words, amount: Amount) -> String {
    amount.to_text(language(words))
}

/// `¥100`: without decimals that say nothing, where space is short.
pub(in crate::web) fn short_money(words: Words, amount: Amount) -> String {
    let text = money(words, amount);
    text.strip_suffix(".00").map_or(text.clone(), str::to_owned)
}

/// `+¥10.00`.
pub(in crate::web) fn gained(words: Words, amount: Amount) -> String {
    format!("+{}", money(words, amount))
}

/// `−¥5.00`, with a true minus sign.
pub(in crate::web) fn taken_off(words: Words, amount: Amount) -> String {
    format!("−{}", money(words, amount))
}

/// A name in the reader's language.
pub(in crate::web) fn name(words: Words, name: &Name) -> String {
    match words.locale() {
        Locale::En => name.en.clone(),
        Locale::ZhHans => name.zh_hans.clone(),
    }
}

/// The provider's name.
pub(in crate::web) fn provider(words: Words, provider: Provider) -> String {
    match provider {
        Provider::Alipay => words.t("alipay"),
        Provider::WechatPay => words.t("wechat-pay"),
    }
}

/// What was paid with: a provider's name, cash, or a float.
pub(in crate::web) fn tender(words: Words, tender: Tender) -> String {
    match tender {
        Tender::Provider { provider: taker, .. } => provider(words, taker),
        Tender::Purse { kind: PurseKind::Float, .. } => words.t("tender-float"),
        Tender::Purse { kind: PurseKind::TillSession | PurseKind::CashBox | PurseKind::Safe, .. } => {
            words.t("tender-cash")
        }
    }
}

/// The app that pays: people open WeChat, not WeChat Pay.
pub(in crate::web) fn app(words: Words, provider: Provider) -> String {
    match provider {
        Provider::Alipay => words.t("pay-app-alipay"),
        Provider::WechatPay => words.t("pay-app-wechat-pay"),
    }
}

/// Until when, in words and in seconds.
pub(in crate::web) fn deadline(words: Words, until: Timestamp, now: Timestamp) -> Deadline {
    Deadline {
        text: time::moment(words, until.micros(), now.micros()),
        iso: time::iso(until.micros()),
        seconds_left: u64::try_from(until.since(now).as_seconds()).unwrap_or(0),
    }
}

/// A bonus with the date to use it by, counted from the credit.
pub(in crate::web) fn bonus(words: Words, label: String, bonus: &Bonus, credited_at: Timestamp) -> Adjustment {
    let date = time::date(words, credited_at.plus(bonus.lasts).micros());
    Adjustment { label, amount: gained(words, bonus.amount), note: Some(words.t_one("quote-use-by", "date", date)) }
}

/// What a quote costs and gives.
pub(in crate::web) fn quote_table(words: Words, quote: &Quote, now: Timestamp) -> QuoteTable {
    let of_kind = |kind| quote.adjustments.iter().filter(move |adjustment| adjustment.kind == kind);
    let discounts = of_kind(AdjustmentKind::Discount).map(|adjustment| Adjustment {
        label: name(words, &adjustment.name),
        amount: taken_off(words, adjustment.amount),
        note: None,
    });
    let bonuses = of_kind(AdjustmentKind::Bonus)
        .zip(&quote.bonus)
        .map(|(adjustment, given)| bonus(words, name(words, &adjustment.name), given, now));
    QuoteTable {
        amount: money(words, quote.card_gets),
        discounts: discounts.collect(),
        pays: money(words, quote.you_pay),
        gets: money(words, quote.card_gets),
        bonuses: bonuses.collect(),
        arrives: words.t("quote-at-once"),
        valid_until: Some(time::date(words, quote.card_valid_until.micros())),
    }
}

/// What stands on the tile under the amount.
pub(in crate::web) fn on_tile(words: Words, deal: &Deal<'_>) -> Option<String> {
    if deal.discount.is_some() {
        return Some(words.t_one("tile-pays", "amount", short_money(words, deal.you_pay)));
    }
    let (_, bonus) = deal.bonus?;
    Some(words.t_one("tile-bonus", "amount", short_money(words, bonus.amount)))
}

/// The quote table, as far as it is known without a card.
pub(in crate::web) fn table_without_card(words: Words, deal: &Deal<'_>, amount: Amount, now: Timestamp) -> QuoteTable {
    let discount = deal.discount.map(|(promotion, off)| Adjustment {
        label: name(words, &promotion.name),
        amount: taken_off(words, off),
        note: None,
    });
    let given = deal.bonus.map(|(promotion, given)| bonus(words, name(words, &promotion.name), &given, now));
    QuoteTable {
        amount: money(words, amount),
        discounts: discount.into_iter().collect(),
        pays: money(words, deal.you_pay),
        gets: money(words, amount),
        bonuses: given.into_iter().collect(),
        arrives: words.t("quote-at-once"),
        valid_until: None,
    }
}

/// The offer for a card by the digits that are typed of its number so far, else the first. Reads no card, so it tells
/// nothing about any.
pub(in crate::web) fn offer_for<'a>(offers: &'a [Offer], typed: &str) -> Option<&'a Offer> {
    certain_offer_for(offers, typed).or_else(|| offers.first())
}

/// The offer for a card, once it is certain which one it is: by the digits typed so far, or because there is no other.
/// Only then may a promotion be promised.
pub(in crate::web) fn certain_offer_for<'a>(offers: &'a [Offer], typed: &str) -> Option<&'a Offer> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let fits = |product: &Product| !digits.is_empty() && digits.starts_with(&product.format.prefix);
    match offers {
        [only] => Some(only),
        several => several.iter().find(|offer| fits(&offer.product)),
    }
}

#[cfg(test)]
mod tests;
