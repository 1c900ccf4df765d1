use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tintero_domain::redirects::{RedirectRule, RuleAction};

use super::json::status;

/// Escapes all characters but slashes and the unreserved ones of RFC 3986, so that a path contains no
/// placeholder (`:name`), wildcard (`*`), comment (`#`) or space.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// Writes a file `_redirects` ([Netlify](https://docs.netlify.com/routing/redirects/)).
#[derive(Default)]
pub(super) struct NetlifyFile {
    begun: bool,
}

impl NetlifyFile {
    pub(super) fn write(&mut self, rules: Vec<RedirectRule>) -> String {
        let mut text = String::new();
        if !self.begun {
            text.push_str("# All redirects. Paths with status 410 are omitted, because the format does not support them.\n");
            self.begun = true;
        }
        for RedirectRule { from, action } in rules {
            let status = status(&action);
            if let RuleAction::Redirect { to, .. } = action {
                let from = utf8_percent_encode(from.as_str(), ESCAPED);
                let to = target(&to);
                // Writing into a string cannot fail.
                let _ = writeln!(text, "{from} {to} {status}");
            }
        }
        text
    }
}

/// Escapes placeholders and wildcards in the path of a target. Targets are already percent-encoded.
fn target(to: &str) -> String {
    if !to.starts_with('/') {
        return to.to_owned();
    }
    let end = to.find(['?', '#']).unwrap_or(to.len());
    let (path, rest) = to.split_at(end);
    let path = path.replace(':', "%3A").replace('*', "%2A");
    format!("{path}{rest}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tintero_domain::values::{Destination, OldPath};

    use super::*;

    fn line(from: &str, to: &str) -> Option<String> {
        let from = from.parse::<OldPath>().ok()?;
        let to = to.parse::<Destination>().ok()?.into();
        let action = RuleAction::Redirect {
            to,
            permanent: true,
        };
        let mut netlify = NetlifyFile { begun: true };
        Some(netlify.write(vec![RedirectRule { from, action }]))
    }

    #[test]
    fn special_characters_in_paths_are_escaped() {
        assert_eq!(
            line("/a b/:x/*%23y", "/ñ;$1?q=:x#*").unwrap(),
            "/a%20b/%3Ax/%2A%23y /%C3%B1;$1?q=:x#* 301\n"
        );
        assert_eq!(
            line("/100%25 seguro", "https://example.org:8080/:a").unwrap(),
            "/100%25%20seguro https://example.org:8080/:a 301\n"
        );
    }

    #[test]
    fn paths_with_status_410_are_omitted() {
        let rule = RedirectRule {
            from: "/a".parse().unwrap(),
            action: RuleAction::Gone,
        };
        assert_eq!(NetlifyFile { begun: true }.write(vec![rule]), "");
    }

    proptest! {
        #[test]
        fn each_line_has_three_fields(from in "/[ -~ñ\u{a0}\u{2028}]{0,30}", to in "/[ -~ñ]{0,30}") {
            if let Some(line) = line(&from, &to) {
                let fields: Vec<_> = line.split_whitespace().collect();
                prop_assert_eq!(fields.len(), 3, "{}", line);
                prop_assert!(line.ends_with(" 301\n") && line.lines().count() == 1);
                let path: OldPath = from.parse().unwrap();
                prop_assert_eq!(fields[0].parse::<OldPath>().unwrap(), path);
                prop_assert!(!fields[0].contains([':', '*', '#']));
            }
        }
    }
}
