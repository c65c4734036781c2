use super::{AmountOutcome, Family, Fault, Operation, Place, Switch, Switches};
use crate::order::Provider;

fn switch(json: &str) -> Switch {
    serde_json::from_str(json).unwrap()
}

const ALIPAY_QUERY: Place<'static> =
    Place { provider: Provider::Alipay, out_trade_no: Some("A1"), operation: Some(Operation::Query) };

#[test]
fn a_switch_strikes_only_where_it_is_meant_to() {
    let cases = [
        (r#"{"fault":"rubbish"}"#, true),
        (r#"{"fault":"rubbish","provider":"alipay","out_trade_no":"A1","operation":"query"}"#, true),
        (r#"{"fault":"rubbish","provider":"wechat_pay"}"#, false),
        (r#"{"fault":"rubbish","out_trade_no":"A2"}"#, false),
        (r#"{"fault":"rubbish","operation":"close"}"#, false),
        (r#"{"fault":"notification_lost"}"#, false),
        (r#"{"fault":"rubbish","next":0}"#, false),
    ];
    for (json, strikes) in cases {
        let mut switches = Switches::default();
        switches.add(switch(json));
        assert_eq!(!switches.take(Family::Request, &ALIPAY_QUERY).is_empty(), strikes, "{json}");
    }
}

#[test]
fn a_counted_switch_goes_off_by_itself() {
    let mut switches = Switches::default();
    switches.add(switch(r#"{"fault":"http_5xx","next":2}"#));
    for _ in 0..2 {
        assert_eq!(switches.take(Family::Request, &ALIPAY_QUERY), [Fault::Http5xx { status: 502 }]);
    }
    assert!(switches.take(Family::Request, &ALIPAY_QUERY).is_empty());
    assert!(switches.all().is_empty());
}

#[test]
fn switches_are_written_as_they_are_read() {
    for json in [
        r#"{"provider":"alipay","next":3,"fault":"notification_late","ms":500}"#,
        r#"{"fault":"notification_repeated","times":2}"#,
        r#"{"out_trade_no":"A1","fault":"paid_other_amount","amount_minor":1}"#,
        r#"{"operation":"refund_query","fault":"http_5xx","status":503}"#,
    ] {
        assert_eq!(serde_json::to_string(&switch(json)).unwrap(), json);
    }
    assert!(serde_json::from_str::<Switch>(r#"{"fault":"something_else"}"#).is_err());
}

#[test]
fn ordinary_amounts_choose_no_outcome() {
    for total_minor in [1, 100, 1_000, 9_500, 9_590, 10_088] {
        assert_eq!(AmountOutcome::of(total_minor), None, "{total_minor}");
    }
    assert_eq!(AmountOutcome::of(9_599), Some(AmountOutcome::Overpaid));
    assert_eq!(AmountOutcome::of(91), Some(AmountOutcome::Declined));
}
