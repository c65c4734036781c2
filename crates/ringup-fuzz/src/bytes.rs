//! Small things done to bytes.

/// The bytes as text, when they are UTF-8.
pub fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}

/// Every `from` replaced by `to`.
pub fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        if !from.is_empty() && rest.starts_with(from) {
            out.extend_from_slice(to);
            rest = rest.get(from.len()..).unwrap_or_default();
        } else {
            out.push(*first);
            rest = after;
        }
    }
    out
}

/// Whether `piece` stands somewhere in `bytes`.
pub fn holds_piece(bytes: &[u8], piece: &[u8]) -> bool {
    bytes.windows(piece.len().max(1)).any(|window| window == piece)
}
