//! The nested objects of a post: source, SEO texts and translation.

use tintero_domain::{
    posts::{ImportSource, Manuscript, Seo, SeoPatch, SourcePatch, Translation, TranslationPatch},
    values::Digest,
};

use crate::{
    body::{
        Built, Extra, FieldReader, Key, RequestObject, RevisionNumber, SingleLine, Verbatim, build,
    },
    routes::posts::reading::ImportOrigin,
};

type Import = Key<{ ImportSource::MAX_IMPORT }>;
type FilePath = Key<{ ImportSource::MAX_PATH }>;
type FrontMatter = Verbatim<{ Manuscript::MAX_FRONT_MATTER }>;
type SeoTitle = SingleLine<{ Seo::MAX_TITLE }>;
type SeoDescription = SingleLine<{ Seo::MAX_DESCRIPTION }>;

const IMPORT: &str = "The name of the import. Paths are unique per import.";
const PATH: &str = "The path of the file in the import.";
const SHA256: &str = "The SHA-256 digest of the imported file.";
const FRONT_MATTER: &str = "The front matter of the file, including its delimiters.";
const SITE: &str = "The `site.*` values at the time of the import, at most 64 KiB.";
const SEO_TITLE: &str = "The title for search engines; the title of the post if absent.";
const SEO_DESCRIPTION: &str =
    "The description for search engines; the excerpt of the post if absent.";
const TRANSLATION_OF: &str =
    "The translated post. It has another language and is not a translation itself.";
const SOURCE_REVISION: &str = "The translated revision of that post.";

pub(super) struct NewSource {
    pub(super) source: ImportSource,
    pub(super) origin: ImportOrigin,
}

impl RequestObject for NewSource {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let import = fields.required::<Import>("import", IMPORT);
        let path = fields.required::<FilePath>("path", PATH);
        let sha256 = fields.required::<Digest>("sha256", SHA256);
        let front_matter = fields.optional::<FrontMatter>("front_matter", FRONT_MATTER);
        let site = fields.optional::<Extra>("site", SITE);
        build(move || {
            Some(Self {
                source: ImportSource {
                    import: import?.0,
                    path: path?.0,
                    sha256: sha256?.to_string(),
                },
                origin: ImportOrigin {
                    front_matter: front_matter.map(|text| text.0),
                    site: site.map(|site| site.0),
                },
            })
        })
    }
}

impl RequestObject for SourcePatch {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let import = fields.settable::<Import>("import", IMPORT);
        let path = fields.settable::<FilePath>("path", PATH);
        let sha256 = fields.settable::<Digest>("sha256", SHA256);
        let front_matter = fields.clearable::<FrontMatter>("front_matter", FRONT_MATTER);
        let site = fields.clearable::<Extra>("site", SITE);
        Built::from(Self {
            import: import.map(|text| text.0),
            path: path.map(|text| text.0),
            sha256: sha256.map(|digest| digest.to_string()),
            front_matter: front_matter.map(|set| set.map(|text| text.0)),
            site: site.map(|set| set.map(|site| site.0)),
        })
    }
}

impl RequestObject for Seo {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let title = fields.optional::<SeoTitle>("title", SEO_TITLE);
        let description = fields.optional::<SeoDescription>("description", SEO_DESCRIPTION);
        Built::from(Self {
            title: title.map(|text| text.0),
            description: description.map(|text| text.0),
        })
    }
}

impl RequestObject for SeoPatch {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let title = fields.clearable::<SeoTitle>("title", SEO_TITLE);
        let description = fields.clearable::<SeoDescription>("description", SEO_DESCRIPTION);
        Built::from(Self {
            title: title.map(|set| set.map(|text| text.0)),
            description: description.map(|set| set.map(|text| text.0)),
        })
    }
}

impl RequestObject for Translation {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let of = fields.required("of", TRANSLATION_OF);
        let revision = fields.required::<RevisionNumber>("source_revision", SOURCE_REVISION);
        build(move || {
            Some(Self {
                of: of?,
                source_revision: revision?.0,
            })
        })
    }
}

impl RequestObject for TranslationPatch {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let of = fields.settable("of", TRANSLATION_OF);
        let revision = fields.settable::<RevisionNumber>("source_revision", SOURCE_REVISION);
        Built::from(Self {
            of,
            source_revision: revision.map(|revision| revision.0),
        })
    }
}
