//! The settings of a kiosk: one TOML file.

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use crate::validator::Protocol;

/// What stands in the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the server is: `https://topup.example`.
    pub server: String,
    /// The folder of the key, the journal and the kept policy.
    pub data: PathBuf,
    /// The bill validator.
    pub validator: ValidatorSettings,
    /// The printer of slips.
    pub printer: PrinterSettings,
    /// The screen.
    #[serde(default)]
    pub screen: ScreenSettings,
}

/// The bill validator.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidatorSettings {
    /// What it speaks.
    pub protocol: ProtocolName,
    /// Its serial port.
    pub port: PathBuf,
}

/// What a validator speaks, as it is written.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum ProtocolName {
    /// ITL's.
    Ssp,
    /// Money Controls'.
    Cctalk,
}

impl From<ProtocolName> for Protocol {
    fn from(name: ProtocolName) -> Self {
        match name {
            ProtocolName::Ssp => Self::Ssp,
            ProtocolName::Cctalk => Self::Cctalk,
        }
    }
}

/// Where Debian's `fonts-noto-cjk` is.
pub const NOTO: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

/// The printer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrinterSettings {
    /// A device file (`/dev/usb/lp0`) or an address (`192.0.2.7:9100`).
    pub at: String,
    /// The paper's width in millimetres: 58 or 80.
    #[serde(default = "eighty")]
    pub width_mm: u8,
    /// The font that Chinese is drawn with; without one nothing but ASCII is printed, as in a demo on a machine without fonts.
    #[serde(default = "noto")]
    pub font: Option<PathBuf>,
    /// Whether the printer has a Chinese font of its own.
    #[serde(default)]
    pub gb18030: bool,
}

const fn eighty() -> u8 {
    80
}

fn noto() -> Option<PathBuf> {
    Some(NOTO.into())
}

/// The screen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScreenSettings {
    /// Where the pages are served; only to this machine.
    pub listen: SocketAddr,
    /// After so long without a touch the warning covers the screen.
    pub idle_seconds: u64,
    /// After so long more everything personal is gone.
    pub warning_seconds: u64,
}

impl Default for ScreenSettings {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8090)), idle_seconds: 60, warning_seconds: 20 }
    }
}

impl ScreenSettings {
    /// After so long without a touch the warning covers the screen.
    #[must_use]
    pub const fn idle(&self) -> Duration {
        Duration::from_secs(self.idle_seconds)
    }

    /// After so long more everything personal is gone.
    #[must_use]
    pub const fn warning(&self) -> Duration {
        Duration::from_secs(self.warning_seconds)
    }
}

/// Why the settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("{0} cannot be read: {1}")]
    Unreadable(String, String),
    /// It is no TOML, or has something that is no setting.
    #[error("{0}: {1}")]
    Malformed(String, String),
    /// The pages would be served to others than the machine itself.
    #[error("screen.listen is {0}: a kiosk's pages are for its own machine, on 127.0.0.1 or ::1")]
    ListensToOthers(SocketAddr),
    /// The paper has another width.
    #[error("printer.width_mm is {0}: it is 58 or 80")]
    PaperWidth(u8),
    /// The server's address is none.
    #[error("server is {0}: an address begins with https:// (or http:// to this machine), and has no path")]
    ServerAddress(String),
}

impl SettingsError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(..) => "settings_unreadable",
            Self::Malformed(..) => "settings_malformed",
            Self::ListensToOthers(_) => "screen_listens_to_others",
            Self::PaperWidth(_) => "printer_width_unknown",
            Self::ServerAddress(_) => "server_address_malformed",
        }
    }
}

impl Settings {
    /// Reads the file.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| SettingsError::Unreadable(name.clone(), error.to_string()))?;
        Self::parse(&text, &name)
    }

    fn parse(text: &str, name: &str) -> Result<Self, SettingsError> {
        let mut settings: Self =
            toml::from_str(text).map_err(|error| SettingsError::Malformed(name.to_owned(), error.to_string()))?;
        while settings.server.ends_with('/') {
            settings.server.pop();
        }
        if !is_server(&settings.server) {
            return Err(SettingsError::ServerAddress(settings.server));
        }
        if !settings.screen.listen.ip().is_loopback() {
            return Err(SettingsError::ListensToOthers(settings.screen.listen));
        }
        match settings.printer.width_mm {
            58 | 80 => Ok(settings),
            other => Err(SettingsError::PaperWidth(other)),
        }
    }

    /// Where the device's key is.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.data.join("device.key")
    }

    /// Where the journal is.
    #[must_use]
    pub fn journal_file(&self) -> PathBuf {
        self.data.join("journal.db")
    }

    /// Where the policy is kept.
    #[must_use]
    pub fn policy_file(&self) -> PathBuf {
        self.data.join("policy.json")
    }
}

/// The request is signed and not hidden by the signature: over a network it goes through TLS.
fn is_server(address: &str) -> bool {
    let (host, local_only) = match (address.strip_prefix("https://"), address.strip_prefix("http://")) {
        (Some(host), _) => (host, false),
        (None, Some(host)) => (host, true),
        (None, None) => return false,
    };
    let is_here = ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|here| host.strip_prefix(here).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')));
    !host.is_empty() && !host.contains(['/', '?', '#', '@']) && (!local_only || is_here)
}
