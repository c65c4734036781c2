//! The built program, run as a person runs it.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use super::{Answer, TestDatabase, client};

/// The program with a database and a folder of its own.
pub struct Program {
    database: TestDatabase,
    /// Shell words before the program: limits on what it may do.
    under: Option<String>,
}

/// A server that runs, and is stopped with this.
pub struct Server {
    child: Child,
    pub url: String,
}

impl Program {
    pub const fn on(database: TestDatabase) -> Self {
        Self { database, under: None }
    }

    /// Runs it after these shell words, in the same shell.
    pub fn under(mut self, shell: &str) -> Self {
        self.under = Some(shell.to_owned());
        self
    }

    pub fn without_limits(mut self) -> Self {
        self.under = None;
        self
    }

    pub const fn database(&self) -> &TestDatabase {
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

    /// Starts `ringup serve` with these settings, and waits until it lives.
    pub async fn serves(&self, settings: &[(&str, &str)]) -> Server {
        let listen = free_address();
        let mut command = self.command(&["serve"]);
        command.env("RINGUP_SERVER__LISTEN", listen.to_string()).envs(settings.iter().copied());
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

impl Server {
    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(client().get(format!("{}{path}", self.url)).send().await.unwrap()).await
    }

    pub async fn post_json(&self, path: &str, key: &str, body: &serde_json::Value) -> Answer {
        let request = client().post(format!("{}{path}", self.url)).header("idempotency-key", key).json(body);
        Answer::of(request.send().await.unwrap()).await
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
