use std::borrow::Cow;

/// The arguments of a shortcode, by name or by position.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Arguments<'a> {
    named: Vec<(&'a str, Cow<'a, str>)>,
    positional: Vec<Cow<'a, str>>,
}

impl<'a> Arguments<'a> {
    /// Returns the argument with one of these names.
    pub(super) fn named(&self, names: &[&str]) -> Option<&str> {
        let entry = |name: &&str| {
            let mut entries = self.named.iter();
            entries.find(|(other, _)| other.eq_ignore_ascii_case(name))
        };
        names
            .iter()
            .find_map(entry)
            .map(|(_, value)| value.as_ref())
            .filter(|value| !value.is_empty())
    }

    pub(super) fn at(&self, index: usize) -> Option<&str> {
        self.positional.get(index).map(Cow::as_ref)
    }

    /// Returns the argument with one of these names, otherwise the one at this position.
    pub(super) fn get(&self, names: &[&str], index: usize) -> Option<&str> {
        self.named(names).or_else(|| self.at(index))
    }

    /// Reads arguments that are separated by white space or commas.
    pub(super) fn read(text: &'a str) -> Self {
        let mut arguments = Self::default();
        let mut rest = text.trim_start_matches(is_separator);
        while !rest.is_empty() {
            let (word, after) = value(rest);
            let is_name = !rest.starts_with(QUOTES);
            match after.trim_start().strip_prefix('=') {
                Some(after) if is_name => {
                    let (value, after) = value(after.trim_start());
                    // The word is not quoted, so it is a part of the text.
                    arguments.named.push((&rest[..word.len()], value));
                    rest = after;
                }
                _ => {
                    arguments.positional.push(word);
                    rest = after;
                }
            }
            rest = rest.trim_start_matches(is_separator);
        }
        arguments
    }
}

const QUOTES: [char; 3] = ['"', '\'', '`'];

fn is_separator(letter: char) -> bool {
    letter.is_whitespace() || letter == ','
}

/// Returns the value at the start of a text, and the rest. Progresses by at least one byte.
fn value(text: &str) -> (Cow<'_, str>, &str) {
    let Some(quote) = text.chars().next().filter(|letter| QUOTES.contains(letter)) else {
        let end = text.find(|letter| is_separator(letter) || letter == '=');
        let end = end.unwrap_or(text.len()).max(text.len().min(1));
        let end = text.ceil_char_boundary(end);
        return (Cow::Borrowed(&text[..end]), &text[end..]);
    };
    let inner = &text[1..];
    let mut escaped = false;
    let close = inner.char_indices().find(|(_, letter)| {
        let is_close = *letter == quote && !escaped;
        escaped = *letter == '\\' && !escaped && quote != '`';
        is_close
    });
    let Some((close, _)) = close else {
        return (Cow::Borrowed(inner), "");
    };
    let (written, rest) = (&inner[..close], &inner[close + 1..]);
    if quote == '`' || !written.contains('\\') {
        return (Cow::Borrowed(written), rest);
    }
    (Cow::Owned(unescaped(written)), rest)
}

fn unescaped(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut letters = written.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some(other) => text.push(other),
                None => text.push('\\'),
            },
            letter => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn arguments_have_names_or_positions() {
        let read = Arguments::read(r#" src="a b.png" width = 300, "x \"y\"" `raw \` plain "#);
        assert_eq!(read.named(&["src"]), Some("a b.png"));
        assert_eq!(read.named(&["WIDTH"]), Some("300"));
        let positional = [0, 1, 2, 3].map(|index| read.at(index));
        assert_eq!(
            positional,
            [Some("x \"y\""), Some("raw \\"), Some("plain"), None]
        );
    }

    proptest! {
        #[test]
        fn every_text_has_arguments(text in "[a=\"'`\\\\ ,é]{0,40}") {
            let _ = Arguments::read(&text);
        }
    }
}
