use super::*;

fn written(text: &str) -> Result<Settings, SettingsError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ringup.toml");
    std::fs::write(&file, text).unwrap();
    Settings::read(Some(&file))
}

#[test]
fn no_settings_at_all_mean_sqlite_in_a_data_folder_and_port_8080() {
    let settings = Settings::read(None).unwrap();
    assert_eq!(settings.database.url, "sqlite:ringup-data/ringup.db");
    assert_eq!(settings.server.listen.to_string(), "127.0.0.1:8080");
    assert!(settings.alipay.is_none() && settings.wechat_pay.is_none());
}

#[test]
fn a_mistyped_key_is_refused_rather_than_ignored() {
    let error = written("[server]\nlisten_on = \"127.0.0.1:1\"\n").unwrap_err().to_string();
    assert!(error.contains("listen_on"), "{error}");
}

#[test]
fn the_mail_servers_password_stands_in_a_file_without_its_line_break() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password.txt");
    std::fs::write(&file, "secret word\r\n").unwrap();
    let mail = |file: &Path| {
        let from = "Ringup <receipts@example.com>";
        let file = file.display();
        format!("[mail]\nsmtp_url = \"smtps://us@mail.example.com\"\npassword_file = \"{file}\"\nfrom = \"{from}\"\n")
    };
    let read = written(&mail(&file)).unwrap().gateways().unwrap().mail.unwrap();
    assert_eq!(read.password.unwrap().reveal(), "secret word");
    let missing = written(&mail(&folder.path().join("none"))).unwrap().gateways().unwrap_err().to_string();
    assert!(missing.starts_with("mail.password_file: "), "{missing}");
    assert!(written("").unwrap().gateways().unwrap().mail.is_none());
}

#[test]
fn the_sms_centres_password_stands_in_a_file_and_texts_go_to_china_unless_more_countries_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password.txt");
    std::fs::write(&file, "secret8\n").unwrap();
    let sms = |more: &str| {
        let file = file.display();
        let url = "smpps://us@sms.example.com";
        let text = format!("[sms]\nsmpp_url = \"{url}\"\npassword_file = \"{file}\"\nfrom = \"Ringup\"\n{more}");
        written(&text).unwrap().gateways().unwrap().sms.unwrap()
    };
    assert_eq!((sms("").password.unwrap().reveal().as_str(), sms("").countries), ("secret8", vec!["CN".to_owned()]));
    assert_eq!(sms("countries = [\"CN\", \"HK\"]\n").countries, ["CN", "HK"]);
    assert!(!format!("{:?}", sms("")).contains("secret8"));
    assert!(written("").unwrap().gateways().unwrap().sms.is_none());
}

#[test]
fn the_demos_keys_do_not_work_in_production() {
    let alipay = "[alipay]\napp_id = \"9021000000000001\"\nseller_id = \"2088\"\nprivate_key_file = \"k\"\n";
    let wechat_pay = "[wechat_pay]\napp_id = \"wx\"\nmchid = \"1900000001\"\nmerchant_serial = \"A\"\n\
                      private_key_file = \"k\"\napi_v3_key_file = \"k\"\n";
    for demo in [alipay, wechat_pay] {
        assert!(matches!(written(demo), Err(SettingsError::DemoInProduction { .. })), "{demo}");
        assert!(written(&format!("[server]\nmode = \"test\"\n{demo}")).is_ok());
    }
}

#[test]
fn the_clock_cannot_be_moved_in_production() {
    let ahead = "clock_ahead_seconds = 93600\n";
    let refused = written(&format!("[server]\n{ahead}"));
    assert!(matches!(refused, Err(SettingsError::ClockInProduction)), "{refused:?}");
    let settings = written(&format!("[server]\nmode = \"test\"\n{ahead}")).unwrap();
    let (system, ahead) = (Clock::System.now(), settings.clock().now());
    let hours = ahead.since(system).as_micros() / Span::hours(1).as_micros();
    assert_eq!(hours, 26);
}

#[test]
fn a_server_has_a_number_that_bulk_work_does_not_use() {
    let numbered = |number: u8| {
        let mut settings = Settings::default();
        settings.server.node = number;
        settings.node().is_ok()
    };
    assert!(numbered(0) && numbered(62));
    assert!(!numbered(63) && !numbered(64));
}

#[test]
fn the_environment_stands_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ringup.toml");
    std::fs::write(&file, "[server]\nlisten = \"127.0.0.1:1\"\nsubject = \"From the file\"\n").unwrap();
    let environment = [("RINGUP_SERVER__LISTEN", "127.0.0.1:2"), ("RINGUP_DATABASE__URL", "sqlite:other.db")];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let settings = Settings::read_with(Some(&file), environment).unwrap();
    assert_eq!(settings.server.listen.to_string(), "127.0.0.1:2");
    assert_eq!(settings.server.subject, "From the file");
    assert_eq!(settings.database.url, "sqlite:other.db");
}
