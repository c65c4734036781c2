//! Writes the page on which the payer's app shows a payment code.

use std::fmt::Write as _;

use crate::{
    order::Provider,
    phone::{
        page::{document, escape},
        words::Language,
    },
    urlencoded,
};

/// Everything that the page needs.
pub struct Wallet {
    pub language: Language,
    pub provider: Provider,
    /// The code that was just asked for.
    pub code: Option<String>,
    /// The payments that wait for this payer to confirm, by the merchant's numbers.
    pub waiting: Vec<String>,
}

/// The page.
pub fn page(wallet: &Wallet) -> String {
    let words = wallet.language.words();
    let lang = wallet.language.code();
    let mut body = format!("<h1>{}</h1><p class=\"hint\">{}</p>", words.code_title, words.code_hint);
    if let Some(code) = &wallet.code {
        let groups: Vec<&str> =
            code.as_bytes().chunks(4).map(|group| std::str::from_utf8(group).unwrap_or("")).collect();
        let _ = write!(body, "<p class=\"code number\">{}</p>", escape(&groups.join(" ")));
    }
    let _ = write!(
        body,
        "<form method=\"post\" action=\"?lang={lang}\">\
         <button class=\"button primary\" name=\"payer\" value=\"pays_at_once\">{}</button>\
         <button class=\"button\" name=\"payer\" value=\"must_confirm\">{}</button>\
         <button class=\"button\" name=\"payer\" value=\"lacks_money\">{}</button></form>",
        words.code_pays, words.code_confirms, words.code_lacks
    );
    for out_trade_no in &wallet.waiting {
        let address =
            format!("/_sandbox/phone/{}/{}?lang={lang}", wallet.provider.name(), urlencoded::encode_part(out_trade_no));
        let (address, number) = (escape(&address), escape(out_trade_no));
        let _ = write!(body, "<p><a class=\"button\" href=\"{address}\">{} {number}</a></p>", words.code_confirm);
    }
    let other = wallet.language.other();
    let switch =
        format!("<a class=\"language\" href=\"?lang={0}\" lang=\"{0}\">{1}</a>", other.code(), other.words().own_name);
    document(wallet.language, words.provider(wallet.provider), words.code_title, &body, &switch)
}
