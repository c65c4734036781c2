//! Readers of pages: a browser's cookies and headers, and forms.

use std::sync::Mutex;

use super::{Answer, TestApp};

/// Somebody with a browser that is set to a language.
pub struct Reader<'a> {
    app: &'a TestApp,
    language: &'static str,
    cookies: Mutex<Vec<String>>,
    /// Where he is, as the proxy before the server says.
    address: String,
    agent: &'static str,
}

impl TestApp {
    /// A reader of this language: `zh-Hans` or `en`.
    pub fn reader(&self, language: &'static str) -> Reader<'_> {
        self.reader_at(language, "192.0.2.1")
    }

    /// The same at a network address of his own.
    pub fn reader_at(&self, language: &'static str, address: &str) -> Reader<'_> {
        Reader {
            app: self,
            language,
            cookies: Mutex::default(),
            address: address.to_owned(),
            agent: "Mozilla/5.0 (X11; Linux)",
        }
    }
}

impl Reader<'_> {
    /// On a phone, where the provider's app is too.
    pub fn with_a_phone(mut self) -> Self {
        self.agent = "Mozilla/5.0 (Linux; Android 15) Mobile";
        self
    }

    pub async fn gets(&self, path: &str) -> Answer {
        self.sends(self.app.http.get(format!("{}{path}", self.app.url))).await
    }

    /// Sends a form as a browser does, from our own page.
    pub async fn posts(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.app.http.post(format!("{}{path}", self.app.url)).form(form);
        self.sends(request.header("sec-fetch-site", "same-origin").header("origin", &self.app.url)).await
    }

    /// Sends a form from another site's page.
    pub async fn posts_from_elsewhere(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.app.http.post(format!("{}{path}", self.app.url)).form(form);
        self.sends(request.header("sec-fetch-site", "cross-site").header("origin", "https://evil.example")).await
    }

    /// Sends any body as a browser's form would come.
    pub async fn posts_bytes(&self, path: &str, content_type: &str, body: Vec<u8>) -> Answer {
        let request = self.app.http.post(format!("{}{path}", self.app.url)).body(body);
        self.sends(request.header("content-type", content_type).header("sec-fetch-site", "same-origin")).await
    }

    async fn sends(&self, request: reqwest::RequestBuilder) -> Answer {
        let cookies = self.cookies.lock().unwrap().join("; ");
        let mut request = request.header("accept-language", self.language).header("x-forwarded-for", &self.address);
        request = request.header("user-agent", self.agent);
        if !cookies.is_empty() {
            request = request.header("cookie", cookies);
        }
        let answer = Answer::of(request.send().await.unwrap()).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
            self.cookies.lock().unwrap().push(pair);
        }
        answer
    }

    /// What this reader's language says under a key of the locales, as a page writes it: up to its first variable.
    pub fn words(&self, key: &str) -> String {
        let locale = if self.language == "en" { ENGLISH } else { CHINESE };
        let mut lines = locale.into_iter().flat_map(str::lines);
        let line = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(" = ")).expect(key);
        // What stands before or after the first variable, whichever is longer.
        let parts =
            line.split_once('{').map_or([line, ""], |(before, rest)| [before, rest.rsplit('}').next().unwrap()]);
        let longest = parts.into_iter().max_by_key(|part| part.len()).unwrap_or_default();
        longest.trim().replace('\'', "&#39;")
    }

    /// The page must say this, in the reader's language.
    pub fn should_read(&self, answer: &Answer, key: &str) {
        let words = self.words(key);
        assert!(answer.text.contains(&words), "{words:?} is not in {}", answer.text);
    }
}

const ENGLISH: [&str; 5] = [
    include_str!("../../../locales/en/notice.ftl"),
    include_str!("../../../locales/en/plan.ftl"),
    include_str!("../../../locales/en/problem.ftl"),
    include_str!("../../../locales/en/top_up.ftl"),
    include_str!("../../../locales/en/receipt.ftl"),
];

const CHINESE: [&str; 5] = [
    include_str!("../../../locales/zh-Hans/notice.ftl"),
    include_str!("../../../locales/zh-Hans/plan.ftl"),
    include_str!("../../../locales/zh-Hans/problem.ftl"),
    include_str!("../../../locales/zh-Hans/top_up.ftl"),
    include_str!("../../../locales/zh-Hans/receipt.ftl"),
];

/// The value of a hidden field of a page.
pub fn hidden(page: &str, name: &str) -> String {
    let (_, rest) =
        page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name}: {page}"));
    rest.split('"').next().unwrap().to_owned()
}
