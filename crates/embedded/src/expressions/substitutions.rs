use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};

use super::cursor::Reason;
use crate::api_error::RequestError;
use crate::item::{Map, Value};

const NAMES: &str = "ExpressionAttributeNames";
const VALUES: &str = "ExpressionAttributeValues";

/// The placeholders of a request, `#name` and `:value`. Remembers which of them an expression used.
#[derive(Debug)]
pub(crate) struct Substitutions<'a> {
    names: Option<&'a BTreeMap<String, String>>,
    values: Option<&'a Map>,
    used: RefCell<HashSet<&'a str>>,
}

impl<'a> Substitutions<'a> {
    /// Checks the spelling of the placeholders.
    pub(crate) fn new(
        names: Option<&'a BTreeMap<String, String>>,
        values: Option<&'a Map>,
    ) -> Result<Self, RequestError> {
        if let Some(names) = names {
            check_placeholders(NAMES, "#", names.keys())?;
            if let Some((placeholder, _)) = names.iter().find(|(_, name)| name.is_empty()) {
                return Err(RequestError::validation(format!(
                    "{NAMES} contains invalid value: Empty attribute name for key {placeholder}"
                )));
            }
        }
        if let Some(values) = values {
            check_placeholders(VALUES, ":", values.keys())?;
        }
        Ok(Self {
            names,
            values,
            used: RefCell::default(),
        })
    }

    /// Refuses placeholders of a request without expressions.
    pub(crate) fn refuse_all(
        names: Option<&BTreeMap<String, String>>,
        values: Option<&Map>,
    ) -> Result<(), RequestError> {
        let parameters = [(NAMES, names.is_some()), (VALUES, values.is_some())];
        match parameters.iter().find(|(_, is_given)| *is_given) {
            Some((parameter, _)) => Err(RequestError::validation(format!(
                "{parameter} can only be specified when using expressions"
            ))),
            None => Ok(()),
        }
    }

    /// Refuses placeholders that no expression used. Called after all expressions were parsed.
    pub(crate) fn finish(self) -> Result<(), RequestError> {
        let used = self.used.into_inner();
        if let Some(names) = self.names {
            check_all_used(NAMES, names.keys(), &used)?;
        }
        if let Some(values) = self.values {
            check_all_used(VALUES, values.keys(), &used)?;
        }
        Ok(())
    }

    pub(super) fn name(&self, placeholder: &str) -> Result<String, Reason> {
        let found = self
            .names
            .and_then(|names| names.get_key_value(placeholder));
        let Some((placeholder, name)) = found else {
            return Err(format!(
                "An expression attribute name used in the document path is not defined; attribute \
                 name: {placeholder}"
            ));
        };
        self.used.borrow_mut().insert(placeholder);
        Ok(name.clone())
    }

    pub(super) fn value(&self, placeholder: &str) -> Result<Value, Reason> {
        let found = self
            .values
            .and_then(|values| values.get_key_value(placeholder));
        let Some((placeholder, value)) = found else {
            return Err(format!(
                "An expression attribute value used in expression is not defined; attribute value: \
                 {placeholder}"
            ));
        };
        self.used.borrow_mut().insert(placeholder);
        Ok(value.clone())
    }
}

fn check_placeholders<'a>(
    parameter: &str,
    sign: &str,
    placeholders: impl ExactSizeIterator<Item = &'a String>,
) -> Result<(), RequestError> {
    if placeholders.len() == 0 {
        return Err(RequestError::validation(format!(
            "{parameter} must not be empty"
        )));
    }
    for placeholder in placeholders {
        if !placeholder.starts_with(sign) {
            return Err(RequestError::validation(format!(
                "{parameter} contains invalid key: Syntax error; key: \"{placeholder}\""
            )));
        }
    }
    Ok(())
}

fn check_all_used<'a>(
    parameter: &str,
    placeholders: impl Iterator<Item = &'a String>,
    used: &HashSet<&str>,
) -> Result<(), RequestError> {
    let unused: Vec<&str> = placeholders
        .map(String::as_str)
        .filter(|placeholder| !used.contains(placeholder))
        .collect();
    if unused.is_empty() {
        return Ok(());
    }
    Err(RequestError::validation(format!(
        "Value provided in {parameter} unused in expressions: keys: {{{}}}",
        unused.join(", ")
    )))
}
