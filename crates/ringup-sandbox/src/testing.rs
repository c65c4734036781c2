//! What the sandbox's own tests share: a shop that signs requests and listens for notifications.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    routing::post,
};
use reqwest::Response;
use serde_json::{Value, json};

use crate::{
    AlipayKeyMode, Clock, Control, DemoKeys, NotificationSigner, Provider, Sandbox, SandboxConfig, Switch, china_time,
    crypto::{SigningKey, VerifyingKey},
    urlencoded,
};

/// 2026-11-23 14:02:09 in China.
pub const NOON: i64 = 1_795_413_729_000_000;

/// Demo keys, made once: RSA keys take their time.
pub fn keys() -> &'static DemoKeys {
    static KEYS: OnceLock<DemoKeys> = OnceLock::new();
    KEYS.get_or_init(|| DemoKeys::generate().unwrap())
}

/// A merchant with a sandbox of its own.
pub struct Shop {
    pub sandbox: Sandbox,
    pub control: Control,
    pub inbox: Inbox,
    pub http: reqwest::Client,
    clock: Arc<AtomicI64>,
    mode: AlipayKeyMode,
}

impl Shop {
    /// In key mode, with schedules sped up so far that retries come at once.
    pub async fn open() -> Self {
        Self::open_as(AlipayKeyMode::Key, 100_000).await
    }

    pub async fn open_as(mode: AlipayKeyMode, time_scale: u32) -> Self {
        let config = SandboxConfig {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            public_url: None,
            clock: crate::system_clock(),
            time_scale,
            alipay: keys().alipay_merchant(mode),
            wechat_pay: keys().wechat_pay_merchant(NotificationSigner::PublicKey),
        };
        Self { mode, ..Self::open_with(config).await }
    }

    /// With the shop's own clock instead of the configured one.
    pub async fn open_with(config: SandboxConfig) -> Self {
        let clock = Arc::new(AtomicI64::new(NOON));
        let read = Arc::clone(&clock);
        let clock_of_shop = Arc::new(move || read.load(Ordering::Relaxed)) as Clock;
        let sandbox = crate::start(SandboxConfig { clock: clock_of_shop, ..config }).await.unwrap();
        let control = sandbox.control();
        Self { sandbox, control, inbox: Inbox::open().await, http: client(), clock, mode: AlipayKeyMode::Key }
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }

    pub fn switch(&self, json: &str) {
        self.control.add_switch(serde_json::from_str::<Switch>(json).unwrap());
    }

    fn now(&self) -> i64 {
        self.clock.load(Ordering::Relaxed)
    }

    /// An Alipay request's parameters, signed.
    pub fn alipay_params(&self, method: &str, business: &Value, more: &[(&str, &str)]) -> Vec<(String, String)> {
        let timestamp = china_time::plain(self.now());
        let business = business.to_string();
        let mut pairs = vec![
            ("app_id", keys().alipay.app_id.as_str()),
            ("biz_content", &business),
            ("charset", "utf-8"),
            ("format", "JSON"),
            ("method", method),
            ("sign_type", "RSA2"),
            ("timestamp", &timestamp),
            ("version", "1.0"),
        ];
        let certificates = keys().alipay_merchant(AlipayKeyMode::Certificate).read().unwrap().certificates.unwrap();
        if self.mode == AlipayKeyMode::Certificate {
            pairs.push(("app_cert_sn", &certificates.merchant_sn));
            pairs.push(("alipay_root_cert_sn", &certificates.root_sn));
        }
        for (name, value) in more {
            pairs.retain(|(known, _)| known != name);
            pairs.push((name, value));
        }
        pairs.sort_unstable();
        let signed: Vec<String> =
            pairs.iter().filter(|pair| !pair.1.is_empty()).map(|(name, value)| format!("{name}={value}")).collect();
        let key = SigningKey::from_pem(&keys().alipay.merchant_private_key).unwrap();
        let mut pairs: Vec<(String, String)> =
            pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        pairs.push(("sign".to_owned(), key.sign(signed.join("&").as_bytes())));
        pairs
    }

    /// Posts a form to Alipay's gateway.
    pub async fn alipay_post(&self, params: &[(String, String)]) -> Response {
        let body = urlencoded::encode(params.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let request = self.http.post(self.sandbox.alipay_gateway_url()).body(body);
        request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap()
    }

    /// Calls Alipay, checks the answer's signature and gives its fields.
    pub async fn alipay(&self, method: &str, business: Value) -> Value {
        let notify_url = self.inbox.url(Provider::Alipay);
        let params = self.alipay_params(method, &business, &[("notify_url", &notify_url)]);
        let body = self.alipay_post(&params).await.text().await.unwrap();
        let (fields, is_genuine) = read_alipay(&body);
        assert!(is_genuine, "{body}");
        fields
    }

    /// Makes an Alipay QR order.
    pub async fn precreate(&self, out_trade_no: &str, yuan: &str) -> Value {
        let business = json!({ "out_trade_no": out_trade_no, "total_amount": yuan, "subject": "充值 & 100%" });
        self.alipay("alipay.trade.precreate", business).await
    }

    /// Brings a payer's code to Alipay.
    pub async fn pay_by_code(&self, out_trade_no: &str, yuan: &str, code: &str) -> Value {
        let business = json!({
            "out_trade_no": out_trade_no, "total_amount": yuan, "subject": "充值", "scene": "bar_code", "auth_code": code,
        });
        self.alipay("alipay.trade.pay", business).await
    }

    /// Brings a payer's code to WeChat Pay.
    pub async fn codepay(&self, out_trade_no: &str, total: u64, code: &str) -> (u16, Value) {
        let body = json!({
            "appid": keys().wechat_pay.appid, "mchid": keys().wechat_pay.mchid, "description": "充值",
            "out_trade_no": out_trade_no, "amount": { "total": total, "currency": "CNY" },
            "payer": { "auth_code": code }, "scene_info": { "store_info": { "out_id": "till-1" } },
        });
        self.wechat_pay("POST", "/v3/pay/transactions/codepay", body).await
    }

    /// Calls WeChat Pay, checks the answer's signature and gives status and body.
    pub async fn wechat_pay(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let authorization = self.authorization(method, path, &body, self.now());
        let response = self.wechat_pay_send(method, path, body, &[("authorization", &authorization)]).await;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await.unwrap();
        assert!(wechat_pay_is_genuine(&headers, text.as_bytes()), "{text}");
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    pub async fn wechat_pay_send(&self, method: &str, path: &str, body: String, headers: &[(&str, &str)]) -> Response {
        let url = format!("{}{path}", self.sandbox.wechat_pay_base_url());
        let mut request = self.http.request(method.parse().unwrap(), url).body(body);
        let common = [("accept", "application/json"), ("user-agent", "test"), ("content-type", "application/json")];
        for (name, value) in common.iter().filter(|(name, _)| headers.iter().all(|(known, _)| known != name)) {
            request = request.header(*name, *value);
        }
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    pub fn authorization(&self, method: &str, path: &str, body: &str, at: i64) -> String {
        let wechat_pay = &keys().wechat_pay;
        let (timestamp, nonce) = (at / 1_000_000, "593BEC0C930BF1AFEB40B4A08C8FB242");
        let signed = format!("{method}\n{path}\n{timestamp}\n{nonce}\n{body}\n");
        let signature = SigningKey::from_pem(&wechat_pay.merchant_private_key).unwrap().sign(signed.as_bytes());
        format!(
            "WECHATPAY2-SHA256-RSA2048 serial_no=\"{}\",signature=\"{signature}\", mchid=\"{}\",timestamp=\"{timestamp}\",nonce_str=\"{nonce}\"",
            wechat_pay.merchant_serial, wechat_pay.mchid
        )
    }

    /// Makes a WeChat Pay QR order.
    pub async fn native(&self, out_trade_no: &str, total: u64) -> (u16, Value) {
        self.wechat_pay("POST", "/v3/pay/transactions/native", self.native_body(out_trade_no, total)).await
    }

    pub fn native_body(&self, out_trade_no: &str, total: u64) -> Value {
        json!({
            "appid": keys().wechat_pay.appid, "mchid": keys().wechat_pay.mchid, "description": "充值",
            "out_trade_no": out_trade_no, "notify_url": self.inbox.url(Provider::WechatPay),
            "amount": { "total": total, "currency": "CNY" },
        })
    }

    pub async fn query_native(&self, out_trade_no: &str) -> (u16, Value) {
        let mchid = &keys().wechat_pay.mchid;
        let path = format!("/v3/pay/transactions/out-trade-no/{out_trade_no}?mchid={mchid}");
        self.wechat_pay("GET", &path, Value::Null).await
    }
}

/// A notification as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Received {
    /// An Alipay notification's fields, if its signature is right.
    pub fn alipay(&self) -> Option<Vec<(String, String)>> {
        let mut pairs = urlencoded::decode(&self.body).unwrap();
        let sign = pairs.iter().find(|(name, _)| name == "sign").unwrap().1.clone();
        pairs.retain(|(name, _)| name != "sign" && name != "sign_type");
        pairs.sort();
        let signed: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let key = VerifyingKey::from_pem(&keys().alipay.platform_public_key).unwrap();
        key.verifies(signed.join("&").as_bytes(), &sign).then_some(pairs)
    }

    /// A WeChat Pay notification's envelope and resource, if its signature is right.
    pub fn wechat_pay(&self) -> Option<(Value, Value)> {
        if !wechat_pay_is_genuine(&self.headers, self.body.as_bytes()) {
            return None;
        }
        let envelope: Value = serde_json::from_str(&self.body).unwrap();
        let resource = open(&envelope["resource"]);
        Some((envelope, serde_json::from_str(&resource).unwrap()))
    }
}

/// Decrypts what WeChat Pay encrypts with the API v3 key.
pub fn open(resource: &Value) -> String {
    use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
    let text = |name: &str| resource[name].as_str().unwrap();
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, keys().wechat_pay.api_v3_key.as_bytes()).unwrap());
    let mut bytes = crate::crypto::decode_pem(text("ciphertext")).unwrap();
    let nonce = Nonce::try_assume_unique_for_key(text("nonce").as_bytes()).unwrap();
    let plain = key.open_in_place(nonce, Aad::from(text("associated_data")), &mut bytes).unwrap();
    String::from_utf8(plain.to_vec()).unwrap()
}

pub fn field<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}

/// Where notifications arrive.
#[derive(Clone)]
pub struct Inbox(Arc<InboxInner>);

struct InboxInner {
    addr: Mutex<Option<SocketAddr>>,
    received: Mutex<Vec<Received>>,
    answers: Mutex<VecDeque<(u16, &'static str)>>,
    rang: tokio::sync::Notify,
}

impl Inbox {
    async fn open() -> Self {
        let inner = InboxInner {
            addr: Mutex::new(None),
            received: Mutex::default(),
            answers: Mutex::default(),
            rang: tokio::sync::Notify::new(),
        };
        let inbox = Self(Arc::new(inner));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        *inbox.0.addr.lock().unwrap() = Some(listener.local_addr().unwrap());
        let router = Router::new().route("/notify/{provider}", post(receive)).with_state(inbox.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        inbox
    }

    pub fn url(&self, provider: Provider) -> String {
        format!("http://{}/notify/{}", self.0.addr.lock().unwrap().unwrap(), provider.name())
    }

    /// The next notifications are answered so; `success` with 200 afterwards.
    pub fn answer_next(&self, answers: &[(u16, &'static str)]) {
        self.0.answers.lock().unwrap().extend(answers);
    }

    /// Waits until `count` have arrived in all.
    pub async fn wait_for(&self, count: usize) -> Vec<Received> {
        let arrived = async {
            loop {
                let rang = self.0.rang.notified();
                let received = self.0.received.lock().unwrap().clone();
                if received.len() >= count {
                    return received;
                }
                rang.await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), arrived).await.expect("notifications did not arrive")
    }

    pub fn count(&self) -> usize {
        self.0.received.lock().unwrap().len()
    }
}

async fn receive(State(inbox): State<Inbox>, uri: Uri, headers: HeaderMap, body: Bytes) -> (StatusCode, &'static str) {
    let body = String::from_utf8(body.to_vec()).unwrap();
    let received = Received { path: uri.path().to_owned(), headers, body };
    inbox.0.received.lock().unwrap().push(received);
    inbox.0.rang.notify_waiters();
    let (status, answer) = inbox.0.answers.lock().unwrap().pop_front().unwrap_or((200, "success"));
    (StatusCode::from_u16(status).unwrap(), answer)
}

/// The fields of an Alipay answer, and whether its signature is right: over the raw bytes of its first field.
pub fn read_alipay(body: &str) -> (Value, bool) {
    let envelope: Value = serde_json::from_str(body).unwrap();
    let name = envelope.as_object().unwrap().keys().find(|name| name.ends_with("_response")).unwrap();
    let start = body.find(name.as_str()).unwrap() + name.len() + 2;
    let end =
        [",\"alipay_cert_sn\"", ",\"sign\""].iter().filter_map(|mark| body.find(mark)).min().unwrap_or(body.len());
    let key = VerifyingKey::from_pem(&keys().alipay.platform_public_key).unwrap();
    let is_genuine = key.verifies(&body.as_bytes()[start..end], envelope["sign"].as_str().unwrap_or_default());
    (envelope[name].clone(), is_genuine)
}

/// Whether a WeChat Pay answer or notification is signed by the key that it names.
pub fn wechat_pay_is_genuine(headers: &HeaderMap, body: &[u8]) -> bool {
    let header = |name: &str| headers.get(name).unwrap().to_str().unwrap();
    let wechat_pay = &keys().wechat_pay;
    let key = if header("wechatpay-serial") == wechat_pay.platform_public_key_id {
        VerifyingKey::from_pem(&wechat_pay.platform_public_key).unwrap()
    } else {
        assert_eq!(header("wechatpay-serial"), wechat_pay.platform_certificate_serial);
        crate::certificate::Certificate::from_pem(&wechat_pay.platform_certificate).unwrap().key
    };
    let mut signed = format!("{}\n{}\n", header("wechatpay-timestamp"), header("wechatpay-nonce")).into_bytes();
    signed.extend_from_slice(body);
    signed.push(b'\n');
    key.verifies(&signed, header("wechatpay-signature"))
}

#[expect(clippy::disallowed_methods, reason = "a test's own client")]
fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}
