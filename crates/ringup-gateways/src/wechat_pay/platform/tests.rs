use ringup_core::time::Span;

use super::*;
use crate::config::{PlatformPublicKey, WechatPayConfig};
use crate::notification::{IncomingNotification, NotificationError};
use crate::support::{
    FORGERS, NOW, PUBLIC_KEY_ID, TestKey, WECHAT_PAYS, certificate, wechat_pay_config, wechat_pay_encrypts,
    wechat_pay_signs,
};
use crate::wechat_pay::read_notification;

const SERIAL: u64 = 0x0ABC_DEF0_1234_5678;
const SERIAL_TEXT: &str = "0ABCDEF012345678";

fn wechat_pay(platform_keys: PlatformKeys) -> WechatPay {
    WechatPay::new(&WechatPayConfig { platform_keys, ..wechat_pay_config() }).unwrap()
}

fn signed(body: &str, serial: &str, key: &TestKey) -> HttpResponse {
    let mut headers = wechat_pay_signs(body, NOW, key);
    headers[3].1 = serial.to_owned();
    HttpResponse { status: 200, headers, body: body.as_bytes().to_vec() }
}

/// A list of one certificate, after the example in
/// <https://pay.weixin.qq.com/wiki/doc/apiv3/apis/wechatpay5_1.shtml>.
fn listed(serial: &str, expire_time: &str, key: &TestKey) -> String {
    let encrypted = wechat_pay_encrypts(&certificate(key, SERIAL), "certificate");
    format!(
        r#"{{"data":[{{"serial_no":"{serial}","effective_time":"2026-01-01T00:00:00+08:00","expire_time":"{expire_time}","encrypt_certificate":{encrypted}}}]}}"#
    )
}

const LATER: &str = "2031-01-01T00:00:00+08:00";

/// Whether something signed with this key, under this name, is believed.
fn believes(wechat_pay: &WechatPay, serial: &str, key: &TestKey) -> bool {
    let resource = wechat_pay_encrypts("{}", "");
    let body = format!(r#"{{"event_type":"X","resource":{resource}}}"#);
    let HttpResponse { headers, body, .. } = signed(&body, serial, key);
    let read = read_notification(wechat_pay, &IncomingNotification { headers: &headers, body: &body }, NOW);
    match read {
        Ok(_) => true,
        Err(NotificationError::SignatureWrong) => false,
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn the_first_certificate_is_proved_by_itself_and_our_secret() {
    let wechat_pay = wechat_pay(PlatformKeys::default());
    assert!(!believes(&wechat_pay, SERIAL_TEXT, &WECHAT_PAYS));
    let answer = signed(&listed(SERIAL_TEXT, LATER, &WECHAT_PAYS), SERIAL_TEXT, &WECHAT_PAYS);
    let certificates = read_certificates(&wechat_pay, &answer, NOW).unwrap();
    assert_eq!(certificates.keys().collect::<Vec<_>>(), [SERIAL_TEXT]);
    wechat_pay.keep_certificates(certificates);
    assert!(believes(&wechat_pay, SERIAL_TEXT, &WECHAT_PAYS));
    assert!(believes(&wechat_pay, &SERIAL_TEXT.to_ascii_lowercase(), &WECHAT_PAYS));
    assert!(!believes(&wechat_pay, SERIAL_TEXT, &FORGERS));
}

#[test]
fn public_key_and_certificate_are_believed_at_once() {
    let wechat_pay = wechat_pay(PlatformKeys {
        public_key: Some(PlatformPublicKey { id: PUBLIC_KEY_ID.to_owned(), pem: WECHAT_PAYS.public_pem.clone() }),
        certificates: vec![certificate(&FORGERS, SERIAL)],
    });
    assert!(believes(&wechat_pay, PUBLIC_KEY_ID, &WECHAT_PAYS));
    assert!(believes(&wechat_pay, SERIAL_TEXT, &FORGERS));
    // Each under its own name only.
    assert!(!believes(&wechat_pay, PUBLIC_KEY_ID, &FORGERS));
    assert!(!believes(&wechat_pay, SERIAL_TEXT, &WECHAT_PAYS));
}

#[test]
fn a_list_that_cannot_be_proved_is_not_kept() {
    let wechat_pay = wechat_pay(PlatformKeys::default());
    let unknown = |answer: &HttpResponse| {
        let read = read_certificates(&wechat_pay, answer, NOW);
        assert!(matches!(read, Err(GatewayError::Unknown(_))), "{read:?}");
    };
    let genuine = listed(SERIAL_TEXT, LATER, &WECHAT_PAYS);
    unknown(&signed(&genuine, SERIAL_TEXT, &FORGERS));
    unknown(&signed(&genuine, "0ABCDEF012345679", &WECHAT_PAYS));
    unknown(&signed(&listed("0ABCDEF012345679", LATER, &WECHAT_PAYS), SERIAL_TEXT, &WECHAT_PAYS));
    unknown(&signed(&genuine.replace("fdasflkja484", "fdasflkja485"), SERIAL_TEXT, &WECHAT_PAYS));
    unknown(&signed("{}", SERIAL_TEXT, &WECHAT_PAYS));
    unknown(&HttpResponse { headers: Vec::new(), ..signed(&genuine, SERIAL_TEXT, &WECHAT_PAYS) });
    let stale = HttpResponse {
        headers: wechat_pay_signs(&genuine, NOW.minus(Span::minutes(6)), &WECHAT_PAYS),
        ..signed(&genuine, SERIAL_TEXT, &WECHAT_PAYS)
    };
    unknown(&stale);
}

#[test]
fn an_expired_certificate_is_left_out() {
    let keys = PlatformKeys {
        public_key: Some(PlatformPublicKey { id: PUBLIC_KEY_ID.to_owned(), pem: WECHAT_PAYS.public_pem.clone() }),
        certificates: Vec::new(),
    };
    let expired = listed(SERIAL_TEXT, "2026-11-23T20:24:06+08:00", &FORGERS);
    let read = read_certificates(&wechat_pay(keys), &signed(&expired, PUBLIC_KEY_ID, &WECHAT_PAYS), NOW);
    assert_eq!(read.map(|certificates| certificates.len()), Ok(0));
}

#[test]
fn a_merchant_without_certificates_is_refused() {
    let body = r#"{"code":"RESOURCE_NOT_EXISTS","message":"无可用的平台证书"}"#;
    let response = HttpResponse { status: 404, ..signed(body, PUBLIC_KEY_ID, &WECHAT_PAYS) };
    let read = read_certificates(&wechat_pay(PlatformKeys::default()), &response, NOW);
    assert!(matches!(read, Err(GatewayError::Refused { code, .. }) if code == "RESOURCE_NOT_EXISTS"));
}
