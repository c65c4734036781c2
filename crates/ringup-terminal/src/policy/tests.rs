use super::*;

pub const SAID: &str = r#"{
  "server_time": "2026-11-23T02:00:00Z", "kiosk": 7,
  "place": { "code": "BJ-K001", "name_en": "East Gate", "name_zh_hans": "东门", "licence": "x", "time_zone": "Asia/Shanghai" },
  "hot_line": "400 000 0000", "unit": "CNY",
  "notes": { "values": ["10.00 CNY", "100.00 CNY"], "visit_most": "500.00 CNY", "offline_most": "100.00 CNY" },
  "box": { "id": "pur_1", "notes": 12, "holds": "640.00 CNY", "capacity": 600, "nearly_full_at": 500, "state": "in_use" },
  "providers": ["alipay"], "public_url": "https://topup.example", "something": "new"
}"#;

#[test]
fn a_kept_policy_is_the_one_that_was_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policy.json");
    assert_eq!(Policy::kept(&path), None);
    Policy::keep(&path, SAID).unwrap();
    assert_eq!(Policy::kept(&path), Some(Policy::parse(SAID).unwrap()));
    std::fs::write(&path, &SAID[..100]).unwrap();
    assert_eq!(Policy::kept(&path), None);
}

#[test]
fn without_a_line_the_most_is_what_the_policy_says_and_nothing_when_it_says_nothing() {
    let policy = Policy::parse(SAID).unwrap();
    assert_eq!(policy.most_offline().unwrap().to_string(), "100.00 CNY");
    let none = SAID.replace("\"100.00 CNY\" }", "null }");
    assert_eq!(Policy::parse(&none).unwrap().most_offline(), None);
    let high = SAID.replace("\"100.00 CNY\" }", "\"900.00 CNY\" }");
    assert_eq!(Policy::parse(&high).unwrap().most_offline().unwrap().to_string(), "500.00 CNY");
}

#[test]
fn a_policy_of_two_units_is_none() {
    assert!(Policy::parse(&SAID.replace("\"visit_most\": \"500.00 CNY\"", "\"visit_most\": \"500.00 USD\"")).is_err());
}
