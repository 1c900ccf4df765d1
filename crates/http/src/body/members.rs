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

use super::Member;

/// The members of an object, as they are read or described.
pub(crate) struct Members {
    /// The JSON Pointer of the object.
    at: String,
    /// What nobody has asked for yet.
    left: Map<String, Value>,
    errors: FieldErrors,
    /// Present while the object is described and not read.
    described: Option<ObjectBuilder>,
}

impl Members {
    pub(super) fn reading(object: Map<String, Value>, at: &str) -> Self {
        Self {
            at: at.to_owned(),
            left: object,
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

    /// A member that must be there.
    pub(crate) fn required<T: Member>(&mut self, name: &str, about: &str) -> Option<T> {
        if let Some(object) = self.described.take() {
            self.described = Some(object.required(name));
        }
        self.describe::<T>(name, about, false);
        match self.left.shift_remove(name) {
            Some(Value::Null) => self.refuse(name, Code::Type, "must not be null"),
            Some(value) => self.accept(name, value),
            None => self.refuse(name, Code::Required, "must be given"),
        }
    }

    /// A member that may be absent; null stands for its absence.
    pub(crate) fn optional<T: Member>(&mut self, name: &str, about: &str) -> Option<T> {
        self.describe::<T>(name, about, true);
        match self.left.shift_remove(name) {
            None | Some(Value::Null) => None,
            Some(value) => self.accept(name, value),
        }
    }

    /// A member of a merge patch that can be set and not cleared.
    pub(crate) fn settable<T: Member>(&mut self, name: &str, about: &str) -> Option<T> {
        self.describe::<T>(name, about, false);
        match self.left.shift_remove(name) {
            None => None,
            Some(Value::Null) => self.refuse(name, Code::Type, "can be changed and not removed"),
            Some(value) => self.accept(name, value),
        }
    }

    /// A member of a merge patch that null clears.
    pub(crate) fn clearable<T: Member>(&mut self, name: &str, about: &str) -> Set<Option<T>> {
        self.describe::<T>(name, about, true);
        match self.left.shift_remove(name) {
            None => None,
            Some(Value::Null) => Some(None),
            Some(value) => self.accept(name, value).map(Some),
        }
    }

    /// Lets the members that nobody asked for be, where what they should be is not known.
    pub(crate) fn disregard_rest(&mut self) {
        self.left.clear();
    }

    /// What became of members that only make sense together; what is wrong is noted at `name`.
    pub(crate) fn settled<T>(&mut self, name: &str, value: Result<T, ValueError>) -> Option<T> {
        let at = pointer(&self.at, name);
        value.map_err(|error| self.errors.push(at, error)).ok()
    }

    /// Hands over every problem; what nobody asked for is one.
    pub(super) fn finish(mut self, errors: &mut FieldErrors) {
        for name in std::mem::take(&mut self.left).keys() {
            let detail = "is not a member that this operation knows";
            self.refuse::<()>(name, Code::UnknownMember, detail);
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

    fn accept<T: Member>(&mut self, name: &str, value: Value) -> Option<T> {
        let at = pointer(&self.at, name);
        T::read(value, &at, &mut self.errors)
    }

    /// Notes what is wrong with a member in the company of the others.
    pub(crate) fn refuse<T>(&mut self, name: &str, code: Code, detail: &str) -> Option<T> {
        let at = pointer(&self.at, name);
        self.errors.push(at, ValueError::new(code, detail));
        None
    }

    fn describe<T: Member>(&mut self, name: &str, about: &str, nullable: bool) {
        if let Some(object) = self.described.take() {
            let mut schema = T::schema();
            annotate(&mut schema, about, nullable);
            self.described = Some(object.property(name, schema));
        }
    }
}

/// The JSON Pointer of a member of what lies at another one, escaped as RFC 6901, section 3, demands.
pub(crate) fn pointer(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Adds what a member is about, and the type `null` where it may be null.
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
        super::{List, Record, read, schema},
        *,
    };

    struct Sample {
        title: Title,
        slug: Set<Option<Slug>>,
        tags: Option<Vec<Tag>>,
    }

    impl Record for Sample {
        fn read(members: &mut Members) -> Option<Self> {
            let title = members.required("title", "A title.");
            let slug = members.clearable("slug", "A slug.");
            let tags = members.optional("tags", "Tags.").map(List::<Tag, 3>::into);
            Some(Self {
                title: title?,
                slug,
                tags,
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
    fn absent_null_and_present_members_are_told_apart() {
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
    fn every_problem_is_reported_at_once_with_its_place() {
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
    fn the_schema_is_made_of_what_is_asked_for() {
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
