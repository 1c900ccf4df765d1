use super::Substitutions;
use super::lexer::{ExpressionToken, TokenKind, tokens};
use super::reserved_words::is_reserved;
use crate::item::Value;

/// Maximum length of an expression in bytes.
const MAX_BYTES: usize = 4096;

/// Why an expression is invalid, in the words of DynamoDB.
pub(super) type Reason = String;

/// A position in the tokens of an expression.
#[derive(Debug)]
pub(super) struct TokenCursor<'a> {
    text: &'a str,
    tokens: Vec<ExpressionToken<'a>>,
    next: usize,
}

impl<'a> TokenCursor<'a> {
    pub(super) fn new(text: &'a str) -> Result<Self, Reason> {
        if text.is_empty() {
            return Err("The expression can not be empty;".to_owned());
        }
        if text.len() > MAX_BYTES {
            return Err("Expression size has exceeded the maximum allowed size;".to_owned());
        }
        let mut cursor = Self {
            text,
            tokens: tokens(text),
            next: 0,
        };
        let is_invalid = |token: &ExpressionToken<'_>| token.kind == TokenKind::Invalid;
        if let Some(invalid) = cursor.tokens.iter().position(is_invalid) {
            cursor.next = invalid;
            return Err(cursor.syntax_error());
        }
        Ok(cursor)
    }

    /// Moves past a keyword or a symbol. Returns whether it is the next token.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let is_next = self.is_next(text);
        self.next += usize::from(is_next);
        is_next
    }

    /// Moves past a keyword or a symbol, which must be the next token.
    pub(super) fn expect(&mut self, text: &str) -> Result<(), Reason> {
        if self.take(text) {
            Ok(())
        } else {
            Err(self.syntax_error())
        }
    }

    /// Moves past the first of these keywords or symbols that is the next token.
    pub(super) fn take_any<T: Copy>(&mut self, choices: &[(&str, T)]) -> Option<T> {
        let choice = choices.iter().find(|(text, _)| self.is_next(text))?;
        self.next += 1;
        Some(choice.1)
    }

    /// Moves past the name of a function and its parenthesis.
    pub(super) fn take_function(&mut self) -> Option<&'a str> {
        let [function, parenthesis] = self.tokens.get(self.next..self.next + 2)? else {
            return None;
        };
        if function.kind != TokenKind::Word || parenthesis.text != "(" {
            return None;
        }
        self.next += 2;
        Some(function.text)
    }

    /// Moves past the placeholder of a value and returns the value.
    pub(super) fn take_value(
        &mut self,
        substitutions: &Substitutions<'_>,
    ) -> Result<Option<Value>, Reason> {
        let Some(token) = self.peek().filter(|token| token.kind == TokenKind::Value) else {
            return Ok(None);
        };
        self.next += 1;
        substitutions.value(token.text).map(Some)
    }

    /// Moves past the placeholder of a value, which must be the next token, and returns the value.
    pub(super) fn value(&mut self, substitutions: &Substitutions<'_>) -> Result<Value, Reason> {
        match self.take_value(substitutions)? {
            Some(value) => Ok(value),
            None => Err(self.syntax_error()),
        }
    }

    /// Moves past the name of an attribute.
    pub(super) fn attribute(
        &mut self,
        substitutions: &Substitutions<'_>,
    ) -> Result<String, Reason> {
        let name = match self.peek() {
            Some(token) if token.kind == TokenKind::Name => substitutions.name(token.text)?,
            Some(token) if token.kind == TokenKind::Word && is_reserved(token.text) => {
                return Err(format!(
                    "Attribute name is a reserved keyword; reserved keyword: {}",
                    token.text
                ));
            }
            Some(token) if token.kind == TokenKind::Word => token.text.to_owned(),
            _ => return Err(self.syntax_error()),
        };
        self.next += 1;
        if self.is_next(".") || self.is_next("[") {
            return Err(unsupported("document paths"));
        }
        Ok(name)
    }

    /// Refuses tokens after the end of the expression.
    pub(super) fn finish(&self) -> Result<(), Reason> {
        match self.peek() {
            Some(_) => Err(self.syntax_error()),
            None => Ok(()),
        }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.peek().is_none()
    }

    /// Whether the content of the parentheses that open here is in parentheses itself.
    pub(super) fn has_redundant_parentheses(&self) -> bool {
        let inner = self.next + 1;
        self.is_next("(")
            && self
                .tokens
                .get(inner)
                .is_some_and(|token| token.text == "(")
            && self
                .closing(inner)
                .is_some_and(|closing| self.closing(self.next) == Some(closing + 1))
    }

    /// The index of the parenthesis that closes the one at an index.
    fn closing(&self, opening: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for (index, token) in self.tokens.iter().enumerate().skip(opening) {
            match token.text {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(index);
            }
        }
        None
    }

    /// The error that the next token is not expected: names it and quotes its neighbours.
    pub(super) fn syntax_error(&self) -> Reason {
        let Some(token) = self.peek() else {
            let near = self.tokens.last().map_or(self.text, |last| last.text);
            return format!("Syntax error; token: \"<EOF>\", near: \"{near}\"");
        };
        let first = self.next.saturating_sub(1);
        let last = (self.next + 1).min(self.tokens.len() - 1);
        let near = self.tokens[first].start..self.tokens[last].range().end;
        format!(
            "Syntax error; token: \"{}\", near: \"{}\"",
            token.text, &self.text[near]
        )
    }

    fn peek(&self) -> Option<ExpressionToken<'a>> {
        self.tokens.get(self.next).copied()
    }

    fn is_next(&self, text: &str) -> bool {
        self.peek().is_some_and(|token| {
            matches!(token.kind, TokenKind::Keyword | TokenKind::Symbol)
                && token.text.eq_ignore_ascii_case(text)
        })
    }
}

/// The error that the engine lacks a part of the language.
pub(super) fn unsupported(what: &str) -> Reason {
    format!("the embedded engine does not support {what}")
}
