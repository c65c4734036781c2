use super::*;
use crate::config::{AlipayTrust, ConfigError};
use crate::support::{
    ALIPAYS, FORGERS, NOW, OURS, PAYMENT, alipay_answers, alipay_config, certificate, certificate_of, shown,
};
use crate::{alipay, config::AlipayConfig};

const SERIAL: u64 = 1_234_567_890_123_456_789;

/// MD5 of `CN=Ringup Test CA,OU=Certification Authority,O=Ringup,C=CN1234567890123456789`, by Python's hashlib.
const NUMBER: &str = "298569459ca7293c765402d72ad7cb25";

fn config(app_cert: String) -> AlipayConfig {
    let (alipay_cert, root_certs) = (certificate(&ALIPAYS, 77), certificate(&FORGERS, SERIAL));
    AlipayConfig { trust: AlipayTrust::Certificates { app_cert, alipay_cert, root_certs }, ..alipay_config() }
}

#[test]
fn a_certificate_is_named_by_issuer_and_serial_number() {
    assert_eq!(read(&certificate(&OURS, SERIAL)).unwrap().number, NUMBER);
    assert_ne!(read(&certificate(&OURS, SERIAL + 1)).unwrap().number, NUMBER);
}

#[test]
fn a_bundle_is_named_by_its_rsa_certificates_only() {
    let elliptic = certificate_of(&rcgen::KeyPair::generate().unwrap(), 5);
    let bundle = [certificate(&OURS, SERIAL), elliptic.clone(), certificate(&FORGERS, SERIAL)].concat();
    assert_eq!(root_number(&bundle), Ok(format!("{NUMBER}_{NUMBER}")));
    assert_eq!(root_number(&elliptic), Err(KeyError::NotACertificate));
    assert_eq!(root_number(""), Err(KeyError::NotACertificate));
}

#[test]
fn requests_name_our_certificate_and_the_roots() {
    let alipay = alipay::Alipay::new(&config(certificate(&OURS, 55))).unwrap();
    let request = alipay::query(&alipay, PAYMENT, NOW).unwrap();
    let fields = crate::form::parse(request.url.split_once('?').unwrap().1.as_bytes()).unwrap();
    insta::assert_snapshot!(shown(&request, &fields["sign"]));
}

#[test]
fn a_certificate_of_another_key_is_refused_at_the_start() {
    let refused = alipay::Alipay::new(&config(certificate(&FORGERS, 55)));
    assert_eq!(refused.err(), Some(ConfigError::CertificateOfAnotherKey));
    let refused = alipay::Alipay::new(&config("no certificate".to_owned()));
    let (setting, reason) = ("alipay.trust.app_cert", KeyError::NotACertificate);
    assert_eq!(refused.err(), Some(ConfigError::Key { setting, reason }));
}

#[test]
fn an_answer_is_proved_by_alipays_certificate() {
    let alipay = alipay::Alipay::new(&config(certificate(&OURS, 55))).unwrap();
    let content = format!(r#"{{"code":"10000","out_trade_no":"{}"}}"#, PAYMENT.to_reference());
    let answer = |key| alipay_answers("alipay_trade_close_response", &content, key);
    assert_eq!(alipay::read_close(&alipay, PAYMENT, &answer(&ALIPAYS)), Ok(crate::Closed::Done));
    assert!(alipay::read_close(&alipay, PAYMENT, &answer(&FORGERS)).is_err());
    // The same answer, saying that it was signed with a certificate that is not held.
    let mut other = answer(&ALIPAYS);
    let text = String::from_utf8(other.body).unwrap();
    other.body = text.replacen('{', r#"{"alipay_cert_sn":"00","#, 1).into_bytes();
    let unknown = alipay::read_close(&alipay, PAYMENT, &other).unwrap_err().to_string();
    assert!(unknown.contains("certificate 00, which is not held"), "{unknown}");
}
