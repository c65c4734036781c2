use ringup_core::bank_note::{BankNote, ClaimCode, NoteNumber, Sale, SaleKey};
use ringup_db::DbError;
use ringup_db::bank_note::{self as rows, JournalCheck, OpenTopUp, PendingCollection, PendingTopUp, SalePlace};

use super::{Journal, JournalError};
use crate::limits::{CLAIMS_LISTED_MAX, NOTES_LISTED_MAX, TOP_UPS_OPEN_MAX};

/// What the server is told and answers, and what is printed.
impl Journal {
    /// The notes that were seen last, the newest first.
    ///
    /// # Errors
    /// What the disk says.
    pub fn latest_notes(&mut self) -> Result<Vec<BankNote>, JournalError> {
        Ok(self.reader.read::<_, DbError>(|tx| rows::latest_notes(tx, NOTES_LISTED_MAX))?)
    }

    /// What must hold in the journal, and where it does not.
    ///
    /// # Errors
    /// What the disk says.
    pub fn verify(&mut self) -> Result<Vec<JournalCheck>, JournalError> {
        Ok(self.reader.read::<_, DbError>(rows::verify_journal)?)
    }

    /// The sale with this key.
    ///
    /// # Errors
    /// What the disk says.
    pub fn sale(&mut self, key: SaleKey) -> Result<Option<Sale>, JournalError> {
        Ok(self.reader.read::<_, DbError>(|tx| rows::find_sale(tx, key))?)
    }

    /// Writes down where a sale is made.
    ///
    /// # Errors
    /// What the disk says.
    pub fn set_sale_place(&mut self, key: SaleKey, place: &SalePlace) -> Result<(), JournalError> {
        self.write(|tx| Ok(rows::set_sale_place(tx, key, place)?))
    }

    /// Where a sale was made.
    ///
    /// # Errors
    /// What the disk says.
    pub fn sale_place(&mut self, key: SaleKey) -> Result<SalePlace, JournalError> {
        Ok(self.reader.read::<_, DbError>(|tx| rows::find_sale_place(tx, key))?.unwrap_or_default())
    }

    /// Keeps the server's answer to a sale, to print from.
    ///
    /// # Errors
    /// What the disk says.
    pub fn keep_sale_answer(&mut self, key: SaleKey, answer: &str) -> Result<(), JournalError> {
        self.write(|tx| Ok(rows::keep_sale_answer(tx, key, answer)?))
    }

    /// The server's answer to a sale.
    ///
    /// # Errors
    /// What the disk says.
    pub fn sale_answer(&mut self, key: SaleKey) -> Result<Option<String>, JournalError> {
        Ok(self.reader.read::<_, DbError>(|tx| rows::find_sale_answer(tx, key))?)
    }

    /// The claims that the server is to be told of, or of whose late word; the oldest first.
    ///
    /// # Errors
    /// What the disk says.
    pub fn claims_to_tell(&mut self) -> Result<Vec<BankNote>, JournalError> {
        Ok(self.reader.read::<_, DbError>(|tx| rows::claims_to_tell(tx, CLAIMS_LISTED_MAX))?)
    }

    /// The server knows of a claim, and of the late word if it was told with it.
    ///
    /// # Errors
    /// What the disk says.
    pub fn mark_claim_told(&mut self, number: NoteNumber, with_late_word: bool) -> Result<(), JournalError> {
        self.write(|tx| Ok(rows::set_claim_told(tx, number, with_late_word)?))
    }

    /// The claims of which a slip is to be printed; the oldest first.
    ///
    /// # Errors
    /// What the disk says.
    pub fn claims_to_print(&mut self) -> Result<Vec<BankNote>, JournalError> {
        Ok(self.reader.read::<_, DbError>(|tx| rows::claims_to_print(tx, CLAIMS_LISTED_MAX))?)
    }

    /// The claim with this code.
    ///
    /// # Errors
    /// What the disk says.
    pub fn claim(&mut self, code: &ClaimCode) -> Result<Option<BankNote>, JournalError> {
        Ok(self.reader.read::<_, DbError>(|tx| rows::find_claim(tx, code))?)
    }

    /// Counts a receipt whose printing begins; the second is marked.
    ///
    /// # Errors
    /// What the disk says.
    pub fn begin_receipt(&mut self, key: SaleKey) -> Result<u64, JournalError> {
        self.write(|tx| Ok(rows::begin_receipt(tx, key)?))
    }

    /// Counts a claim's slip whose printing begins; the second is marked.
    ///
    /// # Errors
    /// What the disk says.
    pub fn begin_claim_slip(&mut self, number: NoteNumber) -> Result<u64, JournalError> {
        self.write(|tx| Ok(rows::begin_claim_slip(tx, number)?))
    }

    /// A claim's slip came out, or another one is wanted.
    ///
    /// # Errors
    /// What the disk says.
    pub fn set_claim_slip(&mut self, number: NoteNumber, is_out: bool) -> Result<(), JournalError> {
        self.write(|tx| Ok(rows::set_claim_slip(tx, number, is_out)?))
    }

    /// The collection that is not answered yet.
    ///
    /// # Errors
    /// What the disk says.
    pub fn collection(&mut self) -> Result<Option<PendingCollection>, JournalError> {
        Ok(self.reader.read::<_, DbError>(|tx| rows::find_collection(tx))?)
    }

    /// Keeps a collection until it is answered.
    ///
    /// # Errors
    /// What the disk says; a conflict when another one waits.
    pub fn keep_collection(&mut self, collection: &PendingCollection) -> Result<(), JournalError> {
        self.write(|tx| Ok(rows::insert_collection(tx, collection)?))
    }

    /// The collection is answered.
    ///
    /// # Errors
    /// What the disk says.
    pub fn forget_collection(&mut self) -> Result<(), JournalError> {
        self.write(|tx| Ok(rows::delete_collection(tx)?))
    }

    /// The top-up by QR code that is not answered yet.
    ///
    /// # Errors
    /// What the disk says.
    pub fn pending_top_up(&mut self) -> Result<Option<PendingTopUp>, JournalError> {
        Ok(self.reader.read::<_, DbError>(|tx| rows::find_pending_top_up(tx))?)
    }

    /// Top-ups by QR code that are placed and not at their end, the oldest first.
    ///
    /// # Errors
    /// What the disk says.
    pub fn open_top_ups(&mut self) -> Result<Vec<OpenTopUp>, JournalError> {
        Ok(self.reader.read::<_, DbError>(|tx| rows::open_top_ups(tx, TOP_UPS_OPEN_MAX))?)
    }

    /// Keeps a top-up before it is asked for.
    ///
    /// # Errors
    /// What the disk says; a conflict when another one is not answered yet.
    pub fn keep_top_up(&mut self, top_up: &PendingTopUp) -> Result<(), JournalError> {
        self.write(|tx| Ok(rows::insert_top_up(tx, top_up)?))
    }

    /// The top-up with this key is placed under this code.
    ///
    /// # Errors
    /// What the disk says.
    pub fn mark_top_up_placed(&mut self, key: [u8; 16], code: &str) -> Result<(), JournalError> {
        self.write(|tx| Ok(rows::set_top_up_code(tx, key, code)?))
    }

    /// The server has said what became of the top-up with this key.
    ///
    /// # Errors
    /// What the disk says.
    pub fn forget_top_up(&mut self, key: [u8; 16]) -> Result<(), JournalError> {
        self.write(|tx| Ok(rows::delete_top_up(tx, key)?))
    }
}
