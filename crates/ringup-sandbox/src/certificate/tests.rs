use super::{Certificate, alipay_root_sn, make_authority, make_certificate};
use crate::crypto::SigningKey;

fn private_key_pem() -> String {
    SigningKey::generate().unwrap().private_pem().unwrap()
}

#[test]
fn a_made_certificate_holds_its_key_and_names() {
    let authority = make_authority("Demo Root", &private_key_pem()).unwrap();
    let key_pem = private_key_pem();
    let pem = make_certificate("Demo Merchant", &key_pem, &authority).unwrap();
    let certificate = Certificate::from_pem(&pem).unwrap();
    let signature = SigningKey::from_pem(&key_pem).unwrap().sign(b"x");
    assert!(certificate.key.verifies(b"x", &signature));
    assert_eq!(certificate.serial_hex.len(), 40);
    assert_eq!(certificate.serial_hex, certificate.serial_hex.to_uppercase());
    assert_eq!(certificate.alipay_sn.len(), 32);
}

#[test]
fn the_name_of_a_root_bundle_joins_its_certificates() {
    let one = make_authority("Demo Root 1", &private_key_pem()).unwrap().certificate_pem;
    let two = make_authority("Demo Root 2", &private_key_pem()).unwrap().certificate_pem;
    let sn = |pem: &str| Certificate::from_pem(pem).unwrap().alipay_sn;
    assert_eq!(alipay_root_sn(&format!("{one}{two}")).unwrap(), format!("{}_{}", sn(&one), sn(&two)));
}

#[test]
fn rubbish_is_no_certificate() {
    assert!(Certificate::from_pem("rubbish!").is_err());
    assert!(Certificate::from_pem(&private_key_pem()).is_err());
}
