use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use super::*;
use crate::config::{AlipayConfig, WechatPayConfig};
use crate::support::{
    ALIPAYS, NOW, PAYMENT, REFUND, WECHAT_PAYS, alipay_config, create_payment, nonce, refund_order, wechat_pay_config,
    wechat_pay_signs,
};

/// A provider that answers each connection with the next of these; its address without a slash at the end.
fn provider(answers: Vec<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 8_192];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

fn http(status: u16, headers: &[(String, String)], body: &str) -> String {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}", body.len())
}

fn alipay_says(member: &str, content: &str) -> String {
    http(200, &[], &format!(r#"{{"{member}":{content},"sign":"{}"}}"#, ALIPAYS.sign(content)))
}

fn wechat_pay_says(status: u16, body: &str) -> String {
    http(status, &wechat_pay_signs(body, NOW, &WECHAT_PAYS), body)
}

fn with_alipay(answers: Vec<String>) -> Gateways {
    let alipay = AlipayConfig { gateway_url: format!("{}/gateway.do", provider(answers)), ..alipay_config() };
    Gateways::new(&GatewaysConfig { alipay: Some(alipay), ..GatewaysConfig::default() }).unwrap()
}

fn with_wechat_pay(answers: Vec<String>) -> Gateways {
    let wechat_pay = WechatPayConfig { base_url: provider(answers), ..wechat_pay_config() };
    Gateways::new(&GatewaysConfig { wechat_pay: Some(wechat_pay), ..GatewaysConfig::default() }).unwrap()
}

#[tokio::test]
async fn an_alipay_payment_and_its_refund_over_http() {
    let (order, refund) = (PAYMENT.to_reference(), REFUND.to_reference());
    let yes = format!(r#"{{"code":"10000","out_trade_no":"{order}""#);
    let gateways = with_alipay(vec![
        alipay_says("alipay_trade_precreate_response", &format!(r#"{yes},"qr_code":"https://qr.example/1"}}"#)),
        alipay_says(
            "alipay_trade_query_response",
            &format!(r#"{yes},"trade_no":"1","total_amount":"88.88","trade_status":"WAIT_BUYER_PAY"}}"#),
        ),
        alipay_says("alipay_trade_close_response", &format!("{yes}}}")),
        alipay_says("alipay_trade_refund_response", &format!(r#"{yes},"fund_change":"Y"}}"#)),
        alipay_says(
            "alipay_trade_fastpay_refund_query_response",
            &format!(r#"{yes},"out_request_no":"{refund}","refund_status":"REFUND_SUCCESS"}}"#),
        ),
    ]);
    let (provider, nonce) = (Provider::Alipay, nonce());
    let created = gateways.create(provider, &create_payment(PayMethod::Qr), NOW, &nonce).await;
    assert_eq!(created, Ok(Created::HandOver("https://qr.example/1".to_owned())));
    assert_eq!(gateways.query(provider, PAYMENT, NOW, &nonce).await, Ok(PaymentWord::Waiting));
    assert_eq!(gateways.close(provider, PAYMENT, NOW, &nonce).await, Ok(Closed::Done));
    let succeeded = Ok(RefundWord::Succeeded { succeeded_at: NOW });
    assert_eq!(gateways.refund(provider, &refund_order(), NOW, &nonce).await, succeeded);
    assert_eq!(gateways.query_refund(provider, REFUND, PAYMENT, NOW, &nonce).await, succeeded);
}

#[tokio::test]
async fn a_wechat_pay_payment_and_its_refund_over_http() {
    let (order, refund) = (PAYMENT.to_reference(), REFUND.to_reference());
    let waiting = format!(
        r#"{{"mchid":"1900007291","appid":"wxd678efh567hg6787","out_trade_no":"{order}","trade_state":"NOTPAY"}}"#
    );
    let processing = format!(r#"{{"out_trade_no":"{order}","out_refund_no":"{refund}","status":"PROCESSING"}}"#);
    let gateways = with_wechat_pay(vec![
        wechat_pay_says(200, r#"{"code_url":"weixin://wxpay/1"}"#),
        wechat_pay_says(200, &waiting),
        wechat_pay_says(204, ""),
        wechat_pay_says(200, &processing),
        wechat_pay_says(200, &processing),
        wechat_pay_says(200, r#"{"data":[]}"#),
    ]);
    let (provider, nonce) = (Provider::WechatPay, nonce());
    let created = gateways.create(provider, &create_payment(PayMethod::Qr), NOW, &nonce).await;
    assert_eq!(created, Ok(Created::HandOver("weixin://wxpay/1".to_owned())));
    assert_eq!(gateways.query(provider, PAYMENT, NOW, &nonce).await, Ok(PaymentWord::Waiting));
    assert_eq!(gateways.close(provider, PAYMENT, NOW, &nonce).await, Ok(Closed::Done));
    assert_eq!(gateways.refund(provider, &refund_order(), NOW, &nonce).await, Ok(RefundWord::Processing));
    let asked = gateways.query_refund(provider, REFUND, PAYMENT, NOW, &nonce).await;
    assert_eq!(asked, Ok(RefundWord::Processing));
    assert_eq!(gateways.refresh_certificates(NOW, &nonce).await, Ok(0));
}

#[tokio::test]
async fn a_page_needs_no_call() {
    let gateways = with_alipay(Vec::new());
    let created = gateways.create(Provider::Alipay, &create_payment(PayMethod::Page), NOW, &nonce()).await;
    assert!(matches!(created, Ok(Created::HandOver(url)) if url.contains("method=alipay.trade.page.pay")));
}

#[tokio::test]
async fn no_answer_is_unknown_and_no_connection_is_not_sent() {
    let silent = with_wechat_pay(vec![String::new()]);
    let asked = silent.query(Provider::WechatPay, PAYMENT, NOW, &nonce()).await;
    assert!(matches!(asked, Err(GatewayError::Unknown(_))), "{asked:?}");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let down = WechatPayConfig { base_url, ..wechat_pay_config() };
    let down = Gateways::new(&GatewaysConfig { wechat_pay: Some(down), ..GatewaysConfig::default() }).unwrap();
    let asked = down.query(Provider::WechatPay, PAYMENT, NOW, &nonce()).await;
    assert!(matches!(asked, Err(GatewayError::NotSent(_))), "{asked:?}");
}

#[tokio::test]
async fn a_provider_that_is_not_set_up_is_neither_asked_nor_believed() {
    let gateways = Gateways::new(&GatewaysConfig::default()).unwrap();
    for provider in Provider::ALL.iter().copied() {
        assert!(!gateways.offers(provider));
        let asked = gateways.query(provider, PAYMENT, NOW, &nonce()).await;
        assert_eq!(asked, Err(GatewayError::Unsupported));
        let incoming = IncomingNotification { headers: &[], body: b"" };
        let told = gateways.read_notification(provider, incoming, NOW);
        assert_eq!(told, Err(NotificationError::SignatureWrong));
    }
    assert!(with_alipay(Vec::new()).offers(Provider::Alipay));
    assert!(!with_alipay(Vec::new()).offers(Provider::WechatPay));
}
