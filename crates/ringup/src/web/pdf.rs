//! Documents handed out as PDF.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use ringup_document::{Document, DocumentError, Face};
use ringup_engine::error::Unavailable;

use crate::web::page_error::PageError;
use crate::web::state::App;
use crate::web::view::Page;

/// The face of the site's documents, where there is a font.
fn face(app: &App) -> Option<Face> {
    app.site.font.as_ref().and_then(|font| Face::from_bytes(font.bytes()))
}

/// `document` as a file to keep under `name`. Without a font on the server there is no such page.
///
/// # Errors
/// When there is no font, or the document breaks its standard.
pub fn hand_out(app: &App, page: &Page, document: &Document, name: &str) -> Result<Response, PageError> {
    let face = face(app).ok_or_else(|| PageError::not_found(page))?;
    let unavailable = |error: DocumentError| {
        PageError::unavailable(page, &Unavailable(format!("a document could not be made: {error}")))
    };
    let pdf = document.to_pdf(&face).map_err(unavailable)?;
    let mut response = ([(header::CONTENT_TYPE, "application/pdf")], pdf).into_response();
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.pdf\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
