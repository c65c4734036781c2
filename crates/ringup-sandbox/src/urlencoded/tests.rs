use super::{decode, decode_part, encode};

#[test]
fn what_is_written_is_read_back() {
    let pairs = [("subject", "100% 充值 & more/+"), ("sign", "a+b/c=="), ("empty", "")];
    let text = encode(pairs);
    let read = decode(&text).unwrap();
    assert_eq!(read, pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn broken_escapes_and_other_encodings_are_refused() {
    for text in ["%", "%4", "%zz", "%b3%e4"] {
        assert_eq!(decode_part(text), None, "{text}");
    }
    assert_eq!(decode_part("a+b%2B").as_deref(), Some("a b+"));
}
