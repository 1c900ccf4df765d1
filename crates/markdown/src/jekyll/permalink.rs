//! Computes the URL of a post on its Jekyll site.

use jiff::Zoned;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::slugify::{SlugifyMode, slugify};

/// Removes bytes from a set of characters to encode.
pub(crate) const fn allowing(set: &AsciiSet, bytes: &[u8]) -> AsciiSet {
    let mut allowed = set.remove(bytes[0]);
    let mut index = 1;
    while index < bytes.len() {
        allowed = allowed.remove(bytes[index]);
        index += 1;
    }
    allowed
}

/// The characters that RFC 3986 does not allow in a path.
const OUTSIDE_PATHS: &AsciiSet = &allowing(NON_ALPHANUMERIC, b"-._~!$&'()*+,;=:@/");

/// The same for a path with encoded parts.
const OUTSIDE_ENCODED_PATHS: &AsciiSet = &OUTSIDE_PATHS.remove(b'%');

/// Percent-encodes a path, except the characters that RFC 3986 allows in it.
pub(crate) fn encode_path(path: &str) -> String {
    utf8_percent_encode(path, OUTSIDE_PATHS).to_string()
}

/// Percent-encodes a URL, except its delimiters and parts that are already encoded.
pub(crate) fn encode_url(url: &str) -> String {
    const OUTSIDE_URLS: &AsciiSet = &allowing(OUTSIDE_ENCODED_PATHS, b"?#[]");
    utf8_percent_encode(url, OUTSIDE_URLS).to_string()
}

/// A pattern such as `/:categories/:year/:title.html`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermalinkTemplate(String);

impl Default for PermalinkTemplate {
    /// The style `date`, the default of Jekyll.
    fn default() -> Self {
        Self::of_site("date")
    }
}

impl PermalinkTemplate {
    /// Creates the template of `permalink` in `_config.yml`: the name of a style, or a pattern.
    #[must_use]
    pub fn of_site(permalink: &str) -> Self {
        Self(match permalink {
            "pretty" => "/:categories/:year/:month/:day/:title/".to_owned(),
            "ordinal" => "/:categories/:year/:y_day/:title:output_ext".to_owned(),
            "date" => "/:categories/:year/:month/:day/:title:output_ext".to_owned(),
            "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext".to_owned(),
            "none" => "/:categories/:title:output_ext".to_owned(),
            pattern => pattern.to_owned(),
        })
    }

    /// Creates the template of `permalink` in a post, which is always a pattern.
    #[must_use]
    pub fn of_post(permalink: &str) -> Self {
        Self(permalink.to_owned())
    }

    /// Returns the percent-encoded URL of a post on the old site.
    ///
    /// # Errors
    /// See [`PermalinkError`].
    pub fn url(&self, post: &PermalinkFields<'_>) -> Result<String, PermalinkError> {
        let has_parent =
            |path: &str, separators: &[char]| path.split(separators).any(|part| part == "..");
        let escapes = || PermalinkError::Escapes {
            template: self.0.clone(),
        };
        if has_parent(&decoded(&self.0), &['/', '\\']) {
            return Err(escapes());
        }
        let encoded = encode_remaining(&sanitised(&self.filled(post)?));
        let raw = decoded(&encoded);
        if has_parent(&raw, &['/']) || raw.contains(char::is_control) {
            return Err(escapes());
        }
        Ok(encoded)
    }

    fn filled(&self, post: &PermalinkFields<'_>) -> Result<String, PermalinkError> {
        let mut url = String::new();
        let mut rest = self.0.as_str();
        while let Some((before, after)) = rest.split_once(':') {
            url.push_str(before);
            let end = after
                .find(|letter| !matches!(letter, 'a'..='z' | '_'))
                .unwrap_or(after.len());
            let name = &after[..end];
            let used = if name.is_empty() {
                url.push(':');
                0
            } else {
                let (value, used) = post.value_of(name)?;
                url.push_str(&encode_path(&value));
                used
            };
            rest = &after[used..];
        }
        url.push_str(rest);
        Ok(url)
    }
}

/// The fields of a post for its URL.
#[derive(Debug, Clone, Copy)]
pub struct PermalinkFields<'a> {
    /// The date in the time zone of the site.
    pub date: &'a Zoned,
    /// The categories in order, those of its directories first.
    pub categories: &'a [String],
    /// The `slug`, otherwise the slug of the file name, with case and spaces.
    pub slug: &'a str,
    /// The path in the site, such as `_posts/2018-02-06-hello.md`.
    pub path: &'a str,
}

impl PermalinkFields<'_> {
    /// Returns the value of a placeholder and the length of its name. An underscore can follow the
    /// name, as in `:month_:day`.
    fn value_of(&self, name: &str) -> Result<(String, usize), PermalinkError> {
        let shorter = name.strip_suffix('_').unwrap_or(name);
        let found = [name, shorter]
            .into_iter()
            .find_map(|key| Some((self.value(key)?, key.len())));
        found.ok_or_else(|| PermalinkError::UnknownPlaceholder {
            name: name.to_owned(),
        })
    }

    fn value(&self, key: &str) -> Option<String> {
        let text = match key {
            "title" => slugify(self.slug, SlugifyMode::Pretty, true),
            "slug" => slugify(self.slug, SlugifyMode::Default, false),
            "name" => slugify(self.stem(), SlugifyMode::Default, false),
            "categories" => self.joined(str::to_lowercase),
            "slugified_categories" => {
                self.joined(|category| slugify(category, SlugifyMode::Default, false))
            }
            "path" => self.cleaned_path(),
            "collection" => "posts".to_owned(),
            "output_ext" => ".html".to_owned(),
            key => self.date.strftime(date_format(key)?).to_string(),
        };
        Some(text)
    }

    fn joined(&self, spelling: impl Fn(&str) -> String) -> String {
        let mut names: Vec<String> = Vec::new();
        for name in self.categories.iter().map(|category| spelling(category)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join("/")
    }

    fn without_extension(&self) -> &str {
        match self.path.rsplit_once('.') {
            Some((stem, extension)) if !extension.contains('/') => stem,
            _ => self.path,
        }
    }

    fn stem(&self) -> &str {
        self.without_extension()
            .rsplit('/')
            .next()
            .unwrap_or_default()
    }

    fn cleaned_path(&self) -> String {
        self.without_extension()
            .replacen("_posts", "", 1)
            .trim_end_matches('.')
            .to_owned()
    }
}

fn date_format(key: &str) -> Option<&'static str> {
    Some(match key {
        "year" => "%Y",
        "short_year" => "%y",
        "month" => "%m",
        "i_month" => "%-m",
        "short_month" => "%b",
        "long_month" => "%B",
        "day" => "%d",
        "i_day" => "%-d",
        "y_day" => "%j",
        "w_year" => "%G",
        "week" => "%V",
        "w_day" => "%u",
        "short_day" => "%a",
        "long_day" => "%A",
        "hour" => "%H",
        "minute" => "%M",
        "second" => "%S",
        _ => return None,
    })
}

/// Normalises as Jekyll does: one slash at the start, no double slashes, no parent directories.
fn sanitised(url: &str) -> String {
    let dotless = format!("/{url}").replace("..", "/").replace("./", "");
    let mut clean = String::with_capacity(dotless.len());
    for letter in dotless.chars() {
        if letter != '/' || !clean.ends_with('/') {
            clean.push(letter);
        }
    }
    clean
}

/// Encodes the literal parts of a pattern. Its placeholders are already encoded.
fn encode_remaining(url: &str) -> String {
    utf8_percent_encode(url, OUTSIDE_ENCODED_PATHS).to_string()
}

fn decoded(path: &str) -> String {
    percent_decode_str(path).decode_utf8_lossy().into_owned()
}

/// An error of computing the old URL of a post.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PermalinkError {
    /// The pattern contains parent directories or control characters.
    #[error("the permalink `{template}` is not a path of the site")]
    Escapes {
        /// The pattern.
        template: String,
    },
    /// Jekyll has no such placeholder.
    #[error("the permalink has an unknown placeholder `:{name}`")]
    UnknownPlaceholder {
        /// The name without the colon.
        name: String,
    },
}

#[cfg(test)]
mod tests;
