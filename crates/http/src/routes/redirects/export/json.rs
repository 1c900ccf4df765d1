use serde::Serialize;
use tintero_domain::redirects::{RedirectRule, RuleAction};
use utoipa::ToSchema;

/// All redirects.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the output of `JsonFile`")]
pub(crate) struct ExportedRedirects {
    /// The redirects. If a path occurs twice, the first one applies.
    redirects: Vec<ExportedRedirect>,
}

/// The response to requests for a path.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExportedRedirect {
    /// The path, percent-decoded.
    from: String,
    /// The target; null if the path returns 410.
    #[schema(format = "uri-reference", required)]
    to: Option<String>,
    /// The HTTP status code: 301, 302 or 410.
    status: u16,
}

impl From<RedirectRule> for ExportedRedirect {
    fn from(RedirectRule { from, action }: RedirectRule) -> Self {
        let status = status(&action);
        Self {
            from: from.into(),
            to: match action {
                RuleAction::Redirect { to, .. } => Some(to),
                RuleAction::Gone => None,
            },
            status,
        }
    }
}

/// Returns the HTTP status code of a rule.
pub(super) fn status(action: &RuleAction) -> u16 {
    match action {
        RuleAction::Redirect {
            permanent: true, ..
        } => 301,
        RuleAction::Redirect {
            permanent: false, ..
        } => 302,
        RuleAction::Gone => 410,
    }
}

/// Writes one JSON object.
#[derive(Default)]
pub(super) struct JsonFile {
    begun: bool,
    /// Whether a rule was written. The first rule has no comma before it.
    has_rules: bool,
}

impl JsonFile {
    pub(super) const END: &'static str = "\n]}\n";

    pub(super) fn write(&mut self, rules: Vec<RedirectRule>) -> String {
        let mut text = String::new();
        if !self.begun {
            text.push_str("{\"redirects\": [");
            self.begun = true;
        }
        for rule in rules {
            text.push_str(if self.has_rules { ",\n" } else { "\n" });
            self.has_rules = true;
            let line = serde_json::to_string(&ExportedRedirect::from(rule));
            text.push_str(&line.expect("views have string keys and serialise without failing"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn all_pages_form_one_object() {
        let rule = |from: &str, action| RedirectRule {
            from: from.parse().unwrap(),
            action,
        };
        let moved = |to: &str, permanent| RuleAction::Redirect {
            to: to.to_owned(),
            permanent,
        };
        let mut json = JsonFile::default();
        let mut text = json.write(Vec::new());
        text += &json.write(vec![
            rule("/a \"b\"\\", moved("/b", true)),
            rule("/c", RuleAction::Gone),
        ]);
        text += &json.write(vec![rule("/ñ", moved("https://example.org/", false))]);
        text += JsonFile::END;
        let read: Value = serde_json::from_str(&text).unwrap();
        let expected = json!({"redirects": [
            {"from": "/a \"b\"\\", "to": "/b", "status": 301},
            {"from": "/c", "to": null, "status": 410},
            {"from": "/ñ", "to": "https://example.org/", "status": 302},
        ]});
        assert_eq!(read, expected);
        assert_eq!(
            serde_json::from_str::<Value>(&(JsonFile::default().write(Vec::new()) + JsonFile::END))
                .unwrap(),
            json!({"redirects": []})
        );
    }
}
