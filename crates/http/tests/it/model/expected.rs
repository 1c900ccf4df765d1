//! Expected responses.

use serde_json::{Value, json};
use tintero_domain::values::Timestamp;

use super::{
    names::Names,
    operations::Moment,
    post::{Post, Showing},
    words::Words,
    world::World,
};

/// Formats a time as in responses.
fn text(moment: Moment) -> String {
    Timestamp::from_millis(moment).to_string()
}

impl Names {
    /// A working copy without text.
    pub(super) fn working(&self, world: &World, nth: usize) -> Value {
        let (post, now) = (&world.posts[nth], world.now);
        let live = post.live(now).map(|live| {
            json!({
                "slug": live.words.slug,
                "locale": live.words.locale,
                "revision": live.revision,
                "published_at": text(live.date),
            })
        });
        let first = post.shown(now).map(|showing| showing.from).min();
        let state = json!({
            "view": "working",
            "id": self.posts[nth],
            "status": post.status(now),
            "has_unpublished_changes": differs(post, now),
            "live": live,
            "plan": plan(post, now),
            "version": post.version,
            "revision": post.revision,
            "owner_id": self.user(post.owner),
            "published_at": post.date.map(text),
            "first_published_at": first.map(text),
            "created_at": text(post.created),
            "updated_at": text(post.updated),
        });
        with(state, self.words(world, &post.words))
    }

    /// The members that only a single working copy has.
    pub(super) fn manuscript(words: &Words) -> Value {
        json!({"body": words.body.text(), "aliases": words.aliases})
    }

    /// A live copy without text.
    pub(super) fn live(&self, world: &World, nth: usize, showing: &Showing) -> Value {
        let state = json!({
            "view": "live",
            "id": self.posts[nth],
            "published_at": text(showing.date),
            "updated_at": text(showing.from),
        });
        with(state, self.words(world, &showing.words))
    }

    fn words(&self, world: &World, words: &Words) -> Value {
        let categories = world.tree.present(&words.categories);
        json!({
            "title": words.title(),
            "slug": words.slug,
            "locale": words.locale,
            "tags": world.tags.present(&words.tags),
            "category_ids": self.categories(&categories),
            "byline_ids": self.bylines(&words.bylines),
        })
    }
}

/// Merges two objects.
pub(super) fn with(mut one: Value, other: Value) -> Value {
    if let (Value::Object(one), Value::Object(other)) = (&mut one, other) {
        one.extend(other);
    }
    one
}

fn differs(post: &Post, now: Moment) -> bool {
    post.last(now)
        .is_some_and(|last| last.revision != post.revision || Some(last.date) != post.date)
}

fn plan(post: &Post, now: Moment) -> Option<Value> {
    post.next_change(now)?;
    let coming = post.coming(now);
    let until = post.last(now).and_then(|last| last.until);
    Some(json!({
        "publish_at": coming.map(|coming| text(coming.from)),
        "unpublish_at": until.map(text),
        "revision": coming.map(|coming| coming.revision),
        "slug": coming.map(|coming| coming.words.slug),
        "locale": coming.map(|coming| coming.words.locale),
    }))
}
