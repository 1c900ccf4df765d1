use serde::Serialize;
use tintero_domain::redirects::{Fate, Lead};
use utoipa::ToSchema;

/// Everything that redirects.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `Json` writes")]
pub(crate) struct ExportedRedirects {
    /// One for each path; of two for one path the first counts.
    redirects: Vec<ExportedRedirect>,
}

/// What happens at an old path.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExportedRedirect {
    /// The path, percent-decoded.
    from: String,
    /// Where it leads; null for what is gone.
    #[schema(format = "uri-reference", required)]
    to: Option<String>,
    /// 301, 302 or 410.
    status: u16,
}

impl From<Lead> for ExportedRedirect {
    fn from(Lead { from, fate }: Lead) -> Self {
        let status = status(&fate);
        Self {
            from: from.into(),
            to: match fate {
                Fate::Moved { to, .. } => Some(to),
                Fate::Gone => None,
            },
            status,
        }
    }
}

/// The status with which browsers are answered.
pub(super) fn status(fate: &Fate) -> u16 {
    match fate {
        Fate::Moved {
            permanent: true, ..
        } => 301,
        Fate::Moved {
            permanent: false, ..
        } => 302,
        Fate::Gone => 410,
    }
}

/// One JSON object, line by line.
#[derive(Default)]
pub(super) struct Json {
    begun: bool,
    /// A comma stands between two lines, and after none.
    lines: bool,
}

impl Json {
    pub(super) const END: &'static str = "\n]}\n";

    pub(super) fn write(&mut self, leads: Vec<Lead>) -> String {
        let mut text = String::new();
        if !self.begun {
            text.push_str("{\"redirects\": [");
            self.begun = true;
        }
        for lead in leads {
            text.push_str(if self.lines { ",\n" } else { "\n" });
            self.lines = true;
            let line = serde_json::to_string(&ExportedRedirect::from(lead));
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
    fn pages_join_to_one_object() {
        let lead = |from: &str, fate| Lead {
            from: from.parse().unwrap(),
            fate,
        };
        let moved = |to: &str, permanent| Fate::Moved {
            to: to.to_owned(),
            permanent,
        };
        let mut json = Json::default();
        let mut text = json.write(Vec::new());
        text += &json.write(vec![
            lead("/a \"b\"\\", moved("/b", true)),
            lead("/c", Fate::Gone),
        ]);
        text += &json.write(vec![lead("/ñ", moved("https://example.org/", false))]);
        text += Json::END;
        let read: Value = serde_json::from_str(&text).unwrap();
        let expected = json!({"redirects": [
            {"from": "/a \"b\"\\", "to": "/b", "status": 301},
            {"from": "/c", "to": null, "status": 410},
            {"from": "/ñ", "to": "https://example.org/", "status": 302},
        ]});
        assert_eq!(read, expected);
        assert_eq!(
            serde_json::from_str::<Value>(&(Json::default().write(Vec::new()) + Json::END))
                .unwrap(),
            json!({"redirects": []})
        );
    }
}
