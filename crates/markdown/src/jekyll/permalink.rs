//! The URL a post had on its Jekyll site.

use jiff::Zoned;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::slugify::{SlugifyMode, slugify};

/// What RFC 3986 allows in a path as it is.
const OUTSIDE_PATHS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@')
    .remove(b'/');

/// As above, for a path whose parts are encoded already.
const OUTSIDE_ENCODED_PATHS: &AsciiSet = &OUTSIDE_PATHS.remove(b'%');

/// Percent-encodes a path, leaving what RFC 3986 allows in one.
pub(crate) fn encode_path(path: &str) -> String {
    utf8_percent_encode(path, OUTSIDE_PATHS).to_string()
}

/// Percent-encodes a whole URL or reference, leaving its marks and what is encoded already.
pub(crate) fn encode_url(url: &str) -> String {
    const OUTSIDE_URLS: &AsciiSet = &OUTSIDE_ENCODED_PATHS
        .remove(b'?')
        .remove(b'#')
        .remove(b'[')
        .remove(b']');
    utf8_percent_encode(url, OUTSIDE_URLS).to_string()
}

/// A pattern such as `/:categories/:year/:title.html`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermalinkTemplate(String);

impl Default for PermalinkTemplate {
    /// The style `date`, which Jekyll uses where the site says nothing.
    fn default() -> Self {
        Self::of_site("date")
    }
}

impl PermalinkTemplate {
    /// The `permalink` of `_config.yml`: the name of a built-in style, or a pattern.
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

    /// The `permalink` of a post, where names of styles mean nothing.
    #[must_use]
    pub fn of_post(permalink: &str) -> Self {
        Self(permalink.to_owned())
    }

    /// The URL of a post on the old site.
    ///
    /// # Errors
    /// See [`PermalinkError`].
    pub fn url(&self, post: &PermalinkFields<'_>) -> Result<OldUrl, PermalinkError> {
        if decoded(&self.0).split(['/', '\\']).any(|part| part == "..") {
            return Err(PermalinkError::Escapes {
                template: self.0.clone(),
            });
        }
        let encoded = encode_remaining(&sanitised(&self.filled(post)?));
        let raw = decoded(&encoded);
        if raw.split('/').any(|part| part == "..") || raw.contains(char::is_control) {
            return Err(PermalinkError::Escapes {
                template: self.0.clone(),
            });
        }
        Ok(OldUrl { raw, encoded })
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

/// What a post's URL is made of.
#[derive(Debug, Clone, Copy)]
pub struct PermalinkFields<'a> {
    /// Its date in the site's time zone.
    pub date: &'a Zoned,
    /// Its categories in order, those of its directories first.
    pub categories: &'a [String],
    /// Its `slug`, else the slug of its file name, case and spaces kept.
    pub slug: &'a str,
    /// Its path in the site, such as `_posts/2018-02-06-hello.md`.
    pub path: &'a str,
}

impl PermalinkFields<'_> {
    /// The value of a placeholder, and how much of the name it took: a name may be followed by an
    /// underscore that is no part of it, as in `:month_:day`.
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

/// Jekyll's last touch: one slash at the start, none doubled, no dots that climb.
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

/// Encodes what a pattern itself holds beside its placeholders, which are encoded already.
fn encode_remaining(url: &str) -> String {
    utf8_percent_encode(url, OUTSIDE_ENCODED_PATHS).to_string()
}

fn decoded(path: &str) -> String {
    percent_decode_str(path).decode_utf8_lossy().into_owned()
}

/// A path on the old site, in both ways a link may have been written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldUrl {
    /// With its accents and spaces.
    pub raw: String,
    /// Percent-encoded, as Jekyll wrote it into pages.
    pub encoded: String,
}

/// Why there is no old URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PermalinkError {
    /// The pattern leaves the site, or holds control characters.
    #[error("the permalink `{template}` leaves the site")]
    Escapes {
        /// The pattern.
        template: String,
    },
    /// Jekyll does not know this placeholder and stops there.
    #[error("the permalink has an unknown placeholder `:{name}`")]
    UnknownPlaceholder {
        /// Its name without the colon.
        name: String,
    },
}

#[cfg(test)]
mod tests;
