use proptest::prelude::*;

use super::*;

fn parsed(body: &str) -> Result<Vec<(String, String)>, FormError> {
    parse(body.as_bytes()).map(|fields| fields.into_iter().collect())
}

fn field(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn values_are_decoded_once_and_sorted_by_name() {
    // A double decoder would make `50% off` fail, as Alipay's Node SDK does (`checkNotifySign`).
    assert_eq!(
        parsed("b=50%25+off&a=%E7%94%B5%E8%AF%9D%E5%8D%A1&c="),
        Ok(vec![field("a", "电话卡"), field("b", "50% off"), field("c", "")])
    );
}

#[test]
fn what_could_be_read_in_two_ways_is_refused() {
    assert_eq!(parsed("a=%4"), Err(FormError::Percent));
    assert_eq!(parsed("a=%zz"), Err(FormError::Percent));
    assert_eq!(parsed("a=%+1"), Err(FormError::Percent));
    assert_eq!(parsed("a=%FF"), Err(FormError::NotUtf8));
    assert_eq!(parsed("a=1&a=2"), Err(FormError::Repeated));
    assert_eq!(parse("&=".as_bytes()).map(|fields| fields.len()), Ok(1));
    let many: Vec<String> = (0..=limits::FORM_FIELDS_MAX).map(|n| format!("f{n}=")).collect();
    assert_eq!(parsed(&many.join("&")), Err(FormError::TooManyFields));
}

proptest! {
    #[test]
    fn what_is_written_reads_back(name in "\\PC{1,10}", value in "\\PC{0,40}") {
        let body = write([(name.as_str(), value.as_str())]);
        prop_assert_eq!(parsed(&body), Ok(vec![(name, value)]));
    }

    #[test]
    fn no_bytes_panic_the_reader(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&body);
    }
}
