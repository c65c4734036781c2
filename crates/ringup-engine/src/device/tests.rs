use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};

use super::*;

const TEXT: &[u8] = b"\"@method\": POST";

#[test]
fn both_kinds_of_keys_verify_their_own_signatures_and_no_others() {
    let ed25519 = Ed25519KeyPair::generate().unwrap();
    let ecdsa = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    #[expect(clippy::disallowed_methods, reason = "signing with ECDSA draws chance; the engine itself only verifies")]
    let signature = ecdsa.sign(&SystemRandom::new(), TEXT).unwrap();
    let of_both = [
        (SignatureAlgorithm::Ed25519, ed25519.public_key().as_ref(), ed25519.sign(TEXT).as_ref().to_vec()),
        (SignatureAlgorithm::EcdsaP256Sha256, ecdsa.public_key().as_ref(), signature.as_ref().to_vec()),
    ];
    for (algorithm, public_key, signature) in &of_both {
        assert_eq!(SignatureAlgorithm::from_name(algorithm.name()), Some(*algorithm));
        assert!(algorithm.fits(public_key));
        assert!(!algorithm.fits(&public_key[1..]));
        assert!(algorithm.verifies(public_key, TEXT, signature));
        assert!(!algorithm.verifies(public_key, b"\"@method\": GET", signature));
        let mut altered = signature.clone();
        altered[5] ^= 1;
        assert!(!algorithm.verifies(public_key, TEXT, &altered));
        assert!(!algorithm.verifies(public_key, TEXT, &[]));
    }
    assert!(!SignatureAlgorithm::Ed25519.fits(of_both[1].1));
    assert_eq!(SignatureAlgorithm::from_name("rsa-v1_5-sha256"), None);
}

#[test]
fn a_code_is_typed_as_it_is_read_out_and_no_log_tells_it() {
    let code = EnrolCode::draw();
    let typed: EnrolCode = code.grouped().to_lowercase().replace(' ', "-").parse().unwrap();
    assert_eq!(typed.hash(), code.hash());
    assert!(!format!("{code:?}").contains(&code.grouped()[..4]));
    assert!("2TB9 2TB9".parse::<EnrolCode>().is_err());
}
