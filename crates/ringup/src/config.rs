//! Settings: a file, and over it the environment. Read once, when a command starts.
//!
//! Every key can be set as `RINGUP_SECTION__KEY`. Without any there is a SQLite database in `./ringup-data`, a server on
//! port 8080, and no payment provider.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ringup_core::id::Node;
use ringup_core::secret::Secret;
use ringup_core::time::Span;
use ringup_engine::clock::Clock;
use ringup_gateways::{
    AlipayConfig, AlipayTrust, GatewaysConfig, MailConfig, PlatformKeys, PlatformPublicKey, SmsConfig, WechatPayConfig,
};
use ringup_paper::Font;
use serde::Deserialize;

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file or an environment variable cannot be read.
    #[error(transparent)]
    Form(#[from] config::ConfigError),
    /// A file that a setting names cannot be read.
    #[error("{setting}: {path}: {source}")]
    File {
        /// Which setting.
        setting: &'static str,
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A value cannot be.
    #[error("{setting}: {why}")]
    Value {
        /// Which setting.
        setting: &'static str,
        /// What is wrong.
        why: String,
    },
    /// With real money only the system's clock counts.
    #[error("server.clock_ahead_seconds works only with server.mode = \"test\"")]
    ClockInProduction,
    /// These are the demo's keys, and this is no demo.
    #[error("{setting} is the demo's: it works only with server.mode = \"test\"")]
    DemoInProduction {
        /// Which setting.
        setting: &'static str,
    },
}

/// All settings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The server.
    pub server: ServerSettings,
    /// The database.
    pub database: DatabaseSettings,
    /// The secrets that are not in the database.
    pub keys: KeySettings,
    /// Slips on receipt printers.
    pub paper: PaperSettings,
    /// Alipay, when it is offered.
    pub alipay: Option<AlipaySettings>,
    /// WeChat Pay, when it is offered.
    pub wechat_pay: Option<WechatPaySettings>,
    /// The mail server, when receipts are sent by e-mail.
    pub mail: Option<MailSettings>,
    /// The SMS centre, when receipts are sent as text messages.
    pub sms: Option<SmsSettings>,
}

/// `[server]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerSettings {
    /// Where the pages and the API listen.
    pub listen: SocketAddr,
    /// Where `/metrics` listens; nowhere without it.
    pub metrics_listen: Option<SocketAddr>,
    /// How the world reaches the pages: `https://topup.example.com`. Providers send their notifications there.
    pub public_url: Option<String>,
    /// What payers read in the provider's app.
    pub subject: String,
    /// Which server this is among those that write to the same database: 0 to 62.
    pub node: u8,
    /// Whether the last address in `X-Forwarded-For` is believed: only behind a proxy that sets it.
    pub behind_proxy: bool,
    /// `production`, or `test`, in which the demo's keys work.
    pub mode: Mode,
    /// How far ahead of the system's clock it lives: to try what comes late. Only in `test`.
    pub clock_ahead_seconds: u32,
    /// What is logged, in the form of `tracing`'s filters.
    pub log: String,
}

/// What a server is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Real money.
    Production,
    /// No real money.
    Test,
}

/// `[database]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseSettings {
    /// `sqlite:PATH` or `postgres://…`
    pub url: String,
}

/// `[keys]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeySettings {
    /// The folder of the key files; those that are missing are made.
    pub folder: PathBuf,
}

/// `[paper]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PaperSettings {
    /// The font that slips are drawn with; needed for printers that the server reaches.
    pub font_file: Option<PathBuf>,
}

/// `[alipay]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlipaySettings {
    /// Where Alipay's gateway is.
    #[serde(default = "alipay_gateway")]
    pub gateway_url: String,
    /// Our app.
    pub app_id: String,
    /// Our merchant number.
    pub seller_id: String,
    /// A file with our private key.
    pub private_key_file: PathBuf,
    /// Key mode: a file with Alipay's public key.
    pub public_key_file: Option<PathBuf>,
    /// Certificate mode: a file with our certificate.
    pub app_cert_file: Option<PathBuf>,
    /// Certificate mode: a file with Alipay's certificate.
    pub alipay_cert_file: Option<PathBuf>,
    /// Certificate mode: a file with Alipay's roots.
    pub root_certs_file: Option<PathBuf>,
}

/// `[wechat_pay]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WechatPaySettings {
    /// Where WeChat Pay's API is.
    #[serde(default = "wechat_pay_base")]
    pub base_url: String,
    /// Our app.
    pub app_id: String,
    /// Our merchant number.
    pub mchid: String,
    /// The serial number of our API certificate.
    pub merchant_serial: String,
    /// A file with our private key.
    pub private_key_file: PathBuf,
    /// A file with the 32 characters that WeChat Pay encrypts for us with.
    pub api_v3_key_file: PathBuf,
    /// Public-key mode: the key's name.
    pub public_key_id: Option<String>,
    /// Public-key mode: a file with the key.
    pub public_key_file: Option<PathBuf>,
    /// Certificate mode: files with platform certificates; newer ones are fetched.
    #[serde(default)]
    pub certificate_files: Vec<PathBuf>,
}

/// `[mail]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// The mail server: `smtps://user@host:465`.
    pub smtp_url: String,
    /// A file with its user's password.
    pub password_file: Option<PathBuf>,
    /// Who our mail is from: `Ringup <receipts@example.com>`.
    pub from: String,
}

/// `[sms]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsSettings {
    /// The SMS centre: `smpps://system-id@host:3550`.
    pub smpp_url: String,
    /// A file with the password of its system id.
    pub password_file: Option<PathBuf>,
    /// Who the phone shows as the sender.
    pub from: String,
    /// The countries whose phones are sent texts; a number without its country's code is of the first.
    #[serde(default = "china")]
    pub countries: Vec<String>,
}

fn china() -> Vec<String> {
    vec!["CN".to_owned()]
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            metrics_listen: None,
            public_url: None,
            subject: "Ringup".to_owned(),
            node: 0,
            behind_proxy: false,
            mode: Mode::Production,
            clock_ahead_seconds: 0,
            log: "info".to_owned(),
        }
    }
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self { url: "sqlite:ringup-data/ringup.db".to_owned() }
    }
}

impl Default for KeySettings {
    fn default() -> Self {
        Self { folder: PathBuf::from("ringup-data/keys") }
    }
}

fn alipay_gateway() -> String {
    "https://openapi.alipay.com/gateway.do".to_owned()
}

fn wechat_pay_base() -> String {
    "https://api.mch.weixin.qq.com".to_owned()
}

/// Alipay's sandbox numbers begin so, and the demo's with them.
const DEMO_ALIPAY_APP: &str = "9021";
/// The example merchants of WeChat Pay's documents are 1900000000 to 1900000999; the demo is one of them.
const DEMO_WECHAT_PAY_MERCHANT: &str = "1900000";

impl Settings {
    /// Reads the file, if one is named, and the environment over it.
    ///
    /// # Errors
    /// [`SettingsError::Form`], [`SettingsError::ClockInProduction`], [`SettingsError::DemoInProduction`].
    pub fn read(file: Option<&Path>) -> Result<Self, SettingsError> {
        // Only `RINGUP_SECTION__KEY` is a setting: other programs' variables may begin with our name too.
        let is_ours = |name: &str| name.starts_with("RINGUP_") && name.contains("__");
        Self::read_with(file, std::env::vars().filter(|(name, _)| is_ours(name)).collect())
    }

    fn read_with(file: Option<&Path>, environment: HashMap<String, String>) -> Result<Self, SettingsError> {
        let mut builder = config::Config::builder();
        if let Some(file) = file {
            builder = builder.add_source(config::File::from(file).format(config::FileFormat::Toml));
        }
        let environment = config::Environment::with_prefix("RINGUP")
            .prefix_separator("_")
            .separator("__")
            .try_parsing(true)
            .source(Some(environment));
        let settings: Self = builder.add_source(environment).build()?.try_deserialize()?;
        settings.refuse_play_in_production()?;
        Ok(settings)
    }

    fn refuse_play_in_production(&self) -> Result<(), SettingsError> {
        if self.server.mode == Mode::Test {
            return Ok(());
        }
        if self.server.clock_ahead_seconds > 0 {
            return Err(SettingsError::ClockInProduction);
        }
        if self.alipay.as_ref().is_some_and(|alipay| alipay.app_id.starts_with(DEMO_ALIPAY_APP)) {
            return Err(SettingsError::DemoInProduction { setting: "alipay.app_id" });
        }
        if self.wechat_pay.as_ref().is_some_and(|wechat_pay| wechat_pay.mchid.starts_with(DEMO_WECHAT_PAY_MERCHANT)) {
            return Err(SettingsError::DemoInProduction { setting: "wechat_pay.mchid" });
        }
        Ok(())
    }

    /// Which server this is.
    ///
    /// # Errors
    /// [`SettingsError::Value`] above 62: 63 is for bulk work.
    pub fn node(&self) -> Result<Node, SettingsError> {
        let why = || SettingsError::Value { setting: "server.node", why: "it must be 0 to 62".to_owned() };
        // Bulk work beside a running server makes its ids as a server of its own.
        Node::new(self.server.node).filter(|node| node.number() != ringup_engine::limits::BULK_NODE).ok_or_else(why)
    }

    /// Where the time comes from.
    #[must_use]
    pub fn clock(&self) -> Clock {
        match self.server.clock_ahead_seconds {
            0 => Clock::System,
            ahead => Clock::Ahead(Span::seconds(ahead.into())),
        }
    }

    /// How the world reaches the pages, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> String {
        let given = self.server.public_url.as_deref().map(|url| url.trim_end_matches('/').to_owned());
        given.unwrap_or_else(|| format!("http://{}", self.server.listen))
    }

    /// The font that slips are drawn with.
    ///
    /// # Errors
    /// [`SettingsError::Value`] when it is none that can be used.
    pub fn font(&self) -> Result<Option<Font>, SettingsError> {
        let open = |path: &PathBuf| Font::open(path);
        let font = self.paper.font_file.as_ref().map(open).transpose();
        font.map_err(|error| SettingsError::Value { setting: "paper.font_file", why: error.to_string() })
    }

    /// The providers, the mail server and the SMS centre, with the files of their keys and passwords read.
    ///
    /// # Errors
    /// [`SettingsError::File`], [`SettingsError::Value`].
    pub fn gateways(&self) -> Result<GatewaysConfig, SettingsError> {
        let alipay = self.alipay.as_ref().map(alipay).transpose()?;
        let wechat_pay = self.wechat_pay.as_ref().map(wechat_pay).transpose()?;
        let mail = self.mail.as_ref().map(mail).transpose()?;
        let sms = self.sms.as_ref().map(sms).transpose()?;
        Ok(GatewaysConfig { alipay, wechat_pay, mail, sms })
    }
}

fn alipay(settings: &AlipaySettings) -> Result<AlipayConfig, SettingsError> {
    let certificates = (&settings.app_cert_file, &settings.alipay_cert_file, &settings.root_certs_file);
    let trust = match (&settings.public_key_file, certificates) {
        (Some(key), (None, None, None)) => AlipayTrust::PublicKey(read("alipay.public_key_file", key)?),
        (None, (Some(app), Some(alipay), Some(roots))) => AlipayTrust::Certificates {
            app_cert: read("alipay.app_cert_file", app)?,
            alipay_cert: read("alipay.alipay_cert_file", alipay)?,
            root_certs: read("alipay.root_certs_file", roots)?,
        },
        _ => {
            return Err(SettingsError::Value {
                setting: "alipay",
                why: "either public_key_file is set, or app_cert_file, alipay_cert_file and root_certs_file are"
                    .to_owned(),
            });
        }
    };
    Ok(AlipayConfig {
        gateway_url: settings.gateway_url.clone(),
        app_id: settings.app_id.clone(),
        seller_id: settings.seller_id.clone(),
        private_key: Secret::new(read("alipay.private_key_file", &settings.private_key_file)?),
        trust,
    })
}

fn wechat_pay(settings: &WechatPaySettings) -> Result<WechatPayConfig, SettingsError> {
    let public_key = match (&settings.public_key_id, &settings.public_key_file) {
        (Some(id), Some(file)) => {
            Some(PlatformPublicKey { id: id.clone(), pem: read("wechat_pay.public_key_file", file)? })
        }
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            let why = "public_key_id and public_key_file are set together or not at all".to_owned();
            return Err(SettingsError::Value { setting: "wechat_pay", why });
        }
    };
    let certificates = settings.certificate_files.iter().map(|file| read("wechat_pay.certificate_files", file));
    let api_v3_key = read("wechat_pay.api_v3_key_file", &settings.api_v3_key_file)?;
    Ok(WechatPayConfig {
        base_url: settings.base_url.clone(),
        app_id: settings.app_id.clone(),
        mchid: settings.mchid.clone(),
        merchant_serial: settings.merchant_serial.clone(),
        private_key: Secret::new(read("wechat_pay.private_key_file", &settings.private_key_file)?),
        api_v3_key: Secret::new(api_v3_key.trim().to_owned()),
        platform_keys: PlatformKeys { public_key, certificates: certificates.collect::<Result<_, _>>()? },
    })
}

fn mail(settings: &MailSettings) -> Result<MailConfig, SettingsError> {
    Ok(MailConfig {
        smtp_url: settings.smtp_url.clone(),
        password: password("mail.password_file", settings.password_file.as_deref())?,
        from: settings.from.clone(),
    })
}

fn sms(settings: &SmsSettings) -> Result<SmsConfig, SettingsError> {
    Ok(SmsConfig {
        smpp_url: settings.smpp_url.clone(),
        password: password("sms.password_file", settings.password_file.as_deref())?,
        from: settings.from.clone(),
        countries: settings.countries.clone(),
    })
}

fn password(setting: &'static str, file: Option<&Path>) -> Result<Option<Secret<String>>, SettingsError> {
    let password = file.map(|file| read(setting, file)).transpose()?;
    Ok(password.map(|password| Secret::new(password.trim_end_matches(['\r', '\n']).to_owned())))
}

fn read(setting: &'static str, path: &Path) -> Result<String, SettingsError> {
    std::fs::read_to_string(path).map_err(|source| {
        let path = path.display().to_string();
        SettingsError::File { setting, path, source }
    })
}

#[cfg(test)]
mod tests;
