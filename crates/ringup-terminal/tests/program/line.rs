//! The line breaks and comes back.

use ringup_sandbox::ValidatorProtocol;

use crate::kiosk::given_a_kiosk;
use crate::server::Line;

#[test]
fn a_lost_answer_is_asked_for_under_the_same_key_until_it_comes() {
    let mut kiosk = given_a_kiosk(ValidatorProtocol::Cctalk);
    kiosk.begins_a_sale();
    kiosk.puts_in(100, "100.00");
    kiosk.server.books().line = Line::AnswersLost;
    kiosk.finishes("Your money is safe");
    kiosk.waits_for("a first try", |kiosk| kiosk.server.books().sales.len() == 1);
    kiosk.server.books().line = Line::Up;
    kiosk.waits_for_words("¥100.00 is on card");
    {
        let books = kiosk.server.books();
        assert!(books.sales.values().all(|(tries, _)| *tries > 1));
        assert_eq!(books.booked(), 100);
    }
    kiosk.waits_for_words("Your slip is printed");
    kiosk.is_killed();
    kiosk.audit("a lost answer");
}

#[test]
fn a_note_taken_without_a_line_is_credited_when_it_is_back_and_the_receipt_says_so() {
    let mut kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    kiosk.waits_for_words("BJ-K001");
    kiosk.server.books().line = Line::Down;
    kiosk.presses("/language", "lang=en&go=1");
    kiosk.presses("/card", &format!("number={}", crate::kiosk::card()));
    kiosk.waits_for_words("The kiosk has no connection now");
    kiosk.presses("/pay", "");
    kiosk.puts_in(100, "100.00");
    // The policy allows a hundred without a line.
    kiosk.validator.insert(10);
    kiosk.waits_for_words("That would be more than can be put in");
    kiosk.finishes("Your money is safe");
    kiosk.waits_for("a slip to take home", |kiosk| kiosk.printer.texts().len() == 1);
    assert!(kiosk.printer.texts()[0].contains("Money in the box"), "{:?}", kiosk.printer.texts());
    kiosk.server.books().line = Line::Up;
    kiosk.waits_for("the receipt", |kiosk| kiosk.printer.texts().len() == 2);
    assert!(kiosk.printer.texts()[1].contains("credited late"), "{:?}", kiosk.printer.texts());
    assert!(kiosk.server.books().sales.values().all(|(_, sale)| !sale["offline_since"].is_null()));
    assert_eq!((kiosk.validator.cash_box(), kiosk.validator.given_back()), (vec![100], vec![10]));
    kiosk.is_killed();
    kiosk.audit("offline");
}

#[test]
fn where_the_policy_allows_nothing_without_a_line_no_note_is_taken() {
    let kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    kiosk.server.books().offline_most = None;
    let mut kiosk = kiosk;
    kiosk.is_killed();
    kiosk.starts();
    kiosk.begins_a_sale();
    kiosk.presses("/stop", "");
    kiosk.server.books().line = Line::Down;
    kiosk.presses("/language", "lang=en&go=1");
    kiosk.presses("/card", &format!("number={}", crate::kiosk::card()));
    kiosk.waits_for_words("cannot look at the card");
}

#[test]
fn a_kiosk_that_the_server_does_not_know_any_more_takes_no_notes_and_keeps_what_waits() {
    let mut kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    kiosk.begins_a_sale();
    kiosk.puts_in(50, "50.00");
    kiosk.server.books().is_stranger = true;
    kiosk.finishes("Your money is safe");
    kiosk.presses("/stop", "");
    kiosk.waits_for_words("takes no notes now. It is out of order");
    kiosk.server.books().is_stranger = false;
    kiosk.waits_for("the sale", |kiosk| kiosk.server.books().booked() == 50);
    kiosk.waits_for("the slip", |kiosk| kiosk.printer.texts().len() == 1);
    kiosk.is_killed();
    kiosk.audit("a stranger");
}

#[test]
fn the_server_is_told_how_the_kiosk_is() {
    let kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    kiosk.waits_for("a report", |kiosk| !kiosk.server.books().health.is_empty());
    let books = kiosk.server.books();
    assert_eq!(books.health[0]["door"], "closed");
    assert_eq!(books.health[0]["waiting_sales"], 0);
}
