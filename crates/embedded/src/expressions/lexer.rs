use std::ops::Range;

/// A token of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ExpressionToken<'a> {
    pub(super) kind: TokenKind,
    pub(super) text: &'a str,
    /// Position in the expression, in bytes.
    pub(super) start: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// The name of an attribute or of a function.
    Word,
    /// `AND`, in any case.
    Keyword,
    /// `#name`
    Name,
    /// `:value`
    Value,
    /// `<=`
    Symbol,
    /// The index of an element of a list.
    Index,
    /// A character that no expression contains.
    Invalid,
}

const KEYWORDS: [&str; 9] = [
    "AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE",
];
/// Longer symbols come first.
const SYMBOLS: [&str; 14] = [
    "<>", "<=", ">=", "<", ">", "=", "+", "-", "(", ")", "[", "]", ".", ",",
];

impl ExpressionToken<'_> {
    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// Splits an expression into tokens.
pub(super) fn tokens(text: &str) -> Vec<ExpressionToken<'_>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    loop {
        start += text[start..].len() - text[start..].trim_ascii_start().len();
        let Some(token) = token(text, start) else {
            return tokens;
        };
        start = token.range().end;
        tokens.push(token);
    }
}

/// The token that starts at a position, or `None` at the end.
fn token(text: &str, start: usize) -> Option<ExpressionToken<'_>> {
    let rest = &text[start..];
    let first = rest.chars().next()?;
    let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol));
    let (kind, length) = match (first, symbol) {
        (_, Some(symbol)) => (TokenKind::Symbol, symbol.len()),
        ('#', _) => placeholder(TokenKind::Name, rest),
        (':', _) => placeholder(TokenKind::Value, rest),
        ('0'..='9', _) => (TokenKind::Index, name_length(rest)),
        ('a'..='z' | 'A'..='Z' | '_', _) => word(rest),
        _ => (TokenKind::Invalid, first.len_utf8()),
    };
    Some(ExpressionToken {
        kind,
        text: &rest[..length],
        start,
    })
}

/// A sign followed by a name.
fn placeholder(kind: TokenKind, rest: &str) -> (TokenKind, usize) {
    match name_length(&rest[1..]) {
        0 => (TokenKind::Invalid, 1),
        length => (kind, 1 + length),
    }
}

fn word(rest: &str) -> (TokenKind, usize) {
    let word = &rest[..name_length(rest)];
    let is_keyword = |keyword: &&str| keyword.eq_ignore_ascii_case(word);
    let kind = if KEYWORDS.iter().any(is_keyword) {
        TokenKind::Keyword
    } else {
        TokenKind::Word
    };
    (kind, word.len())
}

fn name_length(text: &str) -> usize {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    text.find(|character| !is_part(character))
        .unwrap_or(text.len())
}
