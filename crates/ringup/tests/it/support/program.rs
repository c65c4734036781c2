//! The built program, run as a person runs it.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;

use ringup_core::card::CardNumber;
use ringup_engine::card::draw;
use ringup_engine::catalogue::Catalogue;
use ringup_sandbox::{Sandbox, SandboxConfig};

use super::{Answer, TestDatabase, client};

/// The program with a database and a folder of its own.
pub struct Program {
    database: Arc<TestDatabase>,
    /// Shell words before the program: limits on what it may do.
    under: Option<String>,
    /// Where it serves, each time.
    listen: SocketAddr,
}

/// A server that runs, and is stopped with this.
pub struct Server {
    child: Child,
    pub url: String,
}

impl Program {
    pub fn on(database: impl Into<Arc<TestDatabase>>) -> Self {
        Self { database: database.into(), under: None, listen: free_address() }
    }

    /// Runs it after these shell words, in the same shell.
    pub fn under(mut self, shell: &str) -> Self {
        self.under = Some(shell.to_owned());
        self
    }

    /// Runs it on a disk of so many KiB, in memory and seen by its process alone; the database is copied there first. Needs
    /// no privilege where the kernel lets users have name spaces.
    pub fn on_a_disk_of(self, kib: u32) -> Self {
        let allowed = Command::new("unshare").args(["-Urm", "true"]).status();
        assert!(allowed.is_ok_and(|status| status.success()), "`unshare -Urm` must be allowed, to mount a small disk");
        self.under(&format!(
            "mkdir -p disk; export RINGUP_DATABASE__URL=sqlite:$PWD/disk/ringup.db; set -- unshare -Urm bash -c \
             'mount -t tmpfs -o size={kib}k none disk && cp ringup.db disk/ && exec \"$@\"' bash \"$@\""
        ))
    }

    pub fn without_limits(mut self) -> Self {
        self.under = None;
        self
    }

    pub fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// A command of it, not yet run: no settings but the database and the key folder.
    pub fn command(&self, args: &[&str]) -> Command {
        let program = env!("CARGO_BIN_EXE_ringup");
        let mut command = match &self.under {
            None => Command::new(program),
            Some(shell) => {
                let mut command = Command::new("bash");
                command.args(["-c", &format!("{shell}; exec \"$@\""), "bash", program]);
                command
            }
        };
        let folder = self.database.folder();
        command.args(args).current_dir(&folder).env("RINGUP_DATABASE__URL", self.database.address());
        command.env("RINGUP_KEYS__FOLDER", folder.join("keys")).env("RINGUP_SERVER__LOG", "warn");
        // It begins as a setting's name does, and is none.
        command.env_remove("RINGUP_TEST_DATABASE_URL");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn runs(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs it, which must succeed; answers what it prints.
    pub fn prints(&self, args: &[&str]) -> String {
        let output = self.runs(args);
        assert!(output.status.success(), "{args:?}: {}", errors(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs it, which must fail with exit code 1; answers what it says to standard error.
    pub fn fails(&self, args: &[&str]) -> String {
        let output = self.runs(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {}", errors(&output));
        errors(&output)
    }

    /// Starts `ringup serve` with Alipay as this sandbox plays it, and waits until it lives.
    pub async fn serves(&self, sandbox: &Sandbox) -> Server {
        let settings = self.settings(sandbox);
        let listen = self.listen;
        let mut command = self.command(&["--config", settings.to_str().unwrap(), "serve"]);
        command.env("RINGUP_SERVER__LISTEN", listen.to_string());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut server = Server { child: command.spawn().unwrap(), url: format!("http://{listen}") };
        let http = client();
        while http.get(format!("{}/livez", server.url)).send().await.is_err() {
            assert!(server.child.try_wait().unwrap().is_none(), "the server ended");
            tokio::task::yield_now().await;
        }
        server
    }
}

impl Program {
    /// A card that was imported, of the scenarios' catalogue.
    pub fn given_a_card(&self) -> CardNumber {
        let folder = self.database.folder();
        let product = Catalogue::parse(super::CATALOGUE).unwrap().products.remove(0);
        let number = draw::number(&product.format).unwrap();
        std::fs::write(folder.join("catalogue.toml"), super::CATALOGUE).unwrap();
        let cards = format!("number,pin,balance,expiry\n{number},123456,0.00,2099-12-31\n");
        std::fs::write(folder.join("cards.csv"), cards).unwrap();
        self.prints(&["catalogue", "load", "catalogue.toml"]);
        self.prints(&["card", "import", "cards.csv", "--product", "plain"]);
        number
    }

    /// A settings' file with the keys of a demo's Alipay.
    pub fn settings(&self, sandbox: &Sandbox) -> PathBuf {
        let folder = self.database.folder();
        let keys = super::keys();
        keys.write_to(&folder.join("agreed")).unwrap();
        let (app_id, seller_id) = (keys.alipay.app_id, keys.alipay.seller_id);
        let gateway_url = sandbox.alipay_gateway_url();
        let settings = format!(
            "[server]\nmode = \"test\"\n[alipay]\ngateway_url = \"{gateway_url}\"\napp_id = \"{app_id}\"\n\
             seller_id = \"{seller_id}\"\nprivate_key_file = \"agreed/alipay_merchant_private_key.pem\"\n\
             public_key_file = \"agreed/alipay_platform_public_key.pem\"\n"
        );
        let file = folder.join("ringup.toml");
        std::fs::write(&file, settings).unwrap();
        file
    }
}

impl Server {
    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(client().get(format!("{}{path}", self.url)).send().await.unwrap()).await
    }

    pub async fn post_json(&self, path: &str, key: &str, body: &serde_json::Value) -> Answer {
        let request = client().post(format!("{}{path}", self.url)).header("idempotency-key", key).json(body);
        Answer::of(request.send().await.unwrap()).await
    }

    /// The folder of its small disk, seen from outside.
    pub fn disk(&self, program: &Program) -> PathBuf {
        let folder = program.database.folder().join("disk");
        PathBuf::from(format!("/proc/{}/root{}", self.child.id(), folder.display()))
    }

    /// Asks it to stop, as a service manager does; answers its exit code.
    pub fn stops(mut self) -> Option<i32> {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        self.child.wait().unwrap().code()
    }

    /// Stops it as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a command said to standard error.
pub fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A port that nobody has now.
fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Changes a SQLite file past the program, as somebody with an editor would.
pub fn tamper(file: &Path, sql: &str) {
    let script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()";
    let status = Command::new("python3").args(["-c", script]).arg(file).arg(sql).status().unwrap();
    assert!(status.success(), "{sql}");
}

/// The sandbox for a program: with the clock of the world.
pub async fn given_alipay() -> Sandbox {
    let keys = super::keys();
    let config = SandboxConfig {
        listen: "127.0.0.1:0".parse().unwrap(),
        public_url: None,
        clock: ringup_sandbox::system_clock(),
        time_scale: 1,
        alipay: keys.alipay_merchant(ringup_sandbox::AlipayKeyMode::Key),
        wechat_pay: keys.wechat_pay_merchant(ringup_sandbox::NotificationSigner::PublicKey),
    };
    ringup_sandbox::start(config).await.unwrap()
}
