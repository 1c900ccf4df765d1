use http::{HeaderMap, header};
use tintero_domain::values::{Code, ValueError, VersionTag};
use utoipa::openapi::{ObjectBuilder, Type};

use crate::{
    body::Text,
    problem::{Kind, Problem, Violation},
};

/// The state on which a conditional write is based.
///
/// `*` would overwrite whatever is there, which no client can mean safely, so it counts as absent.
pub(super) fn base(headers: &HeaderMap) -> Result<VersionTag, Problem> {
    let mut fields = headers.get_all(header::IF_MATCH).iter();
    let Some(field) = fields.next() else {
        return Err(Problem::new(Kind::PreconditionRequired));
    };
    let text = field.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Err(Problem::new(Kind::PreconditionRequired));
    }
    if fields.next().is_some() || text.contains(',') {
        return Err(refused(
            "must hold one entity tag: a write is based on one state",
        ));
    }
    parse(text).ok_or_else(|| refused("must be the ETag of the resource, such as \"3.2\""))
}

/// The state on which one item of a batch is based: what `If-Match` would say, with or without
/// its quotation marks. Absent where it is `*`.
pub(crate) struct BasedOn(pub(crate) Option<VersionTag>);

impl Text for BasedOn {
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

/// `"<version>.<revision>"`, tolerating what caches and compressors add: `W/` in front, and
/// behind a digest or the name of a coding.
fn parse(text: &str) -> Option<VersionTag> {
    let tag = text.strip_prefix("W/").unwrap_or(text);
    let tag = tag.strip_prefix('"')?.strip_suffix('"')?;
    tag.split('-').next()?.parse().ok()
}

fn refused(detail: &'static str) -> Problem {
    Problem::violated(Kind::BadHeader, [Violation::header("If-Match", detail)])
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
    fn tags_are_read_as_caches_and_compressors_leave_them() {
        let expected = VersionTag {
            version: Version(12),
            revision: Revision(3),
        };
        for tag in [
            "\"12.3\"",
            "W/\"12.3\"",
            "\"12.3-5f2a\"",
            "\"12.3-gzip\"",
            "\"12.3--gzip\"",
            "  \"12.3\" ",
        ] {
            assert_eq!(base(&headers(&[tag])).unwrap(), expected, "{tag}");
        }
    }

    #[test]
    fn an_absent_tag_is_demanded_and_a_broken_one_refused() {
        assert_eq!(status(&[]), 428);
        assert_eq!(status(&["*"]), 428);
        for values in [
            &["12.3"][..],
            &["\"12\""],
            &["\"a.b\""],
            &["\"01.1\""],
            &["\"1.1\", \"2.1\""],
            &["\"1.1\"", "\"2.1\""],
            &["\""],
            &[""],
        ] {
            assert_eq!(status(values), 400, "{values:?}");
        }
    }
}
