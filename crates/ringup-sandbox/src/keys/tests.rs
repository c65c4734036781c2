use super::{AlipayKeyMode, DemoKeys};
use crate::{config::AlipayMode, crypto::SigningKey};

#[test]
fn demo_keys_come_back_from_their_folder_and_only_the_owner_can_read_them() {
    let folder = tempfile::tempdir().unwrap();
    let mut keys = DemoKeys::generate().unwrap();
    keys.write_to(folder.path()).unwrap();
    let mut read = DemoKeys::read_from(folder.path()).unwrap();
    for ((name, written), (_, read)) in keys.files().into_iter().zip(read.files()) {
        assert_eq!(written, read, "{name}");
        assert!(!read.is_empty(), "{name}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
}

#[test]
fn demo_keys_are_recognisable_and_keep_their_secrets_out_of_debug_output() {
    let keys = DemoKeys::generate().unwrap();
    assert!(keys.alipay.app_id.starts_with("9021"));
    assert!(keys.wechat_pay.mchid.starts_with("19000000"));
    assert_eq!(keys.wechat_pay.api_v3_key.len(), 32);
    assert!(!format!("{keys:?}").contains(&keys.wechat_pay.api_v3_key));
    assert!(!format!("{keys:?}").contains("PRIVATE"));
}

#[test]
fn both_key_modes_hold_the_same_keys() {
    let keys = DemoKeys::generate().unwrap();
    let signature = SigningKey::from_pem(&keys.alipay.merchant_private_key).unwrap().sign(b"x");
    for mode in [AlipayKeyMode::Key, AlipayKeyMode::Certificate] {
        let key = match keys.alipay_merchant(mode).mode {
            AlipayMode::Key { merchant_public_key } => {
                crate::crypto::VerifyingKey::from_pem(&merchant_public_key).unwrap()
            }
            AlipayMode::Certificate { merchant_certificate, .. } => {
                crate::certificate::Certificate::from_pem(&merchant_certificate).unwrap().key
            }
        };
        assert!(key.verifies(b"x", &signature));
    }
}
