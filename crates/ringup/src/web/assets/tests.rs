use axum::extract::Path;
use axum::http::{StatusCode, header};

use super::{FAVICON, SCRIPT, STYLESHEET, TILL_SCRIPT, WORK_STYLESHEET, fingerprint, show, without_comments};

async fn get(url: &str) -> axum::response::Response {
    let mut parts = url.trim_start_matches("/assets/").split('/').map(str::to_owned);
    show(Path((parts.next().unwrap(), parts.next().unwrap()))).await
}

#[tokio::test]
async fn each_file_is_served_under_its_own_address_for_ever() {
    for asset in [&*STYLESHEET, &*WORK_STYLESHEET, &*SCRIPT, &*TILL_SCRIPT, &*FAVICON] {
        let response = get(asset.url()).await;
        assert_eq!(response.status(), StatusCode::OK, "{}", asset.name());
        assert!(response.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    }
}

#[tokio::test]
async fn an_address_of_another_build_is_not_found() {
    assert_eq!(get("/assets/0000000000000000/ringup.css").await.status(), StatusCode::NOT_FOUND);
}

#[test]
fn one_changed_byte_makes_another_address() {
    assert_ne!(fingerprint(b"a{}"), fingerprint(b"b{}"));
}

#[test]
fn the_first_page_has_room_within_its_hundred_kilobytes() {
    let bytes = STYLESHEET.content().len() + SCRIPT.content().len() + FAVICON.content().len();
    assert!(bytes < 80_000, "{bytes} bytes leave too little room for the page itself");
}

#[test]
fn a_stylesheet_is_served_without_its_comments_and_with_all_its_rules() {
    let written = "a { top: 0; }\n/* one,\n   { two } */\nb { left: 0; } /* three */ c { right: 0; }\n/* never ends";
    assert_eq!(without_comments(written), "a { top: 0; }\nb { left: 0; } c { right: 0; }\n");
    for sheet in [&*STYLESHEET, &*WORK_STYLESHEET] {
        assert!(!sheet.content().contains("/*"));
        assert_eq!(sheet.content().matches('{').count(), sheet.content().matches('}').count());
    }
}
