//! QR codes as inline SVG, black on white whatever the contrast is.

use std::fmt::Write as _;

use fast_qr::ECL;
use fast_qr::qr::QRBuilder;

/// The quiet zone, in modules: what the standard asks for.
const QUIET: usize = 4;

/// The QR code of `content`; nothing when it is too long for one.
pub(super) fn svg(content: &str, title: &str) -> Option<String> {
    let code = QRBuilder::new(content).ecl(ECL::M).build().ok()?;
    let side = code.size.saturating_add(QUIET.saturating_mul(2));
    let mut path = String::new();
    for row in 0..code.size {
        for (column, module) in code[row].iter().enumerate() {
            if module.value() {
                let (x, y) = (column.saturating_add(QUIET), row.saturating_add(QUIET));
                let _ = write!(path, "M{x} {y}h1v1h-1z"); // writing to a string cannot fail
            }
        }
    }
    let title = title.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    Some(format!(
        r##"<svg viewBox="0 0 {side} {side}" role="img" aria-label="{title}" shape-rendering="crispEdges"><rect width="{side}" height="{side}" fill="#fff"/><path d="{path}" fill="#000"/></svg>"##
    ))
}
