//! Everything that can be read of a site, beside what the model says of it.

use serde_json::{Value, json};

use super::{
    desk::Desk,
    expected::with,
    operations::{Actor, LOCALES, Look, Operation, SLUGS, Step, TAG_NAMES, Words},
    world::{Place, World},
};
use crate::call::{Answer, Call};

/// The statuses of posts, as desk lists are asked for them.
const STATUSES: [&str; 5] = ["draft", "scheduled", "published", "archived", "trashed"];

impl Desk {
    /// Fails unless what is looked at says what the model says.
    pub(super) fn compare(&mut self, world: &World, step: &Step) {
        match (step.look, &step.operation) {
            (Look::Everywhere(limit), _) => self.compare_all(world, limit),
            (Look::Near, Operation::Post { nth, .. }) => {
                if let Some(nth) = world.existing(*nth) {
                    self.compare_post(world, nth);
                    let Words { slug, locale, .. } = world.posts[nth].words;
                    self.compare_address(world, slug, locale);
                }
            }
            (Look::Near, Operation::CreateCategory { .. } | Operation::ChangeCategory { .. }) => {
                self.compare_categories(world);
            }
            (Look::Near, _) => {}
        }
    }

    /// Fails unless everything is as the model says.
    pub(super) fn compare_all(&mut self, world: &World, limit: usize) {
        for nth in 0..world.posts.len() {
            self.compare_post(world, nth);
        }
        for (slug, locale) in addresses() {
            self.compare_address(world, slug, locale);
        }
        self.compare_public_lists(world, limit);
        self.compare_desk_lists(world, limit);
        self.compare_categories(world);
    }

    fn compare_post(&mut self, world: &World, nth: usize) {
        let post = &world.posts[nth];
        let path = format!("/v1/posts/{}", self.names.posts[nth].id);
        let answer = self.get(&path, true);
        if post.purged {
            assert_eq!(answer.status, 404, "{path}");
            return;
        }
        let body = json!({"body": post.words.body()});
        let expected = with(self.names.working(world, nth), body);
        agrees(&path, &answer.body, &expected);
        answer.etag().clone_into(&mut self.names.posts[nth].latest);
        self.names.posts[nth].revisions = post.history.len();
        let path = format!("{path}?view=live");
        let answer = self.get(&path, true);
        match post.live(world.now) {
            None => assert_eq!(answer.status, 404, "{path}"),
            Some(live) => {
                let text = json!({"body": live.words.body(), "archived": !live.listed});
                agrees(&path, &answer.body, &with(self.names.live(nth, live), text));
            }
        }
    }

    fn compare_address(&self, world: &World, slug: &str, locale: &str) {
        let path = format!("/v1/posts/by-slug/{slug}?locale={locale}");
        let answer = self.get(&path, false);
        let expected = match world.place(slug, locale) {
            Place::Nowhere => 404,
            Place::Gone => 410,
            Place::Here(nth, live) => {
                let text = json!({"body": live.words.body(), "archived": !live.listed});
                agrees(&path, &answer.body, &with(self.names.live(nth, live), text));
                200
            }
            Place::Moved(live) => {
                let Words { slug, locale, .. } = &live.words;
                let target = format!("/v1/posts/by-slug/{slug}?locale={locale}");
                assert_eq!(answer.header("location"), target, "{path}");
                308
            }
        };
        assert_eq!(answer.status, expected, "{path}: {}", answer.text);
    }

    fn compare_public_lists(&self, world: &World, limit: usize) {
        self.compare_public(world, limit, "", |_| true);
        for locale in LOCALES {
            let query = format!("locale={locale}");
            self.compare_public(world, limit, &query, |words| words.locale == locale);
        }
        for tag in TAG_NAMES {
            let same = |other: &&str| other.eq_ignore_ascii_case(tag);
            let query = format!("tag={tag}");
            self.compare_public(world, limit, &query, |words| words.tags.iter().any(same));
        }
        for (nth, category) in self.names.categories.iter().enumerate() {
            let query = format!("category={}", category.id);
            self.compare_public(world, limit, &query, |words| {
                words.categories.contains(&nth)
            });
        }
        for (nth, byline) in self.names.bylines.iter().enumerate() {
            let query = format!("author={}", byline.id);
            self.compare_public(world, limit, &query, |words| words.bylines.contains(&nth));
        }
    }

    fn compare_public(
        &self,
        world: &World,
        limit: usize,
        query: &str,
        wanted: impl Fn(&Words) -> bool,
    ) {
        let rows = world.public(wanted).into_iter();
        let expected: Vec<_> = rows.map(|(nth, live)| self.names.live(nth, live)).collect();
        let seen = self.walk(query, limit, false);
        agree(query, &seen, &expected);
    }

    fn compare_desk_lists(&self, world: &World, limit: usize) {
        for status in STATUSES {
            let query = format!("status={status}&view=working");
            let rows = world.desk(|post| post.status(world.now) == status, |post| post.created);
            self.compare_desk(world, limit, &query, rows);
            for owner in [Actor::Administrator, Actor::Author] {
                let query = format!("{query}&owner={}", self.names.user(owner));
                let rows = world.desk(
                    |post| post.status(world.now) == status && post.owner == owner,
                    |post| post.created,
                );
                self.compare_desk(world, limit, &query, rows);
            }
        }
        let rows = world.desk(|_| true, |post| post.updated);
        self.compare_desk(world, limit, "status=any", rows);
    }

    fn compare_desk(&self, world: &World, limit: usize, query: &str, rows: Vec<usize>) {
        let rows = rows.into_iter();
        let expected: Vec<_> = rows.map(|nth| self.names.working(world, nth)).collect();
        let seen = self.walk(query, limit, true);
        agree(query, &seen, &expected);
    }

    fn compare_categories(&mut self, world: &World) {
        let answer = self.get("/v1/categories", false);
        let tree = &world.tree;
        let mut nths: Vec<_> = (0..tree.0.len()).collect();
        nths.sort_by_key(|nth| tree.path(*nth));
        let id = |nth: usize| &self.names.categories[nth].id;
        let expected = nths.iter().map(|nth| {
            let category = &tree.0[*nth];
            let posts = world.public(|words| words.categories.contains(nth));
            json!({
                "id": id(*nth),
                "slug": category.slug,
                "parent_id": category.parent.map(id),
                "path": tree.path(*nth).join("/"),
                "version": category.version,
                "post_count": posts.len(),
            })
        });
        let seen = answer.body["items"].as_array().cloned().unwrap_or_default();
        agree("categories", &seen, &expected.collect::<Vec<_>>());
        for nth in nths {
            let path = format!("/v1/categories/{}", self.names.categories[nth].id);
            let tag = self.get(&path, false).etag().to_owned();
            self.names.categories[nth].latest = tag;
        }
    }

    /// All rows of a list, page by page.
    fn walk(&self, query: &str, limit: usize, signed: bool) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut path = format!("/v1/posts?limit={limit}&{query}");
        loop {
            let mut answer = self.get(&path, signed);
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
            let page = answer.body["items"].as_array_mut().map(std::mem::take);
            rows.extend(page.unwrap_or_default());
            let link = answer.header("link").strip_suffix(">; rel=\"next\"");
            match link.and_then(|link| link.strip_prefix('<')) {
                Some(next) => next.clone_into(&mut path),
                None => return rows,
            }
        }
    }

    fn get(&self, path: &str, signed: bool) -> Answer {
        let call = Call::get(path);
        let call = if signed {
            call.with_key(self.names.key(Actor::Editor))
        } else {
            call
        };
        self.runtime.block_on(call.to(&self.site))
    }
}

fn addresses() -> impl Iterator<Item = (&'static str, &'static str)> {
    let slugs = SLUGS.into_iter();
    slugs.flat_map(|slug| LOCALES.map(|locale| (slug, locale)))
}

/// Fails unless the rows are those that were expected.
fn agree(what: &str, seen: &[Value], expected: &[Value]) {
    let name = |row: &Value| row["slug"].clone();
    let names = |rows: &[Value]| rows.iter().map(name).collect::<Vec<_>>();
    assert_eq!(names(seen), names(expected), "{what}");
    for (seen, expected) in seen.iter().zip(expected) {
        agrees(what, seen, expected);
    }
}

/// Fails unless every member that is expected is there and says what was expected.
fn agrees(what: &str, seen: &Value, expected: &Value) {
    for (name, expected) in expected.as_object().into_iter().flatten() {
        assert_eq!(&seen[name], expected, "{name} of {what}: {seen:#}");
    }
}
