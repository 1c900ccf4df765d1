//! Texts in bodies and parameters that the domain does not parse.

use tintero_domain::values::{Code, Password, ValueError};
use utoipa::openapi::{KnownFormat, ObjectBuilder, SchemaFormat};

use super::text::{Text, string};

/// Text of at most `MAX` bytes, stored unchanged.
pub(crate) struct Verbatim<const MAX: usize>(pub(crate) String);

impl<const MAX: usize> Text for Verbatim<MAX> {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        at_most(raw.len(), MAX, "bytes")?;
        Ok(Self(raw.to_owned()))
    }

    fn schema() -> ObjectBuilder {
        string().max_length(Some(MAX))
    }
}

/// One line of 1 to `MAX` characters.
pub(crate) struct SingleLine<const MAX: usize>(pub(crate) String);

impl<const MAX: usize> Text for SingleLine<MAX> {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        at_most(raw.chars().count(), MAX, "characters")?;
        one_line(raw).map(Self)
    }

    fn schema() -> ObjectBuilder {
        not_blank(MAX)
    }
}

/// One line of 1 to `MAX` bytes.
pub(crate) struct Key<const MAX: usize>(pub(crate) String);

impl<const MAX: usize> Text for Key<MAX> {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        at_most(raw.len(), MAX, "bytes")?;
        one_line(raw).map(Self)
    }

    fn schema() -> ObjectBuilder {
        not_blank(MAX)
    }
}

/// One line of 1 to `max` characters without control characters, which is not blank.
fn not_blank(max: usize) -> ObjectBuilder {
    let pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$";
    let length = string().min_length(Some(1)).max_length(Some(max));
    length.pattern(Some(pattern))
}

impl Text for Password {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        at_most(raw.chars().count(), Self::MAX, "characters")?;
        Ok(Self::presented(raw))
    }

    fn schema() -> ObjectBuilder {
        string()
            .max_length(Some(Self::MAX))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
    }
}

/// A password to be set.
pub(crate) struct NewPassword(pub(crate) Password);

impl Text for NewPassword {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        Password::chosen(raw).map(Self)
    }

    fn schema() -> ObjectBuilder {
        <Password as Text>::schema().min_length(Some(Password::MIN))
    }
}

pub(super) fn at_most(length: usize, max: usize, unit: &str) -> Result<(), ValueError> {
    if length <= max {
        return Ok(());
    }
    let detail = format!("must have at most {max} {unit}; it has {length}");
    Err(ValueError::new(Code::TooLong, detail))
}

fn one_line(raw: &str) -> Result<String, ValueError> {
    if raw.trim().is_empty() {
        return Err(ValueError::new(Code::TooShort, "must not be empty"));
    }
    if raw.chars().any(char::is_control) {
        let detail = "must be one line without control characters";
        return Err(ValueError::new(Code::Format, detail));
    }
    Ok(raw.to_owned())
}
