use std::{
    collections::{HashMap, HashSet, hash_map::RandomState},
    fmt::Write as _,
    hash::BuildHasher as _,
    iter,
};

use tintero_domain::{
    redirects::{Fate, Lead},
    values::OldPath,
};

use super::json::status;

/// Longest word that nginx reads in a configuration, in bytes, less what it needs itself.
const LONGEST_WORD: usize = 4000;

const HEAD: &str = r#"# Everything that redirects. Include this file in the http section, then say in the server section:
#
#     if ($tintero_301) { return 301 $tintero_301; }
#     if ($tintero_302) { return 302 $tintero_302; }
#     if ($tintero_410) { return 410; }
#
# Long paths may need: map_hash_bucket_size 4096;
map $uri $tintero_redirect {
    default "";
"#;

/// A file of [maps](https://nginx.org/en/docs/http/ngx_http_map_module.html) for the `http` section.
///
/// A map takes no notice of letter case. So a path that stands twice, letter case aside, keeps nginx
/// from starting, one that is where a post is hides it, and a way can lead back to where it begins.
/// To know, a digest of each path and of the one to which it leads is kept, whatever their length.
#[derive(Default)]
pub(super) struct Nginx {
    begun: bool,
    digests: RandomState,
    /// Where each path leads on within the site: nowhere from where a post is.
    ways: HashMap<u64, Option<u64>>,
}

impl Nginx {
    /// A file of which no line leads away from the paths where posts are.
    pub(super) fn beside(live: &HashSet<OldPath>) -> Self {
        let mut nginx = Self::default();
        nginx.ways = live.iter().map(|path| (nginx.digest(path), None)).collect();
        nginx
    }

    fn digest(&self, path: &OldPath) -> u64 {
        self.digests.hash_one(path.as_str().to_ascii_lowercase())
    }

    /// Takes note of a line; false when it must not be written.
    fn admit(&mut self, lead: &Lead) -> bool {
        let from = self.digest(&lead.from);
        let to = match &lead.fate {
            Fate::Moved { to, .. } => OldPath::asked(to).ok().map(|path| self.digest(&path)),
            Fate::Gone => None,
        };
        let onward = |path: &u64| self.ways.get(path).copied().flatten();
        let leads_back = iter::successors(to, onward).any(|path| path == from);
        if leads_back || self.ways.contains_key(&from) {
            return false;
        }
        self.ways.insert(from, to);
        true
    }

    pub(super) const END: &'static str = r#"}
map $tintero_redirect $tintero_301 {
    default "";
    "~^301 (?<tintero_for_good>.+)$" $tintero_for_good;
}
map $tintero_redirect $tintero_302 {
    default "";
    "~^302 (?<tintero_for_now>.+)$" $tintero_for_now;
}
map $tintero_redirect $tintero_410 {
    default "";
    "410" 1;
}
"#;

    pub(super) fn write(&mut self, leads: Vec<Lead>) -> String {
        let mut text = String::new();
        if !self.begun {
            text.push_str(HEAD);
            self.begun = true;
        }
        for lead in leads {
            if !self.admit(&lead) {
                continue;
            }
            let (from, value) = (quoted(lead.from.as_str()), quoted(&value(&lead.fate)));
            // Writing into a string cannot fail.
            let _ = if from.len().max(value.len()) <= LONGEST_WORD {
                writeln!(text, "    {from} {value};")
            } else {
                writeln!(text, "    # Longer than nginx reads: {from}")
            };
        }
        text
    }
}

/// The status, and where to. A dollar sign begins a variable, in quotation marks too, and nothing
/// takes that meaning from it; an address may hold it encoded as well.
fn value(fate: &Fate) -> String {
    let status = status(fate);
    match fate {
        Fate::Moved { to, .. } => format!("{status} {}", to.replace('$', "%24")),
        Fate::Gone => status.to_string(),
    }
}

/// One word of a configuration. Paths hold no control characters.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tintero_domain::values::Destination;

    use super::*;

    fn moved(from: &str, to: &str) -> Option<Lead> {
        let to = to.parse::<Destination>().ok()?.into();
        let fate = Fate::Moved {
            to,
            permanent: true,
        };
        let from = from.parse().ok()?;
        Some(Lead { from, fate })
    }

    fn lines(leads: Vec<Lead>) -> String {
        let mut nginx = Nginx {
            begun: true,
            ..Nginx::default()
        };
        nginx.write(leads)
    }

    /// The words of one directive, as nginx's own reader takes them apart
    /// (`ngx_conf_read_token`): in quotation marks only a backslash before a quotation mark, a
    /// backslash or one of `t`, `r`, `n` means anything.
    fn words(directive: &str) -> Vec<String> {
        let mut words = Vec::new();
        let mut rest = directive.trim().strip_suffix(';').expect("it ends");
        while let Some(word) = rest.trim_start().strip_prefix('"') {
            let mut text = String::new();
            let mut letters = word.char_indices();
            let end = loop {
                match letters.next().expect("it is closed") {
                    (at, '"') => break at,
                    (_, '\\') => match letters.next().expect("it is closed").1 {
                        escaped @ ('"' | '\'' | '\\') => text.push(escaped),
                        't' => text.push('\t'),
                        'r' => text.push('\r'),
                        'n' => text.push('\n'),
                        other => text.extend(['\\', other]),
                    },
                    (_, letter) => text.push(letter),
                }
            };
            words.push(text);
            rest = &word[end + 1..];
        }
        assert_eq!(rest, "", "{directive}");
        words
    }

    #[test]
    fn nothing_in_a_path_means_anything() {
        let lead = moved("/a \"b\"; } return 200 'x'\\n$uri", "/$host/{x};?q=\\n\"").unwrap();
        let line = lines(vec![lead]);
        assert_eq!(
            words(&line),
            [
                "/a \"b\"; } return 200 'x'\\n$uri",
                "301 /%24host/%7Bx%7D;?q=\\n%22"
            ]
        );
    }

    #[test]
    fn a_path_stands_once_letter_case_aside() {
        let leads = ["/Hola", "/hola", "/adios"].map(|from| moved(from, "/x").unwrap());
        assert_eq!(lines(leads.into()).lines().count(), 2);
    }

    #[test]
    fn no_way_leads_back_letter_case_aside() {
        let leads = [
            ("/About", "/about?x"),
            ("/A", "/b"),
            ("/B", "/c"),
            ("/C", "/%61#y"),
            ("/d", "/A"),
        ];
        let text = lines(leads.map(|(from, to)| moved(from, to).unwrap()).into());
        let froms: Vec<_> = text.lines().map(|line| words(line).remove(0)).collect();
        assert_eq!(froms, ["/A", "/B", "/d"]);
    }

    #[test]
    fn no_line_hides_a_post_letter_case_aside() {
        let live = HashSet::from(["/hola".parse().unwrap()]);
        let mut nginx = Nginx::beside(&live);
        let leads = ["/Hola", "/hello"].map(|from| moved(from, "/x").unwrap());
        let text = nginx.write(leads.into());
        assert!(!text.contains("Hola") && text.contains("/hello"), "{text}");
    }

    #[test]
    fn what_is_gone_and_what_is_too_long_are_said() {
        let gone = Lead {
            from: "/a".parse().unwrap(),
            fate: Fate::Gone,
        };
        assert_eq!(lines(vec![gone]), "    \"/a\" \"410\";\n");
        let long = moved("/a", &format!("/{}", "$".repeat(2000))).unwrap();
        assert!(lines(vec![long]).trim().starts_with('#'));
    }

    proptest! {
        // A way that leads back is not written, so these begin with other letters.
        #[test]
        fn nginx_reads_back_what_was_written(from in "/f[ -~ñ]{0,40}", to in "(/t|https://a.example/)[ -~ñ]{0,40}") {
            if let Some(lead) = moved(&from, &to) {
                let Fate::Moved { to, .. } = lead.fate.clone() else { unreachable!() };
                let path: OldPath = lead.from.clone();
                let line = lines(vec![lead]);
                prop_assert_eq!(line.lines().count(), 1);
                let words = words(&line);
                prop_assert_eq!(&words[0], path.as_str());
                prop_assert_eq!(&words[1], &format!("301 {}", to.replace('$', "%24")));
                prop_assert!(!words[1].contains('$'));
            }
        }
    }
}
