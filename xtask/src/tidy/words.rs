//! Finding whole words in a line of code.

/// Whether `line` holds `word`, and not as a part of a longer name.
pub fn holds(line: &str, word: &str) -> bool {
    places(line, word).next().is_some()
}

/// The byte positions at which `word` stands in `line` with no letter, digit or underscore on either side.
pub fn places<'a>(line: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    line.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = line.get(..*at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        // A word that itself begins or ends with a sign (`rand::`, `credit(`) has its edge already.
        let opens = word.starts_with(is_part) && before.is_some_and(is_part);
        let closes = word.ends_with(is_part) && after.is_some_and(is_part);
        !opens && !closes
    })
}

fn is_part(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}
