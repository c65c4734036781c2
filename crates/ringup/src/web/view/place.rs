//! Where cards are topped up face to face.

use askama::Template;

use super::rating::RatingSummary;
use super::top_up::Action;
use super::{Fact, Page, Problems, Tone};
use crate::web::icons;

/// The search, what it found, and where that is.
#[derive(Clone, Debug, Template)]
#[template(path = "place/list.html")]
pub struct PlacesPage {
    /// The shell.
    pub page: Page,
    /// The search.
    pub form: PlaceForm,
    /// What is wrong with it: field `q`.
    pub problems: Problems,
    /// What distances are measured from, if anything.
    pub near: Option<NearNotice>,
    /// What was found.
    pub places: Vec<PlaceRow>,
    /// Where that is.
    pub plot: Option<Plot>,
    /// What to do when nothing was found.
    pub nothing: Option<NothingFound>,
    /// The first page, when this is another one.
    pub first_url: Option<String>,
    /// The next page.
    pub next_url: Option<String>,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct PlaceForm {
    /// Words.
    pub q: String,
    /// Where distances are measured from.
    pub near: String,
    /// The cities that have places; the first stands for all.
    pub cities: Vec<Choice>,
    /// The kinds; the first stands for all.
    pub kinds: Vec<Choice>,
    /// What else must hold.
    pub filters: Vec<Filter>,
}

/// One of several, of which one is chosen.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// Something that can be asked for.
#[derive(Clone, Debug)]
pub struct Filter {
    /// What the form calls it.
    pub name: &'static str,
    /// What people call it.
    pub label: String,
    /// Whether it is asked for.
    pub is_on: bool,
}

/// What distances are measured from.
#[derive(Clone, Debug)]
pub struct NearNotice {
    /// As a sentence.
    pub text: String,
    /// The same search without it.
    pub without_url: String,
}

/// A place in the list.
#[derive(Clone, Debug)]
pub struct PlaceRow {
    /// Its number here and in the picture.
    pub number: usize,
    /// The class that draws its mark.
    pub mark: &'static str,
    /// What it is called.
    pub name: String,
    /// How far away it is.
    pub distance: Option<String>,
    /// What kind it is and where.
    pub address: String,
    /// How the place stands: its tone.
    pub tone: Tone,
    /// In words.
    pub standing: String,
    /// What it takes, in words.
    pub takes: String,
    /// Whether a top-up is credited at once.
    pub is_instant: bool,
    /// When it is credited, in words.
    pub credited: String,
    /// How it can be used from a wheelchair, when it can.
    pub wheelchair: Option<String>,
    /// The address that a map program opens (RFC 5870).
    pub geo_url: String,
    /// The search from here.
    pub near_url: String,
    /// Its phone number, and the address that calls it.
    pub phone: Option<(String, String)>,
    /// Its hours, day by day.
    pub hours: Vec<Fact>,
    /// What else there is to know.
    pub facts: Vec<Fact>,
    /// How it is rated; nothing before the first rating.
    pub rating: Option<RatingSummary>,
    /// Where the ratings are read.
    pub ratings_url: String,
}

/// What to do when nothing was found.
#[derive(Clone, Debug)]
pub struct NothingFound {
    /// What happened.
    pub heading: String,
    /// What helps.
    pub text: String,
    /// Where to go on.
    pub ways: Vec<Action>,
}

/// The picture of where the places are.
#[derive(Clone, Debug)]
pub struct Plot {
    /// Its width in its own pixels.
    pub width: i64,
    /// Its height.
    pub height: i64,
    /// What it shows, for those who cannot see it.
    pub label: String,
    /// The places.
    pub marks: Vec<PlotMark>,
    /// Where the visitor is: x and y.
    pub own: Option<(i64, i64)>,
    /// The vertical lines of the grid: their x.
    pub columns: Vec<i64>,
    /// The horizontal lines: their y.
    pub rows: Vec<i64>,
    /// How long the scale bar is.
    pub bar: i64,
    /// How long it is on the ground, in words.
    pub bar_label: String,
    /// Which places of the list it does not show, in words.
    pub outside: Option<String>,
    /// What the marks mean.
    pub legend: Vec<(&'static str, String)>,
}

/// A place in the picture.
#[derive(Clone, Debug)]
pub struct PlotMark {
    /// Its number in the list.
    pub number: usize,
    /// The class that draws it.
    pub mark: &'static str,
    /// Where its number stands: x and y.
    pub shown: (i64, i64),
    /// Where it is, when its number stands beside that.
    pub at: Option<(i64, i64)>,
}

impl Plot {
    /// Where the scale bar ends.
    #[must_use]
    pub fn bar_end(&self) -> i64 {
        self.bar.saturating_add(BAR_FROM)
    }
}

/// Where the scale bar begins.
const BAR_FROM: i64 = 16;
