//! Compares all reads of the site with the model.

use serde_json::{Value, json};

use super::{
    desk::Desk,
    expected::with,
    lists::Place,
    names::Names,
    operations::{Company, End, LOCALES, Look, Operation, PATHS, SLUGS, Step},
    paths::Lead,
    post::Showing,
    words::Words,
};

impl Desk {
    /// Checks the reads that `look` selects.
    pub(super) fn compare(&mut self, step: &Step) {
        match &step.look {
            Look::Everywhere(limit) => self.compare_all(*limit),
            Look::List { query, limit, busy } => self.compare_query(query, *limit, *busy),
            Look::Near => {
                self.compare_near(&step.operation);
                if let Company::Rival(operation, _) = &step.company {
                    self.compare_near(operation);
                }
            }
        }
        self.require_order();
    }

    /// Checks all reads.
    pub(super) fn compare_all(&mut self, limit: usize) {
        for nth in 0..self.world.posts.len() {
            self.compare_post(nth);
        }
        for (slug, locale) in addresses() {
            self.compare_address(slug, locale);
        }
        self.compare_paths();
        self.compare_mirror(limit);
        self.compare_lists(limit);
        self.compare_taxonomy();
    }

    fn compare_near(&mut self, operation: &Operation) {
        match operation {
            Operation::Post { nth, .. } => {
                if let Some(nth) = self.world.existing(*nth) {
                    self.compare_post(nth);
                    let Words { slug, locale, .. } = self.world.posts[nth].words;
                    self.compare_address(slug, locale);
                }
            }
            Operation::Batch(items) => items.iter().for_each(|item| self.compare_near(item)),
            Operation::CreateCategory { .. }
            | Operation::Category { .. }
            | Operation::Tag { .. }
            | Operation::Cancel { .. }
            | Operation::Work { .. } => self.compare_taxonomy(),
            Operation::CreateRedirect { .. } | Operation::RemoveRedirect { .. } => {
                self.compare_paths();
            }
            Operation::Create { .. }
            | Operation::Wait(_)
            | Operation::KeepHouse
            | Operation::Repeat => {}
        }
    }

    fn compare_post(&mut self, nth: usize) {
        let post = &self.world.posts[nth];
        let path = format!("/v1/posts/{}", self.names.posts[nth]);
        let answer = self.get(&path, true);
        if post.purged {
            assert_eq!(answer.status, 404, "{path}");
            return;
        }
        let expected = self.names.working(&self.world, nth);
        agrees(
            &path,
            &answer.body,
            &with(expected, Names::manuscript(&post.words)),
        );
        let tag = format!("\"{}.{}", post.version, post.revision);
        assert!(answer.etag().starts_with(&tag), "{tag}: {}", answer.etag());
        let path = format!("{path}?view=live");
        let answer = self.get(&path, true);
        match post.live(self.world.now) {
            None => assert_eq!(answer.status, 404, "{path}"),
            Some(live) => agrees(&path, &answer.body, &self.page(nth, live)),
        }
    }

    fn compare_address(&self, slug: &str, locale: &str) {
        let path = format!("/v1/posts/by-slug/{slug}?locale={locale}");
        let answer = self.get(&path, false);
        let expected = match self.world.place(slug, locale) {
            Place::Nowhere => 404,
            Place::Gone => 410,
            Place::Here(nth, live) => {
                agrees(&path, &answer.body, &self.page(nth, live));
                200
            }
            Place::Moved(live) => {
                assert_eq!(answer.header("location"), place(live), "{path}");
                308
            }
        };
        assert_eq!(answer.status, expected, "{path}: {}", answer.text);
    }

    fn page(&self, nth: usize, live: &Showing) -> Value {
        let text = json!({"body": live.words.body.text(), "archived": !live.listed});
        with(self.names.live(&self.world, nth, live), text)
    }

    /// Checks the resolution of paths and the list of redirects.
    fn compare_paths(&self) {
        for path in PATHS {
            let asked = format!("/v1/redirects/resolve?path={path}");
            let answer = self.get(&asked, false);
            match self.world.lead(path) {
                Lead::Nowhere => assert_eq!(answer.status, 404, "{asked}: {}", answer.text),
                Lead::Gone => assert_eq!(answer.status, 410, "{asked}: {}", answer.text),
                Lead::To { end, permanent } => {
                    let status = if permanent { 308 } else { 307 };
                    let expected = with(self.location(end), json!({ "status": status }));
                    assert_eq!(answer.body, expected, "{asked}");
                }
            }
        }
        let there = self.world.ways.iter().enumerate().rev();
        let there = there.filter(|(_, way)| !way.removed);
        let expected: Vec<_> = there
            .map(|(nth, way)| json!({"id": self.names.ways[nth], "from": way.from}))
            .collect();
        let seen = self.get("/v1/redirects?limit=100", true).rows();
        agree("redirects", &seen, &expected);
    }

    fn location(&self, end: End) -> Value {
        match end {
            End::Path(path) => json!({"location": path, "post_id": null}),
            End::Post(nth) => {
                let live = self.world.posts[nth].live(self.world.now);
                json!({"location": live.map(place), "post_id": self.names.posts[nth]})
            }
        }
    }
}

fn addresses() -> impl Iterator<Item = (&'static str, &'static str)> {
    let slugs = SLUGS.into_iter();
    slugs.flat_map(|slug| LOCALES.map(|locale| (slug, locale)))
}

fn place(live: &Showing) -> String {
    let Words { slug, locale, .. } = &live.words;
    format!("/v1/posts/by-slug/{slug}?locale={locale}")
}

/// Fails unless the items are equal.
pub(super) fn agree(what: &str, seen: &[Value], expected: &[Value]) {
    let name = |row: &Value| (row["id"].clone(), row["slug"].clone());
    let names = |rows: &[Value]| rows.iter().map(name).collect::<Vec<_>>();
    assert_eq!(names(seen), names(expected), "{what}");
    for (seen, expected) in seen.iter().zip(expected) {
        agrees(what, seen, expected);
    }
}

/// Fails unless all expected members exist and are equal.
fn agrees(what: &str, seen: &Value, expected: &Value) {
    for (name, expected) in expected.as_object().into_iter().flatten() {
        assert_eq!(&seen[name], expected, "{name} of {what}: {seen:#}");
    }
}
