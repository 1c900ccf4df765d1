//! Key condition expressions of queries.

use std::ops::{Bound, RangeBounds};

use super::Substitutions;
use super::cursor::{Reason, TokenCursor, unsupported};
use crate::api_error::RequestError;
use crate::item::{KeyAttribute, KeySchema, Value};

/// The keys that a query reads: one partition and a range of sort keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyBounds {
    pub(crate) partition: String,
    pub(crate) sort: SortRange,
}

/// A range of sort keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SortRange {
    pub(crate) from: Bound<String>,
    pub(crate) to: Bound<String>,
}

/// The condition on one attribute.
struct Clause {
    attribute: String,
    operator: Operator,
}

enum Operator {
    Equal(Value),
    Less(Value),
    LessOrEqual(Value),
    Greater(Value),
    GreaterOrEqual(Value),
    Between(Value, Value),
}

/// Makes an operator with one value.
type Comparison = fn(Value) -> Operator;

const COMPARISONS: [(&str, Comparison); 5] = [
    ("=", Operator::Equal),
    ("<", Operator::Less),
    ("<=", Operator::LessOrEqual),
    (">", Operator::Greater),
    (">=", Operator::GreaterOrEqual),
];

impl KeyBounds {
    pub(crate) fn parse(
        text: &str,
        substitutions: &Substitutions<'_>,
        schema: &KeySchema,
    ) -> Result<Self, RequestError> {
        let clauses = parse(text, substitutions).map_err(|reason| {
            RequestError::validation(format!("Invalid KeyConditionExpression: {reason}"))
        })?;
        of_clauses(clauses, schema)
    }

    /// Refuses to continue after a key that is not in the range.
    pub(crate) fn check_start(&self, partition: &str, sort: &str) -> Result<(), RequestError> {
        let reason = if !self.sort.contains(sort) {
            "The provided starting key does not match the range key predicate"
        } else if self.partition == partition {
            return Ok(());
        } else if self.sort == SortRange::ALL {
            "The provided starting key is outside query boundaries based on provided conditions"
        } else {
            "The query can return at most one row and cannot be restarted"
        };
        Err(RequestError::validation(reason))
    }
}

fn parse(text: &str, substitutions: &Substitutions<'_>) -> Result<Vec<Clause>, Reason> {
    let mut cursor = TokenCursor::new(text)?;
    let mut clauses: Vec<Clause> = Vec::new();
    loop {
        let clause = clause(&mut cursor, substitutions)?;
        if clauses.iter().any(|it| it.attribute == clause.attribute) {
            return Err(
                "KeyConditionExpressions must only contain one condition per key".to_owned(),
            );
        }
        clauses.push(clause);
        if !cursor.take("AND") {
            cursor.finish()?;
            return Ok(clauses);
        }
    }
}

fn clause(
    cursor: &mut TokenCursor<'_>,
    substitutions: &Substitutions<'_>,
) -> Result<Clause, Reason> {
    if cursor.take("(") {
        return Err(unsupported("parentheses"));
    }
    if let Some(function) = cursor.take_function() {
        return Err(unsupported(&format!("the function {function}")));
    }
    let attribute = cursor.attribute(substitutions)?;
    let operator = if cursor.take("BETWEEN") {
        let first = cursor.value(substitutions)?;
        cursor.expect("AND")?;
        Operator::Between(first, cursor.value(substitutions)?)
    } else if let Some(comparison) = cursor.take_any(&COMPARISONS) {
        comparison(cursor.value(substitutions)?)
    } else {
        return Err(cursor.syntax_error());
    };
    Ok(Clause {
        attribute,
        operator,
    })
}

fn of_clauses(clauses: Vec<Clause>, schema: &KeySchema) -> Result<KeyBounds, RequestError> {
    let (given, defined) = (clauses.len(), schema.names().count());
    if given > defined {
        return Err(RequestError::validation(format!(
            "The number of query conditions ({given}) exceeds the number of key attributes defined \
             in the schema ({defined})"
        )));
    }
    let (mut partition, mut sort) = (None, None);
    for clause in clauses {
        match &schema.sort {
            Some(key) if clause.attribute == key.name => sort = Some((key, clause.operator)),
            _ if clause.attribute == schema.partition.name => partition = Some(clause.operator),
            _ => {}
        }
    }
    let partition = match partition {
        Some(Operator::Equal(value)) => key_text(&schema.partition, value)?,
        Some(_) => {
            return Err(RequestError::validation(
                "Query key condition not supported",
            ));
        }
        None => return Err(missed(&schema.partition)),
    };
    let sort = match (sort, &schema.sort) {
        (Some((key, operator)), _) => SortRange::of(key, operator)?,
        (None, Some(key)) if given == defined => return Err(missed(key)),
        (None, _) => SortRange::ALL,
    };
    Ok(KeyBounds { partition, sort })
}

impl SortRange {
    const ALL: Self = Self {
        from: Bound::Unbounded,
        to: Bound::Unbounded,
    };

    fn contains(&self, key: &str) -> bool {
        let from = self.from.as_ref().map(String::as_str);
        let to = self.to.as_ref().map(String::as_str);
        RangeBounds::<str>::contains(&(from, to), key)
    }

    fn of(key: &KeyAttribute, operator: Operator) -> Result<Self, RequestError> {
        let text = |value| key_text(key, value);
        let all = Self::ALL;
        Ok(match operator {
            Operator::Equal(value) => {
                let value = text(value)?;
                Self {
                    from: Bound::Included(value.clone()),
                    to: Bound::Included(value),
                }
            }
            Operator::Less(value) => Self {
                to: Bound::Excluded(text(value)?),
                ..all
            },
            Operator::LessOrEqual(value) => Self {
                to: Bound::Included(text(value)?),
                ..all
            },
            Operator::Greater(value) => Self {
                from: Bound::Excluded(text(value)?),
                ..all
            },
            Operator::GreaterOrEqual(value) => Self {
                from: Bound::Included(text(value)?),
                ..all
            },
            Operator::Between(first, last) => {
                let (first, last) = (text(first)?, text(last)?);
                check_order(&first, &last)?;
                Self {
                    from: Bound::Included(first),
                    to: Bound::Included(last),
                }
            }
        })
    }
}

fn check_order(first: &str, last: &str) -> Result<(), RequestError> {
    if first <= last {
        return Ok(());
    }
    Err(RequestError::validation(format!(
        "Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater \
         than or equal to lower bound; lower bound operand: AttributeValue: {{S:{first}}}, upper \
         bound operand: AttributeValue: {{S:{last}}}"
    )))
}

/// The text of a value that is compared with a key attribute.
fn key_text(key: &KeyAttribute, value: Value) -> Result<String, RequestError> {
    match value {
        Value::S(text) if text.is_empty() => Err(RequestError::validation(format!(
            "One or more parameter values are not valid. The AttributeValue for a key attribute \
             cannot contain an empty string value. Key: {}",
            key.name
        ))),
        Value::S(text) => {
            key.check_kind()?;
            Ok(text)
        }
        _ => Err(RequestError::validation(
            "One or more parameter values were invalid: Condition parameter type does not match \
             schema type",
        )),
    }
}

fn missed(key: &KeyAttribute) -> RequestError {
    RequestError::validation(format!(
        "Query condition missed key schema element: {}",
        key.name
    ))
}
