//! Slips, and those that they are for: receipts without paper, claims, and the two who empty the box.

use ringup_core::bank_note::NoteState;
use ringup_sandbox::ValidatorProtocol;

use crate::kiosk::given_a_kiosk;

#[test]
fn without_paper_the_code_stays_on_the_screen_and_the_slip_comes_with_the_paper() {
    let kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    kiosk.printer.has_paper(false);
    kiosk.begins_a_sale();
    kiosk.puts_in(100, "100.00");
    kiosk.finishes("¥100.00 is on card");
    kiosk.waits_for_words("The printer has no paper");
    let screen = kiosk.screen();
    assert!(screen.contains("0000 0000 0000 0000 0000 0000 01") && screen.contains("<path d=\"M"), "{screen}");
    assert!(kiosk.printer.texts().is_empty());
    kiosk.printer.has_paper(true);
    kiosk.waits_for("the slip", |kiosk| kiosk.printer.texts().len() == 1);
    kiosk.waits_for_words("Your slip is printed");
}

#[test]
fn a_jam_prints_a_claim_slip_that_the_office_knows_and_the_second_one_is_marked() {
    let mut kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    kiosk.begins_a_sale();
    kiosk.validator.jam_the_next_note();
    kiosk.validator.insert(50);
    kiosk.waits_for_words("It has a claim slip; the code is");
    kiosk.waits_for_words("One note must be looked into");
    assert!(!kiosk.screen().contains("No money was taken"), "nobody can say that");
    kiosk.waits_for("the slip", |kiosk| kiosk.printer.texts().len() == 1);
    kiosk.waits_for("the claim", |kiosk| kiosk.server.books().claims.len() == 1);
    let code = kiosk.server.books().claims.keys().next().unwrap().clone();
    let slip = &kiosk.printer.texts()[0];
    assert!(slip.replace([' ', '\n'], "").contains(&code) && !slip.contains("REPRINT"), "{slip}");
    kiosk.presses("/stop", "");
    kiosk.presses("/language", "lang=en");
    kiosk.presses("/service", "");
    kiosk.presses("/service/claim", &format!("code={code}"));
    kiosk.waits_for("the second slip", |kiosk| kiosk.printer.texts().len() == 2);
    assert!(kiosk.printer.texts()[1].contains("REPRINT"), "{:?}", kiosk.printer.texts());
    assert_eq!(kiosk.server.books().claims.values().next().unwrap()["reason"], "jammed");
    kiosk.is_killed();
    assert!(matches!(kiosk.notes()[0].state, NoteState::Claimed { .. }));
    kiosk.audit("a jam");
}

#[test]
fn a_sale_that_the_server_refuses_for_good_becomes_claims() {
    let mut kiosk = given_a_kiosk(ValidatorProtocol::Cctalk);
    kiosk.server.books().sale_refusal = Some((404, "card_unknown"));
    kiosk.begins_a_sale();
    kiosk.puts_in(20, "20.00");
    kiosk.finishes("could not be put on the card");
    kiosk.waits_for("the claim", |kiosk| kiosk.server.books().claims.len() == 1);
    kiosk.waits_for("the slip", |kiosk| kiosk.printer.texts().len() == 1);
    let claim = kiosk.server.books().claims.values().next().unwrap().clone();
    assert_eq!((claim["reason"].as_str(), claim["late"].as_str()), (Some("sale_refused"), Some("stacked")));
    kiosk.is_killed();
    kiosk.audit("a refusal");
}

#[test]
fn two_people_with_their_codes_get_the_box_and_a_wrong_code_does_not() {
    let kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    kiosk.begins_a_sale();
    kiosk.puts_in(10, "10.00");
    kiosk.finishes("is on card");
    kiosk.presses("/stop", "");
    kiosk.presses("/language", "lang=en");
    kiosk.presses("/service", "");
    kiosk.presses("/service/collect", "first=1111&second=3333");
    kiosk.waits_for_words("One of the codes is unknown, used or too old");
    kiosk.presses("/service/collect", "first=1111&second=2222");
    kiosk.waits_for_words("The box with 12 notes is released");
    assert_eq!(kiosk.server.books().collections.len(), 1);
    kiosk.presses("/back", "");
    // The next sale names the new box; the played server insists on it.
    kiosk.begins_a_sale();
    kiosk.puts_in(10, "10.00");
    kiosk.finishes("is on card");
}
