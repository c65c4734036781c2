//! Values of ringup_core as columns hold them.

use ringup_core::card::CardNumber;
use ringup_core::ledger::{Balance, Holding};
use ringup_core::money::{Amount, Language, Unit};

use crate::error::DbError;
use crate::seam::{Fields, Value};

/// The value whose number stands in the next column.
pub(crate) fn coded<T>(fields: &mut Fields<'_>, from_code: fn(i64) -> Option<T>) -> Result<T, DbError> {
    let code = fields.int()?;
    from_code(code).ok_or_else(|| unknown(std::any::type_name::<T>(), code))
}

/// The value whose number stands in the next column, where there is one.
pub(crate) fn opt_coded<T>(fields: &mut Fields<'_>, from_code: fn(i64) -> Option<T>) -> Result<Option<T>, DbError> {
    match fields.opt_int()? {
        Some(code) => from_code(code).map(Some).ok_or_else(|| unknown(std::any::type_name::<T>(), code)),
        None => Ok(None),
    }
}

fn unknown(kind: &str, code: i64) -> DbError {
    DbError::Damaged(format!("{code} is no {kind}"))
}

/// The unit in the next column.
pub(crate) fn unit(fields: &mut Fields<'_>) -> Result<Unit, DbError> {
    parse_unit(fields.text()?)
}

/// The unit with this code.
pub(crate) fn parse_unit(code: &str) -> Result<Unit, DbError> {
    code.parse().map_err(|error: ringup_core::money::UnknownUnit| DbError::Damaged(error.to_string()))
}

/// So many minor units.
pub(crate) fn amount(minor: u64, unit: Unit) -> Result<Amount, DbError> {
    Amount::new(minor, unit).map_err(|error| DbError::Damaged(error.to_string()))
}

/// A count of minor units and, in the column after it, the unit.
pub(crate) fn amount_and_unit(fields: &mut Fields<'_>) -> Result<Amount, DbError> {
    let minor = fields.count()?;
    amount(minor, unit(fields)?)
}

/// The same, where there is an amount.
pub(crate) fn opt_amount_and_unit(fields: &mut Fields<'_>) -> Result<Option<Amount>, DbError> {
    match (fields.opt_bits()?, fields.opt_text()?) {
        (Some(minor), Some(code)) => amount(minor, parse_unit(code)?).map(Some),
        (None, None) => Ok(None),
        (_, _) => Err(DbError::Damaged("an amount without its unit".to_owned())),
    }
}

/// What a row holds of its own, in this unit: its minor units and, in the column after them, its version.
pub(crate) fn holding(fields: &mut Fields<'_>, unit: Unit) -> Result<Option<Holding>, DbError> {
    match (fields.opt_int()?, fields.opt_bits()?) {
        (Some(minor), Some(version)) => Ok(Some(Holding { unit, balance: Balance::from_minor(minor), version })),
        (None, None) => Ok(None),
        (_, _) => Err(DbError::Damaged("a balance without its version".to_owned())),
    }
}

/// The same with the unit in a column between the two.
pub(crate) fn holding_and_unit(fields: &mut Fields<'_>) -> Result<Option<Holding>, DbError> {
    match (fields.opt_int()?, fields.opt_text()?, fields.opt_bits()?) {
        (Some(minor), Some(code), Some(version)) => {
            Ok(Some(Holding { unit: parse_unit(code)?, balance: Balance::from_minor(minor), version }))
        }
        (None, None, None) => Ok(None),
        (_, _, _) => Err(DbError::Damaged("a balance without its unit or version".to_owned())),
    }
}

/// The card number in the next column.
pub(crate) fn card_number(fields: &mut Fields<'_>) -> Result<CardNumber, DbError> {
    CardNumber::from_u64(fields.bits()?).map_err(|error| DbError::Damaged(error.to_string()))
}

/// How a column names a language.
pub(crate) const fn language_code(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::ZhHans => "zh-Hans",
    }
}

/// The language in the next column.
pub(crate) fn language(fields: &mut Fields<'_>) -> Result<Language, DbError> {
    match fields.text()? {
        "en" => Ok(Language::En),
        "zh-Hans" => Ok(Language::ZhHans),
        other => Err(DbError::Damaged(format!("{other:?} is no language"))),
    }
}

/// A column that the state beside it needs.
pub(crate) fn needed<T>(value: Option<T>, what: &str) -> Result<T, DbError> {
    value.ok_or_else(|| DbError::Damaged(format!("{what} is missing")))
}

/// As many zeros as a row will grow by, nothing when it has grown.
pub(crate) fn room(bytes: usize) -> Value<'static> {
    const ZEROS: &[u8] = &[0; 128];
    ZEROS.get(..bytes).filter(|zeros| !zeros.is_empty()).into()
}
