use jiff::Timestamp;
use tintero_markdown::{
    excerpt,
    front_matter::{Meta, SplitFile, YamlMap, YamlValue},
    generator::Generator,
    jekyll::{
        date::{self, PostDate},
        file_name::{FileNameProblem, Format, PostFileName},
        site::SiteConfig,
    },
};

use super::{ImportSettings, Intent, JsonObject, PostContent, PublicationTime, SeoFields, tags};
use crate::{
    diagnostic::Diagnostic,
    slug::slug,
    text::{cut, escape_control, one_line},
};

/// The longest title, in characters.
const MAX_TITLE: usize = 200;
/// The longest excerpt, in characters.
const MAX_EXCERPT: usize = 240;
/// The longest description for search engines, in characters.
const MAX_DESCRIPTION: usize = 320;
/// The largest `extra`, in bytes of JSON.
const MAX_EXTRA: usize = 64 * 1024;

/// A file with its name and its front matter parsed.
pub(super) struct ParsedFile<'a> {
    pub(super) settings: &'a ImportSettings,
    pub(super) path: &'a str,
    pub(super) name: PostFileName,
    pub(super) map: YamlMap,
    pub(super) meta: Meta,
}

impl ParsedFile<'_> {
    /// Returns the line of the first of these keys that is present.
    pub(super) fn line(&self, keys: &[&str]) -> Option<usize> {
        let entry = keys.iter().find_map(|key| self.map.entry(key));
        // Values of the defaults have no line in the file.
        entry.map(|entry| entry.line).filter(|line| *line > 0)
    }

    /// The date of the front matter, otherwise that of the file name.
    pub(super) fn date(&self) -> Result<Option<PostDate>, Diagnostic> {
        let zone = &self.settings.zone;
        let read = match (&self.meta.date, self.name.date) {
            (Some(written), _) => date::read(written, zone),
            (None, Some(day)) => date::midnight(day, zone),
            (None, None) => return Ok(None),
        };
        read.map(Some).map_err(|error| {
            Diagnostic::new("bad_date", error.to_string()).at(self.line(&["date"]))
        })
    }

    /// Jekyll publishes a file with front matter and a dated name that is not a draft. It publishes a
    /// future post with the first build after its date, so the import schedules it.
    pub(super) fn intent(
        &self,
        date: Option<&PostDate>,
        has_front_matter: bool,
        warnings: &mut Vec<Diagnostic>,
    ) -> Intent {
        let generator = self.settings.rules.generator();
        if !has_front_matter && generator == Generator::Jekyll {
            let reason =
                "has no front matter, so Jekyll does not publish it; it is imported as a draft";
            warnings.push(Diagnostic::new("no_front_matter", reason).at(1));
            return Intent::Draft;
        }
        let undated = matches!(
            self.name.problem,
            Some(FileNameProblem::NoDate | FileNameProblem::ImpossibleDate)
        );
        let is_published = self.meta.published && !self.name.in_drafts;
        if is_published && date.is_none() && generator != Generator::Jekyll {
            let reason = "has no date, so it is imported as a draft";
            warnings.push(Diagnostic::new("kept_as_draft", reason));
        }
        if is_published && self.has_expired() {
            let reason = "its `expiryDate` has passed, so it is imported as a draft";
            let line = self.line(&["expirydate"]);
            warnings.push(Diagnostic::new("expired", reason).at(line));
            return Intent::Draft;
        }
        let later = self.later_publication();
        let date = later.as_ref().or(date);
        let Some(date) = date.filter(|_| is_published) else {
            return Intent::Draft;
        };
        if undated {
            let reason =
                "is imported as a draft, because Jekyll does not publish files with such a name";
            warnings.push(Diagnostic::new("kept_as_draft", reason));
            return Intent::Draft;
        }
        let (at, is_future) = (rfc3339(date), date.at > self.settings.now);
        if is_future && self.settings.site.shows_future() {
            let now = rfc3339(&PostDate {
                at: self.settings.now,
            });
            let reason = format!(
                "its date {at} is in the future; the site shows such posts, so it is published with the date {now}"
            );
            warnings.push(Diagnostic::new("future_date", reason).at(self.line(&["date"])));
            return Intent::Publish(PublicationTime {
                at: now,
                is_future: false,
            });
        }
        if is_future {
            let reason = format!("its date {at} is in the future, so it is scheduled");
            warnings.push(Diagnostic::new("future_date", reason).at(self.line(&["date"])));
        }
        Intent::Publish(PublicationTime { at, is_future })
    }

    /// The time at which Hugo begins to show the page, if it is in the future and not its date.
    fn later_publication(&self) -> Option<PostDate> {
        let date = self.hugo_date("publishdate")?;
        (date.at > self.settings.now).then_some(date)
    }

    fn has_expired(&self) -> bool {
        let date = self.hugo_date("expirydate");
        date.is_some_and(|date| date.at <= self.settings.now)
    }

    fn hugo_date(&self, key: &str) -> Option<PostDate> {
        let is_hugo = self.settings.rules.generator() == Generator::Hugo;
        let written = self.map.text(key).filter(|_| is_hugo)?;
        date::read(written, &self.settings.zone).ok()
    }

    fn title(&self) -> Result<String, Diagnostic> {
        let written = one_line(self.meta.title.as_deref().unwrap_or_default());
        let title = if written.is_empty() {
            one_line(&self.name.title())
        } else {
            written
        };
        let length = title.chars().count();
        if length <= MAX_TITLE {
            return Ok(title);
        }
        let reason = format!("the title has {length} characters; the limit is {MAX_TITLE}");
        Err(Diagnostic::new("title_too_long", reason).at(self.line(&["title"])))
    }

    /// The members of the post without references to categories, bylines and images.
    pub(super) fn content(
        &self,
        split: &SplitFile<'_>,
        date: Option<&PostDate>,
        (aliases, alias_warnings): (Vec<String>, Vec<Diagnostic>),
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<PostContent, Diagnostic> {
        let title = self.title()?;
        let named = self.meta.slug.as_deref().unwrap_or(&self.name.slug);
        let slug = [named, &title].into_iter().find_map(slug);
        let slug = slug.ok_or_else(|| {
            let named = escape_control(named);
            let reason = format!("`{named}` gives no slug; set one with `slug:`");
            Diagnostic::new("no_slug", reason)
        })?;
        let (tags, tag_warnings) = tags::read(&self.meta.tags);
        warnings.extend(tag_warnings);
        warnings.extend(alias_warnings);
        Ok(PostContent {
            slug,
            title,
            locale: self.locale(warnings),
            excerpt: self.excerpt(split, warnings),
            tags,
            aliases,
            published_at: date.map(rfc3339),
            seo: self.seo(warnings),
            extra: self.extra(warnings),
            ..PostContent::default()
        })
    }

    /// The language of the file, otherwise that of the import.
    fn locale(&self, warnings: &mut Vec<Diagnostic>) -> Option<String> {
        let written = self.meta.locale.as_deref();
        let tag = written.map(language_tag);
        if let (Some(invalid), Some(None)) = (written, &tag) {
            let invalid = escape_control(invalid);
            let reason = format!("`{invalid}` is not a language tag such as es or es-MX; ignored");
            let line = self.line(&["lang", "locale"]);
            warnings.push(Diagnostic::new("bad_locale", reason).at(line));
        }
        let of_path = || language_tag(self.settings.rules.language(self.path)?);
        tag.flatten()
            .or_else(of_path)
            .or_else(|| self.settings.locale.clone())
    }

    /// The excerpt of the front matter, otherwise the start of the text.
    fn excerpt(&self, split: &SplitFile<'_>, warnings: &mut Vec<Diagnostic>) -> Option<String> {
        let Some(written) = self.meta.excerpt.as_deref() else {
            return self.start_of(split.body);
        };
        let written = one_line(written);
        if written.chars().count() <= MAX_EXCERPT {
            return Some(written).filter(|excerpt| !excerpt.is_empty());
        }
        let reason = format!("the excerpt is longer than {MAX_EXCERPT} characters, so it was cut");
        let line = self.line(&["excerpt", "summary", "description"]);
        warnings.push(Diagnostic::new("excerpt_cut", reason).at(line));
        excerpt::excerpt(&written, &SiteConfig::default(), None)
    }

    /// The text before the separator, otherwise the first paragraph. An empty separator means that the
    /// site shows no excerpts.
    fn start_of(&self, body: &str) -> Option<String> {
        let site = &self.settings.site;
        let separator = [&self.map, site.values()]
            .into_iter()
            .find_map(|map| map.get("excerpt_separator"));
        let separator = match separator {
            Some(YamlValue::Scalar(separator)) if !separator.is_null() => Some(&separator.text),
            _ => None,
        };
        let is_off = separator.is_some_and(String::is_empty);
        if is_off || self.name.format() == Some(Format::Html) {
            return None;
        }
        let site = self.settings.site_for(body).0.with_page(self.map.clone());
        excerpt::excerpt(body, &site, separator.map(String::as_str))
    }

    fn seo(&self, warnings: &mut Vec<Diagnostic>) -> Option<SeoFields> {
        let written = one_line(self.meta.description.as_deref()?);
        let description = cut(&written, MAX_DESCRIPTION);
        if description.len() < written.len() {
            let reason = format!(
                "the description is longer than {MAX_DESCRIPTION} characters, so it was cut"
            );
            let line = self.line(&["description"]);
            warnings.push(Diagnostic::new("description_cut", reason).at(line));
        }
        (!description.is_empty()).then(|| SeoFields {
            description: description.to_owned(),
        })
    }

    fn extra(&self, warnings: &mut Vec<Diagnostic>) -> JsonObject {
        let extra = self.meta.extra.to_json();
        let bytes = serde_json::to_vec(&extra).map_or(usize::MAX, |text| text.len());
        if bytes <= MAX_EXTRA {
            return extra;
        }
        let reason = format!(
            "the other keys have {bytes} bytes; the limit is {MAX_EXTRA}; they are only in the stored front matter"
        );
        warnings.push(Diagnostic::new("extra_too_large", reason));
        JsonObject::new()
    }
}

/// Returns a language tag in its usual case, such as `es` or `es-MX`. Themes also write `es_MX`.
pub(super) fn language_tag(written: &str) -> Option<String> {
    let tag = written.replace('_', "-");
    let parts = tag
        .split('-')
        .enumerate()
        .map(|(index, part)| match part.len() {
            2 if index > 0 => part.to_uppercase(),
            _ => part.to_lowercase(),
        });
    is_language_tag(&tag).then(|| parts.collect::<Vec<_>>().join("-"))
}

fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let is_language = parts.next().is_some_and(|part| {
        matches!(part.len(), 2 | 3) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    });
    let is_subtag = |part: &str| {
        (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    is_language && parts.all(is_subtag)
}

/// Formats a time as the API does: UTC with milliseconds.
fn rfc3339(date: &PostDate) -> String {
    let whole = Timestamp::from_millisecond(date.at.as_millisecond()).unwrap_or(date.at);
    format!("{whole:.3}")
}
