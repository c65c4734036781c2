use super::{SigningKey, VerifyingKey, decode_bundle, decode_pem, encode_pem, hex, seal};

#[test]
fn a_signature_verifies_and_one_changed_byte_does_not() {
    let key = SigningKey::generate().unwrap();
    let public = VerifyingKey::from_pem(&key.public_pem().unwrap()).unwrap();
    let signature = key.sign(b"total_amount=95.00");
    assert!(public.verifies(b"total_amount=95.00", &signature));
    assert!(!public.verifies(b"total_amount=95.01", &signature));
    assert!(!public.verifies(b"total_amount=95.00", "not base64"));
    assert!(!public.verifies(b"total_amount=95.00", ""));
}

#[test]
fn a_private_key_survives_being_written_with_and_without_armour() {
    let key = SigningKey::generate().unwrap();
    let pem = key.private_pem().unwrap();
    let bare: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let public = VerifyingKey::from_pem(&key.public_pem().unwrap()).unwrap();
    for text in [pem, bare] {
        assert!(public.verifies(b"x", &SigningKey::from_pem(&text).unwrap().sign(b"x")));
    }
}

#[test]
fn pem_is_read_back_and_rubbish_is_refused() {
    let pem = encode_pem("CERTIFICATE", &[7; 100]);
    assert_eq!(decode_pem(&pem).unwrap(), vec![7; 100]);
    assert_eq!(decode_bundle(&format!("{pem}\n{pem}")).unwrap().len(), 2);
    assert!(decode_pem("").is_err());
    assert!(decode_pem("-----BEGIN CERTIFICATE-----").is_err());
    assert!(SigningKey::from_pem(&pem).is_err());
}

/// Test case 14 of "The Galois/Counter Mode of Operation (GCM)" by McGrew and Viega: a 256-bit key of zeros, a
/// 12-byte nonce of zeros, 16 bytes of zeros.
#[test]
fn sealing_agrees_with_the_published_vector() {
    let sealed = seal(&[0; 32], [0; 12], "", &[0; 16]).unwrap();
    assert_eq!(hex(&decode_pem(&sealed).unwrap()), "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
    assert!(seal(&[0; 31], [0; 12], "", &[]).is_err());
}
