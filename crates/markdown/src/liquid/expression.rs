use super::filters;
use super::result::{Failure, LiquidResult};
use crate::budget::Budget;
use crate::jekyll::site::SiteConfig;

/// Evaluates the expression of an output. The result is nil for an unknown value.
pub(super) fn evaluate(expression: &str, site: &SiteConfig, budget: &Budget) -> LiquidResult {
    let mut parser = ExpressionParser {
        rest: expression.trim_start(),
        site,
        budget,
    };
    parser.value_with_filters()
}

struct ExpressionParser<'a> {
    rest: &'a str,
    site: &'a SiteConfig,
    budget: &'a Budget,
}

impl<'a> ExpressionParser<'a> {
    fn value_with_filters(&mut self) -> LiquidResult {
        let mut value = self.value()?;
        while self.eat('|') {
            let name = self.word()?;
            let arguments = self.arguments()?;
            value = filters::apply(name, value, &arguments, self.site, self.budget)?;
        }
        if self.rest.is_empty() {
            Ok(value)
        } else {
            Err(Failure::Unsupported)
        }
    }

    fn arguments(&mut self) -> Result<Vec<String>, Failure> {
        let mut arguments = Vec::new();
        if self.eat(':') {
            arguments.push(self.value()?.unwrap_or_default());
            while self.eat(',') {
                arguments.push(self.value()?.unwrap_or_default());
            }
        }
        Ok(arguments)
    }

    fn value(&mut self) -> LiquidResult {
        match self.rest.chars().next().ok_or(Failure::Unsupported)? {
            quote @ ('"' | '\'') => self.literal(quote).map(Some),
            letter if letter.is_ascii_digit() || letter == '-' => self.number().map(Some),
            _ => self.variable(),
        }
    }

    fn literal(&mut self, quote: char) -> Result<String, Failure> {
        let (literal, rest) = self.rest[1..]
            .split_once(quote)
            .ok_or(Failure::Unsupported)?;
        self.rest = rest.trim_start();
        Ok(literal.to_owned())
    }

    fn number(&mut self) -> Result<String, Failure> {
        let text = self.rest;
        let digits = text.strip_prefix('-').unwrap_or(text);
        let rest =
            digits.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
        let number = &text[..text.len() - rest.len()];
        self.rest = rest.trim_start();
        number
            .parse::<f64>()
            .map(|_| number.to_owned())
            .map_err(|_| Failure::Unsupported)
    }

    fn variable(&mut self) -> LiquidResult {
        let mut path = vec![self.word()?];
        while let Some(rest) = self.rest.strip_prefix('.') {
            self.rest = rest;
            path.push(self.word()?);
        }
        match path.as_slice() {
            ["nil"] => Ok(None),
            ["true" | "false"] => Ok(Some(path[0].to_owned())),
            ["site" | "page", _, ..] => {
                let value = self.site.lookup(&path);
                self.budget.spend(value.as_ref().map_or(0, String::len))?;
                Ok(value)
            }
            _ => Err(Failure::Unsupported),
        }
    }

    /// Parses a name and the white space after it.
    fn word(&mut self) -> Result<&'a str, Failure> {
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
        let end = self
            .rest
            .find(|letter| !is_part(letter))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        if word.is_empty() {
            Err(Failure::Unsupported)
        } else {
            Ok(word)
        }
    }

    fn eat(&mut self, mark: char) -> bool {
        let Some(rest) = self.rest.strip_prefix(mark) else {
            return false;
        };
        self.rest = rest.trim_start();
        true
    }
}
