//! All places in memory: in the order of their codes, and in a grid through the sphere.
//!
//! The grid's cells are cubes, not squares of degrees: so there is no pole and no date line to be careful about, and whatever is
//! outside of the cubes around somebody is certainly further away than they are wide.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use ringup_core::place::{Chord, Place, PlaceCode, Point};
use ringup_core::product::Name;

use super::search::haystack;

/// Everything that a search looks through; never changed, only replaced.
#[derive(Debug)]
pub struct PlaceIndex {
    version: u64,
    /// By their codes.
    pub(super) entries: Vec<Entry>,
    cells: HashMap<[i64; 3], Vec<usize>>,
    cities: Vec<City>,
    /// The zones that places are in; each once.
    pub(super) zones: Vec<String>,
}

/// A place, and what of it is computed once.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) place: Arc<Place>,
    pub(super) point: Point,
    /// Its words in small letters, as a search compares them.
    pub(super) words: String,
    /// Which of the index's zones it is in.
    pub(super) zone: usize,
}

/// A city with places in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct City {
    /// What it is called.
    pub name: Name,
    /// How many places are in it.
    pub places: usize,
}

/// How the nearest are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Around the centre, and everywhere only when too few are there: for questions that many places answer, or that are cheap.
    Around,
    /// At each place once: for a question that is dear, as whether words are in a text.
    Everywhere,
}

/// A cell is so many coordinate steps wide: 3.1 km.
const CELL: i64 = 1 << 19;

/// Cells are looked at up to so far around: 25 km. Who has too few places there has few enough to look at all.
const RINGS: i64 = 8;

impl PlaceIndex {
    /// An index of these places, as they were when the table had this version.
    #[must_use]
    pub fn new(version: u64, mut places: Vec<Place>) -> Self {
        places.sort_unstable_by(|one, other| one.code.cmp(&other.code));
        let mut index =
            Self { version, entries: Vec::new(), cells: HashMap::new(), cities: Vec::new(), zones: Vec::new() };
        let (mut zones, mut cities) = (HashMap::new(), HashMap::new());
        for (nth, place) in places.into_iter().enumerate() {
            let point = place.position.point();
            index.cells.entry(cell_of(point)).or_default().push(nth);
            let city: &mut City =
                cities.entry(place.city.en.clone()).or_insert_with(|| City { name: place.city.clone(), places: 0 });
            city.places += 1;
            let zone = *zones.entry(place.time_zone.clone()).or_insert_with(|| {
                index.zones.push(place.time_zone.clone());
                index.zones.len() - 1
            });
            let words = haystack(&place);
            index.entries.push(Entry { place: Arc::new(place), point, words, zone });
        }
        index.cities.extend(cities.into_values());
        index
            .cities
            .sort_unstable_by(|one, other| other.places.cmp(&one.places).then_with(|| one.name.en.cmp(&other.name.en)));
        index
    }

    /// Of which version of the table it is.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// How many places there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The cities that have places, the one with the most first.
    #[must_use]
    pub fn cities(&self) -> &[City] {
        &self.cities
    }

    /// The place with this code.
    #[must_use]
    pub fn find(&self, code: &PlaceCode) -> Option<&Arc<Place>> {
        let nth = self.entries.binary_search_by(|entry| entry.place.code.cmp(code)).ok()?;
        self.entries.get(nth).map(|entry| &entry.place)
    }

    /// The places that `accepts` lets through, from the nearest on, `count` at most; of two that are equally far away the one whose
    /// code comes first.
    pub(super) fn nearest(
        &self,
        centre: Point,
        count: usize,
        how: Look,
        accepts: impl Fn(&Entry, Chord) -> bool,
    ) -> Vec<(Chord, &Entry)> {
        let accepted = |nth: &usize| {
            let entry = self.entries.get(*nth)?;
            let chord = centre.chord_to(entry.point);
            accepts(entry, chord).then_some((chord, *nth))
        };
        let mut found: Vec<(Chord, usize)> = Vec::new();
        let rings = match how {
            Look::Around => 0..=RINGS,
            Look::Everywhere => RangeInclusive::new(1, 0),
        };
        for ring in rings {
            for cell in ring_of(cell_of(centre), ring) {
                found.extend(self.cells.get(&cell).into_iter().flatten().filter_map(accepted));
            }
            // Whatever lies outside of the rings so far is further away than this.
            let certain = Chord::of_steps(u64::try_from(ring * CELL).unwrap_or(0));
            if found.iter().filter(|(chord, _)| *chord <= certain).count() >= count {
                return self.first(found, count);
            }
        }
        self.first((0..self.entries.len()).filter_map(|nth| accepted(&nth)).collect(), count)
    }

    fn first(&self, mut found: Vec<(Chord, usize)>, count: usize) -> Vec<(Chord, &Entry)> {
        if found.len() > count {
            found.select_nth_unstable(count);
            found.truncate(count);
        }
        found.sort_unstable();
        found.into_iter().filter_map(|(chord, nth)| Some((chord, self.entries.get(nth)?))).collect()
    }
}

fn cell_of(point: Point) -> [i64; 3] {
    point.coordinates().map(|coordinate| coordinate.div_euclid(CELL))
}

/// The cells that are so many cells away in the direction in which they are furthest.
fn ring_of([x, y, z]: [i64; 3], ring: i64) -> impl Iterator<Item = [i64; 3]> {
    let sides = move |inside: bool| {
        // Inside of the ring only its two faces are left.
        let step = if inside && ring > 0 { usize::try_from(2 * ring).unwrap_or(1) } else { 1 };
        (-ring..=ring).step_by(step)
    };
    (-ring..=ring).flat_map(move |dx| {
        (-ring..=ring).flat_map(move |dy| {
            let inside = dx.abs() < ring && dy.abs() < ring;
            sides(inside).map(move |dz| [x + dx, y + dy, z + dz])
        })
    })
}
