//! A server that answers as docs/kiosk-api.md says, checks each signature, and can be cut off.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use aws_lc_rs::digest;
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// What the line does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Up,
    /// Nothing is done and nothing answered.
    Down,
    /// What is asked is done, and the answer is lost.
    AnswersLost,
}

pub struct Server {
    pub address: SocketAddr,
    books: Shared,
    _runtime: tokio::runtime::Runtime,
}

type Shared = Arc<Mutex<Books>>;

pub struct Books {
    pub line: Line,
    pub key: Option<Vec<u8>>,
    /// Each sale under its key: how often it was asked for, and what was booked.
    pub sales: BTreeMap<String, (u32, Value)>,
    pub claims: BTreeMap<String, Value>,
    pub health: Vec<Value>,
    pub collections: BTreeMap<String, Value>,
    pub offline_most: Option<&'static str>,
    pub sale_refusal: Option<(u16, &'static str)>,
    pub is_stranger: bool,
    /// Each top-up by QR code under its key: how often it was asked for, and with what.
    pub top_ups: BTreeMap<String, (u32, Value)>,
    pub top_up_refusal: Option<(u16, &'static str)>,
    /// How each of them stands: `placed`, and what may become of it.
    pub top_up_state: &'static str,
    pub looks: u32,
    nonces: Vec<String>,
}

impl Server {
    pub fn start() -> Self {
        let books: Shared = Arc::new(Mutex::new(Books {
            line: Line::Up,
            key: None,
            sales: BTreeMap::new(),
            claims: BTreeMap::new(),
            health: Vec::new(),
            collections: BTreeMap::new(),
            offline_most: Some("100.00 CNY"),
            sale_refusal: None,
            is_stranger: false,
            top_ups: BTreeMap::new(),
            top_up_refusal: None,
            top_up_state: "placed",
            looks: 0,
            nonces: Vec::new(),
        }));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let app = Router::new().fallback(answer).with_state(Arc::clone(&books));
        runtime.spawn(async move { axum::serve(listener, app).await });
        Self { address, books, _runtime: runtime }
    }

    pub fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap()
    }
}

async fn answer(State(books): State<Shared>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let mut books = books.lock().unwrap();
    if books.line == Line::Down {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let asked: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let path = uri.path();
    if path != "/api/v1/kiosk/enrol" {
        if books.is_stranger {
            return problem(401, "device_unknown");
        }
        check_signature(&mut books, &method, path, &headers, &body);
    }
    let key = headers.get("idempotency-key").map(|key| key.to_str().unwrap().to_owned());
    let (status, answer) = match path.strip_prefix("/api/v1/kiosk").unwrap_or(path) {
        "/api/v1/quotes" => quote(&asked),
        "/top-ups" => books.top_up(key.unwrap(), &asked),
        path if path.starts_with("/top-ups/") => books.top_up_status(path),
        "/enrol" => books.enrol(&asked),
        "" => (200, policy(&books)),
        "/cards" => (
            200,
            json!({ "card_last_four": "0000", "may": true, "most": "480.00 CNY", "offered": ["50.00 CNY", "100.00 CNY"], "rule": { "bonus": [
            { "from": "100.00 CNY", "gives": "10.00 CNY", "name_en": "November", "name_zh_hans": "十一月" }], "discount": [] } }),
        ),
        "/sales" => books.sale(key.unwrap(), &asked),
        "/claims" => {
            let code = asked["code"].as_str().unwrap().to_owned();
            books.claims.insert(code, asked.clone());
            (200, json!({ "state": "open", "reference": asked["note"], "told_at": "2026-11-23T02:00:00Z" }))
        }
        "/collections" => books.collection(key.unwrap(), &asked),
        "/health" => {
            books.health.push(asked);
            (200, json!({ "in_order": true }))
        }
        other => panic!("{other}"),
    };
    if books.line == Line::AnswersLost {
        return StatusCode::GATEWAY_TIMEOUT.into_response();
    }
    (StatusCode::from_u16(status).unwrap(), axum::Json(answer)).into_response()
}

fn problem(status: u16, code: &str) -> Response {
    (StatusCode::from_u16(status).unwrap(), axum::Json(json!({ "code": code }))).into_response()
}

fn policy(books: &Books) -> Value {
    let taken = u32::try_from(books.collections.len()).unwrap();
    json!({
        "server_time": "2026-11-23T02:00:00Z", "kiosk": 7,
        "place": { "code": "BJ-K001", "name_en": "East Gate", "name_zh_hans": "东门", "time_zone": "Asia/Shanghai" },
        "hot_line": "400 000 0000", "unit": "CNY",
        "notes": { "values": ["10.00 CNY", "20.00 CNY", "50.00 CNY", "100.00 CNY"], "visit_most": "500.00 CNY", "offline_most": books.offline_most },
        "box": { "id": format!("pur_{taken}"), "notes": 12, "holds": "640.00 CNY", "capacity": 600, "nearly_full_at": 500, "state": "in_use" },
        "providers": ["alipay", "wechat_pay"], "public_url": "https://topup.example"
    })
}

/// Five off each price.
fn quote(asked: &Value) -> (u16, Value) {
    let amount = yuan(asked["amount"].as_str().unwrap());
    let discount =
        json!({ "kind": "discount", "amount": "5.00 CNY", "name_en": "By phone", "name_zh_hans": "手机支付优惠" });
    let price = format!("{}.00 CNY", amount - 5);
    (
        200,
        json!({ "quote": format!("quote-{amount}"), "you_pay": price, "card_gets": asked["amount"], "bonus": null, "adjustments": [discount] }),
    )
}

fn yuan(text: &str) -> u64 {
    text.strip_suffix(".00 CNY").unwrap().parse().unwrap()
}

impl Books {
    fn enrol(&mut self, asked: &Value) -> (u16, Value) {
        if asked["code"] != "ABCD EFGH" {
            return (422, json!({ "code": "enrol_code_unusable" }));
        }
        self.key = Some(URL_SAFE_NO_PAD.decode(asked["public_key"].as_str().unwrap()).unwrap());
        (200, json!({ "device": "dev_1", "kiosk": 7, "server_time": "2026-11-23T02:00:00Z" }))
    }

    fn sale(&mut self, key: String, asked: &Value) -> (u16, Value) {
        if let Some((status, code)) = self.sale_refusal {
            return (status, json!({ "code": code }));
        }
        assert_eq!(asked["box"].as_str().unwrap(), format!("pur_{}", self.collections.len()));
        if let Some((tries, booked)) = self.sales.get_mut(&key) {
            *tries += 1;
            assert_eq!(booked["notes"], asked["notes"], "the same key with another body");
            return (201, booked["answer"].clone());
        }
        for (_, other) in self.sales.values() {
            for note in other["notes"].as_array().unwrap() {
                assert!(!asked["notes"].as_array().unwrap().contains(note), "a note in two sales");
            }
        }
        let paid: u64 =
            asked["notes"].as_array().unwrap().iter().map(|note| yuan(note["value"].as_str().unwrap())).sum();
        let code = format!("{:0>26}", self.sales.len() + 1);
        let line = |label: &str, value: &str| json!({ "label": label, "value": value });
        let mut lines = vec![line("Paid", &format!("CNY {paid}"))];
        if !asked["offline_since"].is_null() {
            lines.push(line("Line", "credited late"));
        }
        let answer = json!({
            "id": "top_1", "code": code, "state": "credited", "paid": format!("{paid}.00 CNY"),
            "card_gets": format!("{paid}.00 CNY"), "bonus": null, "card_last_four": "0000", "number": "BJ-K001-000001",
            "claim_code": null,
            "slip": { "title": "Top-up", "lines": lines, "qr": format!("https://topup.example/top-ups/{code}"), "foot": ["Thank you"] }
        });
        let mut booked = asked.clone();
        booked["answer"] = answer.clone();
        self.sales.insert(key, (1, booked));
        (201, answer)
    }

    fn top_up(&mut self, key: String, asked: &Value) -> (u16, Value) {
        if let Some((status, code)) = self.top_up_refusal.filter(|_| asked["another_one"] == false) {
            return (status, json!({ "code": code }));
        }
        let code = format!("{:0>26}", self.top_ups.len() + 1);
        let (tries, placed) = self.top_ups.entry(key).or_insert_with(|| {
            (0, json!({ "asked": asked, "answer": { "id": "top_1", "code": code, "page_url": format!("https://topup.example/top-ups/{code}") } }))
        });
        *tries += 1;
        assert_eq!(placed["asked"], *asked, "the same key with another body");
        (201, placed["answer"].clone())
    }

    fn top_up_status(&mut self, path: &str) -> (u16, Value) {
        self.looks += 1;
        let code = path.strip_prefix("/top-ups/").unwrap();
        assert!(self.top_ups.values().any(|(_, top_up)| top_up["answer"]["code"] == code), "{code}");
        let is_pending = self.top_up_state == "placed";
        let payment = json!({ "state": if is_pending { "pending" } else { "captured" }, "hand_over": is_pending.then_some("weixin://wxpay/1"),
            "expires_at": "2090-11-23T02:05:00Z" });
        let slip = json!({ "title": "On your card", "lines": [{ "label": "You paid", "value": "CNY 95" }],
            "qr": format!("https://topup.example/top-ups/{code}"), "foot": ["Thank you"] });
        (
            200,
            json!({ "state": self.top_up_state, "you_pay": "95.00 CNY", "card_gets": "100.00 CNY", "bonus": null, "payments": [payment],
            "slip": (self.top_up_state == "credited").then_some(slip) }),
        )
    }

    fn collection(&mut self, key: String, asked: &Value) -> (u16, Value) {
        if asked["codes"] != json!(["1111", "2222"]) {
            return (422, json!({ "code": "collection_code_unusable" }));
        }
        self.collections.insert(key, asked.clone());
        let policy = policy(self);
        (200, json!({ "taken": { "id": asked["box"], "notes": 12, "holds": "640.00 CNY" }, "box": policy["box"] }))
    }

    /// What is booked, in yuan.
    pub fn booked(&self) -> u64 {
        self.sales.values().map(|(_, sale)| yuan(sale["answer"]["paid"].as_str().unwrap())).sum()
    }
}

/// Everything but an enrolment is signed by the enrolled key, over what was sent, and no nonce comes twice.
fn check_signature(books: &mut Books, method: &Method, path: &str, headers: &HeaderMap, body: &[u8]) {
    let header = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
    let digest = format!("sha-256=:{}:", STANDARD.encode(digest::digest(&digest::SHA256, body).as_ref()));
    assert_eq!(header("content-digest"), digest);
    let input = header("signature-input");
    let params = input.strip_prefix("kiosk=").unwrap();
    let nonce = params.split("nonce=\"").nth(1).unwrap().trim_end_matches('"').to_owned();
    assert!(!books.nonces.contains(&nonce));
    books.nonces.push(nonce);
    let base = format!(
        "\"@method\": {method}\n\"@path\": {path}\n\"@query\": ?\n\"content-digest\": {digest}\n\"@signature-params\": {params}"
    );
    let signature = header("signature");
    let signature = signature.strip_prefix("kiosk=:").unwrap().strip_suffix(':').unwrap();
    let key = UnparsedPublicKey::new(&ED25519, books.key.clone().unwrap());
    key.verify(base.as_bytes(), &STANDARD.decode(signature).unwrap()).unwrap();
}
