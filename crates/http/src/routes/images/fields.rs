//! The fields of an upload, in any order.

use std::{collections::HashSet, str::FromStr};

use tintero_domain::{
    FieldErrors,
    access::Caller,
    images::{ImageMetadata, ImageUpload, Images},
    values::{AltText, Caption, Code, Credit, OriginalName, SourcePath, ValueError},
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
    extract::{FormField, MultipartForm},
    problem::Problem,
};

/// Maximum number of fields.
const MAX_FIELDS: usize = 20;

/// Maximum size of a text field in bytes: the longest value with all characters escaped.
const MAX_TEXT: usize = 8 * 1024;

/// Reads the form of an upload. Streams the file to the image store, and discards it if the form is
/// invalid.
pub(super) async fn read(
    images: &Images,
    caller: &Caller,
    mut form: MultipartForm,
) -> Result<(ImageUpload, ImageMetadata), Problem> {
    let mut fields = Fields::new(images.receive(caller).await?);
    while let Some(field) = form.next().await? {
        fields.read(field).await?;
        if fields.seen.len() > MAX_FIELDS {
            break;
        }
    }
    fields.finish()
}

struct Fields {
    file: ImageUpload,
    description: ImageMetadata,
    seen: HashSet<String>,
    errors: FieldErrors,
}

impl Fields {
    fn new(file: ImageUpload) -> Self {
        Self {
            file,
            description: ImageMetadata::default(),
            seen: HashSet::new(),
            errors: FieldErrors::default(),
        }
    }

    async fn read(&mut self, mut field: FormField<'_>) -> Result<(), Problem> {
        let name = field.name().to_owned();
        if !self.seen.insert(name.clone()) {
            let error = ValueError::new(Code::Duplicate, "must not be repeated");
            self.reject(&name, error);
            return field.skip().await;
        }
        match name.as_str() {
            "file" => {
                let name = field.file_name().and_then(OriginalName::of_upload);
                self.description.name = name;
                while let Some(chunk) = field.chunk().await? {
                    self.file.write(chunk).await?;
                }
            }
            "alt" => self.description.alt = self.text(field).await?,
            "caption" => self.description.caption = self.text(field).await?,
            "credit" => self.description.credit = self.text(field).await?,
            "source_path" => self.description.source_path = self.text(field).await?,
            _ => {
                let detail = "is not a known field";
                self.reject(&name, ValueError::new(Code::UnknownMember, detail));
                field.skip().await?;
            }
        }
        Ok(())
    }

    /// Reads a text field. An empty value means absent, because browsers send empty fields.
    async fn text<T>(&mut self, field: FormField<'_>) -> Result<Option<T>, Problem>
    where
        T: FromStr<Err = ValueError>,
    {
        let name = field.name().to_owned();
        let read = field.text(MAX_TEXT).await?.and_then(|text| {
            let is_given = !text.is_empty();
            is_given.then(|| text.parse()).transpose()
        });
        Ok(read.unwrap_or_else(|error| {
            self.reject(&name, error);
            None
        }))
    }

    fn reject(&mut self, name: &str, error: ValueError) {
        self.errors.push(pointer("", name), error);
    }

    fn finish(mut self) -> Result<(ImageUpload, ImageMetadata), Problem> {
        if !self.seen.contains("file") {
            self.reject("file", ValueError::new(Code::Required, "is required"));
        }
        self.errors.into_result()?;
        Ok((self.file, self.description))
    }
}

/// Describes a text field. Browsers send empty fields, which count as absent.
fn optional<T: Text>(about: &str) -> ObjectBuilder {
    T::schema()
        .min_length(None)
        .pattern(None::<String>)
        // Keeps the forms of generated pages empty. A default would make the field required in generated
        // TypeScript.
        .examples([""])
        .description(Some(format!("{about} An empty value counts as absent.")))
}

/// The form of an upload in the OpenAPI document.
pub(crate) struct UploadImage;

impl ToSchema for UploadImage {}

impl PartialSchema for UploadImage {
    fn schema() -> RefOr<Schema> {
        let file = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .description(Some(
                "The file, whose name becomes `file_name`: PNG, JPEG, GIF, WebP, AVIF or SVG with at most 50 million pixels by default.",
            ));
        ObjectBuilder::new()
            .property("file", file)
            .required("file")
            .property("alt", optional::<AltText>(about::ALT))
            .property("caption", optional::<Caption>(about::CAPTION))
            .property("credit", optional::<Credit>(about::CREDIT))
            .property("source_path", optional::<SourcePath>(about::SOURCE_PATH))
            .additional_properties(Some(AdditionalProperties::FreeForm(false)))
            .build()
            .into()
    }
}
