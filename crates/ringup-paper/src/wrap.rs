//! Breaking a text into lines: between words in Latin, between characters in Chinese.
//!
//! No line begins with a closing mark (，。」) or ends with an opening one (「（), unless there is nothing else on it. A word
//! that is wider than the paper is broken where the paper ends. Nothing is lost but the spaces at the breaks.

#[cfg(test)]
mod tests;

use crate::cell::{Cell, width};

/// Marks that belong to what stands before them.
const CLOSING: &str = "，。、；：？！）》〉」』】〕｝］”’…—％·,.;:?!)]}%";

/// Marks that belong to what stands behind them.
const OPENING: &str = "（《〈「『【〔｛［“‘￥¥([{";

/// Breaks `cells` into lines of at most `columns` columns, which must be two at least. An empty text is one empty line.
pub(crate) fn wrap(cells: &[Cell], columns: usize) -> Vec<Vec<Cell>> {
    let mut lines = Vec::new();
    let mut rest = trim_start(cells);
    while width(trim_end(rest)) > columns {
        let (line, behind) = rest.split_at(break_at(rest, columns));
        lines.push(trim_end(line).to_vec());
        rest = trim_start(behind);
    }
    lines.push(trim_end(rest).to_vec());
    lines
}

/// Where the first line of `cells` ends: at least one cell on, and at most `columns` columns.
fn break_at(cells: &[Cell], columns: usize) -> usize {
    let mut room = columns;
    let mut fits = 0;
    for cell in cells {
        let Some(left) = room.checked_sub(cell.columns) else { break };
        room = left;
        fits += 1;
    }
    // A space that would stand behind the edge is no reason to break earlier.
    let latest = if cells.get(fits).is_some_and(is_space) { fits + 1 } else { fits };
    let last = |allowed: fn(&Cell, &Cell) -> bool, latest: usize| {
        (1..=latest).rev().find(|at| pair(cells, *at).is_some_and(|(before, behind)| allowed(before, behind)))
    };
    last(between_words, latest).or_else(|| last(within_word, fits)).unwrap_or(fits.max(1))
}

/// The cells on both sides of a break at `at`.
fn pair(cells: &[Cell], at: usize) -> Option<(&Cell, &Cell)> {
    Some((cells.get(at.checked_sub(1)?)?, cells.get(at)?))
}

fn between_words(before: &Cell, behind: &Cell) -> bool {
    let square = before.columns == 2 || behind.columns == 2;
    (square || is_space(before)) && within_word(before, behind)
}

/// What holds also where a word must be cut.
fn within_word(before: &Cell, behind: &Cell) -> bool {
    behind.columns > 0 && !is_space(behind) && !is_closing(behind) && !is_opening(before)
}

fn is_space(cell: &Cell) -> bool {
    cell.character == ' '
}

fn is_closing(cell: &Cell) -> bool {
    CLOSING.contains(cell.character)
}

fn is_opening(cell: &Cell) -> bool {
    OPENING.contains(cell.character)
}

fn trim_start(cells: &[Cell]) -> &[Cell] {
    let spaces = cells.iter().take_while(|cell| is_space(cell)).count();
    cells.get(spaces..).unwrap_or_default()
}

fn trim_end(cells: &[Cell]) -> &[Cell] {
    let spaces = cells.iter().rev().take_while(|cell| is_space(cell)).count();
    cells.get(..cells.len() - spaces).unwrap_or_default()
}
