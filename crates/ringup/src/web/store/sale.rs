//! The sale: priced while the clerk chooses, sold with one press, printed, and printed again.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use ringup_core::apply::{Again, Refusal};
use ringup_core::card::CardNumber;
use ringup_core::money::Amount;
use ringup_core::payment::PaymentCode;
use ringup_core::top_up::{TopUpCode, TopUpState};
use ringup_engine::error::SubmitError;
use ringup_engine::quote::{QuoteError, Quoted};
use ringup_engine::store::{
    self, Counter, DocumentError, DocumentKind, Drawer, IdentityDocument, IdentityReason, Sell, SellByCode, SellError,
};
use ringup_engine::top_up::{IdempotencyKey, TopUpView};
use ringup_engine::{place, refund};
use serde::{Deserialize, Serialize};

use super::counter::Serving;
use super::mapping::{head, offer, print_url, slip, state};
use super::{by_code, till};
use crate::web::form::{Filled, TypedCode, typed_card};
use crate::web::i18n::time;
use crate::web::mapping::{language, money};
use crate::web::notice;
use crate::web::page_error::{self, PageError};
use crate::web::portal::refused_quote;
use crate::web::state::App;
use crate::web::view::notice::NoticePart;
use crate::web::view::store::{IdentityAsk, OfferFragment, PayOut, SlipPage, TillOffer, TillPage};
use crate::web::view::{Page, Problems};

/// What the clerk has typed and chosen so far.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    pub(super) card: String,
    #[serde(default)]
    pub(super) amount: String,
    #[serde(default)]
    pub(super) other: String,
    #[serde(default)]
    pub(super) cash: String,
    #[serde(default)]
    quote: String,
    #[serde(default)]
    idempotency_key: String,
    #[serde(default)]
    confirm_another: String,
    #[serde(default)]
    document_kind: String,
    #[serde(default)]
    document_number: String,
}

/// Not what was typed off a document.
impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Typed").finish_non_exhaustive()
    }
}

impl Typed {
    fn card(&self, page: &Page, problems: &mut Problems) -> Option<CardNumber> {
        typed_card(page, &self.card, problems)
    }

    fn amount(&self, page: &Page, counter: &Counter, problems: &mut Problems) -> Option<Amount> {
        let (field, text) =
            if self.other.trim().is_empty() { ("amount", &self.amount) } else { ("other", &self.other) };
        match Amount::parse(text, counter.unit()) {
            Ok(amount) if !amount.is_zero() => Some(amount),
            Ok(_) | Err(_) => {
                let key = if text.trim().is_empty() { "problem-amount-missing" } else { "problem-amount-not-a-number" };
                problems.add(field, page.t(key));
                None
            }
        }
    }

    fn cash(&self, page: &Page, counter: &Counter, problems: &mut Problems) -> Option<Amount> {
        if self.cash.trim().is_empty() {
            return None;
        }
        match Amount::parse(&self.cash, counter.unit()) {
            Ok(amount) => Some(amount),
            Err(_) => {
                problems.add("cash", page.t("problem-counted"));
                None
            }
        }
    }
}

/// `POST /store/quote`: the price of what is chosen so far, asked for by the page itself.
pub(super) async fn quote(
    State(app): State<App>,
    Serving(counter): Serving,
    page: Page,
    Filled(typed): Filled<Typed>,
) -> Result<Response, PageError> {
    let mut problems = Problems::none();
    let (card, amount) = (typed.card(&page, &mut problems), typed.amount(&page, &counter, &mut problems));
    let (Some(card), Some(amount)) = (card, amount) else {
        let view = OfferFragment { page, offer: None, problem: None };
        return Ok(page_error::show(StatusCode::OK, &view));
    };
    let view = match priced(&app, &page, &counter, (card, amount)).await? {
        Ok(offer) => OfferFragment { offer: Some(offer), problem: None, page },
        Err(problems) => {
            let problem = problems.iter().next().map(|problem| problem.message.clone());
            OfferFragment { offer: None, problem, page }
        }
    };
    Ok(page_error::show(StatusCode::OK, &view))
}

/// The price of a sale at this counter, or why there is none.
async fn priced(
    app: &App,
    page: &Page,
    counter: &Counter,
    (card, amount): (CardNumber, Amount),
) -> Result<Result<TillOffer, Problems>, PageError> {
    match store::quote(&app.engine, card, amount).await {
        Ok(quoted) => Ok(Ok(offer_of(app, page, counter, &quoted))),
        Err(QuoteError::CardUnknown) => Ok(Err(Problems::one("card", page.t("problem-card-refused")))),
        Err(QuoteError::Refused(refusal)) => {
            let mut problems = Problems::none();
            refused_quote(&mut problems, page, "amount", refusal);
            Ok(Err(problems))
        }
        Err(QuoteError::Unavailable(error)) => Err(PageError::unavailable(page, &error)),
    }
}

fn offer_of(app: &App, page: &Page, counter: &Counter, quoted: &Quoted) -> TillOffer {
    let now = app.engine.now();
    let credit_at = Some(place::credited_at(&counter.place, now)).filter(|at| now < *at);
    offer(page.words, quoted, credit_at, now)
}

/// `POST /store/sales`
pub(super) async fn sell(
    State(app): State<App>,
    Serving(counter): Serving,
    page: Page,
    headers: HeaderMap,
    Filled(mut typed): Filled<Typed>,
) -> Result<Response, PageError> {
    // A scanner types the buyer's payment code where the cash would be typed. It is as good as money: no page shows it again.
    let scanned = PaymentCode::parse(&typed.cash).ok();
    if scanned.is_some() {
        typed.cash.clear();
    }
    let key = IdempotencyKey::parse(&typed.idempotency_key).map_err(|_| PageError::unreadable(&page))?;
    let mut problems = Problems::none();
    let card = typed.card(&page, &mut problems);
    let amount = typed.amount(&page, &counter, &mut problems);
    let cash_given = typed.cash(&page, &counter, &mut problems);
    let (Some(card), Some(amount), true) = (card, amount, problems.is_empty()) else {
        return again(&app, page, &counter, typed, problems).await;
    };
    // Without the price on the screen nothing is sold: the first press shows it, the second sells.
    if typed.quote.is_empty() {
        return again(&app, page, &counter, typed, Problems::none()).await;
    }
    if let Some(response) = identify(&app, &page, &counter, (card, &typed)).await? {
        return Ok(response);
    }
    let again = if typed.confirm_another == "yes" { Again::Confirmed } else { Again::Ask };
    if let Some(code) = scanned {
        let quote = typed.quote.clone();
        let request = SellByCode { key, card, amount, quote, code, language: language(page.words), again };
        return by_code::sell(&app, page, &counter, (&headers, typed, request)).await;
    }
    let request =
        Sell { key, card, amount, quote: typed.quote.clone(), cash_given, language: language(page.words), again };
    match store::sell(&app.engine, &counter, request).await {
        Ok(sold) => Ok(till::sold(&headers, sold.code)),
        Err(error) => not_sold(&app, page, &counter, (typed, amount), error).await,
    }
}

/// Writes down the document that was typed, if one was; answers the page again when it is none.
async fn identify(
    app: &App,
    page: &Page,
    counter: &Counter,
    (card, typed): (CardNumber, &Typed),
) -> Result<Option<Response>, PageError> {
    if typed.document_number.trim().is_empty() {
        return Ok(None);
    }
    match IdentityDocument::parse(&typed.document_kind, &typed.document_number) {
        Ok(document) => {
            let recorded = store::record_identity(&app.engine, counter, card, &document).await;
            recorded.map_err(|error| PageError::submit(page, &error))?;
            Ok(None)
        }
        Err(DocumentError::Kind | DocumentError::Number) => {
            let problems = Problems::one("document", page.t("problem-document-number"));
            let mut view = retyped(app, page.clone(), counter, typed.clone(), problems).await?;
            view.identity = Some(identity_ask(page, None));
            Ok(Some(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view)))
        }
    }
}

fn identity_ask(page: &Page, reason: Option<IdentityReason>) -> IdentityAsk {
    let words = page.words;
    let reason = match reason {
        Some(IdentityReason::Amount { from }) => words.t_one("identity-amount", "amount", money(words, from)),
        Some(IdentityReason::Month { from }) => words.t_one("identity-month", "amount", money(words, from)),
        Some(IdentityReason::FirstSale) => words.t("identity-first"),
        None => words.t("problem-document-number"),
    };
    let documents = DocumentKind::ALL.map(|kind| {
        let key = match kind {
            DocumentKind::IdCard => "document-id-card",
            DocumentKind::Passport => "document-passport",
            DocumentKind::ResidencePermit => "document-residence-permit",
        };
        (kind.name(), words.t(key))
    });
    IdentityAsk { reason, documents: documents.to_vec() }
}

pub(super) async fn not_sold(
    app: &App,
    page: Page,
    counter: &Counter,
    (typed, amount): (Typed, Amount),
    error: SellError,
) -> Result<Response, PageError> {
    let words = page.words;
    let mut problems = Problems::none();
    let refusal = match error {
        SellError::IdentityNeeded(reason) => {
            problems.add("document", page.t("problem-identity-needed"));
            let mut view = retyped(app, page.clone(), counter, typed, problems).await?;
            view.identity = Some(identity_ask(&page, Some(reason)));
            return Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view));
        }
        SellError::AboveStoreLimit { most } => {
            problems.add("amount", page.t_one("problem-above-store-limit", "amount", money(words, most)));
            return again(app, page, counter, typed, problems).await;
        }
        SellError::QuoteOfSomethingElse => {
            let mut view = retyped(app, page.clone(), counter, typed, problems).await?;
            if view.problems.is_empty() {
                view.problems.add("amount", page.t("problem-till-price-other"));
            }
            return Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view));
        }
        SellError::DrawerClosed => return Ok(till::back().await.into_response()),
        SellError::QuoteUnreadable => return Err(PageError::unreadable(&page)),
        SellError::Submit(SubmitError::Refused(refusal)) => refusal,
        SellError::Submit(error) => return Err(PageError::submit(&page, &error)),
    };
    match refusal {
        Refusal::AnotherOne { credited_at, .. } => {
            let at = time::moment(words, credited_at.micros(), app.engine.now().micros());
            let heading = words.t_with("another-heading", &[("amount", &money(words, amount)), ("time", &at)]);
            problems.add("another", page.t("problem-another-unconfirmed"));
            let key = typed.idempotency_key.clone();
            let view = retyped(app, page, counter, typed, problems).await?;
            let view = TillPage { another: Some(heading), idempotency_key: key, ..view };
            return Ok(page_error::show(StatusCode::CONFLICT, &view));
        }
        Refusal::CashTooLittle { asked } => {
            problems.add("cash", page.t_one("problem-cash-too-little", "amount", money(words, asked)));
        }
        Refusal::QuoteExpired => problems.add("amount", page.t("problem-till-price-old")),
        Refusal::CardUnknown => problems.add("card", page.t("problem-card-refused")),
        Refusal::PurseClosed => return Ok(till::back().await.into_response()),
        Refusal::Quote(refusal) => refused_quote(&mut problems, &page, "amount", refusal),
        other => return Err(PageError::submit(&page, &other.into())),
    }
    again(app, page, counter, typed, problems).await
}

/// The till again, with what was typed and the price of it.
pub(super) async fn again(
    app: &App,
    page: Page,
    counter: &Counter,
    typed: Typed,
    problems: Problems,
) -> Result<Response, PageError> {
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page_error::show(status, &retyped(app, page, counter, typed, problems).await?))
}

async fn retyped(
    app: &App,
    page: Page,
    counter: &Counter,
    typed: Typed,
    problems: Problems,
) -> Result<TillPage, PageError> {
    let mut ignored = Problems::none();
    let (card, amount) = (typed.card(&page, &mut ignored), typed.amount(&page, counter, &mut ignored));
    let mut problems = problems;
    let offer = match card.zip(amount) {
        Some(chosen) => match priced(app, &page, counter, chosen).await? {
            Ok(offer) => Some(offer),
            Err(why) => {
                if problems.is_empty() {
                    problems = why;
                }
                None
            }
        },
        None => None,
    };
    let open = store::drawer(&app.engine, counter).await.map_err(|error| PageError::unavailable(&page, &error))?;
    let open: Drawer = open.ok_or_else(|| PageError::not_found(&page))?;
    let view = till::view(app, page, (counter, &open), typed, problems).await?;
    Ok(TillPage { offer, ..view })
}

/// `GET /store/sales/{code}`: the slip again, marked as such, and what can be done about the sale.
pub(super) async fn receipt(
    State(app): State<App>,
    Serving(counter): Serving,
    TypedCode(code): TypedCode,
    page: Page,
) -> Result<Response, PageError> {
    let view = find_sale(&app, &page, &counter, &code).await?;
    let shown = slip_page(&app, page, &counter, &view, Problems::none()).await?;
    Ok(page_error::show(StatusCode::OK, &shown))
}

/// A sale of this store, by its code.
pub(super) async fn find_sale(app: &App, page: &Page, counter: &Counter, code: &str) -> Result<TopUpView, PageError> {
    let code: TopUpCode = code.parse().map_err(|_| PageError::not_found(page))?;
    let view = till::find(app, page, code).await?.ok_or_else(|| PageError::not_found(page))?;
    let ours = store::is_ours(&app.engine, counter, &view.top_up).await;
    if ours.map_err(|error| PageError::unavailable(page, &error))? { Ok(view) } else { Err(PageError::not_found(page)) }
}

/// The slip of a sale with what can be done about it.
pub(super) async fn slip_page(
    app: &App,
    page: Page,
    counter: &Counter,
    view: &TopUpView,
    problems: Problems,
) -> Result<SlipPage, PageError> {
    let requests = store::requests_of(&app.engine, view.top_up.id).await;
    let requests = requests.map_err(|error| PageError::unavailable(&page, &error))?;
    let words = page.words;
    let (mut tone, mut text) = state(&page, view, app.engine.now());
    let waits = requests.iter().any(|request| request.state == ringup_db::void_request::VoidState::Asked);
    if waits {
        (tone, text) = (crate::web::view::Tone::Warn, page.t("undo-asked"));
    }
    let can_be_undone = matches!(view.top_up.state.name(), "credited" | "deferred") && !waits;
    let to_collect = refund::to_hand_over(view);
    let mut slip = slip(words, counter, view, &app.site.public_url);
    slip.reprint = true;
    let notices = format!("/store/sales/{}/notices", view.top_up.code);
    let notice_part = notice::part(app, &page, view, notices).await?.map(NoticePart::on_a_shared_machine);
    Ok(SlipPage {
        head: head(words, counter),
        slip,
        tone,
        state: text,
        print_url: print_url(counter, &view.top_up),
        undo_url: can_be_undone.then(|| format!("/store/sales/{}/undo", view.top_up.code)),
        pay_out: to_collect.map(|refund| PayOut {
            amount: money(words, refund.amount),
            url: format!("/store/refunds/{}", refund.id),
            idempotency_key: IdempotencyKey::draw().as_str().to_owned(),
        }),
        notice_part,
        problems,
        page,
    })
}

/// What became of a sale whose answer a till has not heard.
#[derive(Serialize)]
struct Heard {
    state: &'static str,
    url: String,
}

/// `GET /store/keys/{key}`: what was sold with a till's own key; 404 when nothing was.
pub(super) async fn by_key(
    State(app): State<App>,
    Serving(counter): Serving,
    Path(key): Path<String>,
    page: Page,
) -> Result<Response, PageError> {
    let key = IdempotencyKey::parse(&key).map_err(|_| PageError::not_found(&page))?;
    let found = store::find_by_key(&app.engine, &counter, &key).await;
    let found = found.map_err(|error| PageError::unavailable(&page, &error))?;
    let top_up = found.ok_or_else(|| PageError::not_found(&page))?;
    let url = match top_up.state {
        TopUpState::Placed => by_code::waiting_url(top_up.code),
        _ => format!("/store?sold={}", top_up.code),
    };
    Ok(Json(Heard { state: top_up.state.name(), url }).into_response())
}
