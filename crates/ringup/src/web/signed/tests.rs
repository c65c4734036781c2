use axum::http::Request;

use super::*;

fn request(headers: &[(&str, &str)]) -> Parts {
    let mut request = Request::builder().method("POST").uri("/store/sales?from=till");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

fn input(components: &str) -> String {
    let device = DeviceId::from_u64(7);
    format!("till=({components});created=1795327323;keyid=\"{device}\";alg=\"ed25519\";nonce=\"abcdefgh\"")
}

const ALL: &str = r#""@method" "@path" "@query" "content-digest""#;

/// SHA-256 of nothing, as RFC 9530 writes it.
const OF_NOTHING: &str = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";

#[test]
fn what_is_signed_is_a_line_for_each_component_and_the_parameters_last() {
    let parts =
        request(&[("signature-input", &input(ALL)), ("signature", "till=:AAAA:"), ("content-digest", OF_NOTHING)]);
    let claim = read(&parts.headers).unwrap();
    let device = DeviceId::from_u64(7);
    let expected = format!(
        "\"@method\": POST\n\"@path\": /store/sales\n\"@query\": ?from=till\n\"content-digest\": {OF_NOTHING}\n\
         \"@signature-params\": ({ALL});created=1795327323;keyid=\"{device}\";alg=\"ed25519\";nonce=\"abcdefgh\""
    );
    assert_eq!(base(&parts, &claim), Some(expected));
    assert_eq!((claim.device, claim.created), (device, Timestamp::from_seconds(1_795_327_323)));
    assert_eq!(claim.signature, [0, 0, 0]);
}

#[test]
fn a_signature_that_covers_too_little_or_cannot_be_read_is_refused() {
    let cases = [
        (r#""@method" "@path" "@query""#, "till=:AAAA:"),
        (r#""@method" "@path" "content-digest""#, "till=:AAAA:"),
        (r#""@method";req "@path" "@query" "content-digest""#, "till=:AAAA:"),
        (ALL, "other=:AAAA:"),
        (ALL, "till=\"AAAA\""),
        (ALL, "rubbish("),
        ("rubbish", "till=:AAAA:"),
    ];
    for (components, signature) in cases {
        let parts = request(&[("signature-input", &input(components)), ("signature", signature)]);
        assert_eq!(read(&parts.headers).err(), Some(SignatureError::Malformed), "{components} {signature}");
    }
    assert_eq!(read(&request(&[]).headers).err(), Some(SignatureError::Missing));
    let two = format!("{}, b=(){}", input(ALL), ";created=1");
    let parts = request(&[("signature-input", &two), ("signature", "till=:AAAA:, b=:AAAA:")]);
    assert_eq!(read(&parts.headers).err(), Some(SignatureError::Malformed), "which of two counts cannot be known");
    for lacking in ["keyid", "created", "nonce"] {
        let without = input(ALL).split(';').filter(|part| !part.starts_with(lacking)).collect::<Vec<_>>().join(";");
        let parts = request(&[("signature-input", &without), ("signature", "till=:AAAA:")]);
        assert_eq!(read(&parts.headers).err(), Some(SignatureError::Malformed), "{lacking}");
    }
}

#[test]
fn a_component_that_is_there_twice_or_that_nobody_knows_is_not_signed() {
    let all = format!("{ALL} \"x-note\"");
    let twice = request(&[
        ("signature-input", &input(&all)),
        ("signature", "till=:AAAA:"),
        ("content-digest", OF_NOTHING),
        ("x-note", "a"),
        ("x-note", "b"),
    ]);
    let claim = read(&twice.headers).unwrap();
    assert_eq!(base(&twice, &claim), None);
    let unknown = format!("{ALL} \"@status\"");
    let parts =
        request(&[("signature-input", &input(&unknown)), ("signature", "till=:AAAA:"), ("content-digest", OF_NOTHING)]);
    assert_eq!(base(&parts, &read(&parts.headers).unwrap()), None);
}

#[test]
fn the_digest_is_of_the_body_that_came() {
    let told = request(&[("content-digest", OF_NOTHING)]).headers;
    assert_eq!(check_digest(&told, b""), Ok(()));
    assert_eq!(check_digest(&told, b"amount=100"), Err(SignatureError::BodyDiffers));
    for other in ["", "sha-512=:AAAA:", "sha-256=\"text\"", "("] {
        let headers = request(&[("content-digest", other)]).headers;
        assert_eq!(check_digest(&headers, b""), Err(SignatureError::Malformed), "{other}");
    }
}

#[test]
fn a_nonce_counts_once_for_each_device_and_is_forgotten_when_its_signature_counts_no_more() {
    let (nonces, now) = (Nonces::default(), Timestamp::from_seconds(1_800_000_000));
    let (one, other) = (DeviceId::from_u64(1), DeviceId::from_u64(2));
    let is_new = |device, nonce: &str, at| nonces.is_new(device, nonce.to_owned(), at, CLOCK_TOLERANCE);
    assert!(is_new(one, "abcdefgh", now));
    assert!(!is_new(one, "abcdefgh", now));
    assert!(is_new(other, "abcdefgh", now));
    assert!(is_new(one, "abcdefgi", now));
    assert!(!is_new(one, "abcdefgh", now.plus(Span::seconds(239))));
    assert!(is_new(one, "abcdefgh", now.plus(Span::seconds(239 + 241))));
}
