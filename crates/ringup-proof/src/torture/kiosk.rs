//! `kiosk`: the power of a kiosk is cut at each state of a bank note, and the server is killed now and then as well.
//!
//! The real server, the real `ringup-terminal`, each with a validator on a pseudo-terminal and a printer that are played. The played ones know
//! where each note is and what was printed; an auditor compares that with the kiosk's journal and with the server's books.

mod audit;
mod journal;
mod machine;
mod moment;
mod round;
mod screen;
mod site;

use std::collections::VecDeque;
use std::thread;
use std::time::Duration;

use ringup_sandbox::ValidatorProtocol;

use super::report::Report;
use super::stage::damage_row;
use super::{Db, Setup};
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::issuer::{Issuer, Plan as IssuerPlan, Product};
use crate::rig::postgres::Postgres;
use crate::rig::server::{Launch, READY_WAIT, Server};
use crate::rig::verdict::{verdict_of, verify};
use machine::{Home, Kiosk};
use moment::{Moment, Plan};
use round::Ending;

/// A note that was only told to be stacked, and is pulled out again, is written down as stacked.
const CREDIT_UNSAID: &str = "credit-unsaid";
/// A note in the box is written down as given back.
const FORGET_STACKED: &str = "forget-stacked";
/// A row of the journal is changed behind the server's back.
const TAMPER: &str = "tamper";
const SABOTAGES: &[&str] = &[CREDIT_UNSAID, FORGET_STACKED, TAMPER];

/// What the kiosks' validators speak: so many kiosks there are.
const PROTOCOLS: [ValidatorProtocol; 4] =
    [ValidatorProtocol::Ssp, ValidatorProtocol::Cctalk, ValidatorProtocol::Ssp, ValidatorProtocol::Cctalk];
/// So many cards of each product are there.
const CARD_COUNT: u64 = 8;
/// In so many of a thousand turns the server is killed.
const SERVER_PER_MILLE: u64 = 250;
/// How long that takes at most, from the turn's beginning.
const SERVER_MS_MAX: u64 = 2_500;
/// So many claims are shown at once.
const SHOWN_MAX: usize = 200;
/// So many times as many rounds as were wished may be played until each state was met often enough.
const TRIES_MAX: usize = 4;

/// The rounds that are still to be played, with SSP and with ccTalk.
type Wishes = [VecDeque<Moment>; 2];

/// Runs it.
///
/// # Errors
/// When it cannot go on.
pub fn run(setup: &Setup) -> Result<Report, Failure> {
    let mut bench = Bench::set_up(setup)?;
    // A state's rounds, on SSP and on ccTalk in turns.
    let rounds = setup.rounds_or(50, 2);
    let mut wishes: Wishes = Default::default();
    for protocol in 0..2 {
        let ours = rounds.saturating_add(1).saturating_sub(protocol) / 2;
        let mut moments: Vec<Moment> = (0..ours).flat_map(|_| Moment::ALL).collect();
        bench.dice.shuffle(&mut moments);
        if let Some(queue) = wishes.get_mut(usize::try_from(protocol).unwrap_or(0)) {
            queue.extend(moments);
        }
    }
    for moment in Moment::ALL {
        bench.report.add(&killed_at(moment), 0);
    }
    let mut left = wishes.iter().map(VecDeque::len).sum::<usize>().saturating_mul(TRIES_MAX);
    while wishes.iter().any(|queue| !queue.is_empty()) && !bench.report.is_broken() {
        if left == 0 {
            break;
        }
        left = left.saturating_sub(bench.turn(&mut wishes)?);
    }
    bench.finish(rounds)
}

fn killed_at(moment: Moment) -> String {
    format!("killed at {}", moment.name())
}

/// All that takes part.
struct Bench {
    // Before what it serves, so that it ends first.
    kiosks: Vec<Kiosk>,
    server: Server,
    issuer: Issuer,
    _postgres: Option<Postgres>,
    dice: Dice,
    sabotage: Option<&'static str>,
    report: Report,
}

impl Bench {
    fn set_up(setup: &Setup) -> Result<Self, Failure> {
        let sabotage = setup.sabotage_among(SABOTAGES)?;
        let mut dice = Dice::new(setup.seed);
        let postgres = match setup.db {
            Db::Sqlite => None,
            Db::Postgres => Some(Postgres::make(&setup.folder.join("postgres"), &[])?),
        };
        let database = postgres.as_ref().map(|postgres| postgres.create_database("ringup")).transpose()?;
        let folder = setup.folder.join("issuer");
        let issuer =
            Issuer::make(&IssuerPlan { folder, database, gateway_url: None, cards: CARD_COUNT, seed: dice.draw() })?;
        let machines = site::open(&issuer, PROTOCOLS.len())?;
        let (server, _) = Server::start_ready(&issuer, &Launch::default())?;
        let mut cards = issuer.cards.iter().filter(|card| card.product == Product::Plain).map(|card| card.number);
        let mut kiosks = Vec::new();
        for (protocol, machine) in PROTOCOLS.into_iter().zip(machines) {
            let folder = setup.folder.join(format!("kiosk-{}", machine.number));
            let (Some(first), Some(second)) = (cards.next(), cards.next()) else {
                return Err(Failure::new("too few cards"));
            };
            let home = Home { folder: &folder, protocol, issuer: &issuer, cards: [first, second], machine };
            kiosks.push(Kiosk::make(home)?);
        }
        drop(cards);
        let report = Report::new("kiosk", setup.seed);
        Ok(Self { kiosks, server, issuer, _postgres: postgres, dice, sabotage, report })
    }

    /// A round at each kiosk, at the same time; answers how many.
    fn turn(&mut self, wishes: &mut Wishes) -> Result<usize, Failure> {
        let mut plans = Vec::new();
        for kiosk in &self.kiosks {
            let wish = wishes.get_mut(usize::from(kiosk.is_cctalk())).and_then(VecDeque::pop_front);
            plans.push(wish.map(|moment| Plan::draw(moment, self.sabotage, &mut self.dice)));
        }
        let server_at = self.dice.per_mille(SERVER_PER_MILLE).then(|| self.dice.below(SERVER_MS_MAX));
        let Self { kiosks, server, issuer, sabotage, .. } = self;
        let (played, killed) = thread::scope(|scope| {
            let playing: Vec<_> = kiosks
                .iter_mut()
                .zip(&plans)
                .map(|(kiosk, plan)| {
                    let sabotage = *sabotage;
                    plan.as_ref().map(|plan| scope.spawn(move || round::play(kiosk, plan, sabotage)))
                })
                .collect();
            let killed = server_at.map(|millis| {
                thread::sleep(Duration::from_millis(millis));
                server.kill();
                *server = Server::start(issuer, &Launch::default())?;
                server.wait_ready(READY_WAIT).map(drop)
            });
            let cut_off = || Err(Failure::new("a kiosk's round was cut off"));
            let wait = |playing: thread::ScopedJoinHandle<'_, _>| playing.join().unwrap_or_else(|_| cut_off());
            (playing.into_iter().map(|playing| playing.map(wait)).collect::<Vec<_>>(), killed)
        });
        if let Some(killed) = killed {
            killed?;
            self.report.add("servers killed", 1);
        }
        let mut rounds = 0;
        for (place, (plan, played)) in plans.iter().zip(played).enumerate() {
            let (Some(plan), Some(ending)) = (plan, played) else { continue };
            rounds = usize::saturating_add(rounds, 1);
            self.judge(place, plan, &ending?, wishes)?;
        }
        if self.sabotage == Some(TAMPER) {
            println!("  tampered: {}", damage_row(&self.issuer.database, self.dice.draw(), Some("journal_entry"))?);
        }
        let verdict = verify(&self.issuer, None)?;
        self.report.judge("the server", &verdict);
        Ok(rounds)
    }

    fn judge(&mut self, place: usize, plan: &Plan, ending: &Ending, wishes: &mut Wishes) -> Result<(), Failure> {
        let Some(kiosk) = self.kiosks.get_mut(place) else { return Ok(()) };
        let protocol = usize::from(kiosk.is_cctalk());
        if ending.found.as_deref() == Some(plan.moment.name()) {
            self.report.add(&killed_at(plan.moment), 1);
            let name = if protocol == 1 { "of these with ccTalk" } else { "of these with SSP" };
            self.report.add(name, 1);
        } else {
            // It is judged as well; and the wish is still open.
            self.report.add("killed when the state was over", 1);
            wishes.get_mut(protocol).into_iter().for_each(|queue| queue.push_back(plan.moment));
        }
        self.report.add("killed again as they started", u64::from(plan.again.is_some()));
        let at = format!("kiosk {}, {plan:?}, died at {:?}", place.saturating_add(1), ending.found);
        if let Some(trouble) = &ending.trouble {
            self.report.broke(format!("{at}: {trouble}"));
        }
        let evidence = audit::Evidence::gather(kiosk, kiosk.card(plan)?, &self.issuer)?;
        evidence.count(&mut self.report);
        for wrong in evidence.wrong() {
            self.report.broke(format!("{at}: {wrong}"));
        }
        let verdict = verdict_of(kiosk.command().arg("verify"))?;
        self.report.judge(&at, &verdict);
        Ok(())
    }

    /// Each state was met as often as was wished, and what the office is shown is what the kiosks claimed.
    fn finish(mut self, rounds: u64) -> Result<Report, Failure> {
        let is_whole = !self.report.is_broken();
        for moment in Moment::ALL {
            let met = self.report.count(&killed_at(moment));
            self.report.must(!is_whole || met >= rounds, || {
                format!("{} was met {met} times of {rounds}, however often it was tried", moment.name())
            });
        }
        let shown = self.issuer.run(["kiosk", "claims"])?.lines().count();
        let claims = usize::try_from(self.report.count("notes claimed")).unwrap_or(usize::MAX);
        self.report
            .must(shown == claims.min(SHOWN_MAX), || format!("{claims} claims were made, and {shown} are shown"));
        Ok(self.report)
    }
}
