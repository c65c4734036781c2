//! QR codes as inline SVG.

#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use fast_qr::ECL;
use fast_qr::qr::QRBuilder;

/// The quiet zone around a QR code, in modules: what the standard asks for.
const QUIET: usize = 4;

/// The text is too long for a QR code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{bytes} bytes are too many for a QR code")]
pub struct TooLongForQr {
    /// How long it is.
    pub bytes: usize,
}

/// The QR code of `content`, with a title for those who cannot see it.
///
/// It is black on white in every theme, because many scanners cannot read the inverse. No style attribute, as the
/// content security policy demands.
///
/// # Errors
/// [`TooLongForQr`].
pub fn svg(content: &str, title: &str) -> Result<String, TooLongForQr> {
    let code = QRBuilder::new(content).ecl(ECL::M).build().map_err(|_| TooLongForQr { bytes: content.len() })?;
    let side = code.size.saturating_add(QUIET.saturating_mul(2));
    let mut path = String::new();
    for row in 0..code.size {
        for (column, module) in code[row].iter().enumerate() {
            if module.value() {
                let (x, y) = (column.saturating_add(QUIET), row.saturating_add(QUIET));
                // Writing to a string cannot fail.
                let _ = write!(path, "M{x} {y}h1v1h-1z");
            }
        }
    }
    let title = escape(title);
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" aria-label="{title}" shape-rendering="crispEdges"><rect width="{side}" height="{side}" fill="#fff"/><path d="{path}" fill="#000"/></svg>"##
    ))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
