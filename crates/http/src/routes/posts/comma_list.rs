use tintero_domain::values::{Code, ValueError};
use utoipa::openapi::{
    ArrayBuilder, ObjectBuilder, Type,
    path::{ParameterBuilder, ParameterStyle},
};

use crate::body::Text;

/// Distinct values separated by commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::routes::posts) struct CommaList<T>(pub(in crate::routes::posts) Vec<T>);

impl<T> Default for CommaList<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// An item of a [`CommaList`].
pub(in crate::routes::posts) trait CommaItem: Text + PartialEq {
    /// Maximum number of items.
    const MAX: usize;
}

impl<T: CommaItem> Text for CommaList<T> {
    const IS_LIST: bool = true;

    fn parse(raw: &str) -> Result<Self, ValueError> {
        if raw.split(',').count() > T::MAX {
            let detail = format!("must have at most {} items", T::MAX);
            return Err(ValueError::new(Code::TooLong, detail));
        }
        let mut items = Vec::new();
        for word in raw.split(',') {
            let item = T::parse(word).map_err(|error| {
                let detail = format!(
                    "must be a list separated by commas; each item {}",
                    error.detail
                );
                ValueError::new(Code::Format, detail)
            })?;
            if items.contains(&item) {
                let detail = format!("must not contain {word:?} twice");
                return Err(ValueError::new(Code::Duplicate, detail));
            }
            items.push(item);
        }
        Ok(Self(items))
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new().schema_type(Type::String)
    }

    fn describe(parameter: ParameterBuilder) -> ParameterBuilder {
        let list = ArrayBuilder::new()
            .items(T::schema())
            .min_items(Some(1))
            .max_items(Some(T::MAX))
            .unique_items(true);
        parameter
            .schema(Some(list))
            .style(Some(ParameterStyle::Form))
            .explode(Some(false))
    }
}
