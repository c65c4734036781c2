//! Float that agents buy through providers.

use ringup_core::books::KeyHash;
use ringup_core::float_purchase::{FloatPaid, FloatPurchase, FloatPurchaseState};
use ringup_core::id::{AgentId, FloatPurchaseId, PaymentId, PurseId};
use ringup_core::money::Unit;
use ringup_core::payment::{PayMethod, Provider, TransactionId};
use ringup_core::time::Timestamp;

use crate::capture;
use crate::column::{self, coded, needed};
use crate::dialect::{Lookup, Table, blob, int, text, write_together};
use crate::error::DbError;
use crate::seam::{Fields, Query as _, Read, Value, WriteTx};

static PURCHASE: Table = Table::new(
    "float_purchase",
    &[int("shard"), int("id")],
    &[
        int("agent_id"),
        int("float_id"),
        int("amount_minor"),
        text("unit"),
        int("provider"),
        int("method"),
        blob("key_hash"),
        int("created_at"),
        int("expires_at"),
    ],
    &[
        text("state"),
        text("hand_over"),
        int("abandoned_at"),
        text("transaction_id"),
        int("paid_minor"),
        int("paid_at"),
        int("booked_at"),
        int("version"),
    ],
);
static BY_ID: Lookup = Lookup::new(&PURCHASE, &[int("shard"), int("id")], "", "");
static BY_KEY: Lookup = Lookup::new(&PURCHASE, &[int("agent_id"), blob("key_hash")], "", "");
static OF_AGENT: Lookup = Lookup::new(&PURCHASE, &[int("agent_id")], "", "order by id desc limit $2");

/// The purchase with this id.
///
/// # Errors
/// What the database says.
pub fn find_float_purchase(tx: &mut impl Read, id: FloatPurchaseId) -> Result<Option<FloatPurchase>, DbError> {
    BY_ID.find_one(tx, &[id.shard().0.into(), id.as_u64().into()], read_purchase)
}

/// The purchase that an agent has placed with this key.
///
/// # Errors
/// What the database says.
pub fn find_float_purchase_by_key(
    tx: &mut impl Read,
    agent: AgentId,
    key: &KeyHash,
) -> Result<Option<FloatPurchase>, DbError> {
    BY_KEY.find_one(tx, &[agent.as_u64().into(), key.0.as_slice().into()], read_purchase)
}

/// The last purchases of an agent, the newest first, `limit` at most.
///
/// # Errors
/// What the database says.
pub fn float_purchases(tx: &mut impl Read, agent: AgentId, limit: u32) -> Result<Vec<FloatPurchase>, DbError> {
    OF_AGENT.find(tx, &[agent.as_u64().into(), limit.into()], read_purchase)
}

/// How many purchases of an agent wait for their payer.
///
/// # Errors
/// What the database says.
pub fn count_waiting_float_purchases(tx: &mut impl Read, agent: AgentId) -> Result<u64, DbError> {
    let sql = "select count(*) from float_purchase where agent_id = $1 and state in ('created', 'pending')";
    Ok(tx.query_first(sql, &[agent.as_u64().into()], |fields| fields.count())?.unwrap_or(0))
}

/// The top-up's payment that a provider's number is of: float must not be bought with it once more.
///
/// # Errors
/// What the database says.
pub fn payment_of_transaction(
    tx: &mut impl Read,
    provider: Provider,
    transaction: &TransactionId,
) -> Result<Option<PaymentId>, DbError> {
    capture::payment_of_transaction(tx, provider, transaction)
}

/// Which purchase a provider's number is of.
///
/// # Errors
/// What the database says.
pub fn float_purchase_of_transaction(
    tx: &mut impl Read,
    provider: Provider,
    transaction: &TransactionId,
) -> Result<Option<FloatPurchaseId>, DbError> {
    let sql = "select id from float_purchase where provider = $1 and transaction_id = $2";
    let key = [provider.code().into(), transaction.as_str().into()];
    tx.query_first(sql, &key, |fields| fields.bits().map(FloatPurchaseId::from_u64))
}

/// Writes down a purchase that is to be paid.
///
/// # Errors
/// [`DbError::Conflict`] or [`DbError::Broken`] when the agent has placed one with this key meanwhile.
pub fn insert_float_purchase(tx: &mut WriteTx<'_>, purchase: &FloatPurchase, key: &KeyHash) -> Result<(), DbError> {
    let mut values: Vec<Value<'_>> = vec![
        purchase.id.shard().0.into(),
        purchase.id.as_u64().into(),
        purchase.agent.as_u64().into(),
        purchase.float.as_u64().into(),
        purchase.amount.minor().into(),
        purchase.amount.unit().code().into(),
        purchase.provider.code().into(),
        purchase.method.code().into(),
        key.0.as_slice().into(),
        purchase.created_at.into(),
        purchase.expires_at.into(),
    ];
    push_state(&mut values, &purchase.state);
    values.push(purchase.version.into());
    PURCHASE.insert_all(tx, values)
}

/// Writes down what has become of a purchase; its version is that of the row as it was read.
///
/// # Errors
/// [`DbError::Conflict`] when somebody else wrote the row meanwhile.
pub fn update_float_purchase(tx: &mut WriteTx<'_>, purchase: &FloatPurchase) -> Result<(), DbError> {
    let mut values: Vec<Value<'_>> = vec![purchase.id.shard().0.into(), purchase.id.as_u64().into()];
    push_state(&mut values, &purchase.state);
    values.extend([purchase.version.saturating_add(1).into(), purchase.version.into()]);
    write_together(tx, vec![PURCHASE.updated(values)])
}

/// A purchase that is paid is on its float.
///
/// # Errors
/// What the database says.
pub fn book_float_purchase(tx: &mut WriteTx<'_>, id: FloatPurchaseId, now: Timestamp) -> Result<(), DbError> {
    let sql = "update float_purchase set booked_at = $3, version = version + 1
        where shard = $1 and id = $2 and state = 'paid' and booked_at is null";
    tx.execute(sql, &[id.shard().0.into(), id.as_u64().into(), now.into()]).map(drop)
}

fn push_state<'a>(out: &mut Vec<Value<'a>>, state: &'a FloatPurchaseState) {
    let (hand_over, abandoned_at, paid) = match state {
        FloatPurchaseState::Created => (None, None, None),
        FloatPurchaseState::Pending { hand_over } => (Some(hand_over.as_str()), None, None),
        FloatPurchaseState::Abandoned { abandoned_at } => (None, Some(*abandoned_at), None),
        FloatPurchaseState::Paid(paid) => (None, None, Some(paid)),
    };
    out.extend([
        state.name().into(),
        hand_over.into(),
        abandoned_at.into(),
        paid.map(|paid| paid.transaction.as_str()).into(),
        paid.map(|paid| paid.amount.minor()).into(),
        paid.map(|paid| paid.paid_at).into(),
        paid.and_then(|paid| paid.booked_at).into(),
    ]);
}

fn read_purchase(fields: &mut Fields<'_>) -> Result<FloatPurchase, DbError> {
    fields.int()?; // the shard is in the id
    let id = FloatPurchaseId::from_u64(fields.bits()?);
    let agent = AgentId::from_u64(fields.bits()?);
    let float = PurseId::from_u64(fields.bits()?);
    let amount = column::amount_and_unit(fields)?;
    let provider = coded(fields, Provider::from_code)?;
    let method = coded(fields, PayMethod::from_code)?;
    fields.blob()?; // the key is looked up by, and needed no more
    let (created_at, expires_at) = (fields.time()?, fields.time()?);
    let state = read_state(fields, amount.unit())?;
    let version = fields.count()?;
    Ok(FloatPurchase { id, agent, float, amount, provider, method, state, created_at, expires_at, version })
}

fn read_state(fields: &mut Fields<'_>, unit: Unit) -> Result<FloatPurchaseState, DbError> {
    let name = fields.text()?;
    let hand_over = fields.opt_text()?.map(str::to_owned);
    let abandoned_at = fields.opt_time()?;
    let transaction = fields.opt_text()?.map(TransactionId::parse).transpose();
    let transaction = transaction.map_err(|error| DbError::Damaged(error.to_string()))?;
    let (minor, paid_at, booked_at) = (fields.opt_bits()?, fields.opt_time()?, fields.opt_time()?);
    match name {
        "created" => Ok(FloatPurchaseState::Created),
        "pending" => Ok(FloatPurchaseState::Pending { hand_over: needed(hand_over, "the way to the provider")? }),
        "abandoned" => Ok(FloatPurchaseState::Abandoned { abandoned_at: needed(abandoned_at, "when it ended")? }),
        "paid" => Ok(FloatPurchaseState::Paid(FloatPaid {
            transaction: needed(transaction, "the provider's number")?,
            amount: column::amount(needed(minor, "what was paid")?, unit)?,
            paid_at: needed(paid_at, "when it was paid")?,
            booked_at,
        })),
        other => Err(DbError::Damaged(format!("{other:?} is no state of a float purchase"))),
    }
}
