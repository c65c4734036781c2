//! The screens: what a holder sees, and what nobody sees after him.

use ringup_sandbox::ValidatorProtocol;

use crate::kiosk::{card, given_a_kiosk, given_a_kiosk_with};

#[test]
fn a_wrong_number_is_explained_and_kept_and_the_pad_types() {
    let kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    kiosk.presses("/language", "lang=en&go=1");
    kiosk.presses("/card", "number=&key=8");
    kiosk.presses("/card", "number=8&key=7");
    kiosk.waits_for_words("value=\"87\"");
    kiosk.presses("/card", "number=87&key=delete");
    kiosk.waits_for_words("value=\"8\"");
    kiosk.presses("/card", "number=8880000000000001");
    kiosk.waits_for_words("typing error");
    assert!(kiosk.screen().contains("value=\"8880 0000 0000 0001\""));
}

#[test]
fn whoever_goes_away_leaves_nothing_on_the_screen_and_his_money_on_his_card() {
    let kiosk = given_a_kiosk_with(ValidatorProtocol::Ssp, "idle_seconds = 2\nwarning_seconds = 2\n");
    kiosk.begins_a_sale();
    kiosk.puts_in(50, "50.00");
    kiosk.waits_for_words("Are you still there?");
    kiosk.presses("/stay", "");
    assert!(kiosk.screen().contains("Finish with"), "{}", kiosk.screen());
    kiosk.waits_for("the first screen", |kiosk| kiosk.screen().contains("选择语言 · Ringup"));
    let screen = kiosk.screen();
    assert!(!screen.contains(&card().last_four()) && !screen.contains("50.00"), "{screen}");
    kiosk.waits_for("the sale", |kiosk| kiosk.server.books().booked() == 50);
}

#[test]
fn each_screen_has_large_text_contrast_help_with_the_kiosk_and_says_that_no_change_is_given() {
    let kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    let has_all = |screen: &str, what: &str| {
        for button in ["value=\"large\"", "value=\"contrast\"", "action=\"/help\"", "BJ-K001", "400 000 0000"] {
            assert!(screen.contains(button), "{button} is missing on {what}: {screen}");
        }
        assert!(!screen.contains('⟦'), "{screen}");
    };
    kiosk.waits_for_words("BJ-K001");
    has_all(&kiosk.screen(), "the first screen");
    kiosk.presses("/look", "what=large");
    assert!(kiosk.screen().contains("data-large"));
    kiosk.presses("/language", "lang=zh-Hans&go=1");
    has_all(&kiosk.screen(), "the card");
    kiosk.presses("/card", &format!("number={}", card()));
    kiosk.waits_for_words("本机不找零");
    has_all(&kiosk.screen(), "the amount");
    kiosk.presses("/pay", "");
    kiosk.waits_for_words("请将纸币放入入钞口");
    assert!(kiosk.screen().contains("本机不找零"));
    has_all(&kiosk.screen(), "the notes");
    kiosk.presses("/help", "");
    has_all(&kiosk.screen(), "help");
    kiosk.presses("/back", "");
    kiosk.presses("/stop", "");
    kiosk.waits_for_words("Choose your language");
}

#[test]
fn an_enrolment_with_a_wrong_code_and_a_second_one_are_refused() {
    let kiosk = given_a_kiosk(ValidatorProtocol::Ssp);
    assert!(!kiosk.enrols("ABCD EFGH"), "a key that is there is not written over");
}
