use ringup_core::bank_note::{Sale, SaleKey, SaleReference, SaleState};
use ringup_core::time::Timestamp;

use crate::column;
use crate::error::DbError;
use crate::seam::{Fields, Query, Read, Value, WriteTx};

/// The columns of a sale, in the order in which [`read_sale`] takes them.
macro_rules! select_sales {
    ($rest:literal) => {
        concat!(
            "select key, card_number, language, begun_at, state, closed_at, credited_at, printed_at, abandoned_at, reference
            from sale ",
            $rest
        )
    };
}

/// Writes down a sale that begins.
///
/// # Errors
/// [`DbError::Conflict`] when its key was used before, [`DbError::Broken`] when another sale is open; what the database says
/// otherwise.
pub fn insert_sale(tx: &mut WriteTx<'_>, sale: &Sale) -> Result<(), DbError> {
    let sql = "insert into sale (key, card_number, language, state, begun_at) values ($1, $2, $3, 1, $4)";
    let params: [Value<'_>; 4] = [
        sale.key.0.as_slice().into(),
        sale.card.as_u64().into(),
        column::language_code(sale.language).into(),
        sale.begun_at.into(),
    ];
    tx.execute_exactly(sql, &params, 1)
}

/// Moves a sale on, if it still stands where `sale` has it.
///
/// # Errors
/// [`DbError::Conflict`] when it does not; what the database says otherwise.
pub fn set_sale_state(tx: &mut WriteTx<'_>, sale: &Sale, state: &SaleState) -> Result<(), DbError> {
    let sql = "update sale set
            state = $2,
            closed_at = coalesce($3, closed_at),
            credited_at = coalesce($4, credited_at),
            printed_at = coalesce($5, printed_at),
            abandoned_at = coalesce($6, abandoned_at),
            reference = coalesce($7, reference)
        where key = $1 and state = $8";
    let mut moments: [Option<Timestamp>; 4] = [None; 4];
    let mut reference = None;
    match state {
        SaleState::Open => {}
        SaleState::Closed { closed_at } => moments[0] = Some(*closed_at),
        SaleState::Credited { credited_at, reference: name } => {
            moments[1] = Some(*credited_at);
            reference = Some(name.as_str());
        }
        SaleState::Printed { printed_at, reference: name } => {
            moments[2] = Some(*printed_at);
            reference = Some(name.as_str());
        }
        SaleState::Abandoned { abandoned_at } => moments[3] = Some(*abandoned_at),
    }
    let mut params: Vec<Value<'_>> = vec![sale.key.0.as_slice().into(), state_code(state).into()];
    params.extend(moments.map(Value::from));
    params.extend([reference.into(), state_code(&sale.state).into()]);
    tx.execute_exactly(sql, &params, 1)
}

/// The sale with this key.
///
/// # Errors
/// What the database says.
pub fn find_sale(tx: &mut impl Read, key: SaleKey) -> Result<Option<Sale>, DbError> {
    tx.query_first(select_sales!("where key = $1"), &[key.0.as_slice().into()], read_sale)
}

/// The sale that notes can be put in for.
///
/// # Errors
/// What the database says.
pub fn find_open_sale(tx: &mut impl Read) -> Result<Option<Sale>, DbError> {
    tx.query_first(select_sales!("where state = 1"), &[], read_sale)
}

/// The sales that the server has not credited yet, the oldest first.
///
/// # Errors
/// What the database says.
pub fn sales_to_credit(tx: &mut impl Read) -> Result<Vec<Sale>, DbError> {
    tx.query(select_sales!("where state = 2 order by begun_at, key"), &[], read_sale)
}

/// The sales that are credited and whose receipt is not printed, the oldest first.
///
/// # Errors
/// What the database says.
pub fn sales_credited(tx: &mut impl Read) -> Result<Vec<Sale>, DbError> {
    tx.query(select_sales!("where state = 3 order by begun_at, key"), &[], read_sale)
}

const fn state_code(state: &SaleState) -> i64 {
    match state {
        SaleState::Open => 1,
        SaleState::Closed { .. } => 2,
        SaleState::Credited { .. } => 3,
        SaleState::Printed { .. } => 4,
        SaleState::Abandoned { .. } => 5,
    }
}

fn read_sale(fields: &mut Fields<'_>) -> Result<Sale, DbError> {
    let key = SaleKey(fields.bytes()?);
    let card = column::card_number(fields)?;
    let language = column::language(fields)?;
    let begun_at = fields.time()?;
    Ok(Sale { key, card, language, begun_at, state: read_state(fields)? })
}

fn read_state(fields: &mut Fields<'_>) -> Result<SaleState, DbError> {
    let code = fields.int()?;
    let closed_at = fields.opt_time()?;
    let credited_at = fields.opt_time()?;
    let printed_at = fields.opt_time()?;
    let abandoned_at = fields.opt_time()?;
    let mut reference = || -> Result<SaleReference, DbError> {
        let text = column::needed(fields.opt_text()?, "reference")?;
        SaleReference::parse(text).map_err(|error| DbError::Damaged(error.to_string()))
    };
    Ok(match code {
        1 => SaleState::Open,
        2 => SaleState::Closed { closed_at: column::needed(closed_at, "closed_at")? },
        3 => SaleState::Credited { credited_at: column::needed(credited_at, "credited_at")?, reference: reference()? },
        4 => SaleState::Printed { printed_at: column::needed(printed_at, "printed_at")?, reference: reference()? },
        5 => SaleState::Abandoned { abandoned_at: column::needed(abandoned_at, "abandoned_at")? },
        other => return Err(DbError::Damaged(format!("{other} is no state of a sale"))),
    })
}
