//! The check: every row gets its price, or is named as wrong.

use std::collections::HashMap;

use ringup_core::card::CardNumber;
use ringup_core::id::{AgentId, SaleListId};
use ringup_core::money::{Amount, Language};
use ringup_core::product::{Product, ProductId};
use ringup_core::promotion::Promotion;
use ringup_core::quote::{Quote, QuoteFor, QuoteRefusal};
use ringup_core::shard::Shard;
use ringup_core::time::Timestamp;
use ringup_db::error::DbError;
use ringup_db::sale_list::{self, Right, RowState, SaleList, SaleListRow};
use ringup_db::seam::ReadTx;

use super::file::{self, ReadRow, Wrong};
use super::{ListError, Seller};
use crate::error::Unavailable;
use crate::quote::QuoteError;
use crate::{Engine, limits};

/// Checks a list and writes it down with the prices of its rows; nothing is sold until it is confirmed.
///
/// # Errors
/// [`ListError::TooLarge`], [`ListError::TooLong`], [`ListError::Encoding`], [`ListError::Columns`], [`ListError::Empty`],
/// [`ListError::Submit`].
pub async fn upload_list(
    engine: &Engine,
    seller: &Seller,
    content: Vec<u8>,
    language: Language,
) -> Result<SaleListId, ListError> {
    let (agent, unit) = (seller.agent.id, seller.business.unit);
    let reading = tokio::task::spawn_blocking(move || file::read(&content, unit));
    let read = reading.await.map_err(|error| Unavailable(error.to_string()))??;
    let made_at = engine.now();
    let mut rows = Vec::with_capacity(read.len());
    for chunk in read.chunks(limits::ROWS_PRICED_AT_ONCE) {
        let chunk = chunk.to_vec();
        let first = rows.len();
        rows.extend(engine.read(move |tx| priced(tx, agent, &chunk, first, made_at)).await?);
    }
    let pays = rows.iter().filter_map(|row| row.right.as_ref()).map(|right| right.pay.minor());
    let (right, sum) =
        pays.fold((0_u64, 0_u64), |(count, sum), pay| (count.saturating_add(1), sum.saturating_add(pay)));
    let list = SaleList {
        id: SaleListId::from_u64(engine.ids().one(Shard(0), made_at)),
        agent,
        language,
        rows: u64::try_from(rows.len()).unwrap_or(u64::MAX),
        right,
        pay: Amount::new(sum, unit).map_err(|_| ListError::TooLarge)?,
        made_at,
        confirmed_at: None,
        stopped: None,
        ended_at: None,
    };
    let id = list.id;
    let kept = limits::LISTS_NOT_CONFIRMED;
    engine.write(move |tx| sale_list::insert_sale_list(tx, &list, &rows, kept)).await?;
    Ok(id)
}

/// The products of the rows' cards, each read once.
type Products = HashMap<ProductId, Option<(Product, Vec<Promotion>)>>;

fn priced(
    tx: &mut ReadTx<'_>,
    agent: AgentId,
    read: &[ReadRow],
    first: usize,
    now: Timestamp,
) -> Result<Vec<SaleListRow>, DbError> {
    let references: Vec<String> =
        read.iter().filter(|row| row.asked.is_ok()).map(|row| row.reference.clone()).collect();
    let taken = sale_list::taken_references(tx, agent, &references)?;
    let mut products = Products::new();
    let mut rows = Vec::with_capacity(read.len());
    for (nth, row) in read.iter().enumerate() {
        let right = match row.asked {
            Err(wrong) => Err(wrong),
            Ok(_) if taken.contains(&row.reference) => Err(Wrong { reason: "reference_used", other_line: None }),
            Ok((card, amount)) => price(tx, &mut products, (card, amount), now)?
                .map_err(|error| Wrong { reason: error.code(), other_line: None }),
        };
        let number = first.saturating_add(nth).saturating_add(1);
        rows.push(SaleListRow {
            number: u64::try_from(number).unwrap_or(u64::MAX),
            line: row.line,
            reference: row.reference.clone(),
            other_line: right.as_ref().err().and_then(|wrong| wrong.other_line),
            state: if right.is_ok() { RowState::Checked } else { RowState::Wrong },
            reason: right.as_ref().err().map(|wrong| wrong.reason.to_owned()),
            right: right.ok(),
            top_up_code: None,
        });
    }
    Ok(rows)
}

fn price(
    tx: &mut ReadTx<'_>,
    products: &mut Products,
    (number, amount): (CardNumber, Amount),
    now: Timestamp,
) -> Result<Result<Right, QuoteError>, DbError> {
    let Some(card) = ringup_db::card::find_card(tx, number)? else { return Ok(Err(QuoteError::CardUnknown)) };
    if let std::collections::hash_map::Entry::Vacant(place) = products.entry(card.product) {
        let found = match ringup_db::product::find_product(tx, card.product)? {
            Some(product) => {
                let promotions = ringup_db::promotion::promotions_of(tx, product.id, now)?;
                Some((product, promotions))
            }
            None => None,
        };
        place.insert(found);
    }
    let Some((product, promotions)) = products.get(&card.product).and_then(Option::as_ref) else {
        return Ok(Err(QuoteError::CardUnknown));
    };
    let balance = ringup_db::account::card_balance(tx, number, product.unit)?.available(product.unit);
    Ok(match Quote::make(QuoteFor { card: &card, product, balance, promotions }, amount, now) {
        Err(QuoteRefusal::CardNotActive) => Err(QuoteError::CardUnknown),
        Err(refusal) => Err(refusal.into()),
        Ok(quote) => Ok(Right { card: number, amount, pay: quote.you_pay, bonus: bonus_text(&quote) }),
    })
}

/// The bonus of a quote, as it is kept and compared.
pub(super) fn bonus_text(quote: &Quote) -> Option<String> {
    quote.bonus.map(|bonus| bonus.amount.to_string())
}
