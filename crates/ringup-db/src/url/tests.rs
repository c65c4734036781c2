use super::{DatabaseUrl, ParseUrlError};

fn shown(text: &str) -> String {
    text.parse::<DatabaseUrl>().unwrap().to_string()
}

#[test]
fn a_password_is_never_shown() {
    assert_eq!(
        shown("postgres://ringup:secret@db.example:5432/ringup"),
        "postgres://ringup:***@db.example:5432/ringup"
    );
    assert_eq!(shown("postgres://ringup:se@cret@db.example/ringup"), "postgres://ringup:***@db.example/ringup");
    assert_eq!(shown("postgres://db.example/ringup?password=secret"), "postgres://db.example/ringup?***");
    let url = "postgresql://ringup:secret@db.example/ringup".parse::<DatabaseUrl>().unwrap();
    assert!(!format!("{url:?}").contains("secret"));
}

#[test]
fn a_file_is_named_with_or_without_slashes() {
    assert_eq!(shown("sqlite:data/ringup.db"), "sqlite:data/ringup.db");
    assert_eq!(shown("sqlite:/var/lib/ringup.db"), "sqlite:/var/lib/ringup.db");
    assert_eq!(shown("sqlite:///var/lib/ringup.db"), "sqlite:/var/lib/ringup.db");
}

#[test]
fn other_texts_are_refused() {
    assert_eq!("mysql://x".parse::<DatabaseUrl>().unwrap_err(), ParseUrlError::Scheme);
    assert_eq!("sqlite:".parse::<DatabaseUrl>().unwrap_err(), ParseUrlError::NoPath);
}
