//! The postings of an entry, packed into one column; see `docs/decisions/0005-row-layout.md`.
//!
//! One byte for the form (1), then for each posting: the shard and the side (one byte each), the unit's three letters, and as
//! numbers of variable length (LEB128: seven bits a byte, the lowest first) the account's code, its owner, the amount, the
//! balance before and after (zigzag: the sign is the lowest bit) and the account's version. The count of postings is not
//! kept: they end where the bytes end.

use ringup_core::ledger::{AccountCode, AccountKey, Balance, Posting, Side};
use ringup_core::money::{Amount, Unit};
use ringup_core::shard::Shard;

use crate::error::DbError;

const FORM: u8 = 1;

/// Packs the postings of an entry behind what `out` holds.
pub(crate) fn pack(out: &mut Vec<u8>, postings: &[Posting]) {
    out.push(FORM);
    for posting in postings {
        out.push(posting.account.shard.0);
        out.push(match posting.side {
            Side::Debit => 1,
            Side::Credit => 2,
        });
        out.extend_from_slice(posting.account.unit.code().as_bytes());
        push_number(out, posting.account.code.code().cast_unsigned());
        push_number(out, posting.account.owner);
        push_number(out, posting.amount.minor());
        push_number(out, zigzag(posting.before.minor()));
        push_number(out, zigzag(posting.after.minor()));
        push_number(out, posting.version);
    }
}

/// Reads [`pack`] back.
pub(crate) fn unpack(bytes: &[u8]) -> Result<Vec<Posting>, DbError> {
    let mut rest = bytes;
    if take(&mut rest)? != FORM {
        return Err(damaged());
    }
    let mut postings = Vec::with_capacity(4);
    while !rest.is_empty() {
        postings.push(unpack_one(&mut rest)?);
    }
    Ok(postings)
}

fn unpack_one(rest: &mut &[u8]) -> Result<Posting, DbError> {
    let shard = Shard(take(rest)?);
    let side = Side::from_code(i64::from(take(rest)?)).ok_or_else(damaged)?;
    let (letters, behind) = rest.split_at_checked(3).ok_or_else(damaged)?;
    *rest = behind;
    let unit: Unit = std::str::from_utf8(letters).ok().and_then(|code| code.parse().ok()).ok_or_else(damaged)?;
    let code = AccountCode::from_code(take_number(rest)?.cast_signed()).ok_or_else(damaged)?;
    let owner = take_number(rest)?;
    let amount = Amount::new(take_number(rest)?, unit).map_err(|_| damaged())?;
    let before = Balance::from_minor(unzigzag(take_number(rest)?));
    let after = Balance::from_minor(unzigzag(take_number(rest)?));
    let version = take_number(rest)?;
    Ok(Posting { account: AccountKey { shard, code, owner, unit }, side, amount, before, after, version })
}

const fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

const fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ (number & 1).cast_signed().wrapping_neg()
}

fn push_number(out: &mut Vec<u8>, number: u64) {
    let mut rest = number;
    loop {
        let [low, ..] = rest.to_le_bytes();
        rest >>= 7;
        if rest == 0 {
            out.push(low & 0x7f);
            return;
        }
        out.push(low | 0x80);
    }
}

fn take(rest: &mut &[u8]) -> Result<u8, DbError> {
    let (first, behind) = rest.split_first().ok_or_else(damaged)?;
    *rest = behind;
    Ok(*first)
}

fn take_number(rest: &mut &[u8]) -> Result<u64, DbError> {
    let mut number: u64 = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(rest)?;
        let bits = u64::from(byte & 0x7f);
        if shift == 63 && bits > 1 {
            return Err(damaged());
        }
        number |= bits << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(damaged())
}

fn damaged() -> DbError {
    DbError::Damaged("the postings of an entry cannot be read".to_owned())
}

#[cfg(test)]
mod tests;
