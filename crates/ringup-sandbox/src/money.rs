//! Money as the two providers write it: Alipay in yuan with two decimals, WeChat Pay in fen.

/// Reads Alipay's yuan text (`0.01`, `95.00`, `100`) as fen. More than two decimals, signs and blanks are refused.
pub fn parse_yuan(text: &str) -> Option<u64> {
    let (yuan, fen) = text.split_once('.').unwrap_or((text, "00"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(yuan) || !digits(fen) || fen.len() > 2 || yuan.len() > 12 {
        return None;
    }
    let fen_minor: u64 = format!("{fen:0<2}").parse().ok()?;
    yuan.parse::<u64>().ok()?.checked_mul(100)?.checked_add(fen_minor)
}

/// Writes fen as yuan with two decimals.
pub fn yuan(minor: u64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

#[cfg(test)]
mod tests;
