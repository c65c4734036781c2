//! Carries for what is paid by a QR code on the screen: asks for it until there is an answer, then looks what becomes of it: every two seconds
//! while somebody waits for it, and now and then after he has left or the program has started again.

use std::time::Duration;

use ringup_db::bank_note::{OpenTopUp, PendingTopUp};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use super::{PAUSE_FIRST, PAUSE_LONGEST};
use crate::machine::{Command, Handle, TopUpTold, View};
use crate::server::{NoAnswer, Server};
use crate::wire::{Placed, TopUpBody, TopUpStatus};

/// Between two looks at a top-up.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Between two looks at those for which nobody waits at the screen.
const FOLLOW_EVERY: Duration = Duration::from_secs(10);

/// What is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Errand {
    Ask(PendingTopUp),
    Look { key: [u8; 16], code: String },
}

/// Carries for ever.
pub async fn carry_top_ups(server: Server, machine: Handle) {
    tokio::select! {
        () = serve(server.clone(), machine.clone()) => {}
        () = follow(server, machine) => {}
    }
}

/// Those for which nobody waits at the screen are looked at until the server has said what became of them.
async fn follow(server: Server, machine: Handle) {
    let mut view = machine.view();
    loop {
        let left = match view.wait_for(|view| !left(view).is_empty()).await {
            Ok(view) => left(&view),
            Err(_) => return,
        };
        for OpenTopUp { key, code } in left {
            let told = look(&server, &code).await;
            machine.send(Command::TopUp { key, told });
        }
        sleep(FOLLOW_EVERY).await;
    }
}

fn left(view: &View) -> Vec<OpenTopUp> {
    let is_waited_for = |open: &&OpenTopUp| view.top_up.as_ref().is_some_and(|top_up| top_up.key == open.key);
    view.outbox.open_top_ups.iter().filter(|open| !is_waited_for(open)).cloned().collect()
}

/// The one on the screen, and the one that has no answer.
async fn serve(server: Server, machine: Handle) {
    let mut view = machine.view();
    let mut last: Option<Errand> = None;
    let (mut again_at, mut pause) = (Instant::now(), PAUSE_FIRST);
    loop {
        let next = errand(&view);
        if next != last {
            (again_at, pause) = (Instant::now(), PAUSE_FIRST);
            last.clone_from(&next);
        }
        let Some(errand) = next else {
            if view.changed().await.is_err() {
                return;
            }
            continue;
        };
        if Instant::now() < again_at {
            tokio::select! {
                changed = view.changed() => if changed.is_err() { return },
                () = sleep_until(again_at) => {}
            }
            continue;
        }
        let (key, told) = run(&server, &errand).await;
        pause = match (&errand, &told) {
            (Errand::Ask(_), TopUpTold::Silence) => pause.saturating_mul(2).min(PAUSE_LONGEST),
            (Errand::Ask(_) | Errand::Look { .. }, _) => LOOK_EVERY,
        };
        again_at = Instant::now() + pause;
        machine.send(Command::TopUp { key, told });
    }
}

/// What was asked for before the last start is asked for again, too: then nobody looks at it, and only the answer is waited for.
fn errand(view: &watch::Receiver<View>) -> Option<Errand> {
    let view = view.borrow();
    if let Some(pending) = &view.outbox.top_up {
        return Some(Errand::Ask(pending.clone()));
    }
    let top_up = view.top_up.as_ref().filter(|top_up| !top_up.stage.is_final())?;
    Some(Errand::Look { key: top_up.key, code: top_up.placed.as_ref()?.code.clone() })
}

async fn run(server: &Server, errand: &Errand) -> ([u8; 16], TopUpTold) {
    match errand {
        Errand::Ask(pending) => (pending.key, ask(server, pending).await),
        Errand::Look { key, code } => (*key, look(server, code).await),
    }
}

async fn ask(server: &Server, pending: &PendingTopUp) -> TopUpTold {
    let PendingTopUp { key, quote, provider, language, another_one } = pending;
    let body = TopUpBody { quote, provider, language, another_one: *another_one };
    match server.post("/api/v1/kiosk/top-ups", &body, Some(&crate::chance::hex(*key))).await {
        Ok(answer) if answer.status == 201 => answer.read::<Placed>().map_or(TopUpTold::Silence, TopUpTold::Placed),
        Ok(answer) if answer.status == 429 => TopUpTold::Silence,
        Ok(answer) => TopUpTold::Refused(answer.code()),
        Err(error) => silence(&error),
    }
}

async fn look(server: &Server, code: &str) -> TopUpTold {
    match server.get(&format!("/api/v1/kiosk/top-ups/{code}")).await {
        Ok(answer) if answer.status == 200 => {
            let status = answer.read::<TopUpStatus>();
            status.map_or(TopUpTold::Silence, |status| TopUpTold::Status(Box::new(status), server.now()))
        }
        Ok(answer) => {
            tracing::error!(status = answer.status, code = answer.code(), "a top-up cannot be looked at");
            TopUpTold::Silence
        }
        Err(error) => silence(&error),
    }
}

fn silence(error: &NoAnswer) -> TopUpTold {
    tracing::warn!(%error, "a top-up by QR code");
    TopUpTold::Silence
}
