use super::{parse_yuan, yuan};

#[test]
fn yuan_text_is_read_exactly() {
    for (text, minor) in [("0.01", 1), ("1", 100), ("1.5", 150), ("95.00", 9_500), ("100000000.00", 10_000_000_000)] {
        assert_eq!(parse_yuan(text), Some(minor), "{text}");
    }
}

#[test]
fn yuan_text_in_another_shape_is_refused() {
    for text in ["", ".", "1.", ".5", "-1.00", "+1.00", "1.000", "1,00", " 1.00", "1e2", "１.00"] {
        assert_eq!(parse_yuan(text), None, "{text}");
    }
}

#[test]
fn fen_are_written_as_yuan() {
    assert_eq!(yuan(0), "0.00");
    assert_eq!(yuan(9_505), "95.05");
}
