use super::*;

fn strings(text: &str) -> Vec<String> {
    Source::read(text).strings.into_iter().map(|piece| piece.text).collect()
}

#[test]
fn comments_leave_the_code_and_keep_their_line() {
    let source = Source::read("let a = 1; // first\n/* two /* nested */\nlines */ let b = 2;\n/// doc\n");
    assert_eq!(source.code, "let a = 1; \n\n let b = 2;\n\n");
    let lines: Vec<usize> = source.comments.iter().map(|piece| piece.line).collect();
    assert_eq!(lines, [1, 2, 4]);
    assert_eq!(source.comments.last().map(|piece| piece.text.as_str()), Some("doc"));
}

#[test]
fn strings_of_every_form_are_found() {
    assert_eq!(
        strings(r##"f("one \" two", r"three", r#"four " five"#, b"six", br#"seven"#)"##),
        [r#"one \" two"#, "three", r#"four " five"#, "six", "seven"]
    );
}

#[test]
fn a_comment_inside_a_string_is_a_string() {
    let source = Source::read(r#"let url = "http://example.org"; let b = 'b';"#);
    assert_eq!(source.code, r#"let url = ""; let b = ' ';"#);
    assert!(source.comments.is_empty());
}

#[test]
fn lifetimes_and_characters_are_told_apart() {
    let source = Source::read(r#"fn f<'a>(x: &'a str) { let q = '"'; let n = '\''; let u = '\u{1F600}'; g("s") }"#);
    assert_eq!(source.strings, [Piece { line: 1, text: "s".to_owned() }]);
}

#[test]
fn a_string_over_several_lines_keeps_the_lines_of_the_code() {
    let source = Source::read("let sql = \"select\n  1\";\nnext();");
    assert_eq!(source.code_lines().last(), Some((3, "next();")));
}

#[test]
fn a_name_that_ends_in_r_begins_no_raw_string() {
    assert_eq!(strings(r#"for_"x"; var"y""#), ["x", "y"]);
}
