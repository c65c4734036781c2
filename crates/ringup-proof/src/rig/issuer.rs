//! An issuer: a folder with settings, keys, a catalogue and cards whose PINs are known, on a database of its own.

mod card;

use std::ffi::OsStr;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use ringup_sandbox::DemoKeys;

use super::dice::Dice;
use super::failure::Failure;
use super::outside;
pub use card::{Card, Product};

const CATALOGUE: &str = include_str!("catalogue.toml");

/// Where nobody answers: whoever needs no provider that can be asked is refused there at once.
const NOBODY: &str = "http://127.0.0.1:9/gateway.do";

/// What an issuer is made of.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its folder; made when it is not there.
    pub folder: PathBuf,
    /// The database's address; a SQLite file in the folder without it.
    pub database: Option<String>,
    /// Where Alipay's gateway is; nowhere without it.
    pub gateway_url: Option<String>,
    /// How many cards of each product.
    pub cards: u64,
    /// Draws the cards.
    pub seed: u64,
}

/// An issuer, ready to serve.
#[derive(Clone)]
pub struct Issuer {
    /// Its folder.
    pub folder: PathBuf,
    /// The database's address.
    pub database: String,
    /// Where its server listens, each time.
    pub listen: SocketAddr,
    /// What it and the providers agreed on.
    pub keys: DemoKeys,
    /// Its cards, empty at first.
    pub cards: Vec<Card>,
    gateway_url: String,
    program: PathBuf,
}

impl Issuer {
    /// Makes it: writes the folder, makes the tables, loads the catalogue, imports the cards.
    ///
    /// # Errors
    /// When something of it fails.
    pub fn make(plan: &Plan) -> Result<Self, Failure> {
        let mut dice = Dice::new(plan.seed);
        let issuer = Self {
            database: plan.database.clone().unwrap_or_else(|| sqlite_in(&plan.folder)),
            folder: plan.folder.clone(),
            listen: free_address(&mut Dice::new(outside::chance()))?,
            keys: agreed_keys()?,
            cards: card::draw(&mut dice, plan.cards)?,
            gateway_url: plan.gateway_url.clone().unwrap_or_else(|| NOBODY.to_owned()),
            program: outside::program()?,
        };
        issuer.write_folder()?;
        issuer.run(["migrate"])?;
        issuer.run([OsStr::new("catalogue"), OsStr::new("load"), issuer.folder.join("catalogue.toml").as_os_str()])?;
        for product in Product::ALL {
            let file = issuer.folder.join(format!("{}.csv", product.code()));
            fs::write(&file, card::import_file(&issuer.cards, product)).map_err(Failure::doing(file.display()))?;
            let words = [OsStr::new("card"), OsStr::new("import"), file.as_os_str(), OsStr::new("--product")];
            issuer.run(words.into_iter().chain([OsStr::new(product.code())]))?;
        }
        Ok(issuer)
    }

    /// The same issuer in another folder, into which its own is copied, the SQLite file with it.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub fn copied_to(&self, folder: &Path) -> Result<Self, Failure> {
        copy_folder(&self.folder, folder)?;
        let is_inside = self.database == sqlite_in(&self.folder);
        let database = if is_inside { sqlite_in(folder) } else { self.database.clone() };
        let issuer = Self { folder: folder.to_owned(), database, ..self.clone() };
        issuer.write_folder()?;
        Ok(issuer)
    }

    /// The same issuer with its database elsewhere: the settings say so from now on.
    ///
    /// # Errors
    /// When the settings cannot be written.
    pub fn moved_to(&self, database: String) -> Result<Self, Failure> {
        let issuer = Self { database, ..self.clone() };
        issuer.write_folder()?;
        Ok(issuer)
    }

    /// The settings' file.
    #[must_use]
    pub fn settings(&self) -> PathBuf {
        self.folder.join("ringup.toml")
    }

    /// The base address of its pages, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.listen)
    }

    /// A command of the program, not yet run: with this issuer's settings, and no others.
    pub fn command<W: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = W>) -> Command {
        self.command_after(&[], words)
    }

    /// The same, started by these words: `["strace", "-f", …]`.
    pub fn command_after<W: AsRef<OsStr>>(&self, front: &[String], words: impl IntoIterator<Item = W>) -> Command {
        let mut command = match front.split_first() {
            None => Command::new(&self.program),
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(&self.program);
                command
            }
        };
        command.arg("--config").arg(self.settings()).args(words).current_dir(&self.folder);
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"RINGUP_") {
                command.env_remove(name);
            }
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command of the program, which must succeed; answers what it printed.
    ///
    /// # Errors
    /// When it fails.
    pub fn run<W: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = W>) -> Result<String, Failure> {
        let mut command = self.command(words);
        let output = command.output().map_err(Failure::doing("starting ringup"))?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(Failure::new(format!("{command:?} failed: {}", errors(&output))))
        }
    }

    fn write_folder(&self) -> Result<(), Failure> {
        let wrote = Failure::doing::<std::io::Error>;
        fs::create_dir_all(&self.folder).map_err(wrote(self.folder.display().to_string()))?;
        let agreed = self.folder.join("agreed");
        self.keys.write_to(&agreed).map_err(Failure::doing("writing keys"))?;
        for (name, text) in [("ringup.toml", self.settings_text(&agreed)), ("catalogue.toml", CATALOGUE.to_owned())] {
            let file = self.folder.join(name);
            fs::write(&file, text).map_err(wrote(file.display().to_string()))?;
        }
        Ok(())
    }

    fn settings_text(&self, agreed: &Path) -> String {
        let (folder, agreed) = (self.folder.display(), agreed.display());
        format!(
            "[server]\nmode = \"test\"\nlog = \"warn\"\nlisten = \"{listen}\"\n\
             [database]\nurl = \"{database}\"\n[keys]\nfolder = \"{folder}/keys\"\n\
             [alipay]\ngateway_url = \"{gateway_url}\"\napp_id = \"{app_id}\"\nseller_id = \"{seller_id}\"\n\
             private_key_file = \"{agreed}/alipay_merchant_private_key.pem\"\n\
             public_key_file = \"{agreed}/alipay_platform_public_key.pem\"\n",
            listen = self.listen,
            database = self.database,
            gateway_url = self.gateway_url,
            app_id = self.keys.alipay.app_id,
            seller_id = self.keys.alipay.seller_id,
        )
    }
}

/// What a command said to standard error.
#[must_use]
pub fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim_end().to_owned()
}

/// The address of the SQLite file that an issuer has in its folder.
#[must_use]
pub fn sqlite_in(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("ringup.db").display())
}

/// Where the keys lie that all runs share.
///
/// # Errors
/// When this program stands outside cargo's target folder.
pub fn agreed_folder() -> Result<PathBuf, Failure> {
    Ok(outside::target_folder()?.join("proof/keys"))
}

/// What issuers and providers agreed on. Six RSA keys take seconds, so all runs share them.
///
/// # Errors
/// When they cannot be made or read.
pub fn agreed_keys() -> Result<DemoKeys, Failure> {
    let folder = agreed_folder()?;
    if let Ok(keys) = DemoKeys::read_from(&folder) {
        return Ok(keys);
    }
    let keys = DemoKeys::generate().map_err(Failure::doing("making keys"))?;
    // Written aside and moved into place whole, so that another run never reads half of them.
    let aside = folder.with_extension(std::process::id().to_string());
    keys.write_to(&aside).map_err(Failure::doing("writing keys"))?;
    if fs::rename(&aside, &folder).is_err() {
        let _ = fs::remove_dir_all(&aside);
        return DemoKeys::read_from(&folder).map_err(Failure::doing("reading keys"));
    }
    Ok(keys)
}

/// An address that nobody has now, below the ports that the kernel gives to clients: a client that knocks while the server
/// is away could otherwise be given the server's own port, and talk to itself.
///
/// # Errors
/// When all are taken.
pub fn free_address(dice: &mut Dice) -> Result<SocketAddr, Failure> {
    for _ in 0..200 {
        let port = u16::try_from(dice.below(10_000)).unwrap_or(0).saturating_add(20_000);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if TcpListener::bind(address).is_ok() {
            return Ok(address);
        }
    }
    Err(Failure::new("no free port between 20000 and 30000"))
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    let failed = |error| Failure::doing::<std::io::Error>(format!("copying {}", from.display()))(error);
    fs::create_dir_all(to).map_err(failed)?;
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let target = to.join(entry.file_name());
        if entry.file_type().map_err(failed)?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target).map(drop).map_err(failed)?;
        }
    }
    Ok(())
}
