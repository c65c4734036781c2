//! A kiosk in a scenario: enrolled over HTTP, with a box, a count of notes and a key of its own.

use std::sync::Mutex;

use ringup_core::id::{ClerkId, DeviceId, PurseId};
use ringup_core::time::Span;
use ringup_db::clerk::Role;
use ringup_db::device::DeviceKind;
use ringup_db::kiosk_claim::{KioskClaim, SettledAs};
use ringup_engine::kiosk::{self, Policy, SettleError, Settlement};
use ringup_engine::{clerk, device, place};
use serde_json::{Value, json};

use ringup_sandbox::DeviceKey;

use super::signing::Signing;
use super::{Answer, Forged, TestApp, TestCard, key, yuan};

/// A kiosk's program, enrolled.
pub struct Kiosk<'a> {
    app: &'a TestApp,
    pub kiosk: ringup_db::kiosk::Kiosk,
    pub id: DeviceId,
    key: DeviceKey,
    drawn: Mutex<u64>,
    /// How far its clock is off.
    pub clock_off: Span,
}

const PLACES: &str = "kind,code,name_en,name_zh_hans,city_en,city_zh_hans,district_en,district_zh_hans,address_en,\
address_zh_hans,latitude,longitude,time_zone,hours,takes,credited_at,licence,reach_cm,phone,state,out_of_order_since
kiosk,BJ-K001,North Gate Kiosk,北门自助终端,Beijing,北京,Haidian,海淀区,1 North Road,北路 1 号,39.904200,116.407400,\
Asia/Shanghai,Mo-Su 00:00-24:00,cash codes,,Licence No. 8,,,,
kiosk,BJ-K002,South Gate Kiosk,南门自助终端,Beijing,北京,Haidian,海淀区,2 South Road,南路 2 号,39.904300,116.407500,\
Asia/Shanghai,Mo-Su 00:00-24:00,cash codes,,,,,,
store,BJ-S009,Corner Store,街角营业厅,Beijing,北京,Haidian,海淀区,3 South Road,南路 3 号,39.904400,116.407600,\
Asia/Shanghai,Mo-Su 00:00-24:00,cash codes,,,,,,
";

/// What a kiosk of a scenario may take.
pub fn policy() -> Policy {
    Policy {
        unit: ringup_core::money::Unit::Cny,
        hot_line: "400 000 0001".to_owned(),
        notes: ["100", "10", "50", "20"].map(yuan).to_vec(),
        visit_max: yuan("500"),
        offline_max: Some(yuan("100")),
        box_capacity: 6,
        box_nearly_full: 4,
    }
}

impl TestApp {
    /// Two places for kiosks, and a store.
    pub async fn given_places_for_kiosks(&self) {
        let (places, refused) = place::parse(&self.engine, PLACES.as_bytes()).unwrap();
        assert!(refused.is_empty(), "{refused:?}");
        self.engine.write(move |tx| ringup_db::place::upsert_places(tx, &places)).await.unwrap();
    }

    /// The kiosk at `BJ-K001`, in use.
    pub async fn given_a_kiosk(&self) -> Kiosk<'_> {
        self.given_places_for_kiosks().await;
        self.given_a_kiosk_at("BJ-K001").await
    }

    pub async fn given_a_kiosk_at(&self, code: &str) -> Kiosk<'_> {
        let kiosk = kiosk::add(&self.engine, &code.parse().unwrap(), policy()).await.unwrap();
        let invited = (DeviceKind::Kiosk, kiosk.place);
        let (_, code) = device::invite(&self.engine, invited, "Machine 1".to_owned()).await.unwrap();
        self.enrols_kiosk(kiosk, &code.grouped()).await.unwrap()
    }

    /// A machine sends its code; the answer when it is refused.
    pub async fn enrols_kiosk(&self, kiosk: ringup_db::kiosk::Kiosk, code: &str) -> Result<Kiosk<'_>, Answer> {
        let key = DeviceKey::generate().unwrap();
        let public_key = key.public_key();
        let body = json!({ "code": code, "algorithm": "ed25519", "public_key": public_key });
        let answer = self.post_json("/api/v1/kiosk/enrol", None, &body).await;
        if answer.status != 200 {
            return Err(answer);
        }
        assert_eq!(answer.json()["kiosk"], kiosk.number);
        let id = answer.field("device").parse().unwrap();
        Ok(Kiosk { app: self, kiosk, id, key, drawn: Mutex::new(0), clock_off: Span::seconds(0) })
    }

    /// Somebody who may empty kiosks.
    pub async fn given_a_collector(&self, kiosk: &Kiosk<'_>, number: &str) -> ClerkId {
        let name = format!("Collector {number}");
        clerk::take_on(&self.engine, kiosk.kiosk.place, (number.to_owned(), name), Role::Clerk).await.unwrap().id
    }

    /// `ringup kiosk settle`
    pub async fn settles(
        &self,
        code: &str,
        how: SettledAs,
        card: Option<&TestCard>,
        value: Option<&str>,
    ) -> Result<KioskClaim, SettleError> {
        let (card, value) = (card.map(|card| card.number), value.map(yuan));
        let asked = Settlement { how, by: "Ms Li".to_owned(), value, card };
        kiosk::settle(&self.engine, code.parse().unwrap(), asked).await
    }
}

impl Kiosk<'_> {
    pub async fn gets(&self, path: &str) -> Answer {
        self.sends(("GET", path), (None, Vec::new()), &Forged::default()).await
    }

    pub async fn posts(&self, path: &str, body: &Value) -> Answer {
        self.posts_with(path, None, body).await
    }

    pub async fn posts_with(&self, path: &str, key: Option<&str>, body: &Value) -> Answer {
        self.sends(("POST", path), (key, body.to_string().into_bytes()), &Forged::default()).await
    }

    pub async fn posts_forged(&self, path: &str, body: &Value, forged: &Forged) -> Answer {
        self.sends(("POST", path), (None, body.to_string().into_bytes()), forged).await
    }

    async fn sends(
        &self,
        (method, path): (&str, &str),
        (key, body): (Option<&str>, Vec<u8>),
        forged: &Forged,
    ) -> Answer {
        let nonce = format!("nonce-{:08}", self.draws());
        let created = self.app.clock.now().plus(self.clock_off).seconds();
        let signing = Signing { id: self.id, key: &self.key, created, nonce };
        let method_sent = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.app.http.request(method_sent, format!("{}{path}", self.app.url));
        for (name, value) in signing.headers((method, path), &body, forged) {
            request = request.header(name, value);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let body = forged.body_after_signing.clone().unwrap_or(body);
        Answer::of(request.header("content-type", "application/json").body(body).send().await.unwrap()).await
    }

    fn draws(&self) -> u64 {
        let mut drawn = self.drawn.lock().unwrap();
        *drawn += 1;
        *drawn
    }

    /// The number of the next note, as the journal has it.
    pub fn next_note(&self) -> String {
        format!("{}-{}", self.kiosk.number, 1_795_399_200 + self.draws())
    }

    /// The box that is in it.
    pub async fn cash_box(&self) -> String {
        self.gets("/api/v1/kiosk").await.json()["box"]["id"].as_str().unwrap().to_owned()
    }

    /// Notes of these values, as a sale has them.
    pub fn notes(&self, values: &[&str]) -> Value {
        values.iter().map(|value| json!({ "number": self.next_note(), "value": format!("{value} CNY") })).collect()
    }

    /// A sale with these notes, in the box that is in the kiosk.
    pub async fn sale(&self, card: &TestCard, values: &[&str]) -> Value {
        let (number, notes) = (card.number.to_string(), self.notes(values));
        json!({ "card": number, "notes": notes, "language": "en", "box": self.cash_box().await })
    }

    /// A sale that is booked, under a key of its own.
    pub async fn sells(&self, card: &TestCard, values: &[&str]) -> Answer {
        let sale = self.sale(card, values).await;
        let answer = self.sends_sale(&key(), &sale).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer
    }

    pub async fn sends_sale(&self, key: &str, sale: &Value) -> Answer {
        self.posts_with("/api/v1/kiosk/sales", Some(key), sale).await
    }

    /// A claim of the next note.
    pub fn claim(&self, code: &str, card: Option<&TestCard>, value: Option<&str>) -> Value {
        json!({
            "code": code,
            "note": self.next_note(),
            "value": value.map(|value| format!("{value} CNY")),
            "reason": "silence",
            "card": card.map(|card| card.number.to_string()),
            "claimed_at": "2026-11-23T02:00:00Z",
        })
    }

    pub async fn claims(&self, claim: &Value) -> Answer {
        self.posts("/api/v1/kiosk/claims", claim).await
    }

    /// The code of one who empties it, from the office.
    pub async fn code_for(&self, person: ClerkId) -> String {
        kiosk::give_code(&self.app.engine, &self.kiosk, person).await.unwrap().grouped()
    }

    pub async fn collects(&self, cash_box: &str, codes: [&str; 2]) -> Answer {
        self.posts("/api/v1/kiosk/collections", &json!({ "codes": codes, "box": cash_box })).await
    }

    /// Two people take the box out; answers which.
    pub async fn is_emptied(&self) -> PurseId {
        let cash_box = self.cash_box().await;
        let answer = self.collects_with_two().await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        cash_box.parse().unwrap()
    }

    async fn collects_with_two(&self) -> Answer {
        let n = self.draws();
        let one = self.app.given_a_collector(self, &format!("{n}1")).await;
        let two = self.app.given_a_collector(self, &format!("{n}2")).await;
        let cash_box = self.cash_box().await;
        self.collects(&cash_box, [&self.code_for(one).await, &self.code_for(two).await]).await
    }

    /// A good request to this address.
    pub async fn does(&self, path: &str, card: &TestCard) -> Answer {
        match path {
            "/api/v1/kiosk" => self.gets(path).await,
            "/api/v1/kiosk/cards" => self.posts(path, &json!({ "card": card.number.to_string() })).await,
            "/api/v1/kiosk/sales" => self.sells(card, &["10"]).await,
            "/api/v1/kiosk/claims" => self.claims(&self.claim("0123456789ABCDEFGHJKMNPQRS", None, None)).await,
            "/api/v1/kiosk/collections" => self.collects_with_two().await,
            "/api/v1/kiosk/health" => self.says("ok", "ok").await,
            "/api/v1/kiosk/top-ups" => {
                let quote = self.app.given_a_quote(card, "30.00 CNY").await;
                let body = json!({ "quote": quote, "provider": "alipay", "another_one": true });
                self.posts_with(path, Some(&key()), &body).await
            }
            "/api/v1/kiosk/top-ups/{code}" => {
                let placed = Box::pin(self.does("/api/v1/kiosk/top-ups", card)).await;
                self.gets(&format!("/api/v1/kiosk/top-ups/{}", placed.field("code"))).await
            }
            "/api/v1/kiosk/enrol" => {
                let invited = (DeviceKind::Kiosk, self.kiosk.place);
                let (_, code) = device::invite(&self.app.engine, invited, "Machine 2".to_owned()).await.unwrap();
                let key = DeviceKey::generate().unwrap();
                let public_key = key.public_key();
                let body = json!({ "code": code.grouped(), "algorithm": "ed25519", "public_key": public_key });
                self.app.post_json(path, None, &body).await
            }
            other => panic!("a kiosk does not ask {other}"),
        }
    }

    pub async fn says(&self, validator: &str, paper: &str) -> Answer {
        let body = json!({
            "paper": paper, "validator": validator, "door": "closed", "link": "ok", "clock_off_ms": -40,
            "version": "0.1.0",
        });
        self.posts("/api/v1/kiosk/health", &body).await
    }
}
