use serde::{
    Deserialize as _,
    de::{IntoDeserializer as _, value::StrDeserializer},
};
use tintero_domain::{
    access::Role,
    audit::AuditedKind,
    audit_action::AuditAction,
    images::MediaType,
    site::{ListPattern, UrlPattern},
    values::{
        AltText, ApiKeyId, Bio, BylineId, Caption, CategoryId, CategoryName, Code, Credit,
        Destination, Digest, DisplayName, Email, EmbedHost, Excerpt, HomeUrl, IdOrSlug, ImageId,
        KeyName, Locale, Note, OldPath, OperationId, OriginalName, PlannedTime, Position, PostId,
        RedirectId, Revision, SearchText, SiteDescription, SiteTitle, Slug, SourcePath, Tag,
        TimeZone, Timestamp, Title, UserId, UserStatus, ValueError,
    },
};
use utoipa::openapi::{KnownFormat, ObjectBuilder, SchemaFormat, Type, path::ParameterBuilder};

/// A value with one textual form, used in bodies, paths and query strings.
pub(crate) trait Text: Sized {
    /// Whether a parameter has a list of values separated by commas. It can then be repeated, as some clients do.
    const IS_LIST: bool = false;

    /// Parses the text.
    fn parse(raw: &str) -> Result<Self, ValueError>;

    /// Returns the schema: type, format and limits.
    fn schema() -> ObjectBuilder;

    /// Adds the schema to a parameter.
    fn describe(parameter: ParameterBuilder) -> ParameterBuilder {
        parameter.schema(Some(Self::schema()))
    }
}

pub(super) fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn limited(max: usize) -> ObjectBuilder {
    string().min_length(Some(1)).max_length(Some(max))
}

/// One line without control characters, which is not empty without the whitespace around it.
fn one_line(max: usize) -> ObjectBuilder {
    limited(max).pattern(Some(
        r"^\s*[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?\s*$",
    ))
}

/// A slug, or the hyphenated form of a UUID.
fn id_or_slug() -> ObjectBuilder {
    limited(Slug::MAX).pattern(Some(
        "^([a-z0-9]+(-[a-z0-9]+)*|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$",
    ))
}

fn formatted(format: KnownFormat) -> ObjectBuilder {
    string().format(Some(SchemaFormat::KnownFormat(format)))
}

/// The schema of a revision number.
pub(super) fn revision() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(Revision::LAST.0))
}

fn id() -> ObjectBuilder {
    formatted(KnownFormat::Uuid)
}

/// A value that is one of a few names.
pub(crate) trait Choice: Copy + PartialEq + 'static {
    /// All values with their names.
    const CHOICES: &'static [(&'static str, Self)];

    /// Returns the name.
    fn as_str(self) -> &'static str {
        let known = Self::CHOICES.iter().find(|(_, value)| *value == self);
        known.map_or("", |(name, _)| name)
    }
}

impl<T: Choice> Text for T {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let known = T::CHOICES.iter().find(|(name, _)| *name == raw);
        known.map(|(_, value)| *value).ok_or_else(|| {
            let names: Vec<_> = T::CHOICES.iter().map(|(name, _)| *name).collect();
            one_of(&names)
        })
    }

    fn schema() -> ObjectBuilder {
        string().enum_values(Some(T::CHOICES.iter().map(|(name, _)| *name)))
    }
}

/// Implements [`Text`] for enumerations of the domain, which list their values and names.
macro_rules! enumerations {
    ($($value:ty),* $(,)?) => {$(
        impl Text for $value {
            fn parse(raw: &str) -> Result<Self, ValueError> {
                let known = Self::ALL.into_iter().find(|value| value.as_str() == raw);
                known.ok_or_else(|| one_of(&Self::ALL.map(Self::as_str)))
            }

            fn schema() -> ObjectBuilder {
                string().enum_values(Some(Self::ALL.map(Self::as_str)))
            }
        }
    )*};
}

enumerations!(Role, UserStatus, AuditedKind, MediaType);

fn one_of(names: &[&str]) -> ValueError {
    let detail = match names {
        [] => "is not possible".to_owned(),
        [last] => format!("must be {last}"),
        [names @ .., last] => format!("must be {} or {last}", names.join(", ")),
    };
    ValueError::new(Code::Format, detail)
}

/// The stored name of the action.
impl Text for AuditAction {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let text: StrDeserializer<'_, serde::de::value::Error> = raw.into_deserializer();
        Self::deserialize(text).map_err(|_| {
            let detail = "must be an action of the audit trail such as publish_post";
            ValueError::new(Code::Format, detail)
        })
    }

    fn schema() -> ObjectBuilder {
        string()
            .pattern(Some("^[a-z_]+$"))
            .examples(["publish_post"])
    }
}

/// Implements [`Text`] for domain values, which parse themselves.
macro_rules! texts {
    ($($value:ty: $schema:expr;)*) => {$(
        impl Text for $value {
            fn parse(raw: &str) -> Result<Self, ValueError> {
                raw.parse()
            }

            fn schema() -> ObjectBuilder {
                $schema
            }
        }
    )*};
}

texts! {
    Title: one_line(Title::MAX);
    Digest: string().pattern(Some("^[0-9a-f]{64}$"));
    Slug: limited(Slug::MAX).pattern(Some("^[a-z0-9]+(-[a-z0-9]+)*$"));
    Excerpt: one_line(Excerpt::MAX);
    Note: one_line(Note::MAX);
    AltText: one_line(AltText::MAX);
    Caption: one_line(Caption::MAX);
    Credit: one_line(Credit::MAX);
    OriginalName: one_line(OriginalName::MAX);
    SearchText: one_line(SearchText::MAX);
    SourcePath: limited(3 * SourcePath::MAX);
    Tag: limited(Tag::MAX);
    KeyName: one_line(KeyName::MAX);
    ApiKeyId: id();
    DisplayName: one_line(DisplayName::MAX);
    CategoryName: one_line(CategoryName::MAX);
    Position: one_line(Position::MAX);
    Bio: limited(Bio::MAX);
    IdOrSlug<CategoryId>: id_or_slug();
    IdOrSlug<BylineId>: id_or_slug();
    OldPath: limited(OldPath::MAX).pattern(Some("^/([^/?#][^?#]*)?$"));
    Destination: limited(Destination::MAX).examples(["/hola", "https://example.org/"]);
    UrlPattern: limited(UrlPattern::MAX).examples(["/{year}/{slug}"]);
    ListPattern: limited(UrlPattern::MAX).examples(["/tags/{slug}/"]);
    SiteTitle: one_line(SiteTitle::MAX);
    SiteDescription: one_line(SiteDescription::MAX);
    HomeUrl: string().format(Some(SchemaFormat::Custom("uri".to_owned()))).max_length(Some(HomeUrl::MAX)).examples(["https://example.org"]);
    EmbedHost: limited(EmbedHost::MAX).examples(["www.youtube-nocookie.com"]);
    Locale: limited(35).pattern(Some("^([A-Za-z]{2,3}|[A-Za-z]{5,8})(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3})){0,2}$")).examples(["es", "es-MX"]);
    Email: formatted(KnownFormat::Email).max_length(Some(Email::MAX));
    Timestamp: formatted(KnownFormat::DateTime);
    Revision: revision();
    PlannedTime: string().examples(["2026-12-01T09:00:00Z", "2026-12-01T09:00:00"]);
    TimeZone: string().examples(["Europe/Madrid"]);
    PostId: id();
    UserId: id();
    CategoryId: id();
    BylineId: id();
    ImageId: id();
    OperationId: id();
    RedirectId: id();
}
