//! The pages, used in a real browser against a demo server of their own.

use std::fs;
use std::time::Duration;

use super::debian;
use crate::failure::Failure;
use crate::report::Outcome;
use crate::run;
use crate::service::{GUARD, Service};

/// The demo makes its own top-ups before it serves; a slow machine needs its time for that.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where the demo serves, and what it gave us to play with.
#[derive(Debug, Default, PartialEq, Eq)]
struct Demo {
    pages: Option<String>,
    sandbox: Option<String>,
    /// `number:pin`
    cards: Vec<String>,
    /// What enrols a till.
    till_code: String,
    /// PINs of those who serve at it.
    clerk_pin: String,
    supervisor_pin: String,
    /// The code of the agent, and the PIN of who sells for it.
    agent: (String, String),
}

impl Demo {
    /// Takes a line of the demo: `pages URL`, `sandbox URL`, `card NUMBER pin PIN`, `till URL code CODE`,
    /// `agent URL code CODE number NUMBER pin PIN`, `clerk NUMBER pin PIN`, `supervisor NUMBER pin PIN`; others are for people.
    fn read(&mut self, line: &str) {
        match line.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["pages", url, ..] if is_url(url) => self.pages = Some((*url).trim_end_matches('/').to_owned()),
            ["sandbox", url, ..] if is_url(url) => self.sandbox = Some((*url).trim_end_matches('/').to_owned()),
            ["card", words @ .., "pin", pin] => self.cards.push(format!("{}:{pin}", words.concat())),
            ["agent", _, "code", code, "number", _, "pin", pin] => {
                self.agent = ((*code).to_owned(), (*pin).to_owned());
            }
            ["till", _, "code", words @ ..] => self.till_code = words.concat(),
            ["clerk", _, "pin", pin] => self.clerk_pin = (*pin).to_owned(),
            ["supervisor", _, "pin", pin] => self.supervisor_pin = (*pin).to_owned(),
            _ => {}
        }
    }

    fn is_whole(&self) -> bool {
        self.pages.is_some() && self.sandbox.is_some() && !self.cards.is_empty() && !self.supervisor_pin.is_empty()
    }
}

/// Starts a demo on a fresh SQLite file, or on the empty PostgreSQL database at `url`, and drives its pages.
///
/// # Errors
/// When the demo does not get ready, or a browser test fails.
pub fn test(name: &str, url: Option<&str>) -> Result<Outcome, Failure> {
    let scratch = run::scratch()?;
    let data = scratch.join(format!("demo-{name}"));
    if data.exists() {
        fs::remove_dir_all(&data).map_err(Failure::doing(format!("removing {}", data.display())))?;
    }
    let mut command = run::command("sh");
    command.args(["-c", GUARD, "guard"]).arg(run::built()?.join("ringup"));
    command.args(["demo", "--listen", "127.0.0.1:0", "--sandbox-listen", "127.0.0.1:0", "--data"]).arg(&data);
    if let Some(url) = url {
        command.args(["--database", url]);
    }
    let service = Service::start("the demo", &mut command, &scratch.join(format!("demo-{name}.log")))?;
    let demo = ready(&service)?;
    println!("demo on {}, sandbox on {}", demo.pages.as_deref().unwrap_or("?"), demo.sandbox.as_deref().unwrap_or("?"));
    let mut node = run::command("node");
    node.env("BASE_URL", demo.pages.unwrap_or_default())
        .env("SANDBOX_URL", demo.sandbox.unwrap_or_default())
        .env("CARDS", demo.cards.join(","))
        .env("TILL_CODE", demo.till_code)
        .env("CLERK_PIN", demo.clerk_pin)
        .env("SUPERVISOR_PIN", demo.supervisor_pin)
        .env("AGENT_CODE", demo.agent.0)
        .env("AGENT_PIN", demo.agent.1)
        .env("DATABASE", name)
        .env("CHROMIUM", debian::CHROMIUM);
    let driven = run::run(node.args(["--test-reporter=spec", "e2e/browser/run.mjs"]));
    driven.map_err(|failure| Failure::new(format!("{failure}; the demo's log ends with:\n{}", service.log_end())))?;
    // Whatever the visitors did, the books must hold, as the program itself can prove.
    let books = url.map_or_else(|| format!("sqlite:{}", data.join("ringup.db").display()), str::to_owned);
    run::run(run::command(run::built()?.join("ringup")).args(["verify", "--db", &books]))?;
    Ok(Outcome::Done)
}

/// Writes every sample of every template by this example, and looks at them in the browser by this script.
///
/// # Errors
/// When the samples cannot be written, or one does not look good.
pub fn gallery(example: &str, script: &str) -> Result<Outcome, Failure> {
    let folder = run::scratch()?.join(example);
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::doing(format!("removing {}", folder.display())))?;
    }
    run::run(run::command(run::built()?.join("examples").join(example)).arg(&folder))?;
    let mut node = run::command("node");
    node.env("CHROMIUM", debian::CHROMIUM);
    run::run(node.args(["--test-reporter=spec", &format!("e2e/browser/{script}")]).arg(&folder))?;
    Ok(Outcome::Done)
}

fn ready(service: &Service) -> Result<Demo, Failure> {
    let mut demo = Demo::default();
    // The supervisor's line is the last one.
    service.wait_for(PATIENCE, |line| {
        demo.read(line);
        demo.is_whole().then_some(())
    })?;
    Ok(demo)
}

fn is_url(word: &str) -> bool {
    word.starts_with("http://") || word.starts_with("https://")
}

#[cfg(test)]
mod tests;
