//! Rust source taken apart into code, string literals and comments, just well enough for the rules.
//!
//! No syntax tree: a rule that needs one belongs into a lint of the compiler.

#[cfg(test)]
mod tests;

/// A literal or a comment, with the line it begins on.
#[derive(Debug, PartialEq, Eq)]
pub struct Piece {
    /// From 1.
    pub line: usize,
    /// What stands between the quotes, or after the slashes.
    pub text: String,
}

/// The parts of one file.
#[derive(Debug, Default)]
pub struct Source {
    /// The code, with literals emptied and comments gone; its lines are the lines of the file.
    pub code: String,
    /// The string literals, as written: escapes are not resolved.
    pub strings: Vec<Piece>,
    /// The comments.
    pub comments: Vec<Piece>,
}

impl Source {
    /// Takes `text` apart.
    pub fn read(text: &str) -> Self {
        let mut reader = Reader { rest: text, line: 1, source: Self::default() };
        while reader.step() {}
        reader.source
    }

    /// The lines of the code with their numbers, from 1.
    pub fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.code.lines())
    }
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    source: Source,
}

impl<'a> Reader<'a> {
    fn step(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else {
            return false;
        };
        if self.rest.starts_with("//") {
            self.line_comment();
        } else if self.rest.starts_with("/*") {
            self.block_comment();
        } else if first == '"' {
            self.string();
        } else if first == 'r' && !self.after_word() && self.raw_string() {
            // The raw string is taken; `r` alone is a name like any other.
        } else if first == '\'' {
            self.character_or_lifetime();
        } else {
            self.keep(first);
        }
        true
    }

    /// Whether the code so far ends inside a name: the `r` of `for"` begins no raw string, the one of `br"` does.
    fn after_word(&self) -> bool {
        let code = self.source.code.trim_end_matches(['b', 'c']);
        code.chars().next_back().is_some_and(|last| last.is_alphanumeric() || last == '_')
    }

    fn keep(&mut self, character: char) {
        self.source.code.push(character);
        self.drop_bytes(character.len_utf8());
    }

    /// Moves on without keeping anything; answers what was passed over.
    fn drop_bytes(&mut self, count: usize) -> &'a str {
        let (dropped, rest) = self.rest.split_at_checked(count).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.line += dropped.bytes().filter(|byte| *byte == b'\n').count();
        dropped
    }

    fn line_comment(&mut self) {
        let line = self.line;
        let text = self.drop_bytes(self.rest.find('\n').unwrap_or(self.rest.len()));
        self.source.comments.push(Piece { line, text: text.trim_start_matches(['/', '!']).trim().to_owned() });
    }

    fn block_comment(&mut self) {
        let line = self.line;
        let (mut depth, mut end) = (0_usize, self.rest.len());
        let mut from = 0;
        while let Some(found) = self.rest.get(from..).and_then(|rest| rest.find(['/', '*']).map(|at| from + at)) {
            let pair = self.rest.get(found..found + 2).unwrap_or_default();
            from = found + if pair == "/*" || pair == "*/" { 2 } else { 1 };
            depth = if pair == "/*" { depth + 1 } else { depth };
            depth = if pair == "*/" { depth - 1 } else { depth };
            if depth == 0 {
                end = from;
                break;
            }
        }
        let text = self.drop_bytes(end);
        self.blank_lines(text);
        self.source.comments.push(Piece { line, text: text.to_owned() });
    }

    fn string(&mut self) {
        let line = self.line;
        self.keep('"');
        let mut end = 0;
        let mut characters = self.rest.chars();
        while let Some(character) = characters.next() {
            if character == '"' {
                break;
            }
            end += character.len_utf8();
            if character == '\\' {
                end += characters.next().map_or(0, char::len_utf8);
            }
        }
        self.literal(line, end);
        self.keep_if('"');
    }

    fn raw_string(&mut self) -> bool {
        let after_r = self.rest.get(1..).unwrap_or_default();
        let hashes: String = after_r.chars().take_while(|character| *character == '#').collect();
        let Some(inside) = after_r.get(hashes.len()..).and_then(|rest| rest.strip_prefix('"')) else {
            return false;
        };
        let end = inside.find(&format!("\"{hashes}")).unwrap_or(inside.len());
        let line = self.line;
        self.drop_bytes(1 + hashes.len());
        self.keep('"');
        self.literal(line, end);
        self.keep_if('"');
        self.drop_bytes(hashes.len());
        true
    }

    fn literal(&mut self, line: usize, length: usize) {
        let text = self.drop_bytes(length);
        self.blank_lines(text);
        self.source.strings.push(Piece { line, text: text.to_owned() });
    }

    fn character_or_lifetime(&mut self) {
        let mut characters = self.rest.chars().skip(1);
        match (characters.next(), characters.next()) {
            (Some('\\'), Some(escaped)) => {
                let start = 2 + escaped.len_utf8();
                let end = self.rest.get(start..).and_then(|rest| rest.find('\'')).map_or(start, |at| start + at + 1);
                self.drop_bytes(end);
                self.source.code.push_str("' '");
            }
            (Some(inside), Some('\'')) => {
                self.drop_bytes(2 + inside.len_utf8());
                self.source.code.push_str("' '");
            }
            _ => self.keep('\''),
        }
    }

    fn keep_if(&mut self, character: char) {
        if self.rest.starts_with(character) {
            self.keep(character);
        }
    }

    fn blank_lines(&mut self, text: &str) {
        self.source.code.extend(text.chars().filter(|character| *character == '\n'));
    }
}
