//! A top-up that waits for its payment, and the file that keeps all of a world beside its database.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read as _, Write as _};
use std::path::Path;

use ringup_core::apply::Command;
use ringup_core::card::CardNumber;
use ringup_core::id::PaymentId;
use ringup_core::money::Amount;
use ringup_core::payment::{PaymentWord, Provider, ProviderReport, ReportSource, TransactionId};

use super::{PAID_AT, UNIT};
use crate::bench::BenchError;
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;

/// One top-up that has been placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// For which card.
    pub card: CardNumber,
    /// The payment that it waits for.
    pub payment: PaymentId,
    /// The code of its page.
    pub code: [u8; 16],
    /// What the card gets, in minor units.
    pub gets_minor: u64,
    /// What is paid, in minor units.
    pub pays_minor: u64,
    /// What comes on top, in minor units.
    pub bonus_minor: u64,
}

/// A row has five numbers of eight bytes and a code.
const ROW_BYTES: usize = 5 * 8 + 16;

impl Placed {
    /// Alipay's number of its payment: a date, and then digits without order, as theirs are.
    pub fn transaction(&self) -> String {
        let scattered = Dice::new(self.payment.as_u64()).draw().checked_rem(10_u64.pow(15)).unwrap_or(0);
        format!("2026010522001{scattered:015}")
    }

    /// What the gateway reads from Alipay's notification that it has been paid.
    pub fn report(&self) -> Result<Command, BenchError> {
        Ok(Command::RecordPayment(ProviderReport {
            provider: Provider::Alipay,
            payment: self.payment,
            source: ReportSource::Notification,
            word: PaymentWord::Paid {
                transaction: TransactionId::parse(&self.transaction())?,
                amount: Amount::new(self.pays_minor, UNIT)?,
                paid_at: PAID_AT,
            },
        }))
    }

    fn to_bytes(self) -> [u8; ROW_BYTES] {
        let mut bytes = [0; ROW_BYTES];
        let numbers = [self.card.as_u64(), self.payment.as_u64(), self.gets_minor, self.pays_minor, self.bonus_minor];
        for (to, number) in bytes.chunks_exact_mut(8).zip(numbers) {
            to.copy_from_slice(&number.to_le_bytes());
        }
        for (to, from) in bytes.iter_mut().skip(5 * 8).zip(self.code) {
            *to = from;
        }
        bytes
    }

    fn from_bytes(bytes: &[u8; ROW_BYTES]) -> Result<Self, BenchError> {
        let mut numbers = [0; 5];
        for (number, from) in numbers.iter_mut().zip(bytes.chunks_exact(8)) {
            *number = u64::from_le_bytes(from.try_into()?);
        }
        let [card, payment, gets_minor, pays_minor, bonus_minor] = numbers;
        let code = bytes.get(5 * 8..).unwrap_or_default().try_into()?;
        let (card, payment) = (CardNumber::from_u64(card)?, PaymentId::from_u64(payment));
        Ok(Self { card, payment, code, gets_minor, pays_minor, bonus_minor })
    }
}

/// Keeps them for the next run.
pub fn write_placed(file: &Path, placed: &[Placed]) -> Result<(), BenchError> {
    let mut out = BufWriter::new(File::create(file).map_err(Failure::doing(file.display()))?);
    for one in placed {
        out.write_all(&one.to_bytes())?;
    }
    out.flush()?;
    Ok(())
}

/// Reads them back.
pub fn read_placed(file: &Path) -> Result<Vec<Placed>, BenchError> {
    let mut input = BufReader::new(File::open(file).map_err(Failure::doing(file.display()))?);
    let mut placed = Vec::new();
    let mut row = [0; ROW_BYTES];
    loop {
        match input.read_exact(&mut row) {
            Ok(()) => placed.push(Placed::from_bytes(&row)?),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(placed),
            Err(error) => return Err(error.into()),
        }
    }
}
