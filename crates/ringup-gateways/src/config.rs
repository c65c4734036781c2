//! What must be known of a provider before it can be spoken to. Read once, when the server starts.

use ringup_core::secret::Secret;

use crate::crypto::KeyError;
use crate::http::HttpClientError;

/// The providers that are set up here.
#[derive(Clone, Debug, Default)]
pub struct GatewaysConfig {
    /// Alipay, when it is offered.
    pub alipay: Option<AlipayConfig>,
    /// WeChat Pay, when it is offered.
    pub wechat_pay: Option<WechatPayConfig>,
    /// The mail server, when receipts are sent by e-mail.
    pub mail: Option<MailConfig>,
    /// The SMS centre, when receipts are sent as text messages.
    pub sms: Option<SmsConfig>,
}

/// The SMS centre that takes our text messages.
#[derive(Clone, Debug)]
pub struct SmsConfig {
    /// `smpps://system-id@host:port`; `smpp://…` without TLS.
    pub smpp_url: String,
    /// The password of the system id: at most 8 letters.
    pub password: Option<Secret<String>>,
    /// Who the phone shows as the sender: `+8610…`, a number of the network's own, or a name of up to 11 letters.
    pub from: String,
    /// The countries whose phones are sent texts, as `CN`; a number without its country's code is of the first.
    pub countries: Vec<String>,
}

/// The mail server that takes our mail.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// `smtps://user@host:465`; `smtp://user@host:587?tls=required` for STARTTLS; `smtp://127.0.0.1:25` without TLS.
    pub smtp_url: String,
    /// The password of the address's user.
    pub password: Option<Secret<String>>,
    /// Who our mail is from: `Ringup <receipts@example.com>`.
    pub from: String,
}

/// How we are known to Alipay.
#[derive(Clone, Debug)]
pub struct AlipayConfig {
    /// `https://openapi.alipay.com/gateway.do`, or a sandbox's.
    pub gateway_url: String,
    /// Our app.
    pub app_id: String,
    /// Our merchant number (PID): notifications name it as the seller.
    pub seller_id: String,
    /// Our private key: PEM or bare base64, PKCS#1 or PKCS#8.
    pub private_key: Secret<String>,
    /// How Alipay's own signature is known.
    pub trust: AlipayTrust,
}

/// How Alipay's own signature is known, and how it knows ours.
#[derive(Clone, Debug)]
pub enum AlipayTrust {
    /// Key mode: Alipay's public key, PEM or bare base64.
    PublicKey(String),
    /// Certificate mode, each as PEM.
    Certificates {
        /// Ours (`appCertPublicKey_….crt`).
        app_cert: String,
        /// Alipay's (`alipayCertPublicKey_RSA2.crt`).
        alipay_cert: String,
        /// Alipay's bundle of roots (`alipayRootCert.crt`).
        root_certs: String,
    },
}

/// How we are known to WeChat Pay.
#[derive(Clone, Debug)]
pub struct WechatPayConfig {
    /// `https://api.mch.weixin.qq.com`, or a sandbox's.
    pub base_url: String,
    /// Our app.
    pub app_id: String,
    /// Our merchant number.
    pub mchid: String,
    /// The serial number of our API certificate, in upper-case hexadecimal.
    pub merchant_serial: String,
    /// Our private key: PEM or bare base64, PKCS#1 or PKCS#8.
    pub private_key: Secret<String>,
    /// The 32 characters that WeChat Pay encrypts for us with.
    pub api_v3_key: Secret<String>,
    /// How WeChat Pay's own signature is known.
    pub platform_keys: PlatformKeys,
}

/// How WeChat Pay's own signature is known. Both may be held at once, and must be while a merchant moves from one to
/// the other: for about a week notifications come signed with either. With neither, nothing is believed until
/// [`Gateways::refresh_certificates`](crate::Gateways::refresh_certificates) has brought a certificate.
#[derive(Clone, Debug, Default)]
pub struct PlatformKeys {
    /// WeChat Pay's public key.
    pub public_key: Option<PlatformPublicKey>,
    /// Platform certificates, each as PEM.
    pub certificates: Vec<String>,
}

/// WeChat Pay's public key and its name.
#[derive(Clone, Debug)]
pub struct PlatformPublicKey {
    /// `PUB_KEY_ID_…`.
    pub id: String,
    /// The key, as PEM.
    pub pem: String,
}

/// Why the providers cannot be spoken to with this configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A setting is no key or no certificate.
    #[error("{setting}: {reason}")]
    Key {
        /// Which setting.
        setting: &'static str,
        /// What is wrong with it.
        reason: KeyError,
    },
    /// The certificate is not the private key's.
    #[error("alipay.app_cert is the certificate of another key than alipay.private_key")]
    CertificateOfAnotherKey,
    /// A setting is no address.
    #[error("{setting} is no http or https address: {value:?}")]
    Address {
        /// Which setting.
        setting: &'static str,
        /// What it says.
        value: String,
    },
    /// A setting is empty, or has what no header can carry.
    #[error("{setting} is empty, or has other characters than letters, digits, \"-\" and \"_\"")]
    Name {
        /// Which setting.
        setting: &'static str,
    },
    /// A mail setting cannot be used.
    #[error("{setting}: {why}")]
    Mail {
        /// Which setting.
        setting: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// An SMS setting cannot be used.
    #[error("{setting}: {why}")]
    Sms {
        /// Which setting.
        setting: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The HTTP client could not be made.
    #[error(transparent)]
    HttpClient(#[from] HttpClientError),
}

/// Refuses an address that is not one, or has a query; gives it without a slash at its end.
pub(crate) fn address(setting: &'static str, value: &str) -> Result<String, ConfigError> {
    let refuse = || ConfigError::Address { setting, value: value.to_owned() };
    let url = reqwest::Url::parse(value).map_err(|_| refuse())?;
    let plain = matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none();
    if plain { Ok(value.trim_end_matches('/').to_owned()) } else { Err(refuse()) }
}

/// Refuses a name that is empty or would break out of the header it is written into.
pub(crate) fn name(setting: &'static str, value: &str) -> Result<String, ConfigError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if value.is_empty() || !value.chars().all(plain) {
        return Err(ConfigError::Name { setting });
    }
    Ok(value.to_owned())
}
