//! Damages the bytes of a file, as a failing disk, a bad copy or a cut-off write does.

use std::fs;
use std::path::Path;

use crate::rig::dice::Dice;
use crate::rig::failure::Failure;

/// What disks and databases write at once.
const BLOCK: usize = 4_096;

/// How often another damage is drawn when one changed nothing: zeros over zeros.
const TRIES: usize = 50;

/// Damages a file; answers what was done, or nothing when it is empty or could not be changed.
///
/// # Errors
/// When it cannot be read or written.
pub fn damage(file: &Path, dice: &mut Dice) -> Result<Option<String>, Failure> {
    let failed = || Failure::doing::<std::io::Error>(file.display().to_string());
    let before = fs::read(file).map_err(failed())?;
    let name = file.file_name().unwrap_or_default().display().to_string();
    for _ in 0..TRIES {
        let mut after = before.clone();
        let what = change(&mut after, dice);
        if after != before {
            fs::write(file, after).map_err(failed())?;
            return Ok(Some(format!("{what} of {name}")));
        }
    }
    Ok(None)
}

fn change(bytes: &mut Vec<u8>, dice: &mut Dice) -> String {
    let length = bytes.len();
    let at = dice.position(length);
    match dice.below(6) {
        0 | 1 => {
            let bit = dice.below(8);
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1_u8.checked_shl(u32::try_from(bit).unwrap_or(0)).unwrap_or(1);
            }
            format!("bit flipped at {at}")
        }
        2 => {
            let end = at.saturating_add(dice.position(64)).saturating_add(1).min(length);
            bytes.get_mut(at..end).unwrap_or_default().fill_with(|| dice.draw().to_le_bytes()[0]);
            format!("rubbish at {at} to {end}")
        }
        3 => {
            let begin = at.saturating_sub(at.checked_rem(BLOCK).unwrap_or(0));
            let end = begin.saturating_add(BLOCK).min(length);
            bytes.get_mut(begin..end).unwrap_or_default().fill(0);
            format!("block zeroed at {begin}")
        }
        4 => {
            bytes.truncate(at);
            format!("end cut off at {at}")
        }
        _ => {
            let end = at.saturating_add(dice.position(BLOCK)).saturating_add(1).min(length);
            bytes.drain(at..end);
            format!("bytes removed at {at} to {end}")
        }
    }
}

#[cfg(test)]
mod tests;
