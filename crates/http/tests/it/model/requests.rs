//! Converts operations to requests.

use http::Method;
use serde_json::{Map, Value, json};
use tintero_domain::values::Timestamp;

use super::{
    names::Names,
    operations::{Actor, Base, CategoryDeed, Deed, End, Moment, Offset, Operation, TagDeed},
    orders::Request,
    words::{Changes, Words, title},
    world::World,
};
use crate::call::Call;

/// The name of a write in the API.
struct Wish {
    name: &'static str,
    value: Option<Value>,
}

impl Names {
    /// Returns the request in this world, unless its target does not exist.
    pub(super) fn request(&self, world: &World, request: &Request) -> Option<Call> {
        Some(match &request.operation {
            Operation::Create {
                words,
                date,
                published,
            } => {
                let new = self.creation(words, *date, *published, world.now);
                Call::post("/v1/posts").json(&new)
            }
            Operation::Post { nth, base, deed } => {
                let nth = world.existing(*nth)?;
                let call = self.deed(world, nth, *base, deed);
                call.based_on(&tag(world, nth, *base))
            }
            Operation::Batch(items) => {
                let items = self.items(world, items, request.by);
                if items.is_empty() {
                    return None;
                }
                Call::post("/v1/posts:batch").json(&json!({"operations": items}))
            }
            Operation::CreateCategory { slug, parent } => {
                let parent = world
                    .tree
                    .existing(*parent)
                    .map(|nth| &self.categories[nth]);
                let body = json!({"name": slug, "slug": slug, "parent_id": parent});
                Call::post("/v1/categories").json(&body)
            }
            Operation::Category { nth, base, deed } => {
                let nth = world.tree.existing(Some(*nth))?;
                let version = base.version(world.tree.0[nth].version);
                let call = self.category_deed(world, nth, deed)?;
                call.based_on(&format!("\"{version}.1\""))
            }
            Operation::Tag { tag, deed } => {
                let path = format!("/v1/tags/{tag}");
                match deed {
                    TagDeed::Rename(name) => Call::patch(&path).json(&json!({"name": name})),
                    TagDeed::Merge(into) => {
                        Call::post(&format!("{path}/merge")).json(&json!({"into": into}))
                    }
                }
            }
            Operation::Cancel { nth } => {
                let merging = self.merges.get(&world.gone(*nth)?)?;
                Call::post(&format!("/v1/operations/{}/cancel", merging.id))
            }
            Operation::CreateRedirect {
                from,
                to,
                permanent,
            } => {
                let (name, end) = match world.end(*to)? {
                    End::Path(path) => ("to", path),
                    End::Post(nth) => ("post_id", self.posts[nth].as_str()),
                };
                let body = json!({"from": from, name: end, "permanent": permanent});
                Call::post("/v1/redirects").json(&body)
            }
            Operation::RemoveRedirect { nth } => {
                let nth = world.existing_way(*nth)?;
                Call::delete(&format!("/v1/redirects/{}", self.ways[nth]))
            }
            Operation::Wait(_)
            | Operation::KeepHouse
            | Operation::Work { .. }
            | Operation::Repeat => return None,
        })
    }

    fn category_deed(&self, world: &World, nth: usize, deed: &CategoryDeed) -> Option<Call> {
        let path = format!("/v1/categories/{}", self.categories[nth]);
        Some(match deed {
            CategoryDeed::Change { slug, parent } => {
                let to = |nth: Option<usize>| {
                    json!(world.tree.existing(nth).map(|nth| &self.categories[nth]))
                };
                let slug = slug.map(|slug| json!(slug));
                let body = members([("slug", slug), ("parent_id", parent.map(to))]);
                Call::patch(&path).json(&body)
            }
            CategoryDeed::Merge { into, deleting } => {
                let into = self.category(world, *into)?;
                if *deleting {
                    Call::delete(&format!("{path}?reassign_to={into}"))
                } else {
                    Call::post(&format!("{path}/merge")).json(&json!({"into": into}))
                }
            }
            CategoryDeed::Delete => Call::delete(&path),
        })
    }

    fn deed(&self, world: &World, nth: usize, base: Base, deed: &Deed) -> Call {
        let path = format!("/v1/posts/{}", self.posts[nth]);
        let Wish { name, value } = self.wish(world, nth, base, deed);
        let call = match deed {
            Deed::Edit(_) => Call::patch(&path),
            Deed::Merge(_) => Call::patch(&format!("{path}?merge=auto")),
            Deed::Purge => Call::new(Method::DELETE, &path),
            Deed::Restore { revision } => {
                let nth = revision % world.posts[nth].history.len() + 1;
                Call::post(&format!("{path}/revisions/{nth}/restore"))
            }
            _ => Call::post(&format!("{path}/{name}")),
        };
        match value {
            Some(value) => call.json(&value),
            None => call,
        }
    }

    /// Each operation is based on the version after the previous ones.
    fn items(&self, world: &World, items: &[Operation], by: Actor) -> Vec<Value> {
        let mut ahead = world.clone();
        let mut sent = Vec::new();
        for item in items {
            sent.extend(self.item(&ahead, item));
            ahead.perform(item, by, false);
        }
        sent
    }

    /// Returns a write as a batch operation, unless its target does not exist.
    fn item(&self, world: &World, operation: &Operation) -> Option<Value> {
        match operation {
            Operation::Create {
                words,
                date,
                published,
            } => {
                let new = self.creation(words, *date, *published, world.now);
                Some(json!({"op": "create", "value": new}))
            }
            Operation::Post { nth, base, deed } => {
                let nth = world.existing(*nth)?;
                let Wish { name, value } = self.wish(world, nth, *base, deed);
                Some(members([
                    ("op", Some(json!(name))),
                    ("id", Some(json!(self.posts[nth]))),
                    ("if_match", Some(json!(tag(world, nth, *base)))),
                    ("value", value),
                ]))
            }
            _ => None,
        }
    }

    fn wish(&self, world: &World, nth: usize, base: Base, deed: &Deed) -> Wish {
        let now = world.now;
        let plain = |name| Wish { name, value: None };
        let with = |name, value| Wish {
            name,
            value: Some(value),
        };
        match deed {
            Deed::Edit(changes) | Deed::Merge(changes) => {
                let before = world.posts[nth].words_at(world.version(nth, base));
                with("update", self.changes(before, changes, now))
            }
            Deed::Publish { date } => {
                with("publish", members([("published_at", moment(now, *date))]))
            }
            Deed::Schedule { publish, unpublish } => {
                let publish = ("publish_at", moment(now, *publish));
                let unpublish = ("unpublish_at", moment(now, *unpublish));
                with("schedule", members([publish, unpublish]))
            }
            Deed::Restore { .. } => plain("restore"),
            Deed::Unschedule => plain("unschedule"),
            Deed::Archive => plain("archive"),
            Deed::Unpublish => plain("unpublish"),
            Deed::Trash => plain("trash"),
            Deed::Untrash => plain("untrash"),
            Deed::Purge => plain("purge"),
        }
    }

    fn creation(&self, words: &Words, date: Option<Offset>, published: bool, now: Moment) -> Value {
        members([
            ("status", published.then(|| json!("published"))),
            ("title", Some(json!(words.title()))),
            ("body", Some(json!(words.body.text()))),
            ("slug", Some(json!(words.slug))),
            ("locale", Some(json!(words.locale))),
            ("tags", Some(json!(words.tags))),
            (
                "category_ids",
                Some(json!(self.categories(&words.categories))),
            ),
            ("byline_ids", Some(json!(self.bylines(&words.bylines)))),
            ("aliases", Some(json!(words.aliases))),
            ("published_at", moment(now, date)),
        ])
    }

    /// The changed members. The body is sent as a whole.
    fn changes(&self, before: &Words, changes: &Changes, now: Moment) -> Value {
        let (categories, bylines) = (changes.categories.as_ref(), changes.bylines.as_ref());
        let body = (!changes.body.is_empty()).then(|| before.changed(changes).body.text());
        let date = changes.date.map(|date| json!(moment(now, date)));
        members([
            ("title", changes.title.map(|n| json!(title(n)))),
            ("body", body.map(Value::String)),
            ("slug", changes.slug.map(|slug| json!(slug))),
            ("locale", changes.locale.map(|locale| json!(locale))),
            ("tags", changes.tags.map(|tags| json!(tags))),
            (
                "category_ids",
                categories.map(|nths| json!(self.categories(nths))),
            ),
            ("byline_ids", bylines.map(|nths| json!(self.bylines(nths)))),
            ("aliases", changes.aliases.map(|paths| json!(paths))),
            ("published_at", date),
        ])
    }
}

/// Formats a relative time.
fn moment(now: Moment, by: Option<Offset>) -> Option<Value> {
    by.map(|by| json!(Timestamp::from_millis(now + by).to_string()))
}

/// The tag of a version.
fn tag(world: &World, nth: usize, base: Base) -> String {
    let version = world.version(nth, base);
    let revision = world.posts[nth].revision_at(version);
    format!("\"{version}.{revision}\"")
}

/// An object without the absent members.
fn members<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let there = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(there.collect::<Map<_, _>>())
}
