use axum::extract::State;
use tintero_domain::{
    posts::{self, Content, Manuscript, NewPost, Posts},
    values::{BylineId, CategoryId, OldPath, Tag},
};

use super::{
    CreateParams, Post,
    source::{NewSource, Origin},
};
use crate::{
    body::{Body, Extra, List, Members, Nested, Record, Verbatim, described},
    extract::Write,
    problem::Problem,
    respond::{Created, Tagged},
};

pub(super) type Tags = List<Tag, { Content::MAX_TAGS }>;
pub(super) type CategoryIds = List<CategoryId, { Content::MAX_CATEGORIES }>;
pub(super) type BylineIds = List<BylineId, { Content::MAX_BYLINES }>;
pub(super) type Aliases = List<OldPath, { Content::MAX_ALIASES }>;
pub(super) type Markdown = Verbatim<{ Manuscript::MAX_BODY }>;

/// What every member of a post is about, for both who creates and who changes one.
pub(super) mod about {
    pub(crate) const TITLE: &str = "The title: one line.";
    pub(crate) const SLUG: &str = "The readable part of the address, unique in its locale.";
    pub(crate) const BODY: &str = "Markdown as written, at most 1 MiB; nothing rewrites it.";
    pub(crate) const EXCERPT: &str = "What lists and feeds show of it.";
    pub(crate) const CATEGORY_IDS: &str = "Its places in the category tree.";
    pub(crate) const TAGS: &str = "Free keywords; letter case does not tell them apart.";
    pub(crate) const BYLINE_IDS: &str = "Who is credited, in order.";
    pub(crate) const IMAGE: &str = "The image that stands for it.";
    pub(crate) const LOCALE: &str = "Its language (BCP 47).";
    pub(crate) const PUBLISHED_AT: &str = "The date that it shall carry once it is published.";
    pub(crate) const ALIASES: &str = "Paths that it had elsewhere; they redirect.";
    pub(crate) const SEO: &str = "What search engines are told instead of title and excerpt.";
    pub(crate) const SOURCE: &str = "The file that it was imported from.";
    pub(crate) const NOTE: &str =
        "A word about this save; kept with the revision that it makes, and no member of the post.";
    pub(crate) const TRANSLATION: &str =
        "The post that it translates, in another language, and which revision of that.";
    pub(crate) const EXTRA: &str = "Members of the site's own, at most 64 KiB, kept as they came.";
}

/// A post to create.
pub(crate) struct CreatePost(pub(super) NewPost);

impl Record for CreatePost {
    fn read(members: &mut Members) -> Option<Self> {
        let title = members.required("title", about::TITLE);
        let body = members.required::<Markdown>("body", about::BODY);
        let slug = members.optional("slug", about::SLUG);
        let excerpt = members.optional("excerpt", about::EXCERPT);
        let category_ids = members.optional::<CategoryIds>("category_ids", about::CATEGORY_IDS);
        let tags = members.optional::<Tags>("tags", about::TAGS);
        let byline_ids = members.optional::<BylineIds>("byline_ids", about::BYLINE_IDS);
        let featured_image_id = members.optional("featured_image_id", about::IMAGE);
        let locale = members.optional("locale", about::LOCALE);
        let published_at = members.optional("published_at", about::PUBLISHED_AT);
        let aliases = members.optional::<Aliases>("aliases", about::ALIASES);
        let seo = members.optional::<Nested<posts::Seo>>("seo", about::SEO);
        let origin = members.optional::<Nested<NewSource>>("source", about::SOURCE);
        let extra = members.optional::<Extra>("extra", about::EXTRA);
        let translation =
            members.optional::<Nested<posts::Translation>>("translation", about::TRANSLATION);
        let note = members.optional("note", about::NOTE);
        let (source, origin) = match origin {
            Some(Nested(NewSource { source, origin })) => (Some(source), origin),
            None => (None, Origin::default()),
        };
        Some(Self(NewPost {
            title: title?,
            slug,
            locale,
            published_at,
            excerpt,
            tags: tags.map(Into::into).unwrap_or_default(),
            category_ids: category_ids.map(Into::into).unwrap_or_default(),
            byline_ids: byline_ids.map(Into::into).unwrap_or_default(),
            featured_image_id,
            aliases: aliases.map(Into::into).unwrap_or_default(),
            source,
            translation: translation.map(|translation| translation.0),
            manuscript: Manuscript {
                body: body?.0,
                front_matter: origin.front_matter,
                site: origin.site,
                seo: seo.map(|seo| seo.0),
                extra: extra.map(|extra| extra.0).unwrap_or_default(),
            },
            note,
        }))
    }
}

impl Body for CreatePost {}

described!(CreatePost);

/// Creates a post as a draft.
#[utoipa::path(post, path = "/v1/posts", tag = "posts", security(("bearer" = [])),
    params(CreateParams),
    request_body(content = CreatePost, example = json!({
        "title": "Programación en España", "body": "# Hola\n", "tags": ["Rust"], "locale": "es"})))]
pub(super) async fn create_post(
    State(posts): State<Posts>,
    Write { caller, body }: Write<CreatePost>,
) -> Result<Created<Post>, Problem> {
    let effect = posts.create(&caller, body.0).await?;
    Ok(Created {
        location: format!("/v1/posts/{}", effect.shown.copy.post.standing.id),
        resource: Tagged::from(effect),
    })
}
