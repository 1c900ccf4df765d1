use tintero_domain::{
    site::{SitePatch, SiteSettings},
    values::{EmbedHost, Locale},
};

use crate::body::{Body, Built, FieldReader, MERGE_PATCH, RequestObject, UniqueList, described};

/// A merge patch of the settings. Null clears a member.
pub(crate) struct PatchSite(pub(super) SitePatch);

type Locales = UniqueList<Locale, { SiteSettings::MAX_LOCALES }>;
type Hosts = UniqueList<EmbedHost, { SiteSettings::MAX_EMBED_HOSTS }>;

impl RequestObject for PatchSite {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let posts = "The paths of posts: {slug} and optionally {locale}, {category} (the slugs of the first category from the \
            root), {year}, {month} and {day} (publication date in `time_zone`), each at most once and separated by text.";
        let categories = "The paths of categories: {slug}, or {path} with the slugs from the root, and optionally {locale}.";
        Built::from(Self(SitePatch {
            title: fields.clearable("title", "The title of the site."),
            description: fields.clearable("description", "The description of the site."),
            base_url: fields.clearable(
                "base_url",
                "The URL of the home page, without a slash at the end.",
            ),
            post_path: fields.settable("post_path", posts),
            category_path: fields.clearable("category_path", categories),
            tag_path: fields.clearable(
                "tag_path",
                "The paths of tags: {slug} and optionally {locale}.",
            ),
            byline_path: fields.clearable(
                "byline_path",
                "The paths of bylines: {slug} and optionally {locale}.",
            ),
            default_locale: fields.settable("default_locale", "The language of posts without one."),
            locales: fields
                .settable::<Locales>("locales", "The languages of the site.")
                .map(Into::into),
            time_zone: fields.clearable(
                "time_zone",
                "The time zone of dates in paths. UTC if absent.",
            ),
            embed_hosts: fields
                .settable::<Hosts>("embed_hosts", "The hosts whose pages posts may embed.")
                .map(Into::into),
        }))
    }
}

impl Body for PatchSite {
    const MEDIA_TYPES: &'static [&'static str] = MERGE_PATCH;
    const KEYED: bool = false;
}

described!(PatchSite);
