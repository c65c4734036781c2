//! What the merchant and the two providers agreed on when the merchant was signed up.

use std::net::SocketAddr;

use crate::{
    certificate::{self, Certificate},
    crypto::{KeyError, SigningKey, VerifyingKey},
    outside::Clock,
};

/// Everything the sandbox needs to play both providers.
#[derive(Clone)]
pub struct SandboxConfig {
    /// Where to listen; port 0 takes any free one.
    pub listen: SocketAddr,
    /// How the payer's phone reaches the sandbox (`http://10.0.0.5:8081`). `None`: the address it listens on.
    pub public_url: Option<String>,
    /// The time as microseconds since 1970, so that tests own it; [`crate::system_clock`] otherwise.
    pub clock: Clock,
    /// Retry schedules and other waits run this many times faster; 1 is as in the world.
    pub time_scale: u32,
    /// The Alipay application.
    pub alipay: AlipayMerchant,
    /// The WeChat Pay merchant.
    pub wechat_pay: WechatPayMerchant,
}

/// A merchant as Alipay knows it.
#[derive(Clone)]
pub struct AlipayMerchant {
    /// The application that calls.
    pub app_id: String,
    /// The account that is paid (`2088…`).
    pub seller_id: String,
    /// What Alipay signs with: PKCS #8, PEM or bare base64.
    pub platform_private_key: String,
    /// How the two sides prove themselves.
    pub mode: AlipayMode,
}

/// How an Alipay merchant proves itself, and Alipay to it.
#[derive(Clone)]
pub enum AlipayMode {
    /// By bare public keys.
    Key {
        /// PEM or bare base64, `SubjectPublicKeyInfo` or PKCS #1.
        merchant_public_key: String,
    },
    /// By certificates, which requests and answers name.
    Certificate {
        /// The application's certificate (PEM).
        merchant_certificate: String,
        /// Alipay's certificate for [`AlipayMerchant::platform_private_key`] (PEM).
        platform_certificate: String,
        /// The root bundle that the merchant names in each request (PEM).
        root_certificate: String,
    },
}

/// A merchant as WeChat Pay knows it.
#[derive(Clone)]
pub struct WechatPayMerchant {
    /// The merchant's number.
    pub mchid: String,
    /// The application that is bound to it.
    pub appid: String,
    /// The merchant's API certificate (PEM); requests name its serial number.
    pub merchant_certificate: String,
    /// 32 bytes that both sides know.
    pub api_v3_key: String,
    /// The platform's public key, when the merchant uses the newer mode.
    pub public_key: Option<PlatformPublicKey>,
    /// The platform's certificate, when the merchant uses the older mode. At least one of the two must be there.
    pub certificate: Option<PlatformCertificate>,
    /// Which of the two signs notifications.
    pub notify_with: NotificationSigner,
}

/// The platform's key pair of public-key mode.
#[derive(Clone)]
pub struct PlatformPublicKey {
    /// `PUB_KEY_ID_…`.
    pub id: String,
    /// PKCS #8, PEM.
    pub private_key: String,
}

/// The platform's certificate and its key.
#[derive(Clone)]
pub struct PlatformCertificate {
    /// PEM.
    pub certificate: String,
    /// PKCS #8, PEM.
    pub private_key: String,
}

/// Which key signs WeChat Pay's notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationSigner {
    /// The platform's public key; falls back to the certificate.
    PublicKey,
    /// The platform certificate; falls back to the public key.
    Certificate,
    /// One and the other in turn, as happens for a week while a merchant migrates.
    Mixed,
}

/// The Alipay side with its keys read.
pub(crate) struct AlipayAgreement {
    pub app_id: String,
    pub seller_id: String,
    pub merchant_key: VerifyingKey,
    pub platform_key: SigningKey,
    pub certificates: Option<AlipayCertificates>,
}

/// What certificate mode adds: the names that requests and answers must carry.
pub(crate) struct AlipayCertificates {
    pub merchant_sn: String,
    pub root_sn: String,
    pub platform_sn: String,
}

impl AlipayMerchant {
    pub(crate) fn read(&self) -> Result<AlipayAgreement, KeyError> {
        let (merchant_key, certificates) = match &self.mode {
            AlipayMode::Key { merchant_public_key } => (VerifyingKey::from_pem(merchant_public_key)?, None),
            AlipayMode::Certificate { merchant_certificate, platform_certificate, root_certificate } => {
                let merchant = Certificate::from_pem(merchant_certificate)?;
                let names = AlipayCertificates {
                    merchant_sn: merchant.alipay_sn,
                    root_sn: certificate::alipay_root_sn(root_certificate)?,
                    platform_sn: Certificate::from_pem(platform_certificate)?.alipay_sn,
                };
                (merchant.key, Some(names))
            }
        };
        Ok(AlipayAgreement {
            app_id: self.app_id.clone(),
            seller_id: self.seller_id.clone(),
            merchant_key,
            platform_key: SigningKey::from_pem(&self.platform_private_key)?,
            certificates,
        })
    }
}

/// The WeChat Pay side with its keys read.
pub(crate) struct WechatPayAgreement {
    pub mchid: String,
    pub appid: String,
    pub merchant: Certificate,
    pub api_v3_key: Vec<u8>,
    pub platform: PlatformSigners,
    pub notify_with: NotificationSigner,
}

/// The platform's keys: one or both of the two modes.
pub(crate) struct PlatformSigners {
    pub first: PlatformSigner,
    pub second: Option<PlatformSigner>,
}

/// One platform key with the name that `Wechatpay-Serial` carries.
pub(crate) struct PlatformSigner {
    pub serial: String,
    pub key: SigningKey,
    /// The certificate's text, in certificate mode.
    pub certificate: Option<Certificate>,
}

impl PlatformSigners {
    /// The key named by a request's `Wechatpay-Serial`; without a name, certificate mode is meant. `None`: no such key.
    pub fn named(&self, serial: Option<&str>) -> Option<&PlatformSigner> {
        match serial {
            Some(serial) => self.all().find(|signer| signer.serial == serial),
            None => Some(self.all().find(|signer| signer.certificate.is_some()).unwrap_or(&self.first)),
        }
    }

    /// The key that signs the `count`-th notification.
    pub fn for_notification(&self, notify_with: NotificationSigner, count: u64) -> &PlatformSigner {
        let wants_certificate = match notify_with {
            NotificationSigner::PublicKey => false,
            NotificationSigner::Certificate => true,
            NotificationSigner::Mixed => count % 2 == 1,
        };
        self.all().find(|signer| signer.certificate.is_some() == wants_certificate).unwrap_or(&self.first)
    }

    /// All keys.
    pub fn all(&self) -> impl Iterator<Item = &PlatformSigner> {
        std::iter::once(&self.first).chain(&self.second)
    }
}

impl WechatPayMerchant {
    /// `None` when neither a public key nor a certificate is configured.
    pub(crate) fn read(&self) -> Result<Option<WechatPayAgreement>, KeyError> {
        let mut signers = Vec::new();
        if let Some(public_key) = &self.public_key {
            let key = SigningKey::from_pem(&public_key.private_key)?;
            signers.push(PlatformSigner { serial: public_key.id.clone(), key, certificate: None });
        }
        if let Some(platform) = &self.certificate {
            let certificate = Certificate::from_pem(&platform.certificate)?;
            let key = SigningKey::from_pem(&platform.private_key)?;
            signers.push(PlatformSigner {
                serial: certificate.serial_hex.clone(),
                key,
                certificate: Some(certificate),
            });
        }
        let mut signers = signers.into_iter();
        let Some(first) = signers.next() else { return Ok(None) };
        let api_v3_key = self.api_v3_key.as_bytes().to_vec();
        if api_v3_key.len() != 32 {
            return Err(KeyError::SymmetricKeyLength(api_v3_key.len()));
        }
        Ok(Some(WechatPayAgreement {
            mchid: self.mchid.clone(),
            appid: self.appid.clone(),
            merchant: Certificate::from_pem(&self.merchant_certificate)?,
            api_v3_key,
            platform: PlatformSigners { first, second: signers.next() },
            notify_with: self.notify_with,
        }))
    }
}
