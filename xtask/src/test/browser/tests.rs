use super::*;

#[test]
fn the_demo_says_where_it_serves_and_which_cards_it_made() {
    let mut demo = Demo::default();
    for line in [
        "Ringup demo",
        "card 8600 1234 5678 9018 pin 482913",
        "card 8600123456789026 pin 771204",
        "pages   http://127.0.0.1:40123/",
        "sandbox http://127.0.0.1:40124/",
        "agent http://127.0.0.1:40123/agent code BJ-A001 number 01 pin 350315",
        "till http://127.0.0.1:40123/store/enrol code 38GH XD7Y TZ2D",
        "clerk 01 pin 556641",
        "supervisor 09 pin 284201",
        "pages are served until Ctrl-C",
    ] {
        demo.read(line);
    }
    assert!(demo.is_whole());
    assert_eq!(demo.pages.as_deref(), Some("http://127.0.0.1:40123"));
    assert_eq!(demo.sandbox.as_deref(), Some("http://127.0.0.1:40124"));
    assert_eq!(demo.cards, ["8600123456789018:482913", "8600123456789026:771204"]);
    assert_eq!((demo.till_code.as_str(), demo.clerk_pin.as_str()), ("38GHXD7YTZ2D", "556641"));
    assert_eq!(demo.supervisor_pin, "284201");
    assert_eq!(demo.agent, ("BJ-A001".to_owned(), "350315".to_owned()));
}

#[test]
fn a_demo_without_its_sandbox_is_not_ready() {
    let mut demo = Demo::default();
    demo.read("pages http://127.0.0.1:1/");
    demo.read("card 1 pin 2");
    assert!(!demo.is_whole());
}
