use super::*;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_kept_key_signs_as_the_one_that_was_made() {
    let folder = folder();
    let path = folder.path().join("device.key");
    let key = NewKey::generate().unwrap().enrolled("dev_1".to_owned(), 7);
    key.keep(&path).unwrap();
    let read = DeviceKey::read(&path).unwrap();
    let asked = Asked { method: "GET", path: "/api/v1/kiosk", body: b"" };
    assert_eq!(read.sign(asked, 1_790_000_000, "nonce-12"), key.sign(asked, 1_790_000_000, "nonce-12"));
    assert_eq!((read.device.as_str(), read.kiosk), ("dev_1", 7));
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_key_that_others_can_read_is_not_used_and_one_that_is_there_is_not_written_over() {
    let folder = folder();
    let path = folder.path().join("device.key");
    assert_eq!(DeviceKey::read(&path).unwrap_err().code(), "not_enrolled");
    let key = NewKey::generate().unwrap().enrolled("dev_1".to_owned(), 7);
    key.keep(&path).unwrap();
    assert_eq!(key.keep(&path).unwrap_err().code(), "already_enrolled");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(DeviceKey::read(&path).unwrap_err().code(), "key_readable_by_others");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(&path, "{}").unwrap();
    assert_eq!(DeviceKey::read(&path).unwrap_err().code(), "key_malformed");
}
