//! Printing a slip on the receipt printer beside the till, and saying what became of it.

use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use ringup_db::device::{PaperWidth, PrinterAt, PrinterCharset};
use ringup_engine::store;
use ringup_paper::{Charset, Paper, Part, Printed, Printer, Sheet, Trouble, Width};
use serde::Serialize;

use super::counter::Serving;
use super::mapping::slip;
use super::sale::find_sale;
use crate::web::form::TypedCode;
use crate::web::i18n::Words;
use crate::web::page_error::PageError;
use crate::web::state::App;
use crate::web::view::Page;
use crate::web::view::problem::ProblemKind;
use crate::web::view::store::Slip;

/// A printer that does not answer for this long is not there.
const PATIENCE: Duration = Duration::from_secs(2);

/// What became of a slip, for the till's script.
#[derive(Serialize)]
struct Told {
    /// `out`, `not_sent` or `unfinished`.
    state: &'static str,
    /// The stable code of the trouble.
    trouble: Option<&'static str>,
    /// What the clerk reads.
    text: String,
}

/// `POST /store/sales/{code}/print`: the first time a slip, after that one that says that it is a reprint.
pub(super) async fn print(
    State(app): State<App>,
    Serving(counter): Serving,
    TypedCode(code): TypedCode,
    page: Page,
) -> Result<Response, PageError> {
    let view = find_sale(&app, &page, &counter, &code).await?;
    let printer = counter.device.printer.clone().ok_or_else(|| PageError::not_found(&page))?;
    let given_out = store::slip_was_given_out(&app.engine, view.top_up.id).await;
    let mut slip = slip(page.words, &counter, &view, &app.site.public_url);
    slip.reprint = given_out.map_err(|error| PageError::unavailable(&page, &error))?;
    let paper = Paper {
        width: match printer.width {
            PaperWidth::Mm58 => Width::Mm58,
            PaperWidth::Mm80 => Width::Mm80,
        },
        charset: match printer.charset {
            PrinterCharset::Raster => Charset::Raster,
            PrinterCharset::Gb18030 => Charset::Gb18030,
        },
        font: app.site.font.clone(),
    };
    let sheet = paper.compose(&parts(page.words, &slip).into()).map_err(|error| {
        tracing::error!(%error, code = error.code(), "a slip could not be laid out");
        PageError::new(page.clone(), StatusCode::INTERNAL_SERVER_ERROR, ProblemKind::Broken)
    })?;
    let printed = tokio::task::spawn_blocking(move || send(&printer, &sheet)).await;
    let printed = printed.unwrap_or(Printed::NotSent(Trouble::Unknown));
    // What may be on paper counts as given out; what surely is not does not.
    if !matches!(printed, Printed::NotSent(_)) {
        let noted = store::note_slip_given_out(&app.engine, view.top_up.id).await;
        noted.map_err(|error| PageError::submit(&page, &error))?;
    }
    Ok(Json(told(page.words, printed)).into_response())
}

fn send(printer: &PrinterAt, sheet: &Sheet) -> Printed {
    match connect(&printer.address) {
        Ok(connection) => Printer::new(connection).print(sheet),
        Err(error) => {
            tracing::warn!(%error, address = printer.address, "a receipt printer cannot be reached");
            Printed::NotSent(Trouble::Unknown)
        }
    }
}

fn connect(address: &str) -> std::io::Result<TcpStream> {
    let found = address.to_socket_addrs()?.next();
    let found = found.ok_or_else(|| std::io::Error::other("the printer's name has no address"))?;
    let connection = TcpStream::connect_timeout(&found, PATIENCE)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    Ok(connection)
}

/// The slip as it stands on the page, for a printer.
fn parts(words: Words, slip: &Slip) -> Vec<Part> {
    let mut parts = Vec::new();
    if slip.reprint {
        parts.push(Part::Reprint(words.t("slip-reprint")));
    }
    parts.push(Part::Heading(slip.store.clone()));
    parts.push(Part::Paragraph(slip.address.clone()));
    parts.extend(slip.licence.clone().map(Part::Paragraph));
    parts.push(Part::Rule);
    parts.push(Part::Paragraph(slip.number.clone()));
    parts.push(Part::Paragraph(slip.sold_at.clone()));
    parts.push(Part::amount(words.t("quote-gets"), slip.amount.clone()));
    parts.extend(slip.facts.iter().map(|fact| Part::row(fact.label.clone(), fact.value.clone())));
    parts.push(Part::Rule);
    parts.push(Part::qr(slip.page_url.clone(), words.t("slip-scan")));
    parts.push(Part::Code(slip.code.clone()));
    parts.push(Part::Paragraph(words.t_one("slip-check", "address", slip.check_at.clone())));
    parts.push(Part::Cut);
    parts
}

fn told(words: Words, printed: Printed) -> Told {
    let (state, trouble) = match printed {
        Printed::Out { near_end: false } => ("out", None),
        Printed::Out { near_end: true } => {
            return Told { state: "out", trouble: None, text: words.t("print-near-end") };
        }
        Printed::NotSent(trouble) => ("not_sent", Some(trouble)),
        Printed::Unfinished(trouble) => ("unfinished", Some(trouble)),
    };
    let Some(trouble) = trouble else { return Told { state, trouble: None, text: words.t("print-out") } };
    let why = words.t(match trouble {
        Trouble::NoPaper => "printer-no-paper",
        Trouble::CoverOpen => "printer-cover-open",
        Trouble::Error => "printer-error",
        Trouble::Offline => "printer-offline",
        Trouble::Unknown => "printer-unknown",
    });
    let key = if state == "not_sent" { "print-not-sent" } else { "print-unfinished" };
    Told { state, trouble: Some(trouble.code()), text: words.t_one(key, "why", why) }
}
