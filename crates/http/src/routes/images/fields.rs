//! The fields of an upload, in whatever order they come.

use std::{collections::HashSet, str::FromStr};

use tintero_domain::{
    FieldErrors,
    access::Caller,
    images::{Description, Images, Incoming},
    values::{AltText, Code, SourcePath, ValueError},
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type, schema::AdditionalProperties,
    },
};

use super::about;
use crate::{
    body::{Text, pointer},
    extract::{Field, Form},
    problem::Problem,
};

/// The most fields that are looked at; the operation knows three.
const MAX_FIELDS: usize = 20;

/// Most bytes of a field that holds text: every character of the longest one escaped.
const MAX_TEXT: usize = 8 * 1024;

/// Reads the form of an upload. The file goes where objects are kept while it comes in; it is
/// given up when something is wrong with the form.
pub(super) async fn read(
    images: &Images,
    caller: &Caller,
    mut form: Form,
) -> Result<(Incoming, Description), Problem> {
    let mut fields = Fields::new(images.receive(caller).await?);
    while let Some(field) = form.next().await? {
        fields.take(field).await?;
        if fields.seen.len() > MAX_FIELDS {
            break;
        }
    }
    fields.finish()
}

struct Fields {
    file: Incoming,
    description: Description,
    seen: HashSet<String>,
    errors: FieldErrors,
}

impl Fields {
    fn new(file: Incoming) -> Self {
        Self {
            file,
            description: Description::default(),
            seen: HashSet::new(),
            errors: FieldErrors::default(),
        }
    }

    async fn take(&mut self, mut field: Field<'_>) -> Result<(), Problem> {
        let name = field.name().to_owned();
        if !self.seen.insert(name.clone()) {
            self.refuse(
                &name,
                ValueError::new(Code::Duplicate, "must not stand twice"),
            );
            return field.skip().await;
        }
        match name.as_str() {
            "file" => {
                while let Some(piece) = field.chunk().await? {
                    self.file.write(piece).await?;
                }
            }
            "alt" => self.description.alt = self.text(field).await?,
            "source_path" => self.description.source_path = self.text(field).await?,
            _ => {
                let detail = "is not a field that this operation knows";
                self.refuse(&name, ValueError::new(Code::UnknownMember, detail));
                field.skip().await?;
            }
        }
        Ok(())
    }

    /// The value of a field with text. Browsers send a field that was left empty as an empty one.
    async fn text<T>(&mut self, field: Field<'_>) -> Result<Option<T>, Problem>
    where
        T: FromStr<Err = ValueError>,
    {
        let name = field.name().to_owned();
        let read = field.text(MAX_TEXT).await?.and_then(|text| {
            let is_given = !text.is_empty();
            is_given.then(|| text.parse()).transpose()
        });
        Ok(read.unwrap_or_else(|error| {
            self.refuse(&name, error);
            None
        }))
    }

    fn refuse(&mut self, name: &str, error: ValueError) {
        self.errors.push(pointer("", name), error);
    }

    fn finish(mut self) -> Result<(Incoming, Description), Problem> {
        if !self.seen.contains("file") {
            self.refuse("file", ValueError::new(Code::Required, "must be given"));
        }
        self.errors.into_result()?;
        Ok((self.file, self.description))
    }
}

/// The form of an upload, for the document.
pub(crate) struct UploadImage;

impl ToSchema for UploadImage {}

impl PartialSchema for UploadImage {
    fn schema() -> RefOr<Schema> {
        let file = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .description(Some(
                "The image: PNG, JPEG, GIF, WebP or AVIF, of at most 50 million pixels.",
            ));
        let path = "Where it lay in the tree that it came from, raw or percent-encoded; unique.";
        ObjectBuilder::new()
            .property("file", file)
            .required("file")
            .property("alt", AltText::schema().description(Some(about::ALT)))
            .property(
                "source_path",
                <SourcePath as Text>::schema().description(Some(path)),
            )
            .additional_properties(Some(AdditionalProperties::FreeForm(false)))
            .build()
            .into()
    }
}
