//! A holder's visit: which screen is shown, and when it is forgotten.
//!
//! A kiosk has one screen and one holder at a time, so there is one visit and no cookie. It lives in memory only.

use std::mem::{Discriminant, discriminant};
use std::time::Duration;

use ringup_core::bank_note::SaleKey;
use ringup_core::card::CardNumber;
use ringup_core::money::Language;
use tokio::time::Instant;

use super::handlers;
use crate::config::ScreenSettings;
use crate::machine::{Outcome, TopUpStage, TopUpView, View};
use crate::printer::PaperState;
use crate::wire::{CardMay, Quote};

/// So much longer a receipt stays that could not be printed: its holder may want to copy it.
const UNPRINTED_TIMES: u32 = 5;
/// So much longer a QR code stays: whoever pays has his eyes and fingers on his phone.
const SCAN_TIMES: u32 = 3;

/// What is on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The first screen; nobody is known.
    Language,
    /// The card's number.
    Card {
        /// What was typed.
        digits: String,
        /// The sentence that says what is wrong.
        error: Option<String>,
    },
    /// Which amounts can be paid by QR code, how much can be put in, and what it gives.
    Amount {
        /// The card.
        card: CardNumber,
        /// What the server says; none when it cannot be asked.
        may: Option<CardMay>,
        /// The sentence that says what is wrong.
        error: Option<&'static str>,
    },
    /// Notes go in.
    Pay {
        /// The card.
        card: CardNumber,
        /// What the server said.
        may: Option<CardMay>,
        /// The sale.
        key: SaleKey,
    },
    /// What an amount by QR code costs and gives, and who takes the payment.
    Price {
        /// The card.
        card: CardNumber,
        /// What the server said.
        may: CardMay,
        /// The price.
        quote: Quote,
        /// The sentence that says what is wrong.
        error: Option<&'static str>,
        /// The same was put on the card a moment ago: the holder is asked whether this is another one.
        is_again: bool,
    },
    /// The QR code, and what became of it.
    Scan {
        /// The card.
        card: CardNumber,
        /// What the server said.
        may: CardMay,
        /// The price.
        quote: Quote,
        /// Who takes the payment.
        provider: String,
        /// The key of this attempt.
        key: [u8; 16],
    },
    /// What became of it.
    Receipt {
        /// The card.
        card: CardNumber,
    },
    /// For the two who empty the box.
    Service {
        /// The sentence that says what is wrong.
        error: Option<&'static str>,
    },
}

/// The visit.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) step: Step,
    pub(super) language: Language,
    pub(super) is_large: bool,
    pub(super) is_contrast: bool,
    pub(super) is_help: bool,
    /// The warning covers the screen.
    pub(super) is_warned: bool,
    /// Another one for each change.
    pub(super) version: u64,
    pub(super) touched: Instant,
    /// What moved in the machine last, so that a note counts as a touch.
    pub(super) moved: (u32, bool),
    /// Where the top-up by QR code stood last, for the same reason.
    pub(super) stage: Option<Discriminant<TopUpStage>>,
}

impl Visit {
    pub(super) fn new(version: u64) -> Self {
        Self {
            step: Step::Language,
            language: Language::ZhHans,
            is_large: false,
            is_contrast: false,
            is_help: false,
            is_warned: false,
            version,
            touched: Instant::now(),
            moved: (0, false),
            stage: None,
        }
    }

    /// Somebody is there.
    pub(super) fn touch(&mut self) {
        self.touched = Instant::now();
        self.is_warned = false;
        self.version = self.version.wrapping_add(1);
    }

    /// Goes where the machine has gone, and looks at the time; answers whether the visit is over.
    pub(super) fn follow(&mut self, view: &View, settings: &ScreenSettings) -> bool {
        if let (Step::Pay { card, key, .. }, Some(sale)) = (&self.step, &view.sale)
            && sale.key == *key
        {
            let moved = (sale.notes, sale.is_moving);
            if !matches!(sale.outcome, Outcome::Open) {
                self.step = Step::Receipt { card: *card };
                self.touch();
            } else if moved != self.moved {
                self.moved = moved;
                self.touch();
            }
        }
        self.follow_top_up(view);
        if self.is_untouched() {
            return false;
        }
        let idle = self.touched.elapsed();
        let allowed = self.allowed(view, settings.idle());
        if idle >= allowed + settings.warning() {
            return true;
        }
        if idle >= allowed && !self.is_warned {
            self.is_warned = true;
            self.version = self.version.wrapping_add(1);
        }
        false
    }

    fn follow_top_up(&mut self, view: &View) {
        let Step::Scan { card, may, quote, key, .. } = &self.step else {
            self.stage = None;
            return;
        };
        let Some(top_up) = view.top_up.as_ref().filter(|top_up| top_up.key == *key) else { return };
        let stage = Some(discriminant(&top_up.stage));
        if stage == self.stage {
            return;
        }
        self.stage = stage;
        if let TopUpStage::Refused(code) = &top_up.stage {
            self.step = handlers::top_up::refused(*card, may.clone(), quote.clone(), code);
        }
        self.touch();
    }

    /// The first screen as everybody finds it.
    fn is_untouched(&self) -> bool {
        self.step == Step::Language
            && !self.is_large
            && !self.is_contrast
            && !self.is_help
            && self.language == Language::ZhHans
    }

    fn allowed(&self, view: &View, idle: Duration) -> Duration {
        let has_slip = |top_up: &TopUpView| top_up.was_shown && !matches!(top_up.stage, TopUpStage::Open { .. });
        let is_unseen = matches!(self.step, Step::Scan { .. })
            && matches!(view.paper, PaperState::Out | PaperState::Unknown)
            && view.top_up.as_ref().is_some_and(|top_up| has_slip(top_up) && !top_up.is_printed);
        let is_unprinted = matches!(self.step, Step::Receipt { .. })
            && matches!(view.paper, PaperState::Out | PaperState::Unknown)
            && view.sale.as_ref().is_some_and(|sale| !sale.is_printed && sale.outcome != Outcome::Nothing);
        let is_open = matches!(self.step, Step::Scan { .. })
            && view.top_up.as_ref().is_some_and(|top_up| matches!(top_up.stage, TopUpStage::Open { .. }));
        match (is_unprinted || is_unseen, is_open) {
            (true, _) => idle.saturating_mul(UNPRINTED_TIMES),
            (false, true) => idle.saturating_mul(SCAN_TIMES),
            (false, false) => idle,
        }
    }
}
