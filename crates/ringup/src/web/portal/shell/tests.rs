use axum::extract::FromRequestParts as _;
use axum::http::Request;

use super::Device;
use crate::web::i18n::Locale;
use crate::web::view::{Page, Theme};

async fn page(request: axum::http::request::Builder) -> Page {
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    Page::from_request_parts(&mut parts, &()).await.unwrap()
}

#[tokio::test]
async fn the_switches_lead_back_to_the_same_page_without_its_language() {
    let page = page(Request::get("/verify?code=X&lang=zh-Hans").header("cookie", "theme=dark")).await;
    assert_eq!(page.words.locale(), Locale::ZhHans);
    assert_eq!(page.theme, Theme::Dark);
    assert_eq!(page.here, "/verify?code=X");
}

#[tokio::test]
async fn after_a_form_they_lead_to_a_page_that_can_be_fetched() {
    assert_eq!(page(Request::post("/balance")).await.here, "/balance");
    assert_eq!(page(Request::post("/top-ups")).await.here, "/");
}

#[test]
fn a_browser_s_name_tells_where_the_app_is() {
    assert_eq!(Device::of("Mozilla/5.0 (X11; Linux x86_64) Chrome/140"), Device::Desk);
    assert_eq!(Device::of("Mozilla/5.0 (iPhone) Mobile/15E148 Safari/604.1"), Device::Phone);
    assert_eq!(Device::of("Mozilla/5.0 (Linux; Android 15) Mobile MicroMessenger/8.0"), Device::InWechat);
    assert_eq!(Device::of(""), Device::Desk);
}
