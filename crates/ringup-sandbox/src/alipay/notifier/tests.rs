use crate::crypto::VerifyingKey;
use crate::keys::DemoKeys;
use crate::{china_time, urlencoded};

use super::*;

fn order(paid_minor: u64) -> PaidOrder<'static> {
    let at = china_time::parse_plain("2026-11-23 14:02:09").unwrap();
    PaidOrder { out_trade_no: "pay0D5K", trade_no: "2026112322001", paid_minor, paid_at: at, notified_at: at }
}

fn is_signed_by(body: &str, public_key: &str) -> bool {
    let mut fields = urlencoded::decode(body).unwrap();
    fields.sort();
    let sign = fields.iter().find(|(name, _)| name == "sign").unwrap().1.clone();
    let signed = fields.iter().filter(|(name, _)| !matches!(name.as_str(), "sign" | "sign_type"));
    let text = signed.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
    VerifyingKey::from_pem(public_key).unwrap().verifies(text.as_bytes(), &sign)
}

#[test]
fn a_notification_bears_the_platforms_signature_and_a_forgers_does_not() {
    let keys = DemoKeys::generate().unwrap().alipay;
    let genuine = AlipayNotifier::new(&keys).unwrap().paid("http://ours".to_owned(), &order(9_500));
    assert!(is_signed_by(&genuine.body, &keys.platform_public_key));
    assert!(genuine.body.contains("total_amount=95.00"));
    assert!(genuine.body.contains("gmt_payment=2026-11-23+14%3A02%3A09"));
    let forged = AlipayNotifier::forger(&keys).unwrap().paid("http://ours".to_owned(), &order(9_500));
    assert!(!is_signed_by(&forged.body, &keys.platform_public_key));
}
