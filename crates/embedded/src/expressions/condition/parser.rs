use super::{Comparison, Operand, Substitutions, Term};
use crate::expressions::cursor::{Reason, TokenCursor, unsupported};
use crate::item::Value;

const COMPARISONS: [(&str, Comparison); 6] = [
    ("=", Comparison::Equal),
    ("<>", Comparison::NotEqual),
    ("<", Comparison::Less),
    ("<=", Comparison::LessOrEqual),
    (">", Comparison::Greater),
    (">=", Comparison::GreaterOrEqual),
];

pub(super) fn parse(text: &str, substitutions: &Substitutions<'_>) -> Result<Term, Reason> {
    let mut parser = Parser {
        cursor: TokenCursor::new(text)?,
        substitutions,
    };
    let term = parser.alternatives()?;
    parser.cursor.finish()?;
    Ok(term)
}

struct Parser<'a, 's> {
    cursor: TokenCursor<'a>,
    substitutions: &'a Substitutions<'s>,
}

impl Parser<'_, '_> {
    fn alternatives(&mut self) -> Result<Term, Reason> {
        let mut term = self.conjunction()?;
        while self.cursor.take("OR") {
            term = Term::Or(term.into(), self.conjunction()?.into());
        }
        Ok(term)
    }

    fn conjunction(&mut self) -> Result<Term, Reason> {
        let mut term = self.negation()?;
        while self.cursor.take("AND") {
            term = Term::And(term.into(), self.negation()?.into());
        }
        Ok(term)
    }

    fn negation(&mut self) -> Result<Term, Reason> {
        if self.cursor.take("NOT") {
            return Ok(Term::Not(self.negation()?.into()));
        }
        if self.cursor.has_redundant_parentheses() {
            return Err("The expression has redundant parentheses;".to_owned());
        }
        if self.cursor.take("(") {
            let term = self.alternatives()?;
            self.cursor.expect(")")?;
            return Ok(term);
        }
        self.predicate()
    }

    fn predicate(&mut self) -> Result<Term, Reason> {
        let left = match self.cursor.take_function() {
            Some("attribute_exists") => return self.argument().map(Term::Exists),
            Some("attribute_not_exists") => return self.argument().map(Term::NotExists),
            Some("size") => Operand::Size(self.argument()?),
            Some(other) => return Err(other_function(other)),
            None => self.operand()?,
        };
        for keyword in ["BETWEEN", "IN"] {
            if self.cursor.take(keyword) {
                return Err(unsupported(&format!("the operator {keyword}")));
            }
        }
        let Some((symbol, comparison)) = self.comparison() else {
            return Err(self.cursor.syntax_error());
        };
        let right = match self.cursor.take_function() {
            Some("size") => Operand::Size(self.argument()?),
            Some(other) => return Err(other_function(other)),
            None => self.operand()?,
        };
        check_type(&left, symbol, comparison)?;
        check_type(&right, symbol, comparison)?;
        Ok(Term::Compares(left, comparison, right))
    }

    fn comparison(&mut self) -> Option<(&'static str, Comparison)> {
        let choices = COMPARISONS.map(|choice| (choice.0, choice));
        self.cursor.take_any(&choices)
    }

    fn operand(&mut self) -> Result<Operand, Reason> {
        match self.cursor.take_value(self.substitutions)? {
            Some(value) => Ok(Operand::Value(value)),
            None => self
                .cursor
                .attribute(self.substitutions)
                .map(Operand::Attribute),
        }
    }

    /// The only argument of a function, and the closing parenthesis.
    fn argument(&mut self) -> Result<String, Reason> {
        let attribute = self.cursor.attribute(self.substitutions)?;
        self.cursor.expect(")")?;
        Ok(attribute)
    }
}

fn other_function(name: &str) -> Reason {
    match name {
        "attribute_type" | "begins_with" | "contains" => {
            unsupported(&format!("the function {name}"))
        }
        _ => format!("Invalid function name; function: {name}"),
    }
}

/// Only strings, numbers and binaries have an order.
fn check_type(operand: &Operand, symbol: &str, comparison: Comparison) -> Result<(), Reason> {
    let is_ordering = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    match operand {
        Operand::Value(value)
            if is_ordering && !matches!(value, Value::S(_) | Value::N(_) | Value::B(_)) =>
        {
            Err(format!(
                "Incorrect operand type for operator or function; operator or function: {symbol}, \
                 operand type: {}",
                value.type_name()
            ))
        }
        _ => Ok(()),
    }
}
