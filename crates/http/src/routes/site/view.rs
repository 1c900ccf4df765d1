use serde::Serialize;
use tintero_domain::{
    site::SiteSettings,
    values::{Timestamp, VersionTag},
};
use utoipa::ToSchema;

use crate::{
    respond::{Tagged, View},
    routes::allowed::AllowedActions,
};

/// The settings of the site.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Site)]
pub(crate) struct SiteView {
    /// The title of the site.
    #[schema(required)]
    title: Option<String>,
    /// The description of the site.
    #[schema(required)]
    description: Option<String>,
    /// The URL of the home page.
    #[schema(required, format = "uri")]
    base_url: Option<String>,
    /// The pattern of the paths of posts.
    post_path: String,
    /// The pattern of the paths of categories; null if they have no pages.
    #[schema(required)]
    category_path: Option<String>,
    /// The pattern of the paths of tags; null if they have no pages.
    #[schema(required)]
    tag_path: Option<String>,
    /// The pattern of the paths of bylines; null if they have no pages.
    #[schema(required)]
    byline_path: Option<String>,
    /// The language of posts without one (BCP 47).
    default_locale: String,
    /// The languages of the site. Empty if they are not stated.
    locales: Vec<String>,
    /// The time zone of dates in paths. UTC if null.
    #[schema(required)]
    time_zone: Option<String>,
    /// The hosts whose pages posts may embed.
    embed_hosts: Vec<String>,
    /// The actions that the caller may perform now. Absent without a credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    allowed: Option<Vec<&'static str>>,
    /// The version. Incremented by each change; 1 before the first one.
    version: u64,
    /// Time of the last change.
    #[schema(required, format = DateTime)]
    updated_at: Option<String>,
}

fn texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn text(value: Option<&impl ToString>) -> Option<String> {
    value.map(ToString::to_string)
}

/// Returns the answer with the settings.
pub(super) fn tagged(site: &SiteSettings, allowed: AllowedActions) -> Tagged<SiteView> {
    let modified = site.updated_at.unwrap_or(Timestamp::from_millis(0));
    let view = SiteView {
        title: text(site.title.as_ref()),
        description: text(site.description.as_ref()),
        base_url: text(site.base_url.as_ref()),
        post_path: site.post_path.to_string(),
        category_path: text(site.category_path.as_ref()),
        tag_path: text(site.tag_path.as_ref()),
        byline_path: text(site.byline_path.as_ref()),
        default_locale: site.default_locale.to_string(),
        locales: texts(&site.locales),
        time_zone: text(site.time_zone.as_ref()),
        embed_hosts: texts(&site.embed_hosts),
        allowed,
        version: site.version.0,
        updated_at: site.updated_at.map(Into::into),
    };
    Tagged {
        // The permissions of the caller change without a write.
        has_derived: view.allowed.is_some(),
        ..Tagged::new(view, VersionTag::of(site.version), modified)
    }
}

impl View for SiteView {
    fn example() -> Self {
        Self {
            title: Some("Serverless en español".to_owned()),
            description: None,
            base_url: Some("https://example.org".to_owned()),
            post_path: "/{category}/{slug}.html".to_owned(),
            category_path: Some("/categoria/{path}/".to_owned()),
            tag_path: None,
            byline_path: None,
            default_locale: "es".to_owned(),
            locales: vec!["es".to_owned(), "en".to_owned()],
            time_zone: Some("Europe/Madrid".to_owned()),
            embed_hosts: vec!["www.youtube-nocookie.com".to_owned()],
            allowed: Some(vec!["update"]),
            version: 2,
            updated_at: Some("2026-11-22T10:00:00.000Z".to_owned()),
        }
    }
}
