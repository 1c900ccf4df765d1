//! The nested members of a post: where it came from, and what search engines are told.

use serde::Serialize;
use serde_json::{Map, Value};
use tintero_domain::posts::{self, SeoPatch, Source, SourcePatch};
use utoipa::ToSchema;

use crate::body::{Extra, Key, Line, Members, Record, Sha256, Verbatim};

type Import = Key<{ Source::MAX_IMPORT }>;
type FilePath = Key<{ Source::MAX_PATH }>;
type FrontMatter = Verbatim<{ posts::Manuscript::MAX_FRONT_MATTER }>;
type SeoTitle = Line<{ posts::Seo::MAX_TITLE }>;
type SeoDescription = Line<{ posts::Seo::MAX_DESCRIPTION }>;

const IMPORT: &str = "Names the import, so that two sites can hold the same path.";
const PATH: &str = "The file within the import.";
const SHA256: &str = "SHA-256 of the file when it was imported.";
const FRONT_MATTER: &str = "Everything of the file before its body, fences included.";
const SITE: &str = "The values of `site.*` as they stood at the import, at most 64 KiB.";
const SEO_TITLE: &str = "Stands in for the title.";
const SEO_DESCRIPTION: &str = "Stands in for the excerpt.";

/// Where a new post comes from.
pub(super) struct NewSource {
    pub(super) source: Source,
    pub(super) origin: Origin,
}

/// What is kept with the text of an imported post.
#[derive(Default)]
pub(super) struct Origin {
    pub(super) front_matter: Option<String>,
    pub(super) site: Option<Map<String, Value>>,
}

impl Record for NewSource {
    fn read(members: &mut Members) -> Option<Self> {
        let import = members.required::<Import>("import", IMPORT);
        let path = members.required::<FilePath>("path", PATH);
        let sha256 = members.required::<Sha256>("sha256", SHA256);
        let front_matter = members.optional::<FrontMatter>("front_matter", FRONT_MATTER);
        let site = members.optional::<Extra>("site", SITE);
        Some(Self {
            source: Source {
                import: import?.0,
                path: path?.0,
                sha256: sha256?.0,
            },
            origin: Origin {
                front_matter: front_matter.map(|text| text.0),
                site: site.map(|site| site.0),
            },
        })
    }
}

impl Record for SourcePatch {
    fn read(members: &mut Members) -> Option<Self> {
        let import = members.settable::<Import>("import", IMPORT);
        let path = members.settable::<FilePath>("path", PATH);
        let sha256 = members.settable::<Sha256>("sha256", SHA256);
        let front_matter = members.clearable::<FrontMatter>("front_matter", FRONT_MATTER);
        let site = members.clearable::<Extra>("site", SITE);
        Some(Self {
            import: import.map(|text| text.0),
            path: path.map(|text| text.0),
            sha256: sha256.map(|text| text.0),
            front_matter: front_matter.map(|set| set.map(|text| text.0)),
            site: site.map(|set| set.map(|site| site.0)),
        })
    }
}

impl Record for posts::Seo {
    fn read(members: &mut Members) -> Option<Self> {
        let title = members.optional::<SeoTitle>("title", SEO_TITLE);
        let description = members.optional::<SeoDescription>("description", SEO_DESCRIPTION);
        Some(Self {
            title: title.map(|text| text.0),
            description: description.map(|text| text.0),
        })
    }
}

impl Record for SeoPatch {
    fn read(members: &mut Members) -> Option<Self> {
        let title = members.clearable::<SeoTitle>("title", SEO_TITLE);
        let description = members.clearable::<SeoDescription>("description", SEO_DESCRIPTION);
        Some(Self {
            title: title.map(|set| set.map(|text| text.0)),
            description: description.map(|set| set.map(|text| text.0)),
        })
    }
}

/// The file that a post was imported from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PostSource {
    /// Names the import.
    import: String,
    /// The file within it.
    path: String,
    /// SHA-256 of the file when it was imported.
    sha256: String,
    /// Everything of the file before its body, fences included; lists leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    front_matter: Option<String>,
    /// The values of `site.*` as they stood at the import; lists leave them out.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<Map<String, Value>>,
}

impl PostSource {
    pub(super) fn of(source: Source, origin: Origin) -> Self {
        let Origin { front_matter, site } = origin;
        let Source {
            import,
            path,
            sha256,
        } = source;
        Self {
            import,
            path,
            sha256,
            front_matter,
            site,
        }
    }
}

/// What search engines are told instead of title and excerpt.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Seo {
    /// Stands in for the title.
    #[schema(required)]
    title: Option<String>,
    /// Stands in for the excerpt.
    #[schema(required)]
    description: Option<String>,
}

impl From<posts::Seo> for Seo {
    fn from(seo: posts::Seo) -> Self {
        let posts::Seo { title, description } = seo;
        Self { title, description }
    }
}
