//! A till in a scenario: it has a key of its own, signs what it asks, and keeps a clerk's cookie.

use std::sync::Mutex;

use ringup_core::id::{DeviceId, PlaceId};
use ringup_core::money::Amount;
use ringup_db::clerk::Role;
use ringup_db::device::DeviceKind;
use ringup_db::store::IdentityRule;
use ringup_engine::pin::Pin;
use ringup_engine::{clerk, device, place, store};

use ringup_sandbox::DeviceKey;

use super::signing::Signing;
use super::{Answer, Forged, TestApp, TestCard, hidden};

/// A store with its counter.
#[derive(Clone, Debug)]
pub struct TestStore {
    pub place: PlaceId,
    pub store: ringup_db::store::Store,
}

/// Somebody who serves there.
#[derive(Clone, Debug)]
pub struct TestClerk {
    pub id: ringup_core::id::ClerkId,
    pub number: &'static str,
    pub pin: Pin,
}

/// A till, enrolled.
pub struct Till<'a> {
    app: &'a TestApp,
    pub id: DeviceId,
    key: DeviceKey,
    cookie: Mutex<Option<String>>,
    nonce: Mutex<u64>,
    /// How far its clock is off, in seconds.
    pub clock_off: i64,
    language: &'static str,
}

const PLACES: &str = "kind,code,name_en,name_zh_hans,city_en,city_zh_hans,district_en,district_zh_hans,address_en,\
address_zh_hans,latitude,longitude,time_zone,hours,takes,credited_at,licence,reach_cm,phone,state,out_of_order_since
store,BJ-S001,East Gate Store,东门营业厅,Beijing,北京,Haidian,海淀区,1 East Road,东路 1 号,39.904200,116.407400,\
Asia/Shanghai,Mo-Su 00:00-24:00,cash codes,,Licence No. 7,,,,
store,BJ-S002,Evening Store,晚间营业厅,Beijing,北京,Haidian,海淀区,2 East Road,东路 2 号,39.904300,116.407500,\
Asia/Shanghai,Mo-Su 00:00-24:00,cash,\"12:00,18:00\",,,,,
";

impl TestApp {
    /// A store that credits at once.
    pub async fn given_a_store(&self) -> TestStore {
        self.given_a_store_that("BJ-S001", IdentityRule::default()).await
    }

    /// One of the two places with a counter: `BJ-S001` credits at once, `BJ-S002` at noon and at six.
    pub async fn given_a_store_that(&self, code: &str, identity: IdentityRule) -> TestStore {
        self.given_a_place_beside_it().await;
        let sale_max = "500.00 CNY".parse().unwrap();
        let store = store::add(&self.engine, &code.parse().unwrap(), sale_max, identity).await.unwrap();
        TestStore { place: store.place, store }
    }

    /// Both places; the second has no counter before somebody gives it one.
    pub async fn given_a_place_beside_it(&self) {
        let (places, refused) = place::parse(&self.engine, PLACES.as_bytes()).unwrap();
        assert!(refused.is_empty(), "{refused:?}");
        self.engine.write(move |tx| ringup_db::place::upsert_places(tx, &places)).await.unwrap();
    }

    pub async fn given_a_clerk(&self, store: &TestStore, number: &'static str, role: Role) -> TestClerk {
        let name = format!("Clerk {number}");
        let new = clerk::take_on(&self.engine, store.place, (number.to_owned(), name), role).await.unwrap();
        TestClerk { id: new.id, number, pin: new.pin }
    }

    /// A till that the office has invited and that has enrolled itself over HTTP.
    pub async fn given_a_till(&self, store: &TestStore) -> Till<'_> {
        let kind = (DeviceKind::Till, store.place);
        let (_, code) = device::invite(&self.engine, kind, "Till 1".to_owned()).await.unwrap();
        self.enrols(&code.grouped()).await.unwrap()
    }

    /// A till types a code; the answer when it is refused.
    pub async fn enrols(&self, code: &str) -> Result<Till<'_>, Answer> {
        let key = DeviceKey::generate().unwrap();
        let public_key = key.public_key();
        let form = [("code", code), ("algorithm", "ed25519"), ("public_key", &public_key)];
        let request = self.http.post(format!("{}/store/enrol", self.url)).form(&form);
        let request = request.header("sec-fetch-site", "same-origin").header("accept-language", "en");
        let answer = Answer::of(request.send().await.unwrap()).await;
        if answer.status != 200 {
            return Err(answer);
        }
        let id = answer.json()["device"].as_str().unwrap().parse().unwrap();
        let (cookie, nonce) = (Mutex::default(), Mutex::new(0));
        Ok(Till { app: self, id, key, cookie, nonce, clock_off: 0, language: "en" })
    }

    /// A till with a clerk and an open drawer.
    pub async fn given_an_open_till(&self, store: &TestStore, clerk: &TestClerk, opening: &str) -> Till<'_> {
        let till = self.given_a_till(store).await;
        till.signs_in(clerk).await;
        till.opens_its_drawer(opening).await;
        till
    }
}

impl Till<'_> {
    pub fn in_english(mut self) -> Self {
        self.language = "en";
        self
    }

    pub fn in_chinese(mut self) -> Self {
        self.language = "zh-Hans";
        self
    }

    pub async fn gets(&self, path: &str) -> Answer {
        self.sends(("GET", path), Vec::new(), &Forged::default()).await
    }

    pub async fn posts(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.sends(("POST", path), encoded(form), &Forged::default()).await
    }

    pub async fn posts_forged(&self, path: &str, form: &[(&str, &str)], forged: &Forged) -> Answer {
        self.sends(("POST", path), encoded(form), forged).await
    }

    async fn sends(&self, (method, path): (&str, &str), body: Vec<u8>, forged: &Forged) -> Answer {
        let counted = {
            let mut nonce = self.nonce.lock().unwrap();
            *nonce += 1;
            format!("nonce-{:08}", *nonce)
        };
        let created = self.app.clock.now().seconds() + self.clock_off;
        let signing = Signing { id: self.id, key: &self.key, created, nonce: counted };
        let headers = signing.headers((method, path), &body, forged);
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self
            .app
            .http
            .request(method, format!("{}{path}", self.app.url))
            .header("accept-language", self.language)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(forged.body_after_signing.clone().unwrap_or(body));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if let Some(cookie) = self.cookie.lock().unwrap().as_ref() {
            request = request.header("cookie", cookie);
        }
        let answer = Answer::of(request.send().await.unwrap()).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            if pair.starts_with("clerk=") {
                *self.cookie.lock().unwrap() = Some(pair.to_owned());
            }
        }
        answer
    }

    pub async fn signs_in(&self, clerk: &TestClerk) {
        let answer = self.posts("/store/sign-in", &[("number", clerk.number), ("pin", clerk.pin.reveal())]).await;
        assert_eq!((answer.status, answer.location()), (303, "/store".to_owned()), "{}", answer.text);
    }

    pub async fn opens_its_drawer(&self, opening: &str) {
        let page = self.gets("/store").await;
        let key = hidden(&page.text, "idempotency_key");
        let answer = self.posts("/store/drawer", &[("opening", opening), ("idempotency_key", &key)]).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
    }

    /// The form of a sale as the page has it once card and amount are chosen.
    pub async fn chooses(&self, card: &TestCard, amount: &str) -> Vec<(&'static str, String)> {
        let number = card.number.grouped();
        let page = self.gets("/store").await;
        let key = hidden(&page.text, "idempotency_key");
        let price = self.posts("/store/quote", &[("card", &number), ("amount", amount)]).await;
        let quote = hidden(&price.text, "quote");
        vec![("card", number), ("amount", amount.to_owned()), ("idempotency_key", key), ("quote", quote)]
    }

    /// Presses the button with this form.
    pub async fn sells_what(&self, form: &[(&'static str, String)], more: &[(&'static str, &str)]) -> Answer {
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.extend(more);
        self.posts("/store/sales", &fields).await
    }

    /// A sale from the number to the slip; answers the code of its receipt.
    pub async fn sells(&self, card: &TestCard, amount: &str, cash: &str) -> String {
        let form = self.chooses(card, amount).await;
        let answer = self.sells_what(&form, &[("cash", cash)]).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        answer.location().strip_prefix("/store?sold=").unwrap_or_else(|| panic!("{}", answer.location())).to_owned()
    }

    /// Counts the drawer; answers the page that says what was expected.
    pub async fn counts(&self, counted: &str) -> Answer {
        self.posts("/store/drawer/close", &[("counted", counted)]).await
    }
}

/// What is in the drawer that a clerk has open, or was in it when it was closed.
pub async fn in_the_purse(app: &TestApp, purse: ringup_core::id::PurseId) -> i64 {
    let purse = app.engine.read(move |tx| ringup_db::purse::find_purse(tx, purse)).await.unwrap().unwrap();
    purse.holds.map_or(0, |held| held.balance.minor())
}

/// The drawer of a clerk.
pub async fn drawer_of(app: &TestApp, clerk: &TestClerk) -> ringup_core::id::PurseId {
    let id = clerk.id;
    app.engine.read(move |tx| ringup_db::till_session::till_sessions_of(tx, id, 1)).await.unwrap().remove(0).purse
}

fn encoded(form: &[(&str, &str)]) -> Vec<u8> {
    let escaped = |text: &str| {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            b' ' => "+".to_owned(),
            other => format!("%{other:02X}"),
        };
        text.bytes().map(byte).collect::<String>()
    };
    let pairs: Vec<String> = form.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    pairs.join("&").into_bytes()
}

/// An amount of yuan.
pub fn yuan(text: &str) -> Amount {
    format!("{text} CNY").parse().unwrap()
}
