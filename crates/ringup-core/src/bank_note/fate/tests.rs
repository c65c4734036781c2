use super::*;

use super::Fate::{Return, Stack, TellToReturn, TellToStack};

const fn claim(reason: ClaimReason) -> Fate {
    Fate::Claim(reason, None)
}

#[test]
fn what_becomes_of_a_note_stands_in_one_table() {
    let in_box = |reason| Fate::Claim(reason, Some(LateWord::Stacked));
    // what the validator says, and what becomes of a note that was seen, escrowed, told to be stacked
    let table = [
        (Word::Stacked, [Stack, Stack, Stack]),
        (Word::StackedOther, [in_box(ClaimReason::ValueDiffers); 3]),
        (Word::StackedUnknown, [in_box(ClaimReason::ValueUnknown); 3]),
        (Word::Returned, [Return, Return, Return]),
        (Word::ReturnedAtStart, [Return, Return, claim(ClaimReason::Restarted)]),
        (Word::Held, [TellToReturn, TellToReturn, TellToStack]),
        (Word::Jammed, [claim(ClaimReason::Jammed); 3]),
        (Word::Cheated, [Return, Return, claim(ClaimReason::Cheated)]),
        (Word::Restarted, [claim(ClaimReason::Restarted); 3]),
        (Word::EventsLost, [claim(ClaimReason::EventsLost); 3]),
        (Word::Nothing, [Return, Return, claim(ClaimReason::NoWord)]),
        (Word::Silence, [claim(ClaimReason::Silence); 3]),
    ];
    assert_eq!(table.map(|(word, _)| word), Word::ALL);
    for (word, fates) in table {
        for (stage, fate) in [Stage::Seen, Stage::Escrowed, Stage::ToldToStack].into_iter().zip(fates) {
            assert_eq!(Fate::of(stage, word), fate, "{stage:?} {word:?}");
        }
    }
}

#[test]
fn nothing_is_credited_without_the_validators_word_that_it_is_in_the_box() {
    for word in Word::ALL {
        for stage in [Stage::Seen, Stage::Escrowed, Stage::ToldToStack] {
            assert_eq!(Fate::of(stage, word) == Fate::Stack, word == Word::Stacked, "{stage:?} {word:?}");
        }
    }
}
