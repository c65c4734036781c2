//! Paying by a QR code on the screen: no money of it is in the machine, and whoever has paid is told what becomes of it.

use ringup_sandbox::ValidatorProtocol;

use crate::kiosk::{Kiosk, card, given_a_kiosk, given_a_kiosk_with};
use crate::server::Line;

const CODE: &str = "0000 0000 0000 0000 0000 0000 01";

/// The only top-up at the server was asked for so often.
fn tries(kiosk: &Kiosk) -> u32 {
    let books = kiosk.server.books();
    assert_eq!(books.top_ups.len(), 1, "{:?}", books.top_ups);
    books.top_ups.values().next().unwrap().0
}

fn slips_are(kiosk: &Kiosk, count: usize) {
    kiosk.waits_for("the slip", |kiosk| kiosk.printer.texts().len() == count);
}

#[test]
fn a_holder_sees_the_price_pays_on_his_phone_and_takes_a_receipt() {
    let mut kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    kiosk.asks_for_the_price();
    let price = kiosk.screen();
    for words in ["¥95.00", "¥100.00", "By phone", "¥5.00 off", "Pay with Alipay"] {
        assert!(price.contains(words), "{words} is missing: {price}");
    }
    assert!(kiosk.server.books().top_ups.is_empty(), "nothing is placed before he has chosen how to pay");
    kiosk.presses("/qr/pay", "provider=wechat_pay");
    kiosk.waits_for_words("Scan the code with WeChat Pay");
    let screen = kiosk.screen();
    for words in ["¥95.00", "<path d=\"M", "Pay by 10:05", CODE] {
        assert!(screen.contains(words), "{words} is missing: {screen}");
    }
    kiosk.server.books().top_up_state = "credited";
    kiosk.waits_for_words("¥100.00 is on card");
    kiosk.waits_for_words("Your slip is printed");
    assert_eq!(tries(&kiosk), 1);
    let slips = kiosk.printer.texts();
    assert!(slips.len() == 1 && slips[0].contains("You paid") && !slips[0].contains("REPRINT"), "{slips:?}");
    kiosk.presses("/stop", "");
    kiosk.waits_for_words("Choose your language");
    kiosk.is_killed();
    assert_eq!(kiosk.top_ups_without_an_answer_or_an_end(), (0, 0));
    assert_eq!(kiosk.server.books().booked(), 0, "no note was sold");
}

#[test]
fn a_program_that_dies_between_asking_and_showing_leads_to_one_top_up_and_shows_nothing_of_it() {
    let mut kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    kiosk.asks_for_the_price();
    kiosk.server.books().line = Line::AnswersLost;
    kiosk.presses("/qr/pay", "provider=alipay");
    kiosk.waits_for("a first try", |kiosk| kiosk.server.books().top_ups.len() == 1);
    kiosk.is_killed();
    assert_eq!(kiosk.top_ups_without_an_answer_or_an_end(), (1, 0), "it is written down before it is asked for");
    let before = tries(&kiosk);
    kiosk.server.books().line = Line::Up;
    kiosk.starts();
    kiosk.waits_for("another try", |kiosk| tries(kiosk) > before);
    let screen = kiosk.screen();
    assert!(screen.contains("Choose your language") && !screen.contains(&card().last_four()), "{screen}");
    // The next holder has a top-up of his own.
    kiosk.shows_the_code();
    assert_eq!(kiosk.server.books().top_ups.len(), 2);
    assert_eq!(kiosk.top_ups_without_an_answer_or_an_end(), (0, 2), "both are placed, and nobody has paid yet");
    kiosk.server.books().top_up_state = "abandoned";
    kiosk.waits_for("the end of both", |kiosk| kiosk.top_ups_without_an_answer_or_an_end() == (0, 0));
}

#[test]
fn a_program_that_dies_with_the_code_on_the_screen_asks_what_became_of_it_and_prints_nothing_for_the_next_one() {
    let mut kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    kiosk.shows_the_code();
    kiosk.is_killed();
    assert_eq!(kiosk.top_ups_without_an_answer_or_an_end(), (0, 1));
    let looks = kiosk.server.books().looks;
    kiosk.starts();
    kiosk.waits_for("a look", |kiosk| kiosk.server.books().looks > looks);
    assert_eq!(kiosk.top_ups_without_an_answer_or_an_end(), (0, 1), "nobody has paid, and the time is not over");
    kiosk.server.books().top_up_state = "credited";
    kiosk.waits_for("its end", |kiosk| kiosk.top_ups_without_an_answer_or_an_end() == (0, 0));
    assert_eq!(tries(&kiosk), 1, "it was answered before");
    kiosk.waits_for_words("BJ-K001");
    assert!(!kiosk.screen().contains(&card().last_four()), "{}", kiosk.screen());
    kiosk.begins_a_sale();
    kiosk.puts_in(50, "50.00");
    kiosk.finishes("¥50.00 is on card");
    slips_are(&kiosk, 1);
    assert!(!kiosk.printer.texts()[0].contains("You paid"), "{:?}", kiosk.printer.texts());
}

#[test]
fn a_lost_answer_shows_no_code_until_it_comes_under_the_same_key() {
    let kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    kiosk.asks_for_the_price();
    kiosk.server.books().line = Line::AnswersLost;
    kiosk.presses("/qr/pay", "provider=alipay");
    kiosk.waits_for_words("No code was shown, so nothing was paid");
    kiosk.server.books().line = Line::Up;
    kiosk.waits_for_words("Scan the code with Alipay");
    assert!(tries(&kiosk) > 1);
}

#[test]
fn whoever_gives_up_is_told_where_to_look_and_sees_it_when_he_has_paid_all_the_same() {
    let kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    kiosk.shows_the_code();
    kiosk.presses("/stop", "");
    kiosk.waits_for_words("You have stopped");
    let screen = kiosk.screen();
    assert!(screen.contains(CODE) && screen.contains("<path d=\"M"), "{screen}");
    slips_are(&kiosk, 1);
    let slip = kiosk.printer.texts()[0].clone();
    assert!(slip.contains("Payment by QR code") && slip.replace(' ', "").contains(&CODE.replace(' ', "")), "{slip}");
    kiosk.server.books().top_up_state = "credited";
    kiosk.waits_for_words("¥100.00 is on card");
    slips_are(&kiosk, 2);
    assert!(kiosk.printer.texts()[1].contains("On your card"), "{:?}", kiosk.printer.texts());
}

#[test]
fn a_line_that_goes_while_the_code_is_shown_is_no_reason_to_pay_twice() {
    let kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    kiosk.shows_the_code();
    kiosk.server.books().line = Line::Down;
    kiosk.waits_for_words("The connection has gone");
    let screen = kiosk.screen();
    assert!(screen.contains("Please do not pay twice") && screen.contains(CODE), "{screen}");
    slips_are(&kiosk, 1);
    {
        let mut books = kiosk.server.books();
        (books.line, books.top_up_state) = (Line::Up, "credited");
    }
    kiosk.waits_for_words("¥100.00 is on card");
    slips_are(&kiosk, 2);
    assert_eq!(tries(&kiosk), 1);
}

#[test]
fn each_end_of_a_payment_is_told_as_it_is() {
    let kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    for (state, words) in [
        ("abandoned", "The time to pay is over"),
        ("deferred", "The money is not on the card yet"),
        ("refunding", "The money goes back to you"),
    ] {
        kiosk.server.books().top_up_state = "placed";
        kiosk.shows_the_code();
        kiosk.server.books().top_up_state = state;
        kiosk.waits_for_words(words);
        kiosk.waits_for_words("Your slip is printed");
        kiosk.presses("/stop", "");
        kiosk.waits_for_words("Choose your language");
    }
    assert_eq!((kiosk.printer.texts().len(), kiosk.server.books().top_ups.len()), (3, 3));
}

#[test]
fn a_second_one_is_asked_about_and_an_old_price_is_chosen_anew() {
    let kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    kiosk.server.books().top_up_refusal = Some((422, "quote_expired"));
    kiosk.asks_for_the_price();
    kiosk.presses("/qr/pay", "provider=alipay");
    kiosk.waits_for_words("The price was shown too long ago");
    kiosk.server.books().top_up_refusal = Some((409, "another_one"));
    kiosk.presses("/qr/amount", "amount=50.00%20CNY");
    kiosk.waits_for_words("Pay with Alipay");
    kiosk.presses("/qr/pay", "provider=alipay");
    kiosk.waits_for_words("Yes, once more with Alipay");
    assert!(kiosk.server.books().top_ups.is_empty());
    kiosk.presses("/qr/pay", "provider=alipay&again=1");
    kiosk.waits_for_words("Scan the code with Alipay");
    assert_eq!(kiosk.server.books().top_ups.values().next().unwrap().1["asked"]["another_one"], true);
}

#[test]
fn whoever_goes_away_leaves_no_code_on_the_screen_and_no_slip_for_the_next_one() {
    let kiosk = given_a_kiosk_with(ValidatorProtocol::Ssp, "idle_seconds = 2\nwarning_seconds = 2\n");
    kiosk.shows_the_code();
    kiosk.waits_for_words("Are you still there?");
    kiosk.waits_for("the first screen", |kiosk| kiosk.screen().contains("选择语言 · Ringup"));
    kiosk.server.books().top_up_state = "credited";
    kiosk.waits_for("its end", |kiosk| kiosk.top_ups_without_an_answer_or_an_end() == (0, 0));
    kiosk.begins_a_sale();
    assert!(!kiosk.screen().contains(CODE));
    assert!(kiosk.printer.texts().is_empty(), "{:?}", kiosk.printer.texts());
}

#[test]
fn without_a_line_only_notes_are_offered() {
    let mut kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    kiosk.waits_for_words("BJ-K001");
    kiosk.is_killed();
    kiosk.server.books().line = Line::Down;
    kiosk.starts();
    kiosk.presses("/language", "lang=en&go=1");
    kiosk.presses("/card", &format!("number={}", card()));
    kiosk.waits_for_words("Put notes in");
    assert!(!kiosk.screen().contains("Pay by QR code"));
    kiosk.presses("/qr/amount", "amount=100.00%20CNY");
    assert!(kiosk.screen().contains("Put notes in"), "{}", kiosk.screen());
    kiosk.presses("/pay", "");
    kiosk.waits_for_words("Put a note into the slot");
}
