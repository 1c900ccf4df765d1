use jiff::Timestamp;
use tintero_markdown::{
    excerpt,
    front_matter::{Map, Meta},
    jekyll::{
        date::{self, Moment},
        file_name::{FileName, Problem},
    },
};

use super::{Content, Intent, Members, Reader, Release, Seo, addresses, slug, tags};
use crate::{
    finding::Finding,
    text::{cut, one_line, shown},
};

/// Longest title, in characters.
const MAX_TITLE: usize = 200;
/// Longest excerpt, in characters.
const MAX_EXCERPT: usize = 240;
/// Longest description for search engines, in characters.
const MAX_DESCRIPTION: usize = 320;
/// Largest `extra` as JSON text, in bytes.
const MAX_EXTRA: usize = 64 * 1024;

/// One file, taken apart.
pub(super) struct Sheet<'a> {
    pub(super) reader: &'a Reader,
    pub(super) path: &'a str,
    pub(super) name: FileName,
    pub(super) map: Map,
    pub(super) meta: Meta,
}

impl Sheet<'_> {
    pub(super) fn line(&self, key: &str) -> Option<usize> {
        self.map.entry(key).map(|entry| entry.line)
    }

    /// The date of the front matter, else of the file's name.
    pub(super) fn date(&self) -> Result<Option<Moment>, Finding> {
        let zone = &self.reader.settings.zone;
        let read = match (&self.meta.date, self.name.date) {
            (Some(written), _) => date::read(written, zone),
            (None, Some(day)) => date::midnight(day, zone),
            (None, None) => return Ok(None),
        };
        read.map(Some).map_err(|error| Finding {
            line: self.line("date"),
            ..Finding::new("bad_date", error.to_string())
        })
    }

    /// Jekyll publishes what has front matter and a dated name, is no draft and not of the future; what
    /// is of the future it publishes when its site is made again after that, so it is scheduled here.
    pub(super) fn intent(
        &self,
        date: Option<&Moment>,
        has_front_matter: bool,
        warnings: &mut Vec<Finding>,
    ) -> Intent {
        let undated = matches!(
            self.name.problem,
            Some(Problem::NoDate | Problem::ImpossibleDate)
        );
        let (Some(date), true) = (
            date,
            self.meta.published && !self.name.in_drafts && has_front_matter,
        ) else {
            return Intent::Draft;
        };
        if undated {
            let reason = "is kept as a draft, since Jekyll does not publish files with such a name";
            warnings.push(Finding::new("kept_as_draft", reason));
            return Intent::Draft;
        }
        let (at, is_to_come) = (moment(date), date.at > self.reader.settings.now);
        if is_to_come {
            let reason = format!("its date {at} lies in the future, so it is scheduled for then");
            warnings.push(Finding {
                line: self.line("date"),
                ..Finding::new("future_date", reason)
            });
        }
        Intent::Publish(Release { at, is_to_come })
    }

    fn title(&self) -> Result<String, Finding> {
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
        let reason = format!("the title has {length} characters, and {MAX_TITLE} is the limit");
        Err(Finding {
            line: self.line("title"),
            ..Finding::new("title_too_long", reason)
        })
    }

    /// The members that the file decides, but for those that lead to other resources.
    pub(super) fn content(
        &self,
        date: Option<&Moment>,
        warnings: &mut Vec<Finding>,
    ) -> Result<Content, Finding> {
        let title = self.title()?;
        let named = self.meta.slug.as_deref().unwrap_or(&self.name.slug);
        let slug = [named, &title].into_iter().find_map(slug::of);
        let (tags, left_out) = tags::of(&self.meta.tags);
        warnings.extend(left_out);
        let settings = &self.reader.settings;
        let (aliases, lost) = addresses::of(
            settings,
            self.path,
            &self.name,
            (&self.map, &self.meta),
            date,
        );
        warnings.extend(lost);
        Ok(Content {
            slug: slug.ok_or_else(|| {
                Finding::new(
                    "no_slug",
                    format!(
                        "no slug can be made of `{}`; write one as `slug:`",
                        shown(named)
                    ),
                )
            })?,
            title,
            locale: self.locale(warnings),
            excerpt: self.excerpt(warnings),
            tags,
            aliases,
            published_at: date.map(moment),
            seo: self.seo(warnings),
            extra: self.extra(warnings),
            ..Content::default()
        })
    }

    /// The language the file names, else the one of the import.
    fn locale(&self, warnings: &mut Vec<Finding>) -> Option<String> {
        let written = self
            .meta
            .locale
            .as_ref()
            .map(|locale| locale.replace('_', "-"));
        let is_tag = |tag: &String| {
            let mut parts = tag.split('-');
            let language = parts.next().is_some_and(|part| {
                matches!(part.len(), 2 | 3) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
            });
            language
                && parts.all(|part| {
                    (2..=8).contains(&part.len())
                        && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
                })
        };
        if let Some(odd) = written.as_ref().filter(|tag| !is_tag(tag)) {
            let reason = format!(
                "`{}` is no language tag such as es or es-MX, so it was not used",
                shown(odd)
            );
            let line = self.line("lang").or_else(|| self.line("locale"));
            warnings.push(Finding {
                line,
                ..Finding::new("bad_locale", reason)
            });
        }
        written
            .filter(is_tag)
            .or_else(|| self.reader.settings.locale.clone())
    }

    fn excerpt(&self, warnings: &mut Vec<Finding>) -> Option<String> {
        let written = one_line(self.meta.excerpt.as_deref()?);
        if written.chars().count() <= MAX_EXCERPT {
            return Some(written).filter(|excerpt| !excerpt.is_empty());
        }
        let reason = format!("the excerpt is longer than {MAX_EXCERPT} characters, so it was cut");
        let key = ["excerpt", "summary", "description"]
            .into_iter()
            .find_map(|key| self.line(key));
        warnings.push(Finding {
            line: key,
            ..Finding::new("excerpt_cut", reason)
        });
        excerpt::excerpt(&written)
    }

    /// What search engines are told: the description, whatever lists show.
    fn seo(&self, warnings: &mut Vec<Finding>) -> Option<Seo> {
        let written = one_line(self.meta.description.as_deref()?);
        let description = cut(&written, MAX_DESCRIPTION);
        if description.len() < written.len() {
            let reason = format!(
                "the description is longer than {MAX_DESCRIPTION} characters, so it was cut"
            );
            warnings.push(Finding {
                line: self.line("description"),
                ..Finding::new("description_cut", reason)
            });
        }
        (!description.is_empty()).then(|| Seo {
            description: description.to_owned(),
        })
    }

    fn extra(&self, warnings: &mut Vec<Finding>) -> Members {
        let extra = self.meta.extra.to_json();
        let bytes = serde_json::to_vec(&extra).map_or(usize::MAX, |text| text.len());
        if bytes <= MAX_EXTRA {
            return extra;
        }
        let reason = format!(
            "the keys of its own come to {bytes} bytes, and {MAX_EXTRA} is the limit; they are in the stored front matter only"
        );
        warnings.push(Finding::new("extra_too_large", reason));
        Members::new()
    }
}

/// The moment as the API writes it: UTC with three digits of a second.
fn moment(date: &Moment) -> String {
    let whole = Timestamp::from_millisecond(date.at.as_millisecond()).unwrap_or(date.at);
    format!("{whole:.3}")
}
