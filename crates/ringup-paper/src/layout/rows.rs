//! A name on the left and its value on the right.

use super::{Line, Run, Style};
use crate::cell::{Cell, width};
use crate::wrap::wrap;

/// The columns that stay free between the name and the value, so that they are two.
const GAP: usize = 2;

/// Both in one line when they fit; else the name first, and the value below it, at the right edge.
pub(super) fn row(key: &[Cell], value: &[Cell], style: Style, columns: usize) -> Vec<Line> {
    let scale = style.scale();
    let keys = wrap(key, columns);
    let values = wrap(value, columns / scale);
    if let ([key], [value]) = (keys.as_slice(), values.as_slice())
        && width(key) + GAP + width(value) * scale <= columns
    {
        let left = Run { column: 0, style: name_style(style), cells: key.clone() };
        return vec![Line { runs: vec![left, at_the_right(value.clone(), style, columns)], inverse: false }];
    }
    let keys = keys.into_iter().map(|cells| Run { column: 0, style: name_style(style), cells });
    let values = values.into_iter().map(|cells| at_the_right(cells, style, columns));
    keys.chain(values).filter(|run| !run.cells.is_empty()).map(|run| Line { runs: vec![run], inverse: false }).collect()
}

/// The name of a large amount is bold, so that it is seen beside it.
fn name_style(value: Style) -> Style {
    match value {
        Style::Normal => Style::Normal,
        Style::Bold | Style::Large => Style::Bold,
    }
}

fn at_the_right(cells: Vec<Cell>, style: Style, columns: usize) -> Run {
    Run { column: columns - width(&cells) * style.scale(), style, cells }
}
