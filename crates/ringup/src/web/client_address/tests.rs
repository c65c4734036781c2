use axum::http::{HeaderMap, HeaderValue};

use super::last_forwarded;

#[test]
fn only_the_proxy_s_own_word_about_the_address_is_taken() {
    let headers = |value| HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), HeaderValue::from_static(value))]);
    assert_eq!(last_forwarded(&headers("10.9.9.9, 203.0.113.7")).as_deref(), Some("203.0.113.7"));
    assert_eq!(last_forwarded(&headers("203.0.113.7, nonsense")), None);
}
