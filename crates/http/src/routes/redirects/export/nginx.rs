use std::{
    collections::{HashMap, HashSet, hash_map::RandomState},
    fmt::Write as _,
    hash::BuildHasher as _,
    iter,
};

use tintero_domain::{
    redirects::{RedirectRule, RuleAction},
    values::OldPath,
};

use super::json::status;

/// Maximum length of a word in nginx configurations, in bytes, with some tolerance.
const MAX_WORD: usize = 4000;

const HEAD: &str = r#"# All redirects. Include this file in the http section and add to the server section:
#
#     if ($tintero_301) { return 301 $tintero_301; }
#     if ($tintero_302) { return 302 $tintero_302; }
#     if ($tintero_410) { return 410; }
#
# Long paths may need: map_hash_bucket_size 4096;
map $uri $tintero_redirect {
    default "";
"#;

/// Writes a file of [maps](https://nginx.org/en/docs/http/ngx_http_map_module.html) for the `http` section.
///
/// Maps are case-insensitive. Ignoring case, a duplicate path is a configuration error, the path of a
/// public post must not be redirected, and redirects must not form a loop. Digests of the paths
/// detect these cases with little memory.
#[derive(Default)]
pub(super) struct NginxFile {
    begun: bool,
    digests: RandomState,
    /// The target of each path inside of the site. `None` for other targets and for public posts.
    targets: HashMap<u64, Option<u64>>,
}

impl NginxFile {
    /// Creates a file that redirects none of the `live` paths.
    pub(super) fn new(live: &HashSet<OldPath>) -> Self {
        let mut nginx = Self::default();
        nginx.targets = live.iter().map(|path| (nginx.digest(path), None)).collect();
        nginx
    }

    fn digest(&self, path: &OldPath) -> u64 {
        self.digests.hash_one(path.as_str().to_ascii_lowercase())
    }

    /// Records a rule. Returns false if it must be omitted.
    fn admit(&mut self, rule: &RedirectRule) -> bool {
        let from = self.digest(&rule.from);
        let to = match &rule.action {
            RuleAction::Redirect { to, .. } => {
                OldPath::asked(to).ok().map(|path| self.digest(&path))
            }
            RuleAction::Gone => None,
        };
        let onward = |path: &u64| self.targets.get(path).copied().flatten();
        let is_loop = iter::successors(to, onward).any(|path| path == from);
        if is_loop || self.targets.contains_key(&from) {
            return false;
        }
        self.targets.insert(from, to);
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

    pub(super) fn write(&mut self, rules: Vec<RedirectRule>) -> String {
        let mut text = String::new();
        if !self.begun {
            text.push_str(HEAD);
            self.begun = true;
        }
        for rule in rules {
            if !self.admit(&rule) {
                continue;
            }
            let (from, value) = (quoted(rule.from.as_str()), quoted(&value(&rule.action)));
            // Writing into a string cannot fail.
            let _ = if from.len().max(value.len()) <= MAX_WORD {
                writeln!(text, "    {from} {value};")
            } else {
                writeln!(text, "    # Too long for nginx: {from}")
            };
        }
        text
    }
}

/// Returns the status and the target. Percent-encodes dollar signs, which would start variables and
/// cannot be escaped otherwise.
fn value(action: &RuleAction) -> String {
    let status = status(action);
    match action {
        RuleAction::Redirect { to, .. } => format!("{status} {}", to.replace('$', "%24")),
        RuleAction::Gone => status.to_string(),
    }
}

/// Quotes a word. Paths contain no control characters.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tintero_domain::values::Destination;

    use super::*;

    fn moved(from: &str, to: &str) -> Option<RedirectRule> {
        let to = to.parse::<Destination>().ok()?.into();
        let action = RuleAction::Redirect {
            to,
            permanent: true,
        };
        let from = from.parse().ok()?;
        Some(RedirectRule { from, action })
    }

    fn lines(rules: Vec<RedirectRule>) -> String {
        let mut nginx = NginxFile {
            begun: true,
            ..NginxFile::default()
        };
        nginx.write(rules)
    }

    /// Splits a directive like `ngx_conf_read_token` of nginx: in quotation marks, a backslash only
    /// escapes quotation marks, backslashes and `t`, `r`, `n`.
    fn words(directive: &str) -> Vec<String> {
        let mut words = Vec::new();
        let mut rest = directive
            .trim()
            .strip_suffix(';')
            .expect("the directive ends with a semicolon");
        while let Some(word) = rest.trim_start().strip_prefix('"') {
            let mut text = String::new();
            let mut letters = word.char_indices();
            let end = loop {
                match letters.next().expect("the quotation mark is closed") {
                    (at, '"') => break at,
                    (_, '\\') => match letters.next().expect("the quotation mark is closed").1 {
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
    fn special_characters_in_paths_are_escaped() {
        let rule = moved("/a \"b\"; } return 200 'x'\\n$uri", "/$host/{x};?q=\\n\"").unwrap();
        let line = lines(vec![rule]);
        assert_eq!(
            words(&line),
            [
                "/a \"b\"; } return 200 'x'\\n$uri",
                "301 /%24host/%7Bx%7D;?q=\\n%22"
            ]
        );
    }

    #[test]
    fn paths_that_differ_only_in_case_are_written_once() {
        let rules = ["/Hola", "/hola", "/adios"].map(|from| moved(from, "/x").unwrap());
        assert_eq!(lines(rules.into()).lines().count(), 2);
    }

    #[test]
    fn loops_are_omitted_ignoring_case() {
        let rules = [
            ("/About", "/about?x"),
            ("/A", "/b"),
            ("/B", "/c"),
            ("/C", "/%61#y"),
            ("/d", "/A"),
        ];
        let text = lines(rules.map(|(from, to)| moved(from, to).unwrap()).into());
        let froms: Vec<_> = text.lines().map(|line| words(line).remove(0)).collect();
        assert_eq!(froms, ["/A", "/B", "/d"]);
    }

    #[test]
    fn paths_of_public_posts_are_omitted_ignoring_case() {
        let live = HashSet::from(["/hola".parse().unwrap()]);
        let mut nginx = NginxFile::new(&live);
        let rules = ["/Hola", "/hello"].map(|from| moved(from, "/x").unwrap());
        let text = nginx.write(rules.into());
        assert!(!text.contains("Hola") && text.contains("/hello"), "{text}");
    }

    #[test]
    fn removed_paths_return_410_and_long_paths_become_comments() {
        let gone = RedirectRule {
            from: "/a".parse().unwrap(),
            action: RuleAction::Gone,
        };
        assert_eq!(lines(vec![gone]), "    \"/a\" \"410\";\n");
        let long = moved("/a", &format!("/{}", "$".repeat(2000))).unwrap();
        assert!(lines(vec![long]).trim().starts_with('#'));
    }

    proptest! {
        // Different first letters avoid loops, which are omitted.
        #[test]
        fn nginx_reads_the_written_rules(from in "/f[ -~ñ]{0,40}", to in "(/t|https://a.example/)[ -~ñ]{0,40}") {
            if let Some(rule) = moved(&from, &to) {
                let RuleAction::Redirect { to, .. } = rule.action.clone() else { unreachable!() };
                let path: OldPath = rule.from.clone();
                let line = lines(vec![rule]);
                prop_assert_eq!(line.lines().count(), 1);
                let words = words(&line);
                prop_assert_eq!(&words[0], path.as_str());
                prop_assert_eq!(&words[1], &format!("301 {}", to.replace('$', "%24")));
                prop_assert!(!words[1].contains('$'));
            }
        }
    }
}
