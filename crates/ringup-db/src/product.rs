//! Products: read by everyone, written by staff.

use ringup_core::money::{Amount, Unit};
use ringup_core::product::{Name, NumberFormat, Product, ProductId};
use ringup_core::time::Span;

use crate::card::read_u32;
use crate::column;
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value, WriteTx};

static PRODUCT: Table = Table::new(
    "product",
    &[int("id")],
    &[
        text("code"),
        text("name_en"),
        text("name_zh_hans"),
        text("unit"),
        text("number_prefix"),
        int("number_digits"),
        int("pin_digits"),
        int("validity_us"),
        int("added_per_top_up_us"),
        int("grace_us"),
        text("offered"),
        int("other_min_minor"),
        int("other_max_minor"),
        int("balance_min_minor"),
        int("balance_max_minor"),
    ],
    &[],
);

pub(crate) static PRODUCT_BY_ID: Lookup = Lookup::new(&PRODUCT, &[int("id")], "", "");
static PRODUCT_BY_CODE: Lookup = Lookup::new(&PRODUCT, &[text("code")], "", "");
static PRODUCTS: Lookup = Lookup::new(&PRODUCT, &[], "true", "order by id");

/// All products, by their numbers.
///
/// # Errors
/// What the database says.
pub fn products(tx: &mut impl Read) -> Result<Vec<Product>, DbError> {
    PRODUCTS.find(tx, &[], read_product)
}

/// A product.
///
/// # Errors
/// What the database says.
pub fn find_product(tx: &mut impl Read, id: ProductId) -> Result<Option<Product>, DbError> {
    PRODUCT_BY_ID.find_one(tx, &[id.0.into()], read_product)
}

/// The product that commands and files name so.
///
/// # Errors
/// What the database says.
pub fn find_product_by_code(tx: &mut impl Read, code: &str) -> Result<Option<Product>, DbError> {
    PRODUCT_BY_CODE.find_one(tx, &[code.into()], read_product)
}

/// Writes a product, whether it is new or not.
///
/// # Errors
/// [`DbError::Broken`] `product_code_unique` when another product is called so; what the database says.
pub fn upsert_product(tx: &mut WriteTx<'_>, product: &Product) -> Result<(), DbError> {
    let sql = include_str!("product/upsert.sql");
    let offered: Vec<u64> = product.offered.iter().map(|amount| amount.minor()).collect();
    let offered = serde_json::to_string(&offered).map_err(|error| DbError::Damaged(error.to_string()))?;
    let (other_min, other_max) = product.other_amounts.unzip();
    let params: [Value<'_>; 16] = [
        product.id.0.into(),
        product.code.as_str().into(),
        product.name.en.as_str().into(),
        product.name.zh_hans.as_str().into(),
        product.unit.code().into(),
        product.format.prefix.as_str().into(),
        product.format.digits.into(),
        product.format.pin_digits.into(),
        product.validity.as_micros().into(),
        product.added_per_top_up.as_micros().into(),
        product.grace.as_micros().into(),
        offered.into(),
        other_min.map(Amount::minor).into(),
        other_max.map(Amount::minor).into(),
        product.balance_min.minor().into(),
        product.balance_max.minor().into(),
    ];
    tx.execute_exactly(sql, &params, 1)
}

pub(crate) fn read_product(fields: &mut Fields<'_>) -> Result<Product, DbError> {
    let id = ProductId(read_u32(fields)?);
    let code = fields.text()?.to_owned();
    let name = read_name(fields)?;
    let unit = column::unit(fields)?;
    let prefix = fields.text()?.to_owned();
    let format = NumberFormat { prefix, digits: read_u32(fields)?, pin_digits: read_u32(fields)? };
    let [validity, added_per_top_up, grace] = [read_span(fields)?, read_span(fields)?, read_span(fields)?];
    let offered = read_offered(fields.text()?, unit)?;
    let other_amounts = match (fields.opt_bits()?, fields.opt_bits()?) {
        (Some(least), Some(most)) => Some((column::amount(least, unit)?, column::amount(most, unit)?)),
        (_, _) => None,
    };
    let balance_min = column::amount(fields.count()?, unit)?;
    let balance_max = column::amount(fields.count()?, unit)?;
    Ok(Product {
        id,
        code,
        name,
        unit,
        format,
        validity,
        added_per_top_up,
        grace,
        offered,
        other_amounts,
        balance_min,
        balance_max,
    })
}

pub(crate) fn read_name(fields: &mut Fields<'_>) -> Result<Name, DbError> {
    Ok(Name { en: fields.text()?.to_owned(), zh_hans: fields.text()?.to_owned() })
}

fn read_span(fields: &mut Fields<'_>) -> Result<Span, DbError> {
    fields.int().map(Span::micros)
}

fn read_offered(text: &str, unit: Unit) -> Result<Vec<Amount>, DbError> {
    let minors: Vec<u64> = serde_json::from_str(text).map_err(|error| DbError::Damaged(error.to_string()))?;
    minors.into_iter().map(|minor| column::amount(minor, unit)).collect()
}
