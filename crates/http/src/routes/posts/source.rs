//! The nested members of a post: where it came from, and what search engines are told.

use serde::Serialize;
use tintero_domain::posts::{self, SeoPatch, Source, SourcePatch};
use utoipa::ToSchema;

use crate::body::{Key, Line, Members, Record, Sha256, Verbatim};

type Import = Key<{ Source::MAX_IMPORT }>;
type FilePath = Key<{ Source::MAX_PATH }>;
type FrontMatter = Verbatim<{ posts::Manuscript::MAX_FRONT_MATTER }>;
type SeoTitle = Line<{ posts::Seo::MAX_TITLE }>;
type SeoDescription = Line<{ posts::Seo::MAX_DESCRIPTION }>;

const IMPORT: &str = "Names the import, so that two sites can hold the same path.";
const PATH: &str = "The file within the import.";
const SHA256: &str = "SHA-256 of the file when it was imported.";
const FRONT_MATTER: &str = "The front matter's text as it stood in the file.";
const SEO_TITLE: &str = "Stands in for the title.";
const SEO_DESCRIPTION: &str = "Stands in for the excerpt.";

/// Where a new post comes from; the front matter is kept with the text.
pub(super) struct NewSource {
    pub(super) source: Source,
    pub(super) front_matter: Option<String>,
}

impl Record for NewSource {
    fn read(members: &mut Members) -> Option<Self> {
        let import = members.required::<Import>("import", IMPORT);
        let path = members.required::<FilePath>("path", PATH);
        let sha256 = members.required::<Sha256>("sha256", SHA256);
        let front_matter = members.optional::<FrontMatter>("front_matter", FRONT_MATTER);
        Some(Self {
            source: Source {
                import: import?.0,
                path: path?.0,
                sha256: sha256?.0,
            },
            front_matter: front_matter.map(|text| text.0),
        })
    }
}

impl Record for SourcePatch {
    fn read(members: &mut Members) -> Option<Self> {
        let import = members.settable::<Import>("import", IMPORT);
        let path = members.settable::<FilePath>("path", PATH);
        let sha256 = members.settable::<Sha256>("sha256", SHA256);
        let front_matter = members.clearable::<FrontMatter>("front_matter", FRONT_MATTER);
        Some(Self {
            import: import.map(|text| text.0),
            path: path.map(|text| text.0),
            sha256: sha256.map(|text| text.0),
            front_matter: front_matter.map(|set| set.map(|text| text.0)),
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
    /// The front matter's text as it stood in the file; lists leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    front_matter: Option<String>,
}

impl PostSource {
    pub(super) fn of(source: Source, front_matter: Option<String>) -> Self {
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
