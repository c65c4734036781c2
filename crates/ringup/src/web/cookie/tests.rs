use axum::http::{HeaderMap, HeaderValue, header};

use super::Cookie;
use crate::web::state::Site;

fn site(public_url: &str) -> Site {
    Site { public_url: public_url.to_owned(), behind_proxy: false, font: None }
}

fn request(cookies: &str) -> HeaderMap {
    HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(cookies).unwrap())])
}

#[test]
fn with_tls_a_cookie_belongs_to_this_host_alone() {
    let header = Cookie::Theme.set(&site("https://ringup.example"), "dark").unwrap();
    assert_eq!(header, "__Host-theme=dark; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax; Secure");
}

#[test]
fn without_tls_it_has_its_plain_name() {
    let header = Cookie::CardPass.remove(&site("http://127.0.0.1:8080")).unwrap();
    assert_eq!(header, "card=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
}

#[test]
fn the_host_s_own_cookie_goes_before_one_that_another_host_may_have_set() {
    let headers = request("lang=en; __Host-lang=zh-Hans; langs=x");
    assert_eq!(Cookie::Language.read(&headers), Some("zh-Hans"));
    assert_eq!(Cookie::Theme.read(&headers), None);
}

#[test]
fn a_value_that_no_header_can_have_sets_nothing() {
    assert_eq!(Cookie::Theme.set(&site("http://127.0.0.1"), "a\nb"), None);
}
