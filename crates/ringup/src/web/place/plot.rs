//! A picture of where places are, drawn by ourselves: no map of others, and so nobody else learns who looks for what.
//!
//! North is up, and a degree of longitude is as long as it is in the middle: right for a city, near enough for a country. All
//! in integers: places in millimetres on the ground, marks in pixels of the picture.

use ringup_core::place::Position;

/// How large the picture is, in its own pixels.
pub const WIDTH: i64 = 340;
/// How high it is.
pub const HEIGHT: i64 = 300;

/// Between the outermost places and the edge.
const MARGIN: i64 = 44;
/// Marks are so far from each other, from centre to centre.
const APART: i64 = 28;
/// No picture shows less than this across: 400 m.
const SPAN_MIN_MM: i64 = 400_000;
/// A place is shown when it is not so many times further away than the middle one of all.
const TOGETHER: u64 = 4;
/// And in any case within this many times that.
const TOGETHER_MIN_METRES: u64 = 1_000;
/// The scale bar is this long at most.
const BAR_MAX: i64 = 120;

/// Where everything is in the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Of each place in order: where it is, and where its mark is drawn; nothing for one that is far away from the others.
    pub marks: Vec<Option<Mark>>,
    /// Where the visitor is, if that was given.
    pub own: Option<Spot>,
    /// How long the scale bar is on the ground, in metres.
    pub bar_metres: i64,
    /// How long it is in the picture.
    pub bar: i64,
    /// The lines of the grid, a scale bar apart: their x.
    pub columns: Vec<i64>,
    /// The same: their y.
    pub rows: Vec<i64>,
}

/// A place in the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where it is.
    pub at: Spot,
    /// Where its number stands: there, or beside it where another one's stands there already.
    pub shown: Spot,
}

/// A pixel of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// From the left.
    pub x: i64,
    /// From above.
    pub y: i64,
}

impl Layout {
    /// Places, and where the visitor is; nothing without places.
    #[must_use]
    pub fn of(places: &[Position], own: Option<Position>) -> Option<Self> {
        let first = *places.first()?;
        let ground = |position: Position| Ground::of(position, own.unwrap_or(first));
        let is_near = nearby(places, own.unwrap_or(first));
        let spots: Vec<Option<Ground>> = places.iter().map(|place| is_near(place).then(|| ground(*place))).collect();
        let own = own.map(ground);
        let all = || spots.iter().flatten().chain(&own);
        let bounds =
            |side: fn(&Ground) -> i64| (all().map(side).min().unwrap_or(0), all().map(side).max().unwrap_or(0));
        let ((west, east), (south, north)) = (bounds(|spot| spot.east), bounds(|spot| spot.north));
        let across = (east - west).max(SPAN_MIN_MM) / (WIDTH - 2 * MARGIN);
        let up = (north - south).max(SPAN_MIN_MM) / (HEIGHT - 2 * MARGIN);
        let mm_per_pixel = across.max(up).max(1) + 1;
        let middle = Ground { east: (east + west) / 2, north: (north + south) / 2 };
        let spot = |place: &Ground| Spot {
            x: WIDTH / 2 + (place.east - middle.east) / mm_per_pixel,
            y: HEIGHT / 2 - (place.north - middle.north) / mm_per_pixel,
        };
        let own = own.as_ref().map(spot);
        let bar_metres = longest_bar(mm_per_pixel);
        let bar = (bar_metres * 1_000 / mm_per_pixel).max(1);
        let marks = apart(spots.iter().map(|place| place.as_ref().map(spot)), own);
        let (columns, rows) = (lines(WIDTH, bar), lines(HEIGHT, bar));
        Some(Self { marks, own, bar_metres, bar, columns, rows })
    }
}

/// What is shown together: a place much further away than half of the others would leave them a heap in a corner.
fn nearby(places: &[Position], from: Position) -> impl Fn(&Position) -> bool {
    let mut metres: Vec<u64> = places.iter().map(|place| from.metres_to(*place)).collect();
    metres.sort_unstable();
    let median = metres.get(metres.len() / 2).copied().unwrap_or(0);
    let most = median.max(TOGETHER_MIN_METRES).saturating_mul(TOGETHER);
    move |place| from.metres_to(*place) <= most
}

/// So many millimetres from where the picture is measured.
struct Ground {
    east: i64,
    north: i64,
}

impl Ground {
    fn of(position: Position, from: Position) -> Self {
        const TURN: i64 = 360_000_000;
        let (east_step, north_step) = from.millimetres_per_step();
        let east = i64::from(position.longitude_e6()) - i64::from(from.longitude_e6());
        // The short way round, over the date line if need be.
        let east = (east + TURN / 2).rem_euclid(TURN) - TURN / 2;
        let north = i64::from(position.latitude_e6()) - i64::from(from.latitude_e6());
        Self { east: east * east_step, north: north * north_step }
    }
}

/// The longest of 1, 2, 5, 10, 20, 50 … metres that fits.
fn longest_bar(mm_per_pixel: i64) -> i64 {
    let most = BAR_MAX * mm_per_pixel / 1_000;
    let tens = std::iter::successors(Some(1_i64), |ten| ten.checked_mul(10)).take_while(|ten| *ten <= most);
    tens.flat_map(|ten| [1, 2, 5].map(|step| step * ten)).filter(|metres| *metres <= most).max().unwrap_or(1)
}

fn lines(length: i64, step: i64) -> Vec<i64> {
    let first = (length / 2).rem_euclid(step);
    (0..).map(|nth| first + nth * step).take_while(|line| *line < length).collect()
}

/// Marks that do not cover each other: each where its place is, or on the nearest free spot.
fn apart(places: impl Iterator<Item = Option<Spot>>, own: Option<Spot>) -> Vec<Option<Mark>> {
    let mut taken: Vec<Spot> = own.into_iter().collect();
    let ways = around();
    places
        .map(|place| {
            let at = place?;
            let moved = ways.iter().map(|way| Spot { x: at.x + way.x, y: at.y + way.y });
            let mut free = moved.filter(|spot| is_inside(*spot) && taken.iter().all(|other| is_clear(*spot, *other)));
            let shown = free.next().unwrap_or(at);
            taken.push(shown);
            Some(Mark { at, shown })
        })
        .collect()
}

/// Ways off a spot, the shortest first: nowhere at all, then all around.
fn around() -> Vec<Spot> {
    const STEP: i64 = APART / 2;
    let mut ways: Vec<Spot> = (-8..=8).flat_map(|x| (-8..=8).map(move |y| Spot { x: x * STEP, y: y * STEP })).collect();
    ways.sort_by_key(|way| (way.x * way.x + way.y * way.y, way.y, way.x));
    ways
}

fn is_inside(spot: Spot) -> bool {
    const EDGE: i64 = APART / 2 + 2;
    // The lower left corner is the scale bar's, the upper right one is for north.
    let is_on_the_bar = spot.x < BAR_MAX + 36 && spot.y > HEIGHT - 40;
    let is_on_north = spot.x > WIDTH - 44 && spot.y < 56;
    (EDGE..=WIDTH - EDGE).contains(&spot.x)
        && (EDGE..=HEIGHT - EDGE).contains(&spot.y)
        && !is_on_the_bar
        && !is_on_north
}

fn is_clear(one: Spot, other: Spot) -> bool {
    let (x, y) = (one.x - other.x, one.y - other.y);
    x * x + y * y >= (APART - 1) * (APART - 1)
}

#[cfg(test)]
mod tests;
