//! What of an operation goes over the wire.

use http::Method;
use serde_json::{Map, Value, json};
use tintero_domain::values::Timestamp;

use super::{
    desk::{Desk, Name, Names},
    operations::{Changes, Deed, Offset, Operation, Step, Words},
};
use crate::call::Call;

impl Desk {
    /// The request that does it, unless there is nothing to which it could be done.
    pub(super) fn request(&mut self, step: &Step) -> Option<Call> {
        let call = match &step.operation {
            Operation::Create { words, date } => {
                let mut body = self.words(words);
                body.extend(self.moment("published_at", *date));
                Call::post("/v1/posts").json(&Value::Object(body))
            }
            Operation::Post { nth, base, deed } => {
                let post = existing(&self.names.posts, *nth)?;
                self.deed(post, deed).based_on(post.tag(*base))
            }
            Operation::CreateCategory { slug, parent } => {
                let parent = parent.and_then(|nth| existing(&self.names.categories, nth));
                let parent = parent.map(|parent| &parent.id);
                let body = json!({"name": slug, "slug": slug, "parent_id": parent});
                Call::post("/v1/categories").json(&body)
            }
            Operation::ChangeCategory {
                nth,
                base,
                slug,
                parent,
            } => {
                let category = existing(&self.names.categories, *nth)?;
                let to = |nth: usize| existing(&self.names.categories, nth);
                let parent = parent.map(|parent| json!(parent.and_then(to).map(|to| &to.id)));
                let slug = slug.map(|slug| json!(slug));
                let call = Call::patch(&format!("/v1/categories/{}", category.id));
                call.json(&members([("slug", slug), ("parent_id", parent)]))
                    .based_on(category.tag(*base))
            }
            Operation::Wait(_) | Operation::KeepHouse | Operation::Repeat => return None,
        };
        let call = call.with_key(self.names.key(step.by));
        Some(self.keyed(call, step))
    }

    fn keyed(&mut self, call: Call, step: &Step) -> Call {
        let takes_one = match &step.operation {
            Operation::Create { .. } => true,
            Operation::Post { deed, .. } => deed.takes_a_key(),
            _ => false,
        };
        if !(step.keyed && takes_one) {
            return call;
        }
        self.keys += 1;
        call.header("idempotency-key", &format!("key-{}", self.keys))
    }

    fn deed(&self, post: &Name, deed: &Deed) -> Call {
        let path = format!("/v1/posts/{}", post.id);
        let transition = |name: &str| Call::post(&format!("{path}/{name}"));
        match deed {
            Deed::Edit(changes) => Call::patch(&path).json(&self.changes(changes)),
            Deed::Publish { date } => {
                let body = self.moment("published_at", *date).into_iter().collect();
                transition("publish").json(&Value::Object(body))
            }
            Deed::Schedule { publish, unpublish } => {
                let publish = self.moment("publish_at", *publish);
                let unpublish = self.moment("unpublish_at", *unpublish);
                let body = publish.into_iter().chain(unpublish).collect();
                transition("schedule").json(&Value::Object(body))
            }
            Deed::Restore { revision } => {
                let nth = revision % post.revisions + 1;
                transition(&format!("revisions/{nth}/restore"))
            }
            Deed::Unschedule => transition("unschedule"),
            Deed::Archive => transition("archive"),
            Deed::Unpublish => transition("unpublish"),
            Deed::Trash => transition("trash"),
            Deed::Untrash => transition("untrash"),
            Deed::Purge => Call::new(Method::DELETE, &path),
        }
    }

    fn words(&self, words: &Words) -> Map<String, Value> {
        let body = json!({
            "title": words.title(),
            "body": words.body(),
            "slug": words.slug,
            "locale": words.locale,
            "tags": words.tags,
            "category_ids": self.names.categories(&words.categories),
            "byline_ids": self.names.bylines(&words.bylines),
        });
        match body {
            Value::Object(body) => body,
            _ => Map::new(),
        }
    }

    fn changes(&self, changes: &Changes) -> Value {
        let names = &self.names;
        let categories = changes.categories.as_ref();
        let bylines = changes.bylines.as_ref();
        let date = changes.date.map(|date| json!(date.map(|by| self.text(by))));
        members([
            ("title", changes.title.map(|n| json!(Words::title_of(n)))),
            ("body", changes.body.map(|n| json!(Words::body_of(n)))),
            ("slug", changes.slug.map(|slug| json!(slug))),
            ("locale", changes.locale.map(|locale| json!(locale))),
            ("tags", changes.tags.map(|tags| json!(tags))),
            (
                "category_ids",
                categories.map(|nths| json!(names.categories(nths))),
            ),
            ("byline_ids", bylines.map(|nths| json!(names.bylines(nths)))),
            ("published_at", date),
        ])
    }

    fn moment(&self, name: &str, by: Option<Offset>) -> Option<(String, Value)> {
        by.map(|by| (name.to_owned(), json!(self.text(by))))
    }

    /// The moment that lies so far from now, as it is written.
    fn text(&self, by: Offset) -> String {
        let now = self.site.clock.millis();
        Timestamp::from_millis(now + by).to_string()
    }
}

impl Names {
    /// The ids of those categories that exist.
    pub(super) fn categories(&self, nths: &[usize]) -> Vec<&str> {
        ids(&self.categories, nths)
    }

    pub(super) fn bylines(&self, nths: &[usize]) -> Vec<&str> {
        ids(&self.bylines, nths)
    }
}

fn ids<'a>(names: &'a [Name], nths: &[usize]) -> Vec<&'a str> {
    let known = nths.iter().filter_map(|nth| names.get(*nth));
    known.map(|name| name.id.as_str()).collect()
}

fn existing(names: &[Name], nth: usize) -> Option<&Name> {
    names.get(nth.checked_rem(names.len())?)
}

/// An object of the members that are there.
fn members<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let there = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(there.collect())
}
