//! Numbers that a text message can be sent to, by the world's numbering plans.

use ringup_core::notice::{MobileNumber, ParseMobileError};
use rlibphonenumber::enums::Region;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType};

use crate::limits;

/// The countries whose phones are sent texts. A text costs what its country costs, and who asks for one pays nothing: without this list a
/// stranger chooses what we pay.
#[derive(Clone, Debug)]
pub(super) struct Countries {
    first: Region,
    others: Vec<Region>,
}

impl Countries {
    /// Reads their ISO 3166 codes; nothing when there is none, or one that no country has.
    pub(super) fn read(codes: &[String]) -> Option<Self> {
        let known =
            |code: &String| PHONE_NUMBER_UTIL.get_supported_regions().find(|region| region.to_string() == *code);
        let regions: Option<Vec<Region>> = codes.iter().map(known).collect();
        let (first, others) = regions?.split_first().map(|(first, others)| (*first, others.to_vec()))?;
        Some(Self { first, others })
    }

    /// Reads a number as people write it; without its country's code it is of the first country.
    ///
    /// # Errors
    /// [`ParseMobileError`].
    pub(super) fn number(&self, typed: &str) -> Result<MobileNumber, ParseMobileError> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(ParseMobileError::Missing);
        }
        if typed.chars().count() > limits::MOBILE_CHARS_MAX {
            return Err(ParseMobileError::Form);
        }
        let number = PHONE_NUMBER_UTIL.parse(typed, Some(self.first)).map_err(|_| ParseMobileError::Form)?;
        // A text message has no extension to go to.
        if !number.is_valid() || number.extension.is_some() {
            return Err(ParseMobileError::Form);
        }
        let is_ours = number.get_region_code().is_some_and(|found| found == self.first || self.others.contains(&found));
        if !is_ours {
            return Err(ParseMobileError::Country);
        }
        match number.get_type() {
            PhoneNumberType::Mobile | PhoneNumberType::FixedLineOrMobile => {
                MobileNumber::from_e164(&number.format_as(PhoneNumberFormat::E164))
            }
            _ => Err(ParseMobileError::NotMobile),
        }
    }
}

#[cfg(test)]
mod tests;
