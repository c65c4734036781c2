//! What the clocks of places show, and which moment they mean.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use ringup_core::place::{Clock, LocalDate, LocalMoment};
use ringup_core::time::Timestamp;

/// The clocks of the zones that are asked for, all at one moment.
#[derive(Debug)]
pub struct Zones {
    now: Timestamp,
    known: Vec<(String, Option<(TimeZone, LocalMoment)>)>,
}

impl Zones {
    /// Clocks that show this moment.
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self { now, known: Vec::new() }
    }

    /// Whether there is such a zone.
    #[must_use]
    pub fn exists(name: &str) -> bool {
        TimeZone::get(name).is_ok()
    }

    /// What the clocks of a zone show; nothing when there is no such zone.
    pub fn local(&mut self, name: &str) -> Option<LocalMoment> {
        self.zone(name).map(|(_, local)| *local)
    }

    /// The moment at which the clocks of a zone show this. Where they are put forward over it, as much later; where they
    /// show it twice, the first time.
    pub fn moment(&mut self, name: &str, local: LocalMoment) -> Option<Timestamp> {
        let (zone, _) = self.zone(name)?;
        let moment = zone.to_timestamp(civil(local)?).ok()?;
        Some(Timestamp::from_micros(moment.as_microsecond()))
    }

    /// Places are in few zones, so a list is looked through as fast as a table.
    fn zone(&mut self, name: &str) -> Option<&(TimeZone, LocalMoment)> {
        let nth = match self.known.iter().position(|(known, _)| known == name) {
            Some(nth) => nth,
            None => {
                let zone = TimeZone::get(name).ok();
                let shown = zone.and_then(|zone| show(&zone, self.now).map(|local| (zone, local)));
                self.known.push((name.to_owned(), shown));
                self.known.len() - 1
            }
        };
        self.known.get(nth)?.1.as_ref()
    }
}

fn show(zone: &TimeZone, now: Timestamp) -> Option<LocalMoment> {
    let shown = zone.to_datetime(jiff::Timestamp::from_microsecond(now.micros()).ok()?);
    let part = |number: i8| u8::try_from(number).ok();
    let date = LocalDate::from_ymd(shown.year().into(), part(shown.month())?, part(shown.day())?)?;
    let minutes = u16::from(part(shown.hour())?) * 60 + u16::from(part(shown.minute())?);
    Some(LocalMoment { date, clock: Clock::from_minutes(minutes)? })
}

fn civil(local: LocalMoment) -> Option<DateTime> {
    let (year, month, day) = local.date.ymd();
    let part = |number: u8| i8::try_from(number).ok();
    let date = Date::new(i16::try_from(year).ok()?, part(month)?, part(day)?).ok()?;
    let minutes = local.clock.minutes();
    let [hour, minute] = [minutes / 60, minutes % 60].map(|number| i8::try_from(number).unwrap_or(0));
    Some(DateTime::from_parts(date, Time::new(hour, minute, 0, 0).ok()?))
}
