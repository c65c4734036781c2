use super::*;

#[test]
fn each_provider_hears_what_it_wants_to_hear() {
    let said = |provider, accepted| {
        let Acknowledgement { status, body, .. } = acknowledgement(provider, accepted);
        (status, body)
    };
    assert_eq!(said(Provider::Alipay, true), (200, "success"));
    assert_eq!(said(Provider::Alipay, false), (400, "fail"));
    assert_eq!(said(Provider::WechatPay, true), (204, ""));
    assert_eq!(said(Provider::WechatPay, false), (400, r#"{"code":"FAIL","message":"not accepted"}"#));
}

#[test]
fn every_reason_to_disbelieve_has_its_own_code() {
    let all = [
        NotificationError::Malformed("a field comes twice"),
        NotificationError::Unsigned,
        NotificationError::SignatureAlgorithm,
        NotificationError::Stale,
        NotificationError::SignatureProbe,
        NotificationError::SignatureWrong,
        NotificationError::Undecryptable,
        NotificationError::OtherMerchant,
        NotificationError::OtherApp,
        NotificationError::UnknownReference,
        NotificationError::Currency,
        NotificationError::Amount,
    ];
    let lines: Vec<String> = all.iter().map(|error| format!("{}: {error}", error.code())).collect();
    insta::assert_snapshot!(lines.join("\n"));
}
