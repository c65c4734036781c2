//! What anybody may send to the server, through the routes of the real one.

mod answer;
pub mod cursor;
pub mod quote;
mod request;
pub mod router;

use crate::Broken;
use crate::house::House;
use crate::voice::Voices;
use answer::Answer;
use request::Asked;

/// After so many inputs the house is made anew: wrong PINs of one input lock the next ones out, and tables grow.
const INPUTS_PER_HOUSE: u32 = 1_000;

/// A house that is made anew now and then.
struct Site {
    voices: Voices,
    house: House,
    inputs: u32,
}

impl Site {
    fn open() -> Result<Self, Broken> {
        let voices = Voices::make()?;
        let house = House::open(&voices)?;
        Ok(Self { voices, house, inputs: 0 })
    }

    /// The house for the next input: the same one, or a new one when it is time.
    fn next(&mut self) -> Result<&House, Broken> {
        self.inputs += 1;
        if self.inputs > INPUTS_PER_HOUSE {
            self.house = House::open(&self.voices)?;
            self.inputs = 0;
        }
        Ok(&self.house)
    }

    /// Asks, and looks at what holds for every answer. Nothing when there is no such request in HTTP.
    fn ask(&self, asked: &Asked) -> Result<Option<Answer>, Broken> {
        let Some(request) = asked.request() else { return Ok(None) };
        let answer = self.house.runtime.block_on(answer::of(self.house.router.clone(), request))?;
        answer.is_one_of_ours(asked)?;
        Ok(Some(answer))
    }
}
