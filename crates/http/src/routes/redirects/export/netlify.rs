use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tintero_domain::redirects::{Fate, Lead};

use super::json::status;

/// All but what RFC 3986 leaves as it is, and the slash. So nothing is a placeholder (`:name`), a
/// wildcard (`*`), a comment (`#`) or a blank between two fields.
const NAMES: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// A file `_redirects` ([Netlify](https://docs.netlify.com/routing/redirects/)).
#[derive(Default)]
pub(super) struct Netlify {
    begun: bool,
}

impl Netlify {
    pub(super) fn write(&mut self, leads: Vec<Lead>) -> String {
        let mut text = String::new();
        if !self.begun {
            text.push_str("# Everything that redirects. What is gone is left out: this form has no word for it.\n");
            self.begun = true;
        }
        for Lead { from, fate } in leads {
            let status = status(&fate);
            if let Fate::Moved { to, .. } = fate {
                let from = utf8_percent_encode(from.as_str(), NAMES);
                let to = target(&to);
                // Writing into a string cannot fail.
                let _ = writeln!(text, "{from} {to} {status}");
            }
        }
        text
    }
}

/// Targets are addresses already; a path must not look as if it held a placeholder.
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
        let fate = Fate::Moved {
            to,
            permanent: true,
        };
        let mut netlify = Netlify { begun: true };
        Some(netlify.write(vec![Lead { from, fate }]))
    }

    #[test]
    fn nothing_in_a_path_means_anything() {
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
    fn what_is_gone_is_left_out() {
        let lead = Lead {
            from: "/a".parse().unwrap(),
            fate: Fate::Gone,
        };
        assert_eq!(Netlify { begun: true }.write(vec![lead]), "");
    }

    proptest! {
        #[test]
        fn a_line_has_three_fields_whatever_the_path(from in "/[ -~ñ\u{a0}\u{2028}]{0,30}", to in "/[ -~ñ]{0,30}") {
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
