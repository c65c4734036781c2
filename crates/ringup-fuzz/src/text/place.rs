//! What a list of places says in a field: hours, positions, times of crediting.

use ringup_core::place::{Clock, Crediting, Hours, LocalDate, LocalMoment, OpenState, Position};

use crate::bytes;
use crate::verdict::{Broken, Checked, Reached, holds, same};
use crate::{Check, Target};

/// Hours, positions and times.
pub const TARGET: Target = Target {
    name: "place",
    claims: "hours, positions and times of crediting read back; a place is open up to the minute that it says, and a sale \
             is credited later than it is made",
    bytes_max: 512,
    prepare: || Ok(Box::new(check) as Box<dyn Check>),
};

const MINUTES_PER_DAY: i32 = 1_440;

fn check(data: &[u8]) -> Checked {
    let Some(text) = bytes::text(data) else { return Ok(Reached::Refused) };
    let mut reached = Reached::Refused;
    if let Ok(hours) = text.parse::<Hours>() {
        reached = Reached::Accepted;
        same("hours", &hours.to_string().parse(), &Ok(hours.clone()))?;
        // Eight moments of a week, and those around the first exception.
        let first = hours.exceptions().next().map_or(LocalDate::from_days(20_000), |(date, _)| date);
        for nth in 0..8 {
            opens_and_closes(&hours, moment(first, nth * 1_301 - 700))?;
        }
    }
    if let Ok(position) = text.parse::<Position>() {
        reached = Reached::Accepted;
        same("a position", &position.to_string().parse(), &Ok(position))?;
        holds(position.latitude_e6().unsigned_abs() <= 90_000_000, || format!("{position} is beyond a pole"))?;
        holds(position.longitude_e6().unsigned_abs() <= 180_000_000, || format!("{position} is beyond the date line"))?;
        same("the way to itself", &position.metres_to(position), &0)?;
    }
    if let Ok(crediting) = text.parse::<Crediting>()
        && crediting != Crediting::AtOnce
    {
        reached = Reached::Accepted;
        same("times", &crediting.to_string().parse(), &Ok(crediting.clone()))?;
        for nth in 0..8 {
            let sold = moment(LocalDate::from_days(20_000), nth * 199);
            let credited = crediting.credited_at(sold);
            let within = credited > sold && minutes(credited) - minutes(sold) <= MINUTES_PER_DAY;
            holds(within, || format!("sold at {sold}, credited at {credited}"))?;
        }
    }
    Ok(reached)
}

/// What is said about a moment must be so at its end, and not before.
fn opens_and_closes(hours: &Hours, at: LocalMoment) -> Result<(), Broken> {
    let (is_open, end) = match hours.state_at(at) {
        OpenState::Open { until } => (true, until),
        OpenState::Shut { opens } => (false, opens),
    };
    same("open now", &hours.is_open_at(at), &is_open)?;
    let Some(end) = end else { return Ok(()) };
    let before = moment(LocalDate::from_days(0), minutes(end) - 1);
    holds(end > at && before >= at, || format!("at {at} the end is {end}"))?;
    same("at its end", &hours.is_open_at(end), &!is_open)?;
    same("a minute before its end", &hours.is_open_at(before), &is_open)
}

/// So many minutes after the midnight with which a day begins, or before it.
fn moment(date: LocalDate, minutes: i32) -> LocalMoment {
    let of_day = u16::try_from(minutes.rem_euclid(MINUTES_PER_DAY)).unwrap_or(0);
    let clock = Clock::from_minutes(of_day).unwrap_or(Clock::MIDNIGHT);
    LocalMoment { date: date.plus_days(minutes.div_euclid(MINUTES_PER_DAY)), clock }
}

fn minutes(moment: LocalMoment) -> i32 {
    let days = moment.date.days_since(LocalDate::from_days(0));
    days.saturating_mul(MINUTES_PER_DAY).saturating_add(moment.clock.minutes().into())
}
