//! Ids as people read them out and as providers echo them.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use ringup_core::id::{
    BatchId, CaseId, EntryId, EventId, GrantId, JobId, NotificationId, PaymentId, PlaceId, ReceiptId, RefundId, TopUpId,
};

use crate::bytes;
use crate::verdict::{Checked, Reached, holds, same};
use crate::{Broken, Check, Target};

const DIGITS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Ids of every kind.
pub const TARGET: Target = Target {
    name: "id",
    claims: "an id reads back, is of one kind only, and with one character changed is refused; a provider's reference is exact",
    bytes_max: 64,
    prepare: || Ok(Box::new(check) as Box<dyn Check>),
};

/// What all kinds of id can do.
trait Id: Copy + Debug + Display + PartialEq + FromStr {
    fn number(self) -> u64;
    fn of_number(number: u64) -> Self;
    fn reference(self) -> String;
    fn of_reference(reference: &str) -> Option<Self>;
}

macro_rules! ids {
    ($($id:ty),+) => {
        $(impl Id for $id {
            fn number(self) -> u64 {
                self.as_u64()
            }

            fn of_number(number: u64) -> Self {
                Self::from_u64(number)
            }

            fn reference(self) -> String {
                self.to_reference()
            }

            fn of_reference(reference: &str) -> Option<Self> {
                Self::from_reference(reference).ok()
            }
        })+

        /// How many kinds of id take the text, and how many take it as a reference.
        fn kinds(text: &str) -> Result<(usize, usize), Broken> {
            let mut taken = (0, 0);
            $(
                taken.0 += usize::from(typed::<$id>(text)?);
                taken.1 += usize::from(echoed::<$id>(text)?);
            )+
            Ok(taken)
        }
    };
}

ids!(
    BatchId,
    CaseId,
    EntryId,
    EventId,
    GrantId,
    JobId,
    NotificationId,
    PaymentId,
    PlaceId,
    ReceiptId,
    RefundId,
    TopUpId
);

fn check(data: &[u8]) -> Checked {
    let Some(text) = bytes::text(data) else { return Ok(Reached::Refused) };
    let (typed, echoed) = kinds(text)?;
    holds(typed <= 1 && echoed <= 1, || format!("{text:?} is an id of more than one kind"))?;
    Ok(if typed + echoed > 0 { Reached::Accepted } else { Reached::Refused })
}

/// Whether a person may have typed an id of this kind.
fn typed<I: Id>(text: &str) -> Result<bool, Broken> {
    let Ok(id) = text.parse::<I>() else { return Ok(false) };
    holds(id.number() >> 63 == 0, || format!("{id} has more than 63 bits"))?;
    let written = id.to_string();
    holds(written.parse::<I>().is_ok_and(|again| again == id), || format!("{written} does not read back"))?;
    same("its number", &I::of_number(id.number()), &id)?;
    same("its reference", &I::of_reference(&id.reference()), &Some(id))?;
    one_wrong_character_is_refused::<I>(&written)?;
    Ok(true)
}

/// Whether a provider may have echoed a reference of this kind. Nobody types those: they come back as they went out.
fn echoed<I: Id>(text: &str) -> Result<bool, Broken> {
    let Some(id) = I::of_reference(text) else { return Ok(false) };
    same("a reference that was taken", &text, &id.reference().as_str())?;
    holds(id.to_string().parse::<I>().is_ok_and(|again| again == id), || format!("{id} does not read back"))?;
    Ok(true)
}

fn one_wrong_character_is_refused<I: Id>(written: &str) -> Result<(), Broken> {
    let Some((prefix, body)) = written.split_once('_') else {
        return Err(Broken(format!("{written} has no prefix")));
    };
    // The last one is the check character itself.
    for at in 0..body.chars().count().saturating_sub(1) {
        for other in DIGITS.chars() {
            let wrong: String =
                body.chars().enumerate().map(|(position, c)| if position == at { other } else { c }).collect();
            let wrong = format!("{prefix}_{wrong}");
            let refused = wrong == written || wrong.parse::<I>().is_err();
            holds(refused, || format!("{wrong} was taken as well as {written}"))?;
        }
    }
    Ok(())
}
