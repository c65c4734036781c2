use super::super::locales;
use super::{keeps, places};

const EN: &str = "crates/ringup/locales/en/portal.ftl";
const ZH: &str = "crates/ringup/locales/zh-Hans/portal.ftl";
const PAGE: &str = "crates/ringup/templates/top_up.html";
const CODE: &str = "crates/ringup/src/web/view.rs";

#[test]
fn a_key_of_one_language_only_is_a_finding() {
    let rule = locales::all_locales_hold_the_same_keys;
    let (en, zh) = ((EN, "# words\npay = Pay\nreceipt =\n    Receipt = proof\n"), (ZH, "pay = 支付\n"));
    assert_eq!(places(rule, &[en, zh]), [format!("{EN}:3")]);
    keeps(rule, &[en, (ZH, "receipt = 凭证\npay = 支付\n")]);
    assert_eq!(places(rule, &[(EN, "pay = Pay\n"), (ZH, "pay = 支付\ncard = 卡\n")]), [format!("{ZH}:2")]);
}

#[test]
fn a_key_that_stands_twice_is_a_finding() {
    let rule = locales::all_locales_hold_the_same_keys;
    assert_eq!(places(rule, &[(EN, "pay = Pay\npay = Pay now\n"), (ZH, "pay = 支付\n")]), [format!("{EN}:1")]);
}

#[test]
fn a_key_that_nothing_uses_is_a_finding() {
    let rule = locales::each_key_is_used;
    let words = (EN, "pay = Pay { -brand }\n-brand = Ringup\nlost = Lost\n");
    assert_eq!(places(rule, &[words, (PAGE, "{{ words.t(\"pay\") }}")]), [format!("{EN}:3")]);
    keeps(rule, &[words, (PAGE, "{{ words.t(\"pay\") }}"), (CODE, "const KEY: &str = \"lost\";")]);
}

#[test]
fn keys_made_at_run_time_are_used_when_a_comment_says_so() {
    let rule = locales::each_key_is_used;
    let words = (EN, "refusal-card-expired = This card has expired.\n");
    keeps(rule, &[words, (CODE, "// locale keys: refusal-*\nlet key = format!(\"refusal-{code}\");")]);
    assert_eq!(places(rule, &[words, (CODE, "let key = format!(\"refusal-{code}\");")]).len(), 1);
}

#[test]
fn a_key_that_no_language_knows_is_a_finding() {
    let rule = locales::each_used_key_exists;
    let words = (EN, "pay = Pay\n");
    assert_eq!(places(rule, &[words, (PAGE, "<p>\n{{ words.t(\"pya\") }}")]), [format!("{PAGE}:2")]);
    assert_eq!(places(rule, &[words, (CODE, "words.t_with(\"pya\", &[])")]), [format!("{CODE}:1")]);
    keeps(
        rule,
        &[words, (PAGE, "{{ words.t(\"pay\") }}"), (CODE, "insert(\"pya\"); words.t(\"made-{x}\"); // t(\"pya\")")],
    );
}
