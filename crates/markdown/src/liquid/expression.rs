use super::filters;
use super::result::{Failure, LiquidResult};
use super::scope::Scope;
use super::value::LiquidValue;

/// Evaluates the expression of an output or an assignment.
pub(super) fn evaluate<'a>(expression: &str, scope: &Scope<'a>) -> LiquidResult<LiquidValue<'a>> {
    let mut parser = ExpressionParser::new(expression, scope);
    let value = parser.value_with_filters()?;
    parser.end()?;
    Ok(value)
}

/// Evaluates the condition of an `if`: comparisons with `and` and `or`, from right to left.
pub(super) fn condition(condition: &str, scope: &Scope<'_>) -> LiquidResult<bool> {
    let mut parser = ExpressionParser::new(condition, scope);
    let mut holds = vec![(parser.comparison()?, "")];
    while !parser.rest.is_empty() {
        let operator = parser.word()?;
        if !matches!(operator, "and" | "or") {
            return Err(Failure::Unsupported);
        }
        holds.push((parser.comparison()?, operator));
    }
    let (mut result, mut operator) = holds.pop().unwrap_or_default();
    while let Some((earlier, next)) = holds.pop() {
        result = match operator {
            "and" => earlier && result,
            _ => earlier || result,
        };
        operator = next;
    }
    Ok(result)
}

#[derive(Clone)]
pub(super) struct ExpressionParser<'t, 's, 'a> {
    pub(super) rest: &'t str,
    scope: &'s Scope<'a>,
}

impl<'t, 's, 'a> ExpressionParser<'t, 's, 'a> {
    pub(super) fn new(text: &'t str, scope: &'s Scope<'a>) -> Self {
        let rest = text.trim_start();
        Self { rest, scope }
    }

    pub(super) fn end(&self) -> LiquidResult<()> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(Failure::Unsupported)
        }
    }

    fn value_with_filters(&mut self) -> LiquidResult<LiquidValue<'a>> {
        let mut value = self.value()?;
        while self.eat("|") {
            let name = self.word()?;
            let arguments = self.arguments()?;
            value = filters::apply(name, value, &arguments, self.scope)?;
        }
        Ok(value)
    }

    fn arguments(&mut self) -> LiquidResult<Vec<LiquidValue<'a>>> {
        let mut arguments = Vec::new();
        if self.eat(":") {
            arguments.push(self.value()?);
            while self.eat(",") {
                arguments.push(self.value()?);
            }
        }
        Ok(arguments)
    }

    fn comparison(&mut self) -> LiquidResult<bool> {
        const OPERATORS: [&str; 8] = ["==", "!=", "<>", "<=", ">=", "<", ">", "contains"];
        let left = self.value()?;
        let Some(operator) = OPERATORS.into_iter().find(|operator| self.eat(operator)) else {
            return known(&left).map(|()| left.is_true());
        };
        let right = self.value()?;
        known(&left)?;
        known(&right)?;
        let steps = left.comparison_steps(&right) + right.comparison_steps(&left);
        self.scope.budget.spend(steps)?;
        Ok(match operator {
            "==" => left.equals(&right),
            "!=" | "<>" => !left.equals(&right),
            "contains" => left.contains(&right),
            _ => is_ordered(&left, operator, &right),
        })
    }

    pub(super) fn value(&mut self) -> LiquidResult<LiquidValue<'a>> {
        match self.rest.chars().next().ok_or(Failure::Unsupported)? {
            quote @ ('"' | '\'') => self.literal(quote),
            '(' => self.range(),
            letter if letter.is_ascii_digit() || letter == '-' => self.number(),
            _ => self.variable(),
        }
    }

    fn literal(&mut self, quote: char) -> LiquidResult<LiquidValue<'a>> {
        let split = self.rest[1..].split_once(quote);
        let (literal, rest) = split.ok_or(Failure::Unsupported)?;
        self.rest = rest.trim_start();
        Ok(LiquidValue::text(literal))
    }

    fn range(&mut self) -> LiquidResult<LiquidValue<'a>> {
        self.eat("(");
        let first = self.value()?;
        if !self.eat("..") {
            return Err(Failure::Unsupported);
        }
        let last = self.value()?;
        if !self.eat(")") {
            return Err(Failure::Unsupported);
        }
        let bound = |value: &LiquidValue<'_>| filters::integer(value).ok_or(Failure::Unsupported);
        Ok(LiquidValue::Range(bound(&first)?, bound(&last)?))
    }

    fn number(&mut self) -> LiquidResult<LiquidValue<'a>> {
        let text = self.rest;
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let mut rest = unsigned.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let fraction = rest.strip_prefix('.');
        if let Some(fraction) =
            fraction.filter(|text| text.starts_with(|c: char| c.is_ascii_digit()))
        {
            rest = fraction.trim_start_matches(|letter: char| letter.is_ascii_digit());
        }
        let number = &text[..text.len() - rest.len()];
        self.rest = rest.trim_start();
        let integer = number.parse().map(LiquidValue::Int);
        integer
            .or_else(|_| number.parse().map(LiquidValue::Float))
            .map_err(|_| Failure::Unsupported)
    }

    fn variable(&mut self) -> LiquidResult<LiquidValue<'a>> {
        let name = self.word()?;
        let mut path = String::from(name);
        let mut value = match name {
            "nil" | "null" => return Ok(LiquidValue::Nil),
            "true" => return Ok(LiquidValue::Bool(true)),
            "false" => return Ok(LiquidValue::Bool(false)),
            "blank" | "empty" => return Ok(LiquidValue::Blank),
            _ => self.scope.root(name)?,
        };
        loop {
            let key: String = if self.rest.starts_with('.') && !self.rest.starts_with("..") {
                self.rest = &self.rest[1..];
                self.word()?.to_owned()
            } else if self.eat("[") {
                let key = self.value()?.to_text().ok_or(Failure::Unsupported)?;
                if !self.eat("]") {
                    return Err(Failure::Unsupported);
                }
                key.as_ref().to_owned()
            } else {
                return Ok(value);
            };
            self.scope.budget.spend(1 + key.len())?;
            value = match path.as_str() {
                "site" => self.scope.site_value(&key),
                // A file that was not read is not an empty value.
                "site.data" if value.get(&key) == LiquidValue::Nil => LiquidValue::Unknown,
                _ => value.get(&key),
            };
            path = if path == "site" {
                format!("site.{key}")
            } else {
                String::new()
            };
        }
    }

    /// Parses a name and the white space after it.
    pub(super) fn word(&mut self) -> LiquidResult<&'t str> {
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
        let end = self.rest.find(|letter| !is_part(letter));
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest.trim_start();
        if word.is_empty() {
            Err(Failure::Unsupported)
        } else {
            Ok(word)
        }
    }

    pub(super) fn eat(&mut self, mark: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(mark) else {
            return false;
        };
        self.rest = rest.trim_start();
        true
    }
}

fn known(value: &LiquidValue<'_>) -> LiquidResult<()> {
    match value {
        LiquidValue::Unknown => Err(Failure::Unsupported),
        _ => Ok(()),
    }
}

fn is_ordered(left: &LiquidValue<'_>, operator: &str, right: &LiquidValue<'_>) -> bool {
    let order = match (left, right) {
        (LiquidValue::Text(left), LiquidValue::Text(right)) => Some(left.cmp(right)),
        _ => left
            .number()
            .zip(right.number())
            .map(|(left, right)| left.total_cmp(&right)),
    };
    order.is_some_and(|order| match operator {
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        _ => order.is_ge(),
    })
}
