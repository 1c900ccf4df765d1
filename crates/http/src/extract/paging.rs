//! The parameters of all lists.

use tintero_domain::{
    page::{Cursor, Limit, PageRequest},
    values::{Code, ValueError},
};
use utoipa::openapi::{ObjectBuilder, Type};

use super::{Parameters, Params, documented_params};
use crate::body::{Built, Text};

/// The description of `limit`. The default is not in the schema, because some clients send it, also to lists without `limit`.
pub(crate) const LIMIT: &str = "The maximum number of items per page. Default: 20.";

/// The description of `cursor`.
pub(crate) const CURSOR: &str =
    "The `page.next_cursor` of the previous page. Send it with the same parameters.";

/// Maximum length of a cursor in bytes.
const MAX_CURSOR: usize = 2048;

/// The query string of a list without filters.
pub(crate) struct PageParams(pub(crate) PageRequest);

impl Parameters for PageParams {
    fn read(params: &mut Params) -> Built<Self> {
        Self(page(params)).into()
    }
}

documented_params!(PageParams);

/// Declares `limit` and `cursor`.
pub(crate) fn page(params: &mut Params) -> PageRequest {
    let limit = params.optional("limit", LIMIT);
    let cursor = params.optional("cursor", CURSOR);
    PageRequest {
        limit: limit.unwrap_or_default(),
        cursor,
    }
}

impl Text for Limit {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let digits = !raw.is_empty() && raw.bytes().all(|byte| byte.is_ascii_digit());
        let number = raw.parse().ok().filter(|_| digits);
        number
            .and_then(Self::new)
            .ok_or_else(|| ValueError::new(Code::OutOfRange, "must be a number from 1 to 100"))
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(Self::MAX))
    }
}

impl Text for Cursor {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        if raw.len() > MAX_CURSOR {
            let detail = "is not a cursor of this service";
            return Err(ValueError::new(Code::Format, detail));
        }
        Ok(Self(raw.to_owned()))
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(MAX_CURSOR))
            .pattern(Some("^[A-Za-z0-9_.-]+$"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_decimal_numbers_from_1_to_100() {
        assert!(Limit::parse("1").is_ok() && Limit::parse("100").is_ok());
        for raw in ["0", "101", "-1", "+5", "", "5.0", "99999999999999999999"] {
            assert!(Limit::parse(raw).is_err(), "{raw}");
        }
    }
}
