//! The auditor: where each note is, against what the journal and the server say of it.

mod books;

use ringup_core::bank_note::{BankNote, LateWord, NoteState, Sale, SaleState};
use ringup_core::card::CardNumber;

use self::books::Told;
use super::journal::Journal;
use super::machine::{Audited, Kiosk};
use crate::rig::failure::Failure;
use crate::rig::issuer::Issuer;
use crate::torture::holdings;
use crate::torture::report::Report;

pub(super) use self::books::Known;

/// What the receipt of a sale and the slip of a claim say when another one may be in somebody's hand.
const MARK: &[u8] = b"REPRINT";
const CLAIM: &[u8] = b"Claim slip";

/// What was seen of a round after it.
pub(super) struct Evidence {
    /// The notes of the round, with what the server says of each.
    notes: Vec<Known>,
    /// Their sales.
    sales: Vec<Sale>,
    /// The card that was typed.
    chosen: CardNumber,
    /// What each card of this kiosk's holders got, in fen.
    cards: Vec<(CardNumber, u64)>,
    /// What has come into the box, and what went back, in yuan.
    in_box: Vec<u32>,
    given_back: Vec<u32>,
    /// What the journal says was credited, from its first note on, and what the server has in the purse of the box, in fen.
    ever_credited: u64,
    in_purse: u64,
    /// All that was ever printed.
    slips: Vec<Vec<u8>>,
    /// Whether a note is still inside the validator.
    is_inside: bool,
}

impl Evidence {
    /// Gathers what is new at a kiosk since it was looked at last.
    pub(super) fn gather(kiosk: &mut Kiosk, chosen: CardNumber, issuer: &Issuer) -> Result<Self, Failure> {
        let was = kiosk.audited.clone();
        let mut journal = Journal::open(&kiosk.journal())?;
        let mut notes = journal.read()?.notes;
        let ever_credited = sum(&notes);
        notes.retain(|note| note.number.running > was.note);
        let sales = journal.sales_of(&notes)?;
        let hold = holdings::of_cards(&issuer.database, kiosk.cards)?;
        let cards = hold.iter().map(|(card, holds)| (*card, holds.saturating_sub(was.held(*card)))).collect();
        let (box_now, back_now) = (kiosk.validator.cash_box(), kiosk.validator.given_back());
        kiosk.audited = Audited {
            note: notes.last().map_or(was.note, |note| note.number.running),
            in_box: box_now.len(),
            given_back: back_now.len(),
            hold,
        };
        let Told { notes, in_purse } = books::ask(&issuer.database, kiosk.number, notes)?;
        Ok(Self {
            notes,
            sales,
            chosen,
            cards,
            in_box: box_now.get(was.in_box..).unwrap_or_default().to_vec(),
            given_back: back_now.get(was.given_back..).unwrap_or_default().to_vec(),
            ever_credited,
            in_purse,
            slips: kiosk.printer.slips(),
            is_inside: !kiosk.validator.is_empty(),
        })
    }

    /// Counts where the notes ended.
    pub(super) fn count(&self, report: &mut Report) {
        report.add("rounds", 1);
        for known in &self.notes {
            report.add(&format!("notes {}", known.note.state.name()), 1);
        }
        for sale in &self.sales {
            if let SaleState::Printed { reference, .. } = &sale.state {
                let marked = self.slips_with(&[reference.as_str().as_bytes(), MARK]);
                report.add("receipts printed again, and marked", u64::try_from(marked).unwrap_or(0));
            }
        }
    }

    /// What does not hold, in words.
    pub(super) fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.is_inside {
            wrong.push("a note is still inside the validator".to_owned());
        }
        wrong.extend(self.notes.iter().filter_map(wrong_of_note));
        for yuan in ringup_sandbox::NOTE_VALUES {
            wrong.extend(self.wrong_of_value(yuan));
        }
        wrong.extend(self.cards.iter().filter_map(|(card, got)| self.wrong_of_card(*card, *got)));
        if self.ever_credited != self.in_purse {
            let (journal, purse) = (self.ever_credited, self.in_purse);
            wrong.push(format!("the journal has {journal} fen credited, and the purse of the box holds {purse}"));
        }
        wrong.extend(self.sales.iter().filter_map(|sale| self.wrong_of_sale(sale)));
        wrong.extend(self.notes.iter().filter_map(|known| self.wrong_of_claim(&known.note)));
        wrong
    }

    /// Of the notes of one value: where they are, and where they are said to be.
    fn wrong_of_value(&self, yuan: u32) -> Option<String> {
        let there = |notes: &[u32]| notes.iter().filter(|note| **note == yuan).count();
        let said = |is_so: fn(&NoteState) -> bool| {
            let is_it = |note: &BankNote| {
                is_so(&note.state)
                    && note.value.is_none_or(|value| value.minor() == u64::from(yuan).saturating_mul(100))
            };
            self.notes.iter().filter(|known| is_it(&known.note)).count()
        };
        let (in_box, given_back) = (there(&self.in_box), there(&self.given_back));
        let credited = said(|state| matches!(state, NoteState::Printed { .. }));
        let returned = said(|state| matches!(state, NoteState::Returned { .. }));
        let claimed = said(|state| matches!(state, NoteState::Claimed { .. }));
        let heard = said(|state| matches!(state, NoteState::Claimed { late: Some(LateWord::Stacked), .. }));
        let holds = credited <= in_box
            && returned <= given_back
            && in_box <= credited.saturating_add(claimed)
            && heard <= in_box.saturating_sub(credited);
        (!holds).then(|| {
            format!(
                "of {yuan} yuan {in_box} came into the box and {given_back} went back; \
                 {credited} credited, {returned} returned, {claimed} claimed ({heard} said to be in the box)"
            )
        })
    }

    fn wrong_of_card(&self, card: CardNumber, got: u64) -> Option<String> {
        let credited = if card == self.chosen { sum(self.notes.iter().map(|known| &known.note)) } else { 0 };
        (credited != got).then(|| format!("card {card} is to get {credited} fen, and got {got}"))
    }

    fn wrong_of_sale(&self, sale: &Sale) -> Option<String> {
        if sale.card != self.chosen {
            return Some(format!("sale {} is for card {}, and {} was typed", sale.key, sale.card, self.chosen));
        }
        let SaleState::Printed { reference, .. } = &sale.state else {
            let is_over = matches!(sale.state, SaleState::Abandoned { .. });
            return (!is_over).then(|| format!("sale {} is {}", sale.key, sale.state.name()));
        };
        let printed = self.slips_with(&[reference.as_str().as_bytes()]);
        let marked = self.slips_with(&[reference.as_str().as_bytes(), MARK]);
        let wrong = wrong_of_slips("receipts", printed, marked).or_else(|| self.wrong_of_booking(sale));
        wrong.map(|wrong| format!("sale {}: {wrong}", sale.key))
    }

    /// The notes of a sale are booked together, as what they come to, on its card.
    fn wrong_of_booking(&self, sale: &Sale) -> Option<String> {
        let ours = || self.notes.iter().filter(|known| known.note.sale == Some(sale.key) && is_credited(&known.note));
        let paid = sum(ours().map(|known| &known.note));
        let first = ours().next().and_then(|known| known.booked.as_ref())?;
        if (first.card, first.paid_minor, first.is_topped_up) != (sale.card, paid, true) {
            return Some(format!("{paid} fen for card {} are booked as {first:?}", sale.card));
        }
        let is_one = ours().all(|known| known.booked.as_ref() == Some(first));
        (!is_one).then(|| "it is booked more than once".to_owned())
    }

    fn wrong_of_claim(&self, note: &BankNote) -> Option<String> {
        let NoteState::Claimed { .. } = &note.state else { return None };
        let number = note.number.to_string();
        let printed = self.slips_with(&[number.as_bytes(), CLAIM]);
        let marked = self.slips_with(&[number.as_bytes(), CLAIM, MARK]);
        wrong_of_slips("claim slips", printed, marked).map(|wrong| format!("note {number}: {wrong}"))
    }

    /// How many slips have all of these on them.
    fn slips_with(&self, words: &[&[u8]]) -> usize {
        let has = |slip: &[u8], word: &[u8]| slip.windows(word.len()).any(|part| part == word);
        self.slips.iter().filter(|slip| words.iter().all(|word| has(slip, word))).count()
    }
}

fn is_credited(note: &BankNote) -> bool {
    matches!(note.state, NoteState::Printed { .. })
}

/// What those of the notes come to that are credited, in fen.
fn sum<'a>(notes: impl IntoIterator<Item = &'a BankNote>) -> u64 {
    let values = notes.into_iter().filter(|note| is_credited(note)).filter_map(|note| note.value);
    values.fold(0, |sum, value| value.minor().saturating_add(sum))
}

/// A note stands at one end, and the server knows it as that.
fn wrong_of_note(known: &Known) -> Option<String> {
    let Known { note, booked, is_claimed } = known;
    let is_booked = booked.is_some();
    let expected = match &note.state {
        NoteState::Printed { .. } => (true, false),
        NoteState::Claimed { .. } => (false, true),
        NoteState::Returned { .. } => (false, false),
        state => return Some(format!("note {} is still {}", note.number, state.name())),
    };
    let name = note.state.name();
    (expected != (is_booked, *is_claimed))
        .then(|| format!("note {} is {name}; at the server: booked {is_booked}, claimed {is_claimed}", note.number))
}

/// One at least; and of all that came out, one at most does not say that there may be another.
fn wrong_of_slips(name: &str, printed: usize, marked: usize) -> Option<String> {
    let holds = printed >= 1 && printed.saturating_sub(marked) <= 1;
    (!holds).then(|| format!("{printed} {name} came out, {marked} of them marked"))
}

#[cfg(test)]
mod tests;
