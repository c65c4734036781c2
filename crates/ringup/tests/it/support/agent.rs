//! An agent in a scenario: a company that applied, was approved, and has somebody who sells.

use ringup_core::id::AgentId;
use ringup_core::money::Amount;
use ringup_db::agent::Business;
use ringup_db::clerk::Role;
use ringup_engine::agent::{self, Application, Approval, Contact, Document};
use ringup_engine::pin::Pin;
use ringup_engine::{clerk, place};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{Answer, Reader, TestApp, TestCard, hidden, yuan};

/// An agent who was approved.
#[derive(Clone, Debug)]
pub struct TestAgent {
    pub id: AgentId,
    pub code: &'static str,
    pub business: Business,
    pub number: &'static str,
    pub pin: Pin,
}

const PLACES: &str = "kind,code,name_en,name_zh_hans,city_en,city_zh_hans,district_en,district_zh_hans,address_en,\
address_zh_hans,latitude,longitude,time_zone,hours,takes,credited_at,licence,reach_cm,phone,state,out_of_order_since
agent,BJ-A001,Lucky Phone Shop,吉祥通讯店,Beijing,北京,Haidian,海淀区,7 East Road,东路 7 号,39.904200,116.407400,\
Asia/Shanghai,Mo-Su 08:00-20:00,cash,,,,,,
agent,NY-A001,Canal Street Cards,坚尼街通讯店,New York,纽约,Manhattan,曼哈顿,1 Canal Street,坚尼街 1 号,40.719200,-74.003900,\
America/New_York,Mo-Su 08:00-20:00,cash,,,,,,
store,BJ-S001,East Gate Store,东门营业厅,Beijing,北京,Haidian,海淀区,1 East Road,东路 1 号,39.904200,116.407400,\
Asia/Shanghai,Mo-Su 00:00-24:00,cash,,,,,,
";

/// A PDF that is one by its first and last bytes.
pub const PDF: &[u8] = b"%PDF-1.7\nlicence 7\n%%EOF\n";

/// What a company says of itself, all of it right.
pub fn application(time_zone: &str, last_day: &str) -> Application {
    Application {
        company: "Lucky Phone Shop Ltd".to_owned(),
        registration: "91110108MA01".to_owned(),
        contact: Contact {
            name: "Wang Li".to_owned(),
            email: "wang@example.com".to_owned(),
            phone: "+86 10 5555 0100".to_owned(),
        },
        licence_number: "京A-0007".to_owned(),
        licence_issuer: "Beijing Communications Administration".to_owned(),
        licence_last_day: last_day.to_owned(),
        time_zone: time_zone.to_owned(),
        documents: vec![Document::new("licence.pdf", PDF.to_vec()).unwrap()],
    }
}

impl TestApp {
    /// The places where agents sell: `BJ-A001` and `NY-A001`.
    pub async fn given_places_of_agents(&self) {
        let (places, refused) = place::parse(&self.engine, PLACES.as_bytes()).unwrap();
        assert!(refused.is_empty(), "{refused:?}");
        self.engine.write(move |tx| ringup_db::place::upsert_places(tx, &places)).await.unwrap();
    }

    /// An agent in Beijing whose licence holds for a year, with so much on his float.
    pub async fn given_an_agent(&self, float: &str) -> TestAgent {
        let approval = Approval {
            place: "BJ-A001".parse().unwrap(),
            credit_limit: yuan("0.00"),
            alert_below: Some(yuan("20.00")),
        };
        self.given_an_agent_of("BJ-A001", application("Asia/Shanghai", "2027-11-22"), approval, float).await
    }

    pub async fn given_an_agent_of(
        &self,
        code: &'static str,
        application: Application,
        approval: Approval,
        float: &str,
    ) -> TestAgent {
        self.given_places_of_agents().await;
        let id = agent::apply(&self.engine, application).await.unwrap();
        let business = agent::approve(&self.engine, id, approval).await.unwrap().business.unwrap();
        if float != "0.00" {
            agent::confirm_transfer(&self.engine, id, &format!("first {code}"), yuan(float)).await.unwrap();
        }
        let person = ("01".to_owned(), "Wang Li".to_owned());
        let new = clerk::take_on(&self.engine, business.place, person, Role::Clerk).await.unwrap();
        TestAgent { id, code, business, number: "01", pin: new.pin }
    }

    /// A key for the agent's own program, good from this address.
    pub async fn given_a_key(&self, agent: &TestAgent, address: &str) -> String {
        agent::make_key(&self.engine, agent.id, "till", &[address.parse().unwrap()]).await.unwrap().key.to_text()
    }

    /// A program sells with a key; without an idempotency key when that is empty.
    pub async fn sells_by_key(&self, api_key: &str, key: &str, body: &Value) -> Answer {
        let request = self.http.post(format!("{}/api/v1/agent/sales", self.url)).json(body).bearer_auth(api_key);
        let request = if key.is_empty() { request } else { request.header("idempotency-key", key) };
        Answer::of(request.send().await.unwrap()).await
    }

    /// A program asks how the float stands.
    pub async fn asks_for_the_float(&self, api_key: &str) -> Answer {
        let request = self.http.get(format!("{}/api/v1/agent/float", self.url)).bearer_auth(api_key);
        Answer::of(request.send().await.unwrap()).await
    }

    /// Programs sell at the same time: each with its key and body.
    pub async fn sell_at_once(&self, api_key: &str, sales: Vec<(String, Value)>) -> Vec<Answer> {
        let mut selling = JoinSet::new();
        for (key, body) in sales {
            let request = self.http.post(format!("{}/api/v1/agent/sales", self.url)).json(&body).bearer_auth(api_key);
            let request = request.header("idempotency-key", key);
            selling.spawn(async move { Answer::of(request.send().await.unwrap()).await });
        }
        selling.join_all().await
    }

    /// What can be sold from an agent's float.
    pub async fn can_sell_for(&self, agent: &TestAgent) -> Amount {
        agent::float(&self.engine, &agent.business).await.unwrap().available
    }
}

/// What a program asks for.
pub fn sale_of(card: &TestCard, amount: &str) -> Value {
    json!({ "card": card.number.to_string(), "amount": amount })
}

impl Reader<'_> {
    pub async fn signs_in_as(&self, agent: &TestAgent) {
        let form = [("agent", agent.code), ("number", agent.number), ("pin", agent.pin.reveal())];
        let answer = self.posts("/agent/sign-in", &form).await;
        assert_eq!((answer.status, answer.location()), (303, "/agent".to_owned()), "{}", answer.text);
    }

    /// The page with the price of this; its form's fields.
    pub async fn looks_at_the_price(&self, card: &TestCard, amount: &str) -> Vec<(&'static str, String)> {
        let page = self.posts("/agent/check", &[("card", &card.number.grouped()), ("amount", amount)]).await;
        assert_eq!(page.status, 200, "{}", page.text);
        ["quote", "idempotency_key"].map(|name| (name, hidden(&page.text, name))).to_vec()
    }

    pub async fn presses_sell(&self, form: &[(&'static str, String)], more: &[(&'static str, &str)]) -> Answer {
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.extend(more);
        self.posts("/agent/sales", &fields).await
    }

    /// From the number to what was sold; answers where that is shown.
    pub async fn sells_from_float(&self, card: &TestCard, amount: &str) -> String {
        let form = self.looks_at_the_price(card, amount).await;
        let answer = self.presses_sell(&form, &[]).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        answer.location()
    }

    /// Uploads a list, as a browser does.
    pub async fn uploads_a_list(&self, content: &[u8]) -> Answer {
        const BOUNDARY: &str = "----ringup-test-boundary";
        let head = "content-disposition: form-data; name=\"list\"; filename=\"a.csv\"\r\ncontent-type: text/csv";
        let head = format!("--{BOUNDARY}\r\n{head}\r\n\r\n");
        let body = [head.as_bytes(), content, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
        self.posts_bytes("/agent/lists", &format!("multipart/form-data; boundary={BOUNDARY}"), body).await
    }

    /// Sends a form with files, as a browser does.
    pub async fn sends_files(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
        const BOUNDARY: &str = "----ringup-test-boundary";
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (name, content) in files {
            let head = format!(
                "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"documents\"; filename=\"{name}\"\r\n\
                 content-type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.posts_bytes(path, &format!("multipart/form-data; boundary={BOUNDARY}"), body).await
    }
}
