//! Writes the phone's page. Everything that comes from a request is escaped.

use std::fmt::Write as _;

use crate::{
    money::yuan,
    order::{Order, Provider},
    phone::words::{Language, Words},
};

/// What the phone shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Pay, decline, leave.
    Asking,
    /// The money has gone.
    Paid,
    /// The bank or the payer said no; it can be tried again.
    Declined,
    /// The payer left it.
    Left,
    /// The merchant or the time closed it.
    Closed,
    /// The code was too old.
    Expired,
    /// No such order.
    Unknown,
}

/// Everything that the page needs.
pub struct Shown {
    pub language: Language,
    pub screen: Screen,
    pub provider: Provider,
    pub merchant: String,
    pub order: Option<Order>,
    /// Where the merchant waits for the payer.
    pub back: Option<String>,
    /// The query to keep.
    pub carried: String,
}

/// The page.
pub fn page(shown: &Shown) -> String {
    let words = shown.language.words();
    let (mark, title, hint) = heading(shown.screen, words);
    let mut body = format!("<h1>{mark}{title}</h1>");
    if !hint.is_empty() {
        let _ = write!(body, "<p class=\"hint\">{hint}</p>");
    }
    if let Some(order) = &shown.order {
        order_part(&mut body, shown, order, words);
    }
    let back = shown.back.as_deref().filter(|_| shown.screen != Screen::Asking);
    if let Some(url) = back {
        let class = if shown.screen == Screen::Paid { "button primary" } else { "button" };
        let _ = write!(body, "<p><a class=\"{class}\" href=\"{}\">{}</a></p>", escape(url), words.back);
    }
    let other = shown.language.other();
    let switch = format!(
        "<a class=\"language\" href=\"?{}\" lang=\"{}\">{}</a>",
        escape(&shown.carried.replacen(shown.language.code(), other.code(), 1)),
        other.code(),
        other.words().own_name
    );
    document(shown.language, words.provider(shown.provider), title, &body, &switch)
}

/// What a payer sees when the merchant's request was wrong.
pub fn error_page(code: &str, message: &str) -> String {
    let words = Language::Chinese.words();
    let body = format!("<h1>{}</h1><p class=\"hint\"><code>{}</code></p>", escape(message), escape(code));
    document(Language::Chinese, words.alipay, code, &body, "")
}

fn heading(screen: Screen, words: &Words) -> (&'static str, &'static str, &'static str) {
    match screen {
        Screen::Asking => ("", words.asking, ""),
        Screen::Paid => (PAID_MARK, words.paid, words.paid_hint),
        Screen::Declined => (STOP_MARK, words.declined, words.declined_hint),
        Screen::Left => ("", words.left, words.left_hint),
        Screen::Closed => (STOP_MARK, words.closed, words.closed_hint),
        Screen::Expired => (STOP_MARK, words.expired, words.expired_hint),
        Screen::Unknown => (STOP_MARK, words.unknown, words.unknown_hint),
    }
}

fn order_part(body: &mut String, shown: &Shown, order: &Order, words: &Words) {
    let amount = if shown.screen == Screen::Paid { order.amount_minor() } else { order.request.total_minor };
    let amount = format!("¥{}", yuan(amount));
    let _ = write!(
        body,
        "<p class=\"amount\">{amount}</p><dl><div><dt>{}</dt><dd>{}</dd></div><div><dt>{}</dt><dd>{}</dd></div>\
         <div><dt>{}</dt><dd class=\"number\">{}</dd></div></dl>",
        words.merchant,
        escape(&shown.merchant),
        words.description,
        escape(&order.request.description),
        words.number,
        escape(&order.request.out_trade_no),
    );
    let form = format!("<form method=\"post\" action=\"?{}\">", escape(&shown.carried));
    match shown.screen {
        Screen::Asking => {
            let _ = write!(
                body,
                "{form}<button class=\"button primary\" name=\"act\" value=\"pay\">{} {amount}</button>\
                 <div class=\"pair\"><button class=\"button\" name=\"act\" value=\"decline\">{}</button>\
                 <button class=\"button\" name=\"act\" value=\"nothing\">{}</button></div></form>",
                words.pay, words.decline, words.leave
            );
        }
        Screen::Declined | Screen::Left => {
            let again = escape(&shown.carried);
            let _ = write!(body, "<p><a class=\"button primary\" href=\"?{again}\">{}</a></p>", words.again);
        }
        Screen::Paid | Screen::Closed | Screen::Expired | Screen::Unknown => {}
    }
}

/// A whole page around a body.
pub fn document(language: Language, provider: &str, title: &str, body: &str, switch: &str) -> String {
    let words = language.words();
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{} · {provider}</title>\n\
         <link rel=\"stylesheet\" href=\"/_sandbox/phone.css\">\n<link rel=\"icon\" href=\"data:,\">\n</head>\n<body>\n\
         <header><p class=\"provider\">{provider} <span class=\"badge\">{}</span></p>{switch}</header>\n\
         <main>{body}</main>\n<footer><p>{}</p></footer>\n</body>\n</html>\n",
        language.code(),
        escape(title),
        words.badge,
        words.footer,
    )
}

const PAID_MARK: &str = "<svg class=\"mark ok\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><circle cx=\"12\" cy=\"12\" r=\"10\"/>\
    <path d=\"m7.5 12.5 3 3 6-6.5\"/></svg>";
const STOP_MARK: &str = "<svg class=\"mark stop\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><circle cx=\"12\" cy=\"12\" r=\"10\"/>\
    <path d=\"M12 7v6.5M12 16.5v.5\"/></svg>";

/// Text for HTML, inside and outside attributes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
