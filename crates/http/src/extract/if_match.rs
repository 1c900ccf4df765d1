use http::{HeaderMap, header};
use tintero_domain::values::{Code, ValueError, VersionTag};
use utoipa::openapi::{ObjectBuilder, Type};

use crate::{
    body::Text,
    entity_tag,
    problem::{Problem, ProblemType, Violation},
};

/// Returns the version in `If-Match`.
///
/// `*` counts as absent: it would overwrite any concurrent change.
pub(super) fn base(headers: &HeaderMap) -> Result<VersionTag, Problem> {
    let mut fields = headers.get_all(header::IF_MATCH).iter();
    let Some(field) = fields.next() else {
        return Err(Problem::new(ProblemType::PreconditionRequired));
    };
    let text = field.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Err(Problem::new(ProblemType::PreconditionRequired));
    }
    if fields.next().is_some() || text.contains(',') {
        return Err(rejected("must be one entity tag"));
    }
    parse(text).ok_or_else(|| rejected("must be the ETag of the resource, such as \"3.2\""))
}

/// The value of `if_match` of a batch item: as in `If-Match`, with optional quotation marks. `None`
/// for `*`.
pub(crate) struct IfMatchTag(pub(crate) Option<VersionTag>);

impl Text for IfMatchTag {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        if raw == "*" {
            return Ok(Self(None));
        }
        let tag = parse(raw).or_else(|| raw.parse().ok());
        let tag = tag.ok_or_else(|| {
            let detail = "must be the ETag of the resource, such as \"3.2\"";
            ValueError::new(Code::Format, detail)
        });
        tag.map(Some).map(Self)
    }

    fn schema() -> ObjectBuilder {
        let text = ObjectBuilder::new().schema_type(Type::String);
        text.examples(["\"3.2\""])
    }
}

impl IfMatchTag {
    /// Returns the schema of the header: one entity tag, strong or weak.
    pub(crate) fn header() -> ObjectBuilder {
        Self::schema().pattern(Some(r#"^(W/)?"[!#-+\-.-~]*"$"#))
    }
}

/// Parses `"<version>.<revision>"`. Ignores additions of caches and compressors: a prefix `W/`, and a
/// suffix with a digest or the name of a coding.
///
/// Any other entity tag is one that this server never sent, so it matches no version.
fn parse(text: &str) -> Option<VersionTag> {
    let tag = entity_tag::opaque(text)?;
    let version = tag
        .split('-')
        .next()
        .and_then(|version| version.parse().ok());
    Some(version.unwrap_or(VersionTag::UNKNOWN))
}

fn rejected(detail: &'static str) -> Problem {
    Problem::violated(
        ProblemType::BadHeader,
        [Violation::header("If-Match", detail)],
    )
    .detail(format!("If-Match {detail}."))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use tintero_domain::values::{Revision, Version};

    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        values
            .iter()
            .map(|value| (header::IF_MATCH, HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    fn status(values: &[&str]) -> u64 {
        let problem = base(&headers(values)).unwrap_err();
        problem.document("", "")["status"].as_u64().unwrap()
    }

    #[test]
    fn additions_of_caches_and_compressors_are_ignored() {
        let expected = VersionTag {
            version: Version(12),
            revision: Revision(3),
        };
        for tag in [
            "\"12.3\"",
            "W/\"12.3\"",
            "\"12.3-5f2a\"",
            "\"12.3-gzip\"",
            "\"12.3-br\"",
            "\"12.3--gzip\"",
            "W/\"12.3-5f2a-br\"",
            "  \"12.3\" ",
        ] {
            assert_eq!(base(&headers(&[tag])).unwrap(), expected, "{tag}");
        }
    }

    #[test]
    fn well_formed_tags_of_others_match_no_version() {
        for tag in ["\"12\"", "\"a.b\"", "\"01.1\"", "\"\"", "W/\"x\""] {
            let base = base(&headers(&[tag])).unwrap();
            assert_eq!(base, VersionTag::UNKNOWN, "{tag}");
        }
    }

    #[test]
    fn absent_tags_return_428_and_malformed_ones_400() {
        assert_eq!(status(&[]), 428);
        assert_eq!(status(&["*"]), 428);
        for values in [
            &["12.3"][..],
            &["\"a b\""],
            &["\"1.1\"\""],
            &["\"1.1\", \"2.1\""],
            &["\"1.1\"", "\"2.1\""],
            &["\""],
            &[""],
        ] {
            assert_eq!(status(values), 400, "{values:?}");
        }
    }
}
