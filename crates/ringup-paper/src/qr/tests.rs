use fast_qr::qr::QRBuilder;
use fast_qr::{ECL, Mode};

use super::*;

/// The white that readers need around the code, both sides together.
const QUIET_MODULES: usize = 8;

#[test]
fn a_code_is_as_large_as_another_program_makes_it() {
    for bytes in 1..=666 {
        let content = "a".repeat(bytes);
        let other = QRBuilder::new(content).ecl(ECL::M).mode(Mode::Byte).build().unwrap();
        assert_eq!(modules_for(bytes), Some(other.size), "{bytes} bytes");
    }
    assert_eq!(modules_for(667), None);
}

#[test]
fn a_receipts_code_takes_half_the_paper() {
    let address = "https://topup.example/verify/K7QM2P9XTR4W8ZBN5HDC3VFJ6S";
    assert_eq!(module_dots(address, Width::Mm58), Ok(6));
    assert_eq!(module_dots(address, Width::Mm80), Ok(8));
}

#[test]
fn every_code_fits_with_white_around_it_or_is_refused() {
    for width in [Width::Mm58, Width::Mm80] {
        for bytes in 0..=700 {
            match module_dots(&"a".repeat(bytes), width) {
                Ok(dots) => {
                    let modules = modules_for(bytes).unwrap();
                    assert!((modules + QUIET_MODULES) * usize::from(dots) <= width.dots(), "{bytes} bytes");
                }
                Err(refused) => assert!(bytes > refused.bytes_max, "{bytes} bytes"),
            }
        }
    }
}
