/// The attributes that have a meaning here.
#[derive(Debug, Default)]
pub(super) struct AttributeList<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) is_toc: bool,
    pub(super) is_no_toc: bool,
}

impl<'a> AttributeList<'a> {
    /// Reads the text between `{:` and `}`. Returns `None` if it is not a list of attributes.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let mut list = Self::default();
        if let Some(extension) = text.strip_prefix(':') {
            // `{::nomarkdown}`, `{::options key="value" /}`
            return extension
                .starts_with(|letter: char| letter.is_ascii_alphabetic())
                .then_some(list);
        }
        if text.starts_with('/') {
            return Some(list);
        }
        let mut rest = text.trim();
        while !rest.is_empty() {
            rest = list.attribute(rest)?.trim_start();
        }
        Some(list)
    }

    /// Reads one attribute and returns the text after it.
    fn attribute(&mut self, text: &'a str) -> Option<&'a str> {
        let word_end = text.find([' ', '\t', '=']).unwrap_or(text.len());
        let (word, rest) = text.split_at(word_end);
        if let Some(value) = rest.strip_prefix('=') {
            let quote = value
                .chars()
                .next()
                .filter(|quote| matches!(quote, '"' | '\''));
            let after = match quote {
                Some(quote) => value[1..].split_once(quote)?.1,
                None => value.find([' ', '\t']).map_or("", |end| &value[end..]),
            };
            return is_name(word).then_some(after);
        }
        if let Some(id) = word.strip_prefix('#') {
            let (id, classes) = id.split_once('.').unwrap_or((id, ""));
            self.id = Some(id);
            let is_valid = is_id(id) && (classes.is_empty() || is_class(classes));
            return is_valid.then_some(rest);
        }
        if let Some(class) = word.strip_prefix('.') {
            self.is_no_toc |= class == "no_toc";
            return is_class(class).then_some(rest);
        }
        self.is_toc |= word == "toc";
        is_name(word).then_some(rest)
    }
}

pub(super) fn is_id(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_') && is_class(text)
}

/// Several classes can be joined by dots.
fn is_class(text: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || "-_.:#/".contains(letter);
    !text.is_empty() && text.chars().all(is_part)
}

fn is_name(text: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || "-_:".contains(letter);
    text.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
        && text.chars().all(is_part)
}
