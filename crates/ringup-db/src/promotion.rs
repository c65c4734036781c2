//! Promotions: read for a quote, written by staff.

use ringup_core::product::ProductId;
use ringup_core::promotion::{Gift, Promotion, PromotionId};
use ringup_core::time::{Span, Timestamp};

use crate::card::read_u32;
use crate::column::{self, needed};
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::product::read_name;
use crate::seam::{Fields, Read, Value, WriteTx};

static PROMOTION: Table = Table::new(
    "promotion",
    &[int("id")],
    &[
        int("product_id"),
        text("name_en"),
        text("name_zh_hans"),
        int("starts_at"),
        int("ends_at"),
        int("spend_minor"),
        text("spend_unit"),
        text("gift"),
        int("gift_minor"),
        text("gift_unit"),
        int("lasts_us"),
    ],
    &[],
);

static PROMOTIONS_NOW: Lookup =
    Lookup::new(&PROMOTION, &[int("product_id")], "and starts_at <= $2 and ends_at > $2", "order by id");

/// The promotions of a product that run at this moment, by their numbers.
///
/// # Errors
/// What the database says.
pub fn promotions_of(tx: &mut impl Read, product: ProductId, now: Timestamp) -> Result<Vec<Promotion>, DbError> {
    PROMOTIONS_NOW.find(tx, &[product.0.into(), now.into()], read_promotion)
}

/// Writes a promotion, whether it is new or not.
///
/// # Errors
/// What the database says.
pub fn upsert_promotion(tx: &mut WriteTx<'_>, promotion: &Promotion) -> Result<(), DbError> {
    let (gift, amount, lasts) = match promotion.gives {
        Gift::Discount(amount) => ("discount", amount, None),
        Gift::Bonus { amount, lasts } => ("bonus", amount, Some(lasts.as_micros())),
    };
    let params: [Value<'_>; 12] = [
        promotion.id.0.into(),
        promotion.product.0.into(),
        promotion.name.en.as_str().into(),
        promotion.name.zh_hans.as_str().into(),
        promotion.starts_at.into(),
        promotion.ends_at.into(),
        promotion.spend_at_least.minor().into(),
        promotion.spend_at_least.unit().code().into(),
        gift.into(),
        amount.minor().into(),
        amount.unit().code().into(),
        lasts.into(),
    ];
    tx.execute_exactly(include_str!("promotion/upsert.sql"), &params, 1)
}

fn read_promotion(fields: &mut Fields<'_>) -> Result<Promotion, DbError> {
    let id = PromotionId(read_u32(fields)?);
    let product = ProductId(read_u32(fields)?);
    let name = read_name(fields)?;
    let (starts_at, ends_at) = (fields.time()?, fields.time()?);
    let spend_at_least = column::amount_and_unit(fields)?;
    let gift = fields.text()?;
    let amount = column::amount_and_unit(fields)?;
    let lasts = fields.opt_int()?.map(Span::micros);
    let gives = match gift {
        "discount" => Gift::Discount(amount),
        "bonus" => Gift::Bonus { amount, lasts: needed(lasts, "how long a bonus lasts")? },
        other => return Err(DbError::Damaged(format!("{other:?} is no gift"))),
    };
    Ok(Promotion { id, product, name, starts_at, ends_at, spend_at_least, gives })
}

#[cfg(test)]
mod tests;
