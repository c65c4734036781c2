use super::*;
use crate::support::{FORGERS, OURS, WECHAT_PAYS};

/// What Node's OpenSSL and Python's `cryptography` 48 both make of `{"mchid":"1900007291"}` with key
/// `0123456789abcdef0123456789ABCDEF`, nonce `fdasflkja484` and associated data `transaction`.
const CIPHERTEXT: &str = "bz1kVndYkCFlgKSe7VZeuBtAZqjriNVv88uO6lRWOY0/3FvPZ/k=";

#[test]
fn a_signature_is_proved_by_its_own_key_over_its_own_bytes_only() {
    let signature = OURS.sign("a=1&b=2");
    let key = VerifyingKey::parse(&OURS.public_pem).unwrap();
    assert!(key.verifies(b"a=1&b=2", &signature));
    assert!(!key.verifies(b"a=1&b=3", &signature));
    assert!(!key.verifies(b"a=1&b=2", "not base64"));
    assert!(!VerifyingKey::parse(&FORGERS.public_pem).unwrap().verifies(b"a=1&b=2", &signature));
}

#[test]
fn keys_are_read_with_and_without_armour_and_in_both_encodings() {
    let bare: String = OURS.private_pem.lines().filter(|line| !line.starts_with('-')).collect();
    let from_bare = SigningKey::parse(&bare).unwrap();
    assert_eq!(from_bare.sign("x").unwrap(), OURS.sign("x"));
    // PKCS#1, as `openssl rsa -traditional` writes it: the last field of PKCS#8, at byte 26 for 2,048 bits.
    let pkcs8 = der_of(&bare).unwrap();
    let pkcs1 = SigningKey::parse(&STANDARD.encode(&pkcs8[26..])).unwrap();
    assert_eq!(pkcs1.sign("x").unwrap(), OURS.sign("x"));
    let public = VerifyingKey::from_der(pkcs1.public_der()).unwrap();
    assert!(public.verifies(b"x", &OURS.sign("x")));
}

#[test]
fn what_is_no_key_is_refused_by_its_reason() {
    assert_eq!(SigningKey::parse("%%%").err(), Some(KeyError::NotBase64));
    assert_eq!(SigningKey::parse("AAAA").err(), Some(KeyError::NotRsa));
    assert_eq!(SigningKey::parse("").err(), Some(KeyError::NotRsa));
    assert_eq!(VerifyingKey::parse("AAAA").err(), Some(KeyError::NotRsa));
    assert_eq!(ResourceKey::new("too short").err(), Some(KeyError::Length(32)));
}

#[test]
fn a_text_decrypts_only_as_it_was_encrypted() {
    let key = ResourceKey::new("0123456789abcdef0123456789ABCDEF").unwrap();
    let text = key.decrypt("fdasflkja484", "transaction", CIPHERTEXT);
    assert_eq!(text.unwrap(), r#"{"mchid":"1900007291"}"#.as_bytes());
    assert_eq!(key.decrypt("fdasflkja485", "transaction", CIPHERTEXT), Err(DecryptError));
    assert_eq!(key.decrypt("fdasflkja484", "certificate", CIPHERTEXT), Err(DecryptError));
    assert_eq!(key.decrypt("short", "transaction", CIPHERTEXT), Err(DecryptError));
    assert_eq!(key.decrypt("fdasflkja484", "transaction", "AAAA"), Err(DecryptError));
    let other = ResourceKey::new("1123456789abcdef0123456789ABCDEF").unwrap();
    assert_eq!(other.decrypt("fdasflkja484", "transaction", CIPHERTEXT), Err(DecryptError));
}

#[test]
fn each_changed_byte_of_a_ciphertext_is_noticed() {
    let key = ResourceKey::new("0123456789abcdef0123456789ABCDEF").unwrap();
    let bytes = STANDARD.decode(CIPHERTEXT).unwrap();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert_eq!(key.decrypt("fdasflkja484", "transaction", &STANDARD.encode(changed)), Err(DecryptError), "{at}");
    }
}

#[test]
fn no_key_shows_itself() {
    let shown = format!("{:?} {:?}", SigningKey::parse(&OURS.private_pem).unwrap(), ResourceKey::new(&"k".repeat(32)));
    assert_eq!(shown, "SigningKey(***) Ok(ResourceKey(***))");
    assert_ne!(OURS.public_pem, WECHAT_PAYS.public_pem);
}
