use http::StatusCode;
use serde_json::Value;
use tintero_domain::{
    Error, FieldErrors,
    access::Caller,
    posts::{NewPost, PostPatch, Posts, Schedule, Transition, WriteResult},
    values::{Code, Note, PostId, Timestamp, ValueError, VersionTag},
};
use utoipa::openapi::{
    KnownFormat, Object, ObjectBuilder, SchemaFormat, Type, schema::AdditionalProperties,
};

use crate::{
    body::{self, Built, FieldReader, Nested, RequestObject, Text, build},
    extract::IfMatchTag,
    problem::{Problem, ProblemType},
    routes::posts::{
        editing::{CreatePost, PatchPost},
        publishing::{NoMembers, PublishPost, RequestChanges, SchedulePost},
    },
};

/// A write in a batch.
pub(super) enum BatchOperation {
    Create(Box<NewPost>),
    Change {
        id: PostId,
        /// Checked after all other members, like `If-Match`.
        base: Option<VersionTag>,
        change: PostChange,
    },
}

/// A change of an existing post.
pub(super) enum PostChange {
    Update(Box<PostPatch>),
    Publish(Option<Timestamp>),
    Schedule(Schedule),
    RequestChanges(Option<Note>),
    Transition(Transition),
    Purge,
}

/// The result of a write, with the status of the corresponding single request.
pub(super) struct AppliedWrite {
    pub(super) status: StatusCode,
    /// `None` for a purged post.
    pub(super) result: Option<WriteResult>,
}

/// The value of `op`.
#[derive(Clone, Copy)]
enum OperationName {
    Create,
    Update,
    Publish,
    Schedule,
    RequestChanges,
    Transition(Transition),
    Purge,
}

const OPERATIONS: [(&str, OperationName); 12] = [
    ("create", OperationName::Create),
    ("update", OperationName::Update),
    ("publish", OperationName::Publish),
    ("schedule", OperationName::Schedule),
    (
        "unschedule",
        OperationName::Transition(Transition::Unschedule),
    ),
    (
        "unpublish",
        OperationName::Transition(Transition::Unpublish),
    ),
    ("archive", OperationName::Transition(Transition::Archive)),
    ("trash", OperationName::Transition(Transition::Trash)),
    ("untrash", OperationName::Transition(Transition::Untrash)),
    ("purge", OperationName::Purge),
    ("submit", OperationName::Transition(Transition::Submit)),
    ("request_changes", OperationName::RequestChanges),
];

fn names() -> String {
    OPERATIONS.map(|(name, _)| name).join(", ")
}

impl Text for OperationName {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let known = OPERATIONS.iter().find(|(name, _)| *name == raw);
        known
            .map(|(_, name)| *name)
            .ok_or_else(|| ValueError::new(Code::Format, format!("must be one of: {}", names())))
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(OPERATIONS.map(|(name, _)| name)))
    }
}

mod about {
    pub(super) const OP: &str = "The operation.";
    pub(super) const ID: &str = "The id of the post.";
    pub(super) const IF_MATCH: &str = "The ETag of the version that the write is based on.";
    pub(super) const VALUE: &str = "The body of the corresponding single request.";
}

impl RequestObject for BatchOperation {
    /// The members depend on `op`. [`schema`] describes them.
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let name = fields.required::<OperationName>("op", about::OP);
        if name.is_none() {
            fields.ignore_rest();
        }
        let operation = name.and_then(|name| Self::read_members(name, fields));
        build(move || operation)
    }
}

impl BatchOperation {
    fn read_members(name: OperationName, fields: &mut FieldReader) -> Option<Self> {
        if matches!(name, OperationName::Create) {
            let value = fields.required::<Nested<CreatePost>>("value", about::VALUE);
            return value.map(|Nested(CreatePost(new))| Self::Create(Box::new(new)));
        }
        let id = fields.required("id", about::ID);
        let base = fields.optional("if_match", about::IF_MATCH);
        let change = PostChange::read(name, fields);
        Some(Self::Change {
            id: id?,
            base: base.and_then(|IfMatchTag(base)| base),
            change: change?,
        })
    }
}

impl PostChange {
    fn read(name: OperationName, fields: &mut FieldReader) -> Option<Self> {
        match name {
            OperationName::Create => None,
            OperationName::Update => {
                let value = fields.required::<Nested<PatchPost>>("value", about::VALUE);
                value.map(|Nested(PatchPost(patch))| Self::Update(Box::new(patch)))
            }
            OperationName::Publish => {
                let value = fields.optional::<Nested<PublishPost>>("value", about::VALUE);
                Some(Self::Publish(value.and_then(|value| value.0.published_at)))
            }
            OperationName::Schedule => {
                let value = fields.required::<Nested<SchedulePost>>("value", about::VALUE);
                value.map(|Nested(SchedulePost(plan))| Self::Schedule(plan))
            }
            OperationName::RequestChanges => {
                let value = fields.optional::<Nested<RequestChanges>>("value", about::VALUE);
                Some(Self::RequestChanges(value.and_then(|value| value.0.note)))
            }
            OperationName::Transition(transition) => {
                fields.optional::<Nested<NoMembers>>("value", about::VALUE);
                Some(Self::Transition(transition))
            }
            OperationName::Purge => {
                fields.optional::<Nested<NoMembers>>("value", about::VALUE);
                Some(Self::Purge)
            }
        }
    }

    async fn apply(
        self,
        posts: &Posts,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
    ) -> Result<Option<WriteResult>, Error> {
        let result = match self {
            Self::Update(patch) => posts.update(caller, id, base, *patch).await,
            Self::Publish(date) => posts.publish(caller, id, base, date).await,
            Self::Schedule(plan) => posts.schedule(caller, id, base, plan).await,
            Self::RequestChanges(note) => posts.request_changes(caller, id, base, note).await,
            Self::Transition(transition) => posts.transition(caller, id, base, transition).await,
            Self::Purge => return posts.purge(caller, id, base).await.map(|()| None),
        };
        result.map(Some)
    }
}

impl BatchOperation {
    /// Parses an item.
    pub(super) fn parse(item: Value) -> Result<Self, Problem> {
        let Value::Object(object) = item else {
            return Err(FieldErrors::one("", Code::Type, "must be an object").into());
        };
        let mut errors = FieldErrors::default();
        match body::read(object, "", &mut errors) {
            Some(operation) if errors.is_empty() => Ok(operation),
            _ => Err(errors.into()),
        }
    }

    /// Applies the write like the corresponding single request.
    pub(super) async fn apply(
        self,
        posts: &Posts,
        caller: &Caller,
    ) -> Result<AppliedWrite, Problem> {
        let created = matches!(self, Self::Create(_));
        let result = match self {
            Self::Create(new) => posts.create(caller, *new).await.map(Some),
            Self::Change { id, base, change } => {
                let base = base.ok_or_else(if_match_required)?;
                change.apply(posts, caller, id, base).await
            }
        };
        let result = result.map_err(|error| Problem::from(error).within("/value"))?;
        let status = match &result {
            Some(_) if created => StatusCode::CREATED,
            Some(_) => StatusCode::OK,
            None => StatusCode::NO_CONTENT,
        };
        Ok(AppliedWrite { status, result })
    }
}

fn if_match_required() -> Problem {
    Problem::new(ProblemType::PreconditionRequired)
        .detail("Send the ETag of the version that the write is based on as if_match.")
}

/// Returns the schema of an item. It is not strict, because a batch with invalid items is accepted; the
/// bodies of the single requests define the members.
pub(super) fn schema() -> Object {
    let described = |schema: ObjectBuilder, about: String| schema.description(Some(about));
    let value = ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(AdditionalProperties::FreeForm(true)));
    let id = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    let base = format!("{} Required, except for `create`.", about::IF_MATCH);
    ObjectBuilder::new()
        .required("op")
        .property(
            "op",
            described(OperationName::schema(), about::OP.to_owned()),
        )
        .property(
            "id",
            described(id, format!("{} Required, except for `create`.", about::ID)),
        )
        .property("if_match", described(IfMatchTag::schema(), base))
        .property("value", described(value, about::VALUE.to_owned()))
        .build()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn errors(item: Value) -> Vec<(String, String)> {
        let document = BatchOperation::parse(item).err().unwrap().document("", "");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let list = document["errors"].as_array().unwrap().iter();
        list.map(|error| (text(&error["pointer"]), text(&error["code"])))
            .collect()
    }

    #[test]
    fn all_operations_are_parsed() {
        let id = "01912d68-783e-7a03-8467-5661c1243ad4";
        for (name, _) in OPERATIONS {
            let item = match name {
                "create" => json!({"op": name, "value": {"title": "A", "body": ""}}),
                "update" | "schedule" => {
                    json!({"op": name, "id": id, "if_match": "1.1", "value": {}})
                }
                _ => json!({"op": name, "id": id, "if_match": "\"1.1\""}),
            };
            assert!(BatchOperation::parse(item).is_ok(), "{name}");
        }
    }

    #[test]
    fn all_violations_of_an_item_are_reported_with_their_pointers() {
        let at = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(
            errors(json!({"op": "explode", "id": 7, "x": 1})),
            [at("/op", "bad_format")]
        );
        assert_eq!(errors(json!({})), [at("/op", "required")]);
        assert_eq!(errors(json!([])), [at("", "wrong_type")]);
        let item =
            json!({"op": "create", "id": "x", "if_match": "1.1", "value": {"title": "", "y": 1}});
        assert_eq!(
            errors(item),
            [
                at("/value/title", "too_short"),
                at("/value/body", "required"),
                at("/value/y", "unknown_member"),
                at("/id", "unknown_member"),
                at("/if_match", "unknown_member"),
            ]
        );
        let item = json!({"op": "trash", "id": "x", "if_match": "x", "value": {"a": 1}});
        assert_eq!(
            errors(item),
            [
                at("/id", "bad_format"),
                at("/if_match", "bad_format"),
                at("/value/a", "unknown_member")
            ]
        );
    }
}
