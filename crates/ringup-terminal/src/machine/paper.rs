//! What waits to be printed: receipts of booked sales, and slips of claims.

use ringup_core::bank_note::{BankNote, SaleKey};
use ringup_core::money::Language;
use ringup_core::time::Timestamp;

use super::sale::CurrentSale;
use super::{Line, Machine, Outcome, PRINTER_PAUSE};
use crate::acceptor::AcceptorError;
use crate::journal::{JournalError, SaleTotal};
use crate::printer::{Job, PaperState};
use crate::slip::{self, Print};
use crate::wire::SaleAnswer;

impl Machine {
    /// Prints one slip at a time, so that a holder who touches the screen is not kept waiting by ten of them.
    pub(super) fn print_what_waits(&mut self, now: Timestamp) -> Result<(), AcceptorError> {
        let is_due = now.since(self.printer_at).as_micros() >= PRINTER_PAUSE.as_micros() || now < self.printer_at;
        if !(is_due || self.has_slips && self.printer.is_ready()) {
            return Ok(());
        }
        self.printer_at = now;
        let before = self.printer.state;
        if let Some(job) = self.printer.look() {
            self.is_out(job, now)?;
        }
        if self.printer.state != before && self.printer.state != PaperState::Ok {
            tracing::warn!(paper = self.printer.state.name(), "the printer");
        }
        if !self.has_slips || !self.printer.is_ready() {
            return Ok(());
        }
        if self.print_for_the_way_home() || self.print_top_up() {
            return Ok(());
        }
        if let Some(total) = self.acceptor.journal().sales_to_print()?.into_iter().next() {
            return Ok(self.print_receipt(&total, now)?);
        }
        if let Some(note) = self.acceptor.journal().claims_to_print()?.into_iter().next() {
            return Ok(self.print_claim(&note, now)?);
        }
        self.has_slips = self.waiting.is_some();
        Ok(())
    }

    /// A sale that ended without a line: a slip that says so, sent once, while its holder is there; the receipt follows. The courier may notice
    /// only after the sale that the line is down.
    fn print_for_the_way_home(&mut self) -> bool {
        let is_there = |sale: &CurrentSale, key| sale.view.key == key && sale.view.outcome == Outcome::Waiting;
        let sale = self.sale.as_ref().filter(|sale| !sale.is_forgotten);
        self.waiting = self.waiting.take().filter(|total| sale.is_some_and(|sale| is_there(sale, total.sale.key)));
        if !matches!(self.line, Line::Down { .. }) {
            return false;
        }
        let Some(total) = self.waiting.take() else { return false };
        let slip = slip::of_waiting(&total, &self.policy);
        if !self.printer.print(Job::Waiting(total.sale.key), &slip) {
            tracing::warn!(key = %total.sale.key, "the slip of a sale without a line is not surely out");
        }
        true
    }

    fn print_receipt(&mut self, total: &SaleTotal, now: Timestamp) -> Result<(), JournalError> {
        let key = total.sale.key;
        let text = self.acceptor.journal().sale_answer(key)?.unwrap_or_default();
        let Ok(answer) = serde_json::from_str::<SaleAnswer>(&text) else {
            tracing::error!(%key, "the answer to a sale cannot be read: its receipt is not printed");
            return self.is_out(Job::Receipt(key), now);
        };
        let begun = self.acceptor.journal().begin_receipt(key)?;
        let slip = slip::of_sale(&answer, total.sale.language, Print::of(begun));
        if self.printer.print(Job::Receipt(key), &slip) { self.is_out(Job::Receipt(key), now) } else { Ok(()) }
    }

    fn print_claim(&mut self, note: &BankNote, now: Timestamp) -> Result<(), JournalError> {
        let language = self.language_of(note.sale)?;
        let begun = self.acceptor.journal().begin_claim_slip(note.number)?;
        let Some(slip) = slip::of_claim(note, &self.policy, language, Print::of(begun)) else { return Ok(()) };
        let job = Job::Claim(note.number);
        if self.printer.print(job, &slip) { self.is_out(job, now) } else { Ok(()) }
    }

    fn language_of(&mut self, key: Option<SaleKey>) -> Result<Language, JournalError> {
        let sale = key.map(|key| self.acceptor.journal().sale(key)).transpose()?.flatten();
        Ok(sale.map_or(Language::ZhHans, |sale| sale.language))
    }

    fn is_out(&mut self, job: Job, now: Timestamp) -> Result<(), JournalError> {
        match job {
            Job::Receipt(key) => {
                self.acceptor.journal().mark_printed(key, now)?;
                let sale = self.sale.as_mut().filter(|sale| sale.view.key == key);
                if let Some(sale) = sale.filter(|sale| matches!(sale.view.outcome, Outcome::Booked(_))) {
                    sale.view.is_printed = true;
                }
                Ok(())
            }
            Job::Waiting(_) => Ok(()),
            Job::TopUp(_) | Job::Payment(_) => {
                self.top_up_is_out(job);
                Ok(())
            }
            Job::Claim(number) => self.acceptor.journal().set_claim_slip(number, true),
        }
    }
}
