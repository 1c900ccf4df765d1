use http::StatusCode;
use serde_json::Value;
use tintero_domain::{
    Error, FieldErrors,
    access::Caller,
    posts::{Effect, NewPost, Plan, PostPatch, Posts, Transition},
    values::{Code, PostId, Timestamp, ValueError, VersionTag},
};
use utoipa::openapi::{KnownFormat, Object, ObjectBuilder, SchemaFormat, Type};

use super::super::{
    create::CreatePost,
    patch::PatchPost,
    schedule::SchedulePost,
    transitions::{NoMembers, PublishPost},
};
use crate::{
    body::{self, Members, Nested, Record, Text},
    extract::BasedOn,
    problem::{Kind, Problem},
};

/// One write of a batch.
pub(super) enum Operation {
    Create(Box<NewPost>),
    Change {
        id: PostId,
        /// Demanded once the rest is right, as a missing `If-Match` is.
        base: Option<VersionTag>,
        change: Change,
    },
}

/// What is done to a post that is there.
pub(super) enum Change {
    Update(Box<PostPatch>),
    Publish(Option<Timestamp>),
    Schedule(Plan),
    Take(Transition),
    Purge,
}

/// What a write did, and the status with which it would have been answered alone.
pub(super) struct Done {
    pub(super) status: StatusCode,
    /// Nothing is left of a purged post.
    pub(super) effect: Option<Effect>,
}

/// What a write is called.
#[derive(Clone, Copy)]
enum Verb {
    Create,
    Update,
    Publish,
    Schedule,
    Take(Transition),
    Purge,
}

/// All names of writes.
const VERBS: [(&str, Verb); 12] = [
    ("create", Verb::Create),
    ("update", Verb::Update),
    ("publish", Verb::Publish),
    ("schedule", Verb::Schedule),
    ("unschedule", Verb::Take(Transition::Unschedule)),
    ("unpublish", Verb::Take(Transition::Unpublish)),
    ("archive", Verb::Take(Transition::Archive)),
    ("trash", Verb::Take(Transition::Trash)),
    ("untrash", Verb::Take(Transition::Untrash)),
    ("purge", Verb::Purge),
    ("submit", Verb::Take(Transition::Submit)),
    ("request_changes", Verb::Take(Transition::RequestChanges)),
];

fn names() -> String {
    VERBS.map(|(name, _)| name).join(", ")
}

impl Text for Verb {
    fn parse(raw: &str) -> Result<Self, ValueError> {
        let known = VERBS.iter().find(|(name, _)| *name == raw);
        known
            .map(|(_, verb)| *verb)
            .ok_or_else(|| ValueError::new(Code::Format, format!("must be one of: {}", names())))
    }

    fn schema() -> ObjectBuilder {
        ObjectBuilder::new().schema_type(Type::String)
    }
}

mod about {
    pub(super) const OP: &str = "What to do.";
    pub(super) const ID: &str = "To which post.";
    pub(super) const IF_MATCH: &str = "The ETag of the state that it is based on.";
    pub(super) const VALUE: &str = "What the body of the single call would be.";
}

impl Record for Operation {
    fn read(members: &mut Members) -> Option<Self> {
        let Some(verb) = members.required::<Verb>("op", about::OP) else {
            members.disregard_rest();
            return None;
        };
        if matches!(verb, Verb::Create) {
            let value = members.required::<Nested<CreatePost>>("value", about::VALUE);
            return value.map(|Nested(CreatePost(new))| Self::Create(Box::new(new)));
        }
        let id = members.required("id", about::ID);
        let base = members.optional("if_match", about::IF_MATCH);
        let change = Change::read(verb, members);
        Some(Self::Change {
            id: id?,
            base: base.and_then(|BasedOn(base)| base),
            change: change?,
        })
    }
}

impl Change {
    fn read(verb: Verb, members: &mut Members) -> Option<Self> {
        match verb {
            Verb::Create => None,
            Verb::Update => {
                let value = members.required::<Nested<PatchPost>>("value", about::VALUE);
                value.map(|Nested(PatchPost(patch))| Self::Update(Box::new(patch)))
            }
            Verb::Publish => {
                let value = members.optional::<Nested<PublishPost>>("value", about::VALUE);
                Some(Self::Publish(value.and_then(|value| value.0.published_at)))
            }
            Verb::Schedule => {
                let value = members.required::<Nested<SchedulePost>>("value", about::VALUE);
                value.map(|Nested(SchedulePost(plan))| Self::Schedule(plan))
            }
            Verb::Take(transition) => {
                members.optional::<Nested<NoMembers>>("value", about::VALUE);
                Some(Self::Take(transition))
            }
            Verb::Purge => {
                members.optional::<Nested<NoMembers>>("value", about::VALUE);
                Some(Self::Purge)
            }
        }
    }
}

impl Change {
    async fn perform(
        self,
        posts: &Posts,
        caller: &Caller,
        id: PostId,
        base: VersionTag,
    ) -> Result<Option<Effect>, Error> {
        let effect = match self {
            Self::Update(patch) => posts.update(caller, id, base, *patch).await,
            Self::Publish(date) => posts.publish(caller, id, base, date).await,
            Self::Schedule(plan) => posts.schedule(caller, id, base, plan).await,
            Self::Take(transition) => posts.transition(caller, id, base, transition).await,
            Self::Purge => return posts.purge(caller, id, base).await.map(|()| None),
        };
        effect.map(Some)
    }
}

impl Operation {
    /// What an item asks for, or everything that is wrong with it.
    pub(super) fn of(item: Value) -> Result<Self, Problem> {
        let Value::Object(object) = item else {
            return Err(FieldErrors::one("", Code::Type, "must be an object").into());
        };
        let mut errors = FieldErrors::default();
        match body::read(object, "", &mut errors) {
            Some(operation) if errors.is_empty() => Ok(operation),
            _ => Err(errors.into()),
        }
    }

    /// Does it, as the single call would.
    pub(super) async fn perform(self, posts: &Posts, caller: &Caller) -> Result<Done, Problem> {
        let created = matches!(self, Self::Create(_));
        let effect = match self {
            Self::Create(new) => posts.create(caller, *new).await.map(Some),
            Self::Change { id, base, change } => {
                let base = base.ok_or_else(unbased)?;
                change.perform(posts, caller, id, base).await
            }
        };
        let effect = effect.map_err(|error| Problem::from(error).within("/value"))?;
        let status = match &effect {
            Some(_) if created => StatusCode::CREATED,
            Some(_) => StatusCode::OK,
            None => StatusCode::NO_CONTENT,
        };
        Ok(Done { status, effect })
    }
}

fn unbased() -> Problem {
    Problem::new(Kind::PreconditionRequired)
        .detail("Send the ETag of the state that the write is based on as if_match.")
}

/// How an item is documented. It is looked at when its turn comes, so a batch is accepted with items
/// that are refused: what binds is the body of the single call.
pub(super) fn schema() -> Object {
    let described = |schema: ObjectBuilder, about: String| schema.description(Some(about));
    let value = ObjectBuilder::new().schema_type(Type::Object);
    let id = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    let base = format!("{} Not for `create`, demanded otherwise.", about::IF_MATCH);
    let op = format!("{} One of: {}.", about::OP, names());
    ObjectBuilder::new()
        .property("op", described(Verb::schema(), op))
        .property(
            "id",
            described(id, format!("{} Not for `create`.", about::ID)),
        )
        .property("if_match", described(BasedOn::schema(), base))
        .property("value", described(value, about::VALUE.to_owned()))
        .build()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wrong_with(item: Value) -> Vec<(String, String)> {
        let document = Operation::of(item).err().unwrap().document("", "");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let errors = document["errors"].as_array().unwrap().iter();
        errors
            .map(|error| (text(&error["pointer"]), text(&error["code"])))
            .collect()
    }

    #[test]
    fn every_name_is_a_write() {
        let id = "01912d68-783e-7a03-8467-5661c1243ad4";
        for (name, _) in VERBS {
            let item = match name {
                "create" => json!({"op": name, "value": {"title": "A", "body": ""}}),
                "update" | "schedule" => {
                    json!({"op": name, "id": id, "if_match": "1.1", "value": {}})
                }
                _ => json!({"op": name, "id": id, "if_match": "\"1.1\""}),
            };
            assert!(Operation::of(item).is_ok(), "{name}");
        }
    }

    #[test]
    fn everything_wrong_with_an_item_is_said_at_its_place() {
        let at = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(
            wrong_with(json!({"op": "explode", "id": 7, "x": 1})),
            [at("/op", "bad_format")]
        );
        assert_eq!(wrong_with(json!({})), [at("/op", "required")]);
        assert_eq!(wrong_with(json!([])), [at("", "wrong_type")]);
        let item =
            json!({"op": "create", "id": "x", "if_match": "1.1", "value": {"title": "", "y": 1}});
        assert_eq!(
            wrong_with(item),
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
            wrong_with(item),
            [
                at("/id", "bad_format"),
                at("/if_match", "bad_format"),
                at("/value/a", "unknown_member")
            ]
        );
    }
}
