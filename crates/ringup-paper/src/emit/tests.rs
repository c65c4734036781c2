use proptest::prelude::*;

use super::*;
use crate::paper::Width;
use crate::slip::{Part, Slip};
use crate::testing::{in_chinese, in_english, in_words, paper};

fn words(slip: &Slip, width: Width, charset: Charset) -> String {
    let sheet = paper(width, charset).compose(slip).unwrap();
    assert_eq!(sheet.missing, BTreeSet::new());
    in_words(&sheet.bytes).unwrap().join("\n")
}

#[test]
fn english_on_58_mm() {
    insta::assert_snapshot!(words(&in_english(), Width::Mm58, Charset::Raster));
}

#[test]
fn chinese_on_58_mm() {
    insta::assert_snapshot!(words(&in_chinese(), Width::Mm58, Charset::Raster));
}

#[test]
fn chinese_on_80_mm() {
    insta::assert_snapshot!(words(&in_chinese(), Width::Mm80, Charset::Raster));
}

#[test]
fn chinese_on_a_chinese_printer() {
    insta::assert_snapshot!(words(&in_chinese(), Width::Mm58, Charset::Gb18030));
}

#[test]
fn a_line_that_needs_four_bytes_is_drawn_on_a_chinese_printer_too() {
    let slip = Slip::from(vec![Part::Paragraph("实付 ¥5".to_owned())]);
    let words = words(&slip, Width::Mm58, Charset::Gb18030);
    assert!(words.contains("picture") && !words.contains('“'), "{words}");
}

#[test]
fn ascii_needs_no_font() {
    let paper = Paper { width: Width::Mm58, charset: Charset::Raster, font: None };
    let ascii = Slip::from(vec![Part::row("Card", "4321"), Part::Rule, Part::Cut]);
    assert!(paper.compose(&ascii).is_ok());
    let chinese = Slip::from(vec![Part::row("Card", "卡")]);
    assert_eq!(paper.compose(&chinese), Err(ComposeError::FontNeeded { character: '卡' }));
}

#[test]
fn what_the_font_lacks_is_reported_with_the_sheet() {
    let slip = Slip::from(vec![Part::row("收款人", "龘龘")]);
    let sheet = paper(Width::Mm58, Charset::Raster).compose(&slip).unwrap();
    assert!(sheet.missing.contains(&'龘'));
}

#[test]
fn a_slip_beyond_the_limits_is_refused_with_its_code() {
    let code = |parts: Vec<Part>| {
        let refused = paper(Width::Mm58, Charset::Raster).compose(&Slip { parts });
        refused.map(|_| "fits").unwrap_or_else(|error| error.code())
    };
    assert_eq!(code(vec![Part::Rule; 200]), "fits");
    assert_eq!(code(vec![Part::Rule; 201]), "slip_too_many_parts");
    assert_eq!(code(vec![Part::Paragraph("a".repeat(2_000))]), "fits");
    assert_eq!(code(vec![Part::Paragraph("a".repeat(2_001))]), "slip_text_too_long");
    assert_eq!(code(vec![Part::Feed(21)]), "slip_feed_too_long");
    assert_eq!(code(vec![Part::qr("a".repeat(700), "")]), "slip_qr_too_long");
}

proptest! {
    // Each case draws pictures: fewer are enough.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_text_reaches_the_printer_as_a_command(text in "\\PC{0,40}|[\\x00-\\x1f\\x7f a卡。]{0,40}", chinese in any::<bool>()) {
        let charset = if chinese { Charset::Gb18030 } else { Charset::Raster };
        let slip = Slip::from(vec![
            Part::Heading(text.clone()),
            Part::row(text.clone(), text.clone()),
            Part::Code(text.clone()),
            Part::Reprint(text),
        ]);
        let sheet = paper(Width::Mm58, charset).compose(&slip).unwrap();
        for word in in_words(&sheet.bytes).map_err(TestCaseError::fail)? {
            let ours = ["reset",
                "no reports", "lines of 30 dots", "lines of 34 dots", "lines of 58 dots", "line feed", "bold", "size", "white on black",
                "Chinese o", "picture", "“"];
            prop_assert!(ours.iter().any(|one| word.starts_with(one)), "{}", word);
        }
    }
}
