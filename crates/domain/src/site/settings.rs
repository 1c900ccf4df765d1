use serde::{Deserialize, Serialize};

use super::{ListPattern, UrlPattern};
use crate::{
    error::{FieldErrors, Result},
    posts::Set,
    values::{
        Code, EmbedHost, HomeUrl, Locale, SiteDescription, SiteTitle, TimeZone, Timestamp, Version,
    },
};

/// The settings of the site that shows the posts. Addresses of pages in rendered texts and exports follow from them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SiteSettings {
    /// Title of the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<SiteTitle>,
    /// Description of the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<SiteDescription>,
    /// URL of the home page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<HomeUrl>,
    /// Paths of posts.
    pub post_path: UrlPattern,
    /// Paths of categories, if they have pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_path: Option<ListPattern>,
    /// Paths of tags, if they have pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag_path: Option<ListPattern>,
    /// Paths of bylines, if they have pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub byline_path: Option<ListPattern>,
    /// Language of posts without one.
    pub default_locale: Locale,
    /// The languages of the site. Empty if they are not stated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locales: Vec<Locale>,
    /// Time zone of the dates in paths. UTC if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<TimeZone>,
    /// Hosts whose pages posts may embed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub embed_hosts: Vec<EmbedHost>,
    /// Time of the last change. Absent before the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// Version: 1 before the first change.
    pub version: Version,
}

/// A change to the settings. An inner `None` clears the member.
#[derive(Debug, Clone, Default)]
pub struct SitePatch {
    /// New title.
    pub title: Set<Option<SiteTitle>>,
    /// New description.
    pub description: Set<Option<SiteDescription>>,
    /// New URL of the home page.
    pub base_url: Set<Option<HomeUrl>>,
    /// New paths of posts.
    pub post_path: Set<UrlPattern>,
    /// New paths of categories.
    pub category_path: Set<Option<ListPattern>>,
    /// New paths of tags.
    pub tag_path: Set<Option<ListPattern>>,
    /// New paths of bylines.
    pub byline_path: Set<Option<ListPattern>>,
    /// New default language.
    pub default_locale: Set<Locale>,
    /// New languages.
    pub locales: Set<Vec<Locale>>,
    /// New time zone.
    pub time_zone: Set<Option<TimeZone>>,
    /// New hosts of embedded pages.
    pub embed_hosts: Set<Vec<EmbedHost>>,
}

impl SiteSettings {
    /// Maximum number of languages.
    pub const MAX_LOCALES: usize = 50;
    /// Maximum number of hosts of embedded pages.
    pub const MAX_EMBED_HOSTS: usize = 50;

    /// The settings before the first change.
    #[must_use]
    pub fn unset(default_locale: Locale) -> Self {
        Self {
            title: None,
            description: None,
            base_url: None,
            post_path: UrlPattern::default(),
            category_path: None,
            tag_path: None,
            byline_path: None,
            default_locale,
            locales: Vec::new(),
            time_zone: None,
            embed_hosts: Vec::new(),
            updated_at: None,
            version: Version::FIRST,
        }
    }

    /// The date of a post in the time zone of the site, such as `2026-11-22`.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> String {
        match &self.time_zone {
            Some(zone) => zone.date(at),
            // A timestamp has the form 2026-11-22T10:00:00.000Z.
            None => at.to_string().chars().take(10).collect(),
        }
    }
}

impl SitePatch {
    /// Applies the change as the next version.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) if the languages do not include the default one.
    pub(super) fn apply(self, before: &SiteSettings, now: Timestamp) -> Result<SiteSettings> {
        let before = before.clone();
        let after = SiteSettings {
            title: self.title.unwrap_or(before.title),
            description: self.description.unwrap_or(before.description),
            base_url: self.base_url.unwrap_or(before.base_url),
            post_path: self.post_path.unwrap_or(before.post_path),
            category_path: self.category_path.unwrap_or(before.category_path),
            tag_path: self.tag_path.unwrap_or(before.tag_path),
            byline_path: self.byline_path.unwrap_or(before.byline_path),
            default_locale: self.default_locale.unwrap_or(before.default_locale),
            locales: self.locales.unwrap_or(before.locales),
            time_zone: self.time_zone.unwrap_or(before.time_zone),
            embed_hosts: self.embed_hosts.unwrap_or(before.embed_hosts),
            updated_at: Some(now),
            version: before.version.next(),
        };
        if !after.locales.is_empty() && !after.locales.contains(&after.default_locale) {
            let detail = format!("must contain the default locale {}", after.default_locale);
            return Err(FieldErrors::one("/locales", Code::OutOfRange, detail).into());
        }
        Ok(after)
    }
}
