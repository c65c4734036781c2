//! The run: some rows after the other, each sold as a single sale is.

use ringup_core::apply::{Again, Refusal};
use ringup_core::id::SaleListId;
use ringup_core::job::Next;
use ringup_core::quote::Quote;
use ringup_core::time::Span;
use ringup_core::top_up::Channel;
use ringup_db::sale_list::{self, Right, RowEnd, RowState, SaleList, SaleListRow};
use tokio::task::JoinSet;

use super::check::bonus_text;
use crate::agent::sale::{Sell, SellError, sell_as_agreed};
use crate::agent::{Seller, find};
use crate::error::{SubmitError, Unavailable};
use crate::top_up::IdempotencyKey;
use crate::{Engine, limits};

/// How soon a list is gone on with when the database did not serve.
const AGAIN_AFTER: Span = Span::seconds(5);

/// Sells the next rows of a list. May run twice, and twice at once: each row is sold once.
pub(crate) async fn sell_rows(engine: &Engine, id: SaleListId) -> Next {
    match step(engine, id).await {
        Ok(Step::More) => Next::Again { at: engine.now(), why: "there are more rows".to_owned() },
        Ok(Step::End) => Next::Done,
        Err(error) => Next::Again { at: engine.now().plus(AGAIN_AFTER), why: error.to_string() },
    }
}

enum Step {
    More,
    End,
}

/// What came of a row.
enum RowResult {
    Ended(RowEnd),
    /// Nothing can be sold now, for this reason: neither this row nor another.
    Stopped(&'static str),
    /// It is not known, or the database did not serve: it is tried again under the same key.
    Unknown(SubmitError),
}

async fn step(engine: &Engine, id: SaleListId) -> Result<Step, SubmitError> {
    let read = engine
        .read(move |tx| {
            let list = sale_list::find_sale_list(tx, id)?;
            let list =
                list.filter(|list| list.confirmed_at.is_some() && list.stopped.is_none() && list.ended_at.is_none());
            let Some(list) = list else { return Ok(None) };
            let rows = sale_list::rows_in(tx, id, RowState::Checked, limits::ROWS_SOLD_AT_ONCE)?;
            let references: Vec<String> = rows.iter().map(|row| row.reference.clone()).collect();
            let used = sale_list::sold_references(tx, list.agent, &references)?;
            Ok(Some((list, rows, used)))
        })
        .await?;
    let Some((list, rows, used)) = read else { return Ok(Step::End) };
    if rows.is_empty() {
        let now = engine.now();
        engine.write(move |tx| sale_list::end_sale_list(tx, id, now)).await?;
        return Ok(Step::End);
    }
    let seller = seller_of(engine, &list).await?;
    // Keys of sales are kept for the time in which they are disputed; that a reference was sold is kept for ever.
    let (used, rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| used.contains(&row.reference));
    let mut selling = JoinSet::new();
    for row in rows {
        let (engine, seller, list) = (engine.clone(), seller.clone(), list.clone());
        selling.spawn(async move {
            let result = sell_row(&engine, &seller, &list, &row).await;
            (row, result)
        });
    }
    let mut ends: Vec<_> = used.into_iter().map(|row| (row, reference_used())).collect();
    let (mut stopped, mut unknown) = (None, None);
    while let Some(joined) = selling.join_next().await {
        let (row, result) = joined.map_err(|error| Unavailable(error.to_string()))?;
        match result {
            RowResult::Ended(end) => ends.push((row, end)),
            RowResult::Stopped(reason) => stopped = Some(reason),
            RowResult::Unknown(error) => unknown = Some(error),
        }
    }
    // Servers that write down the same rows wait for each other in one order.
    ends.sort_by_key(|(row, _)| row.number);
    write_down(engine, list, ends, stopped).await?;
    match (unknown, stopped) {
        (Some(error), _) => Err(error),
        (None, Some(_)) => Ok(Step::End),
        (None, None) => Ok(Step::More),
    }
}

async fn seller_of(engine: &Engine, list: &SaleList) -> Result<Seller, Unavailable> {
    let missing = || Unavailable(format!("the agent of list {} is missing", list.id));
    let agent = find(engine, list.agent).await?.ok_or_else(missing)?;
    let business = agent.business.ok_or_else(missing)?;
    let place = engine.read(move |tx| ringup_db::place::find_place(tx, business.place)).await?.ok_or_else(missing)?;
    Ok(Seller { agent, business, place, channel: Channel::Agent })
}

async fn sell_row(engine: &Engine, seller: &Seller, list: &SaleList, row: &SaleListRow) -> RowResult {
    let Some(Right { card, amount, pay, bonus }) = &row.right else {
        return RowResult::Ended(RowEnd::Refused("fields".to_owned()));
    };
    let request = Sell {
        key: IdempotencyKey::of_our_own(&format!("list sale {}", row.reference)),
        card: *card,
        amount: *amount,
        quote: None,
        language: list.language,
        again: Again::Ask,
    };
    let is_agreed = |quote: &Quote| quote.you_pay == *pay && bonus_text(quote) == *bonus;
    let mut sold = sell_as_agreed(engine, seller, request.clone(), is_agreed).await;
    if let Err(SellError::Quote(_) | SellError::PriceDiffers | SellError::Submit(SubmitError::Refused(_))) = sold {
        // Another server may have sold it after its key was looked for, and that is why it is refused: the sale is found now.
        sold = sell_as_agreed(engine, seller, request, is_agreed).await;
    }
    let refused = |code: &str| RowResult::Ended(RowEnd::Refused(code.to_owned()));
    match sold {
        Ok(sold) => RowResult::Ended(RowEnd::Sold(sold.top_up.code.to_string())),
        Err(error @ SellError::NotSelling(_)) => RowResult::Stopped(error.code()),
        Err(SellError::Submit(SubmitError::Refused(refusal))) => match refusal {
            Refusal::FloatInsufficient { .. } => RowResult::Stopped(refusal.code()),
            Refusal::KeyUsedForSomethingElse => RowResult::Ended(reference_used()),
            other => refused(other.code()),
        },
        Err(SellError::Submit(error)) => RowResult::Unknown(error),
        Err(SellError::Quote(crate::quote::QuoteError::Unavailable(error))) => RowResult::Unknown(error.into()),
        Err(
            error @ (SellError::Quote(_)
            | SellError::QuoteUnreadable
            | SellError::QuoteOfSomethingElse
            | SellError::PriceDiffers),
        ) => refused(error.code()),
    }
}

fn reference_used() -> RowEnd {
    RowEnd::Refused("reference_used".to_owned())
}

/// Writes down what came of the rows, in one commit, and why the list stopped.
async fn write_down(
    engine: &Engine,
    list: SaleList,
    ends: Vec<(SaleListRow, RowEnd)>,
    stopped: Option<&'static str>,
) -> Result<(), SubmitError> {
    engine
        .write(move |tx| {
            let mut written = Vec::with_capacity(ends.len());
            for (row, end) in &ends {
                let of = (list.agent, row.reference.as_str());
                // Sold by the same reference, and that by a row of another list: this one has got nothing.
                let end = match end {
                    RowEnd::Sold(_) if sale_list::sold_before(tx, of, (list.id, row.number))? => reference_used(),
                    RowEnd::Sold(_) | RowEnd::Refused(_) => end.clone(),
                };
                written.push((row.number, end));
            }
            sale_list::end_rows(tx, list.id, &written)?;
            match stopped {
                Some(reason) => sale_list::stop_sale_list(tx, list.id, reason),
                None => Ok(()),
            }
        })
        .await
}
