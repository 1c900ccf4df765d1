//! Tests merges and deletions of bylines, and rendering, against a model: sends random operations to a site
//! and applies them to lists of bylines and posts. After each step, all reads must be as expected.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use http::Method;
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};
use tintero_domain::access::Role;

use crate::{
    call::{Answer, Call},
    random::sequences,
    site::{Site, site},
};

/// Maximum number of bylines, and of posts.
const MOST: usize = 6;

/// Texts of posts, each with another element.
const TEXTS: [&str; 4] = [
    "# Uno\n\n*dos* ![x](/assets/none.png)",
    "| a | b |\n|---|---|\n| 1 | 2 |\n",
    "Nota[^1]\n\n[^1]: al pie\n",
    "<script>alert(1)</script>\n\n{% raw %}{{ x }}{% endraw %}",
];

#[derive(Debug, Clone)]
enum Deed {
    Create,
    /// A post with these bylines, and whether it is published.
    Write(Vec<usize>, bool),
    Publish(usize),
    /// A merge, or a deletion with `reassign_to`.
    Merge {
        from: usize,
        into: usize,
        deleting: bool,
    },
    Delete(usize),
    /// Renders another text for a post.
    Render(usize, usize),
    /// Completes the operations.
    Work,
}

/// What became of a byline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Present,
    MergedInto(usize),
    Deleted,
}

#[derive(Debug)]
struct TestPost {
    id: String,
    etag: String,
    bylines: Vec<usize>,
    published: bool,
}

struct Masthead {
    site: Site,
    editor: String,
    bylines: Vec<(String, Fate)>,
    posts: Vec<TestPost>,
}

fn deed() -> impl Strategy<Value = Deed> {
    let nth = || 0..MOST;
    prop_oneof![
        4 => Just(Deed::Create),
        4 => (vec(nth(), 0..4), any::<bool>())
            .prop_map(|(bylines, published)| Deed::Write(bylines, published)),
        2 => nth().prop_map(Deed::Publish),
        4 => (nth(), nth(), any::<bool>())
            .prop_map(|(from, into, deleting)| Deed::Merge { from, into, deleting }),
        3 => nth().prop_map(Deed::Delete),
        2 => (nth(), 0..TEXTS.len()).prop_map(|(post, text)| Deed::Render(post, text)),
        2 => Just(Deed::Work),
    ]
}

proptest! {
    #![proptest_config(sequences(16, 20_261_129))]

    #[test]
    fn bylines_and_rendered_texts_agree_with_the_model(deeds in vec(deed(), 1..25)) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let mut masthead = Masthead::new().await;
            for deed in deeds {
                masthead.take(&deed).await;
                masthead.compare(&deed).await;
            }
        });
    }
}

impl Masthead {
    async fn new() -> Self {
        let site = site().await;
        let editor = site.token(Role::Editor).await;
        Self {
            site,
            editor,
            bylines: Vec::new(),
            posts: Vec::new(),
        }
    }

    /// The present byline to which a byline leads.
    fn resolve(&self, nth: usize) -> Option<usize> {
        match self.bylines[nth].1 {
            Fate::Present => Some(nth),
            Fate::MergedInto(into) => self.resolve(into),
            Fate::Deleted => None,
        }
    }

    /// The present bylines to which these lead, each once.
    fn resolve_all(&self, nths: &[usize]) -> Vec<usize> {
        let mut all = Vec::new();
        for resolved in nths.iter().filter_map(|nth| self.resolve(*nth)) {
            if !all.contains(&resolved) {
                all.push(resolved);
            }
        }
        all
    }

    fn ids(&self, nths: &[usize]) -> Value {
        nths.iter()
            .map(|nth| self.bylines[*nth].0.clone())
            .collect()
    }

    fn path(&self, nth: usize) -> String {
        format!("/v1/bylines/{}", self.bylines[nth].0)
    }

    async fn take(&mut self, deed: &Deed) {
        match deed {
            Deed::Create => self.create().await,
            Deed::Write(bylines, published) => self.write(bylines, *published).await,
            Deed::Publish(nth) => self.publish(*nth).await,
            Deed::Merge {
                from,
                into,
                deleting,
            } => {
                let count = self.bylines.len();
                if let (Some(from), Some(into)) = (from.checked_rem(count), into.checked_rem(count))
                {
                    self.merge(from, into, *deleting).await;
                }
            }
            Deed::Delete(nth) => {
                if let Some(nth) = nth.checked_rem(self.bylines.len()) {
                    self.delete(nth).await;
                }
            }
            Deed::Render(post, text) => self.render(*post, TEXTS[*text]).await,
            Deed::Work => self.site.work().await,
        }
    }

    async fn create(&mut self) {
        if self.bylines.len() == MOST {
            return;
        }
        let body = json!({ "name": format!("Firma {}", self.bylines.len()) });
        let made = self.site.post_as(&self.editor, "/v1/bylines", &body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let id = made.body["id"].as_str().unwrap().to_owned();
        self.bylines.push((id, Fate::Present));
    }

    async fn write(&mut self, bylines: &[usize], published: bool) {
        if self.posts.len() == MOST || self.bylines.is_empty() {
            return;
        }
        let named: Vec<_> = bylines.iter().map(|nth| nth % self.bylines.len()).collect();
        let bylines = self.resolve_all(&named);
        let status = if published { "published" } else { "draft" };
        let text = TEXTS[self.posts.len() % TEXTS.len()];
        let body = json!({
            "title": format!("Hola {}", self.posts.len()), "body": text, "status": status, "byline_ids": self.ids(&bylines),
        });
        let made = self.site.post_as(&self.editor, "/v1/posts", &body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let rendered = self.rendered(&json!({ "body": text })).await;
        assert_eq!(rendered.body["html"], made.body["html"]);
        self.posts.push(TestPost {
            id: made.body["id"].as_str().unwrap().to_owned(),
            etag: made.etag().to_owned(),
            bylines,
            published,
        });
    }

    async fn publish(&mut self, nth: usize) {
        let Some(nth) = nth.checked_rem(self.posts.len()) else {
            return;
        };
        let post = &mut self.posts[nth];
        if post.published {
            return;
        }
        let publish = Call::post(&format!("/v1/posts/{}/publish", post.id));
        let publish = publish.signed(&self.editor).based_on(&post.etag);
        let published = publish.to(&self.site).await;
        assert_eq!(published.status, 200, "{}", published.text);
        post.published = true;
    }

    async fn merge(&mut self, from: usize, into: usize, deleting: bool) {
        let (path, target) = (self.path(from), self.bylines[into].0.clone());
        let call = if deleting {
            Call::delete(&format!("{path}?reassign_to={target}"))
        } else {
            Call::post(&format!("{path}/merge")).json(&json!({ "into": target }))
        };
        let call = call.signed(&self.editor).based_on("\"1.1\"");
        let answer = call.to(&self.site).await;
        let fate = self.bylines[from].1;
        match self.resolve(into) {
            // The target does not exist, or is the same byline.
            None => assert_eq!(answer.status, 422, "{}", answer.text),
            Some(target) if target == from => assert_eq!(answer.status, 422, "{}", answer.text),
            Some(target) if fate == Fate::Present => {
                assert_eq!(answer.status, 202, "{}", answer.text);
                self.bylines[from].1 = Fate::MergedInto(target);
            }
            // A repetition.
            Some(target) if self.resolve(from) == Some(target) => assert_eq!(answer.status, 202),
            Some(_) => assert_eq!(answer.refusal(), (410, "gone")),
        }
    }

    async fn delete(&mut self, nth: usize) {
        let call = Call::delete(&self.path(nth)).signed(&self.editor);
        let answer = call.based_on("\"1.1\"").to(&self.site).await;
        let is_used = self.public(nth).next().is_some();
        match self.bylines[nth].1 {
            Fate::Present if is_used => assert_eq!(answer.refusal(), (409, "byline_in_use")),
            Fate::Present => {
                assert_eq!(answer.status, 204, "{}", answer.text);
                self.bylines[nth].1 = Fate::Deleted;
            }
            Fate::MergedInto(_) | Fate::Deleted => assert_eq!(answer.refusal(), (410, "gone")),
        }
    }

    /// The published posts of the byline to which a byline leads.
    fn public(&self, nth: usize) -> impl Iterator<Item = &TestPost> {
        let target = self.resolve(nth);
        let of_target = move |post: &&TestPost| {
            let mut bylines = post.bylines.iter();
            target.is_some() && bylines.any(|byline| self.resolve(*byline) == target)
        };
        self.posts
            .iter()
            .filter(|post| post.published)
            .filter(of_target)
    }

    /// The text of a post and another text are rendered alike, with and without the post.
    async fn render(&self, nth: usize, text: &str) {
        let Some(nth) = nth.checked_rem(self.posts.len()) else {
            return;
        };
        let plain = self.rendered(&json!({ "body": text })).await;
        let body = json!({ "body": text, "post_id": self.posts[nth].id });
        assert_eq!(self.rendered(&body).await.body["html"], plain.body["html"]);
    }

    async fn rendered(&self, body: &Value) -> Answer {
        let rendered = self.site.post_as(&self.editor, "/v1/render", body).await;
        assert_eq!(rendered.status, 200, "{}", rendered.text);
        rendered
    }

    async fn compare(&self, deed: &Deed) {
        for (nth, (id, _)) in self.bylines.iter().enumerate() {
            let read = Call::new(Method::GET, &self.path(nth)).to(&self.site).await;
            let Some(target) = self.resolve(nth) else {
                assert_eq!(read.refusal(), (410, "gone"), "{deed:?}");
                continue;
            };
            if target == nth {
                assert_eq!((read.status, &read.body["id"]), (200, &json!(id)));
            } else {
                let location = (read.status, read.header("location"));
                assert_eq!(location, (308, self.path(target).as_str()), "{deed:?}");
            }
            let listed = self
                .site
                .get(&format!("/v1/posts?author={id}&limit=100"))
                .await;
            let items = listed.body["items"].as_array().unwrap().iter();
            let mut listed: Vec<_> = items.map(|row| row["id"].as_str().unwrap()).collect();
            let mut expected: Vec<_> = self.public(nth).map(|post| post.id.as_str()).collect();
            listed.sort_unstable();
            expected.sort_unstable();
            assert_eq!(listed, expected, "{deed:?}: {id}");
        }
        for post in &self.posts {
            let path = format!("/v1/posts/{}", post.id);
            let read = self.site.get_as(&self.editor, &path);
            let bylines = self.resolve_all(&post.bylines);
            assert_eq!(
                read.await.body["byline_ids"],
                self.ids(&bylines),
                "{deed:?}"
            );
        }
        let listed = self.site.get("/v1/bylines?limit=100").await;
        let mut listed: Vec<_> = listed.body["items"].as_array().unwrap().iter().collect();
        listed.sort_by_key(|byline| byline["id"].as_str().unwrap());
        let present = self
            .bylines
            .iter()
            .filter(|(_, fate)| *fate == Fate::Present);
        let mut present: Vec<_> = present.map(|(id, _)| id).collect();
        present.sort();
        let listed = listed
            .into_iter()
            .map(|byline| byline["id"].as_str().unwrap());
        assert_eq!(listed.collect::<Vec<_>>(), present, "{deed:?}");
    }
}
