use super::*;

const LEAST: &str = "server = \"https://topup.example/\"\ndata = \"/var/lib/ringup-terminal\"\n[validator]\nprotocol = \"ssp\"\nport = \"/dev/ttyUSB0\"\n[printer]\nat = \"/dev/usb/lp0\"\n";

fn refusal(text: &str) -> &'static str {
    Settings::parse(text, "terminal.toml").unwrap_err().code()
}

#[test]
fn the_least_settings_are_enough() {
    let settings = Settings::parse(LEAST, "terminal.toml").unwrap();
    assert_eq!(settings.server, "https://topup.example");
    assert_eq!((settings.screen.idle().as_secs(), settings.screen.warning().as_secs()), (60, 20));
    assert_eq!(settings.printer.width_mm, 80);
}

#[test]
fn what_cannot_be_right_is_refused_with_a_code() {
    assert_eq!(refusal("server"), "settings_malformed");
    assert_eq!(refusal(&format!("sever = 1\n{LEAST}")), "settings_malformed");
    assert_eq!(refusal(&format!("{LEAST}[screen]\nlisten = \"0.0.0.0:8090\"\n")), "screen_listens_to_others");
    assert_eq!(refusal(&format!("{LEAST}width_mm = 70\n")), "printer_width_unknown");
    for server in
        ["topup.example", "https://topup.example/path", "http://topup.example", "http://127.0.0.1.example", "https://"]
    {
        assert_eq!(refusal(&LEAST.replace("https://topup.example/", server)), "server_address_malformed", "{server}");
    }
    assert!(Settings::parse(&LEAST.replace("https://topup.example/", "http://127.0.0.1:8080"), "x").is_ok());
}
