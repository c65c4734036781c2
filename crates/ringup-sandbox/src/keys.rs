//! The demo's key material for both sides, made at run time: none of it is in the repository.

use std::{fs, io, path::Path};

use crate::{
    certificate::{self, Certificate},
    config::{
        AlipayMerchant, AlipayMode, NotificationSigner, PlatformCertificate, PlatformPublicKey, WechatPayMerchant,
    },
    crypto::{KeyError, SigningKey},
    outside,
};

/// The demo's Alipay application. Alipay's own sandbox numbers begin with `9021` as well, and real ones never do,
/// so a server in production can refuse it.
pub const DEMO_ALIPAY_APP_ID: &str = "9021000000000001";
/// The demo's Alipay seller.
pub const DEMO_ALIPAY_SELLER_ID: &str = "2088721000000001";
/// The demo's WeChat Pay merchant: `1900000000` to `1900000999` are the example numbers of WeChat Pay's documents.
pub const DEMO_WECHAT_PAY_MCHID: &str = "1900000001";
/// The demo's WeChat application.
pub const DEMO_WECHAT_PAY_APPID: &str = "wxdemo0000000001";

/// All key material of the demo, for both sides.
#[derive(Clone, Debug, Default)]
pub struct DemoKeys {
    /// What Alipay and the merchant agreed on.
    pub alipay: AlipayDemoKeys,
    /// What WeChat Pay and the merchant agreed on.
    pub wechat_pay: WechatPayDemoKeys,
}

/// Key material of the Alipay side. Every field but the identifiers is PEM.
#[derive(Clone, Default)]
pub struct AlipayDemoKeys {
    /// [`DEMO_ALIPAY_APP_ID`].
    pub app_id: String,
    /// [`DEMO_ALIPAY_SELLER_ID`].
    pub seller_id: String,
    /// The merchant signs requests with it (PKCS #8). A secret of the merchant.
    pub merchant_private_key: String,
    /// Its public half, which Alipay holds.
    pub merchant_public_key: String,
    /// The merchant's application certificate, for certificate mode.
    pub merchant_certificate: String,
    /// Alipay signs answers and notifications with it (PKCS #8). A secret of the sandbox.
    pub platform_private_key: String,
    /// Its public half, which the merchant holds in key mode.
    pub platform_public_key: String,
    /// Alipay's certificate, which the merchant holds in certificate mode.
    pub platform_certificate: String,
    /// The root certificate above both.
    pub root_certificate: String,
}

/// Key material of the WeChat Pay side.
#[derive(Clone, Default)]
pub struct WechatPayDemoKeys {
    /// [`DEMO_WECHAT_PAY_MCHID`].
    pub mchid: String,
    /// [`DEMO_WECHAT_PAY_APPID`].
    pub appid: String,
    /// 32 characters shared by both sides; encrypts notifications and certificates. A secret.
    pub api_v3_key: String,
    /// The merchant signs requests with it (PKCS #8 PEM). A secret of the merchant.
    pub merchant_private_key: String,
    /// The merchant's API certificate (PEM).
    pub merchant_certificate: String,
    /// Its serial number, which requests name.
    pub merchant_serial: String,
    /// The identifier of the platform's public key: `PUB_KEY_ID_..`.
    pub platform_public_key_id: String,
    /// The platform's public key (PEM), which the merchant holds.
    pub platform_public_key: String,
    /// Its private half. A secret of the sandbox.
    pub platform_private_key: String,
    /// The platform certificate (PEM), which the merchant downloads.
    pub platform_certificate: String,
    /// Its serial number.
    pub platform_certificate_serial: String,
    /// The platform certificate's private key. A secret of the sandbox.
    pub platform_certificate_private_key: String,
}

/// Key files that cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file system said no.
    #[error("key file {name} in the demo's key folder: {source}")]
    Io {
        /// Which file.
        name: &'static str,
        /// What the file system said.
        source: io::Error,
    },
}

impl DemoKeys {
    /// Makes new key material for both sides. Takes a second or two: six RSA keys.
    ///
    /// # Errors
    /// [`KeyError`] when the operating system has no randomness.
    pub fn generate() -> Result<Self, KeyError> {
        Ok(Self { alipay: AlipayDemoKeys::generate()?, wechat_pay: WechatPayDemoKeys::generate()? })
    }

    /// Writes every part as a file of its own into `folder` (made if missing), readable by its owner only.
    ///
    /// # Errors
    /// [`KeyFileError::Io`].
    pub fn write_to(&self, folder: &Path) -> Result<(), KeyFileError> {
        fs::create_dir_all(folder).map_err(|source| KeyFileError::Io { name: ".", source })?;
        let mut keys = self.clone();
        for (name, text) in keys.files() {
            write_private(&folder.join(name), text).map_err(|source| KeyFileError::Io { name, source })?;
        }
        Ok(())
    }

    /// Reads what [`DemoKeys::write_to`] wrote.
    ///
    /// # Errors
    /// [`KeyFileError::Io`].
    pub fn read_from(folder: &Path) -> Result<Self, KeyFileError> {
        let mut keys = Self::default();
        for (name, text) in keys.files() {
            *text = fs::read_to_string(folder.join(name)).map_err(|source| KeyFileError::Io { name, source })?;
        }
        Ok(keys)
    }

    /// The Alipay side of a [`crate::SandboxConfig`].
    #[must_use]
    pub fn alipay_merchant(&self, mode: AlipayKeyMode) -> AlipayMerchant {
        let keys = self.alipay.clone();
        AlipayMerchant {
            app_id: keys.app_id,
            seller_id: keys.seller_id,
            platform_private_key: keys.platform_private_key,
            mode: match mode {
                AlipayKeyMode::Key => AlipayMode::Key { merchant_public_key: keys.merchant_public_key },
                AlipayKeyMode::Certificate => AlipayMode::Certificate {
                    merchant_certificate: keys.merchant_certificate,
                    platform_certificate: keys.platform_certificate,
                    root_certificate: keys.root_certificate,
                },
            },
        }
    }

    /// The WeChat Pay side of a [`crate::SandboxConfig`], with public key and platform certificate both held.
    #[must_use]
    pub fn wechat_pay_merchant(&self, notify_with: NotificationSigner) -> WechatPayMerchant {
        let keys = self.wechat_pay.clone();
        WechatPayMerchant {
            mchid: keys.mchid,
            appid: keys.appid,
            merchant_certificate: keys.merchant_certificate,
            api_v3_key: keys.api_v3_key,
            public_key: Some(PlatformPublicKey {
                id: keys.platform_public_key_id,
                private_key: keys.platform_private_key,
            }),
            certificate: Some(PlatformCertificate {
                certificate: keys.platform_certificate,
                private_key: keys.platform_certificate_private_key,
            }),
            notify_with,
        }
    }

    /// Every part with its file name: the one list that writing and reading share.
    fn files(&mut self) -> [(&'static str, &mut String); 21] {
        let (alipay, wechat_pay) = (&mut self.alipay, &mut self.wechat_pay);
        [
            ("alipay_app_id.txt", &mut alipay.app_id),
            ("alipay_seller_id.txt", &mut alipay.seller_id),
            ("alipay_merchant_private_key.pem", &mut alipay.merchant_private_key),
            ("alipay_merchant_public_key.pem", &mut alipay.merchant_public_key),
            ("alipay_merchant_certificate.pem", &mut alipay.merchant_certificate),
            ("alipay_platform_private_key.pem", &mut alipay.platform_private_key),
            ("alipay_platform_public_key.pem", &mut alipay.platform_public_key),
            ("alipay_platform_certificate.pem", &mut alipay.platform_certificate),
            ("alipay_root_certificate.pem", &mut alipay.root_certificate),
            ("wechat_pay_mchid.txt", &mut wechat_pay.mchid),
            ("wechat_pay_appid.txt", &mut wechat_pay.appid),
            ("wechat_pay_api_v3_key.txt", &mut wechat_pay.api_v3_key),
            ("wechat_pay_merchant_private_key.pem", &mut wechat_pay.merchant_private_key),
            ("wechat_pay_merchant_certificate.pem", &mut wechat_pay.merchant_certificate),
            ("wechat_pay_merchant_serial.txt", &mut wechat_pay.merchant_serial),
            ("wechat_pay_platform_public_key_id.txt", &mut wechat_pay.platform_public_key_id),
            ("wechat_pay_platform_public_key.pem", &mut wechat_pay.platform_public_key),
            ("wechat_pay_platform_private_key.pem", &mut wechat_pay.platform_private_key),
            ("wechat_pay_platform_certificate.pem", &mut wechat_pay.platform_certificate),
            ("wechat_pay_platform_certificate_serial.txt", &mut wechat_pay.platform_certificate_serial),
            ("wechat_pay_platform_certificate_private_key.pem", &mut wechat_pay.platform_certificate_private_key),
        ]
    }
}

/// How the demo's Alipay merchant proves itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlipayKeyMode {
    /// By a bare public key.
    Key,
    /// By certificates.
    Certificate,
}

impl AlipayDemoKeys {
    fn generate() -> Result<Self, KeyError> {
        let (merchant, platform, root) = (SigningKey::generate()?, SigningKey::generate()?, SigningKey::generate()?);
        let authority = certificate::make_authority("Alipay Sandbox Root", &root.private_pem()?)?;
        let (merchant_private_key, platform_private_key) = (merchant.private_pem()?, platform.private_pem()?);
        Ok(Self {
            app_id: DEMO_ALIPAY_APP_ID.to_owned(),
            seller_id: DEMO_ALIPAY_SELLER_ID.to_owned(),
            merchant_certificate: certificate::make_certificate(DEMO_ALIPAY_APP_ID, &merchant_private_key, &authority)?,
            platform_certificate: certificate::make_certificate("Alipay Sandbox", &platform_private_key, &authority)?,
            root_certificate: authority.certificate_pem,
            merchant_public_key: merchant.public_pem()?,
            platform_public_key: platform.public_pem()?,
            merchant_private_key,
            platform_private_key,
        })
    }
}

impl WechatPayDemoKeys {
    fn generate() -> Result<Self, KeyError> {
        let (merchant, platform) = (SigningKey::generate()?, SigningKey::generate()?);
        let (platform_certificate_key, root) = (SigningKey::generate()?, SigningKey::generate()?);
        let authority = certificate::make_authority("WeChat Pay Sandbox Root", &root.private_pem()?)?;
        let merchant_private_key = merchant.private_pem()?;
        let platform_certificate_private_key = platform_certificate_key.private_pem()?;
        let merchant_certificate =
            certificate::make_certificate(DEMO_WECHAT_PAY_MCHID, &merchant_private_key, &authority)?;
        let platform_certificate =
            certificate::make_certificate("WeChat Pay Sandbox", &platform_certificate_private_key, &authority)?;
        Ok(Self {
            mchid: DEMO_WECHAT_PAY_MCHID.to_owned(),
            appid: DEMO_WECHAT_PAY_APPID.to_owned(),
            api_v3_key: outside::random_text(32),
            merchant_serial: Certificate::from_pem(&merchant_certificate)?.serial_hex,
            platform_certificate_serial: Certificate::from_pem(&platform_certificate)?.serial_hex,
            merchant_private_key,
            merchant_certificate,
            platform_public_key_id: format!("PUB_KEY_ID_0{DEMO_WECHAT_PAY_MCHID}2026112300000000000000"),
            platform_public_key: platform.public_pem()?,
            platform_private_key: platform.private_pem()?,
            platform_certificate,
            platform_certificate_private_key,
        })
    }
}

impl std::fmt::Debug for AlipayDemoKeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("AlipayDemoKeys").field("app_id", &self.app_id).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for WechatPayDemoKeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("WechatPayDemoKeys").field("mchid", &self.mchid).finish_non_exhaustive()
    }
}

/// Writes a file that only its owner can read, from its first byte on.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests;
