//! The application: a form with papers.

use std::time::Duration;

use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::id::AgentId;
use ringup_engine::agent::{
    self, Application, ApplicationProblem, ApplyError, DOCUMENT_BYTES_MAX, DOCUMENTS_MAX, Document, DocumentError,
    LicenceField,
};

use crate::web::form::TypedCode;
use crate::web::page_error::{self, PageError};
use crate::web::state::App;
use crate::web::upload::Gate;
use crate::web::view::agent::{AppliedPage, ApplyPage};
use crate::web::view::{Page, Problems};

/// All documents together, and the fields beside them.
pub(super) const BODY_MAX: usize = DOCUMENTS_MAX * DOCUMENT_BYTES_MAX + 64 * 1024;

/// A field that is no file has so many bytes at most.
const FIELD_MAX: usize = 2_048;

static GATE: Gate = Gate::new(4, Duration::from_secs(60));

/// The form as it came.
pub(super) struct Sent {
    application: Application,
    /// Which of its files were no documents, and why.
    refused: Vec<DocumentError>,
}

impl FromRequest<App> for Sent {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        GATE.receive(app, request, read).await
    }
}

async fn read(mut multipart: Multipart) -> Result<Sent, MultipartError> {
    let mut sent = Sent { application: Application::default(), refused: Vec::new() };
    while let Some(field) = multipart.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "documents" {
            read_document(field, &mut sent).await?;
            continue;
        }
        let text = String::from_utf8_lossy(&bytes_of(field, FIELD_MAX).await?).into_owned();
        let application = &mut sent.application;
        match name.as_str() {
            "company" => application.company = text,
            "registration" => application.registration = text,
            "name" => application.contact.name = text,
            "email" => application.contact.email = text,
            "phone" => application.contact.phone = text,
            "licence_number" => application.licence_number = text,
            "licence_issuer" => application.licence_issuer = text,
            "licence_last_day" => application.licence_last_day = text,
            "time_zone" => application.time_zone = text,
            _ => {}
        }
    }
    Ok(sent)
}

async fn read_document(field: Field<'_>, sent: &mut Sent) -> Result<(), MultipartError> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let content = bytes_of(field, DOCUMENT_BYTES_MAX.saturating_add(1)).await?;
    // A browser sends an empty file where none was chosen.
    if name.is_empty() && content.is_empty() {
        return Ok(());
    }
    match Document::new(&name, content) {
        Ok(document) if sent.application.documents.len() <= DOCUMENTS_MAX => sent.application.documents.push(document),
        Ok(_) => {}
        Err(error) => sent.refused.push(error),
    }
    Ok(())
}

/// What a field says, but no more of it than so many bytes: the rest is read and dropped.
async fn bytes_of(mut field: Field<'_>, most: usize) -> Result<Vec<u8>, MultipartError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        let room = most.saturating_sub(bytes.len()).min(chunk.len());
        bytes.extend_from_slice(chunk.get(..room).unwrap_or_default());
    }
    Ok(bytes)
}

/// `GET /agent/apply`
pub(super) async fn show(page: Page) -> Response {
    let application = Application { time_zone: "Asia/Shanghai".to_owned(), ..Application::default() };
    page_error::show(StatusCode::OK, &view(page, application, Problems::none()))
}

/// `POST /agent/apply`
pub(super) async fn apply(State(app): State<App>, page: Page, sent: Sent) -> Result<Response, PageError> {
    let kept = Application { documents: Vec::new(), ..sent.application.clone() };
    let mut problems = Problems::none();
    let page = Page { here: "/agent/apply".to_owned(), ..page };
    if let Some(error) = sent.refused.first() {
        problems.add("documents", page.t(document_problem(*error)));
        return Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view(page, kept, problems)));
    }
    match agent::apply(&app.engine, sent.application).await {
        Ok(id) => return Ok(Redirect::to(&format!("/agent/applied/{id}")).into_response()),
        Err(ApplyError::Incomplete(wrong)) => {
            for problem in wrong {
                let (field, key) = problem_at(problem);
                problems.add(field, page.t(key));
            }
        }
        Err(ApplyError::TooMany) => problems.add("company", page.t("problem-apply-too-many")),
        Err(ApplyError::Submit(error)) => return Err(PageError::submit(&page, &error)),
    }
    Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view(page, kept, problems)))
}

/// `GET /agent/applied/{id}`: it has been taken. What it says is shown to nobody here: the number is no secret.
pub(super) async fn applied(TypedCode(id): TypedCode, page: Page) -> Result<Response, PageError> {
    let id: AgentId = id.parse().map_err(|_| PageError::not_found(&page))?;
    Ok(page_error::show(StatusCode::OK, &AppliedPage { page, number: id.to_string() }))
}

fn view(page: Page, typed: Application, problems: Problems) -> ApplyPage {
    ApplyPage {
        page,
        company: typed.company,
        registration: typed.registration,
        name: typed.contact.name,
        email: typed.contact.email,
        phone: typed.contact.phone,
        licence_number: typed.licence_number,
        licence_issuer: typed.licence_issuer,
        licence_last_day: typed.licence_last_day,
        time_zone: typed.time_zone,
        problems,
    }
}

const fn document_problem(error: DocumentError) -> &'static str {
    match error {
        DocumentError::TooLarge => "problem-apply-document-large",
        DocumentError::Kind => "problem-apply-document-kind",
    }
}

const fn problem_at(problem: ApplicationProblem) -> (&'static str, &'static str) {
    match problem {
        ApplicationProblem::Line(LicenceField::Company) => ("company", "problem-apply-company"),
        ApplicationProblem::Line(LicenceField::Registration) => ("registration", "problem-apply-registration"),
        ApplicationProblem::Line(LicenceField::Name) => ("name", "problem-apply-name"),
        ApplicationProblem::Line(LicenceField::Email) => ("email", "problem-apply-email"),
        ApplicationProblem::Line(LicenceField::Phone) => ("phone", "problem-apply-phone"),
        ApplicationProblem::Line(LicenceField::Number) => ("licence_number", "problem-apply-licence-number"),
        ApplicationProblem::Line(LicenceField::Issuer) => ("licence_issuer", "problem-apply-licence-issuer"),
        ApplicationProblem::LastDay => ("licence_last_day", "problem-apply-last-day"),
        ApplicationProblem::Expired => ("licence_last_day", "problem-apply-expired"),
        ApplicationProblem::TimeZone => ("time_zone", "problem-apply-time-zone"),
        ApplicationProblem::Documents => ("documents", "problem-apply-documents"),
    }
}
