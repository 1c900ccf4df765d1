use serde_json::{Map, Value};
use tintero_domain::{
    FieldErrors,
    posts::Set,
    values::{Code, ValueError},
};
use utoipa::openapi::{
    ObjectBuilder, Schema,
    schema::{AdditionalProperties, SchemaType, Type},
};

use super::FieldValue;

/// Reads the fields of a JSON object, or describes them for the OpenAPI document.
pub(crate) struct FieldReader {
    /// The JSON Pointer of the object.
    at: String,
    /// Fields that were not declared yet.
    rest: Map<String, Value>,
    errors: FieldErrors,
    /// Present if the object is described, not read.
    described: Option<ObjectBuilder>,
}

impl FieldReader {
    pub(super) fn reading(object: Map<String, Value>, at: &str) -> Self {
        Self {
            at: at.to_owned(),
            rest: object,
            errors: FieldErrors::default(),
            described: None,
        }
    }

    pub(super) fn describing() -> Self {
        Self {
            described: Some(ObjectBuilder::new()),
            ..Self::reading(Map::new(), "")
        }
    }

    /// Declares a required field.
    pub(crate) fn required<T: FieldValue>(&mut self, name: &str, about: &str) -> Option<T> {
        if let Some(object) = self.described.take() {
            self.described = Some(object.required(name));
        }
        self.describe::<T>(name, about, false);
        match self.rest.shift_remove(name) {
            Some(Value::Null) => self.reject(name, Code::Type, "must not be null"),
            Some(value) => self.accept(name, value),
            None => self.reject(name, Code::Required, "is required"),
        }
    }

    /// Declares an optional field; null means absent.
    pub(crate) fn optional<T: FieldValue>(&mut self, name: &str, about: &str) -> Option<T> {
        self.describe::<T>(name, about, true);
        match self.rest.shift_remove(name) {
            None | Some(Value::Null) => None,
            Some(value) => self.accept(name, value),
        }
    }

    /// Declares a field of a merge patch that can be set, but not cleared.
    pub(crate) fn settable<T: FieldValue>(&mut self, name: &str, about: &str) -> Option<T> {
        self.describe::<T>(name, about, false);
        match self.rest.shift_remove(name) {
            None => None,
            Some(Value::Null) => self.reject(name, Code::Type, "can be changed, but not cleared"),
            Some(value) => self.accept(name, value),
        }
    }

    /// Declares a field of a merge patch that null clears.
    pub(crate) fn clearable<T: FieldValue>(&mut self, name: &str, about: &str) -> Set<Option<T>> {
        self.describe::<T>(name, about, true);
        match self.rest.shift_remove(name) {
            None => None,
            Some(Value::Null) => Some(None),
            Some(value) => self.accept(name, value).map(Some),
        }
    }

    /// Accepts all other fields, for objects whose type is unknown.
    pub(crate) fn ignore_rest(&mut self) {
        self.rest.clear();
    }

    /// Returns a value that depends on several fields; reports an error at `name`.
    pub(crate) fn check<T>(&mut self, name: &str, value: Result<T, ValueError>) -> Option<T> {
        let at = pointer(&self.at, name);
        value.map_err(|error| self.errors.push(at, error)).ok()
    }

    /// Moves all violations to `errors`, including one for each undeclared field.
    pub(super) fn finish(mut self, errors: &mut FieldErrors) {
        for name in std::mem::take(&mut self.rest).keys() {
            let detail = "is not a known member";
            self.reject::<()>(name, Code::UnknownMember, detail);
        }
        for problem in self.errors.iter() {
            errors.push(problem.pointer.clone(), problem.error.clone());
        }
    }

    pub(super) fn into_schema(self) -> Schema {
        self.described
            .unwrap_or_default()
            .additional_properties(Some(AdditionalProperties::FreeForm(false)))
            .build()
            .into()
    }

    fn accept<T: FieldValue>(&mut self, name: &str, value: Value) -> Option<T> {
        let at = pointer(&self.at, name);
        T::read(value, &at, &mut self.errors)
    }

    /// Reports a violation of a rule about several fields.
    pub(crate) fn reject<T>(&mut self, name: &str, code: Code, detail: &str) -> Option<T> {
        let at = pointer(&self.at, name);
        self.errors.push(at, ValueError::new(code, detail));
        None
    }

    fn describe<T: FieldValue>(&mut self, name: &str, about: &str, nullable: bool) {
        if let Some(object) = self.described.take() {
            let mut schema = T::schema();
            annotate(&mut schema, about, nullable);
            self.described = Some(object.property(name, schema));
        }
    }
}

/// Returns the JSON Pointer of a member of the object at `at` (RFC 6901, section 3).
pub(crate) fn pointer(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Adds the description, and the type `null` for nullable fields.
fn annotate(schema: &mut Schema, about: &str, nullable: bool) {
    let (schema_type, description) = match schema {
        Schema::Object(object) => (&mut object.schema_type, &mut object.description),
        Schema::Array(array) => (&mut array.schema_type, &mut array.description),
        _ => return,
    };
    *description = Some(about.to_owned());
    if nullable && let SchemaType::Type(known) = schema_type {
        *schema_type = SchemaType::Array(vec![known.clone(), Type::Null]);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tintero_domain::values::{Slug, Tag, Title};

    use super::{
        super::{Built, RequestObject, UniqueList, build, read, schema},
        *,
    };

    struct Sample {
        title: Title,
        slug: Set<Option<Slug>>,
        tags: Option<Vec<Tag>>,
    }

    impl RequestObject for Sample {
        fn read(fields: &mut FieldReader) -> Built<Self> {
            let title = fields.required("title", "A title.");
            let slug = fields.clearable("slug", "A slug.");
            let tags = fields
                .optional("tags", "Tags.")
                .map(UniqueList::<Tag, 3>::into);
            build(|| {
                Some(Self {
                    title: title?,
                    slug,
                    tags,
                })
            })
        }
    }

    fn sample(body: Value) -> Result<Sample, Vec<(String, &'static str)>> {
        let Value::Object(object) = body else {
            unreachable!()
        };
        let mut errors = FieldErrors::default();
        let record = read(object, "", &mut errors);
        let problems: Vec<_> = errors
            .iter()
            .map(|error| (error.pointer.clone(), error.error.code.as_str()))
            .collect();
        record.filter(|_| problems.is_empty()).ok_or(problems)
    }

    #[test]
    fn absent_null_and_present_fields_are_distinguished() {
        let read = sample(json!({"title": "A", "slug": null, "tags": null}))
            .ok()
            .unwrap();
        assert_eq!(
            (read.title.as_str(), read.slug, read.tags),
            ("A", Some(None), None)
        );
        let read = sample(json!({"title": "A", "slug": "a", "tags": ["x"]}))
            .ok()
            .unwrap();
        assert_eq!(read.slug.unwrap().unwrap().as_str(), "a");
        assert_eq!(read.tags.unwrap().len(), 1);
    }

    #[test]
    fn all_violations_are_reported_with_their_pointers() {
        let body = json!({
            "title": null, "slug": 7, "tags": ["uno", "", 3, "UNO"], "a/b~c": 1,
        });
        let expected = [
            ("/title", "wrong_type"),
            ("/slug", "wrong_type"),
            ("/tags", "too_long"),
            ("/tags/1", "too_short"),
            ("/tags/2", "wrong_type"),
            ("/tags/3", "duplicate"),
            ("/a~1b~0c", "unknown_member"),
        ];
        let expected = expected.map(|(at, code)| (at.to_owned(), code));
        assert_eq!(sample(body).err().unwrap(), expected);
    }

    #[test]
    fn the_schema_lists_the_declared_fields() {
        let schema = serde_json::to_value(schema::<Sample>()).unwrap();
        assert_eq!(schema["required"], json!(["title"]));
        assert_eq!(schema["additionalProperties"], json!(false));
        assert_eq!(
            schema["properties"]["slug"]["type"],
            json!(["string", "null"])
        );
        assert_eq!(schema["properties"]["tags"]["maxItems"], json!(3));
        assert_eq!(schema["properties"]["title"]["maxLength"], json!(200));
    }
}
