//! A server with the few operations an import needs, and faults on demand.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use crate::fake_resources::FakeResources;
use serde_json::{Value, json};
use wiremock::{Match, Mock, MockServer, Request, Respond, ResponseTemplate};

/// A server that holds posts and what they lead to.
pub(crate) struct FakeServer {
    server: MockServer,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    posts: Mutex<Vec<Value>>,
    things: FakeResources,
    replays: Mutex<BTreeMap<String, Value>>,
    calls: Mutex<Vec<String>>,
    faults: Mutex<Vec<(String, ResponseTemplate)>>,
}

struct Answers(Arc<State>);

struct Everything;

impl Match for Everything {
    fn matches(&self, _: &Request) -> bool {
        true
    }
}

impl FakeServer {
    pub(crate) async fn open() -> Self {
        let server = MockServer::start().await;
        let state = Arc::<State>::default();
        Mock::given(Everything)
            .respond_with(Answers(state.clone()))
            .mount(&server)
            .await;
        Self { server, state }
    }

    pub(crate) fn url(&self) -> String {
        self.server.uri()
    }

    /// The next call whose method and path end so is answered like this, and has no effect.
    pub(crate) fn fault(&self, call: &str, answer: ResponseTemplate) {
        self.state
            .faults
            .lock()
            .unwrap()
            .push((call.to_owned(), answer));
    }

    /// The post that was made of a file.
    pub(crate) fn post(&self, path: &str) -> Value {
        let posts = self.state.posts.lock().unwrap();
        posts
            .iter()
            .find(|post| post["source"]["path"] == path)
            .cloned()
            .unwrap_or_default()
    }

    /// The categories, bylines or images that were made, in the order in which they were.
    pub(crate) fn things(&self, kind: &str) -> Vec<Value> {
        self.state.things.all(kind)
    }

    /// The category, byline or image with this id.
    pub(crate) fn thing(&self, kind: &str, id: &Value) -> Value {
        let all = self.things(kind);
        all.into_iter()
            .find(|thing| thing["id"] == *id)
            .unwrap_or_default()
    }

    /// There is a category, a byline or an image already.
    pub(crate) fn put(&self, kind: &str, thing: Value) {
        self.state.things.put(kind, thing);
    }

    /// There is a post already.
    pub(crate) fn put_post(&self, post: Value) {
        self.state.posts.lock().unwrap().push(post);
    }

    /// Somebody changes a member of a post.
    pub(crate) fn edit(&self, path: &str, name: &str, value: Value) {
        let mut posts = self.state.posts.lock().unwrap();
        let post = posts
            .iter_mut()
            .find(|post| post["source"]["path"] == path)
            .unwrap();
        post[name] = value;
        advance(post, 1);
    }

    pub(crate) fn count(&self) -> usize {
        self.state.posts.lock().unwrap().len()
    }

    /// The calls that could have changed something, and forgets them.
    pub(crate) fn writes(&self) -> Vec<String> {
        let calls = std::mem::take(&mut *self.state.calls.lock().unwrap());
        calls
            .into_iter()
            .filter(|call| !call.starts_with("GET"))
            .collect()
    }
}

/// A refusal as the API makes it.
pub(crate) fn problem(status: u16, code: &str, detail: &str) -> ResponseTemplate {
    let body = json!({"type": format!("/problems/{code}"), "status": status, "code": code, "detail": detail});
    ResponseTemplate::new(status).set_body_raw(body.to_string(), "application/problem+json")
}

impl Respond for Answers {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let call = format!("{} {}", request.method, request.url.path());
        self.0.calls.lock().unwrap().push(call.clone());
        if request
            .headers
            .get("authorization")
            .is_none_or(|token| token != "Bearer s3cret")
        {
            return problem(401, "invalid_token", "The token is not valid.");
        }
        let mut faults = self.0.faults.lock().unwrap();
        if let Some(at) = faults
            .iter()
            .position(|(end, _)| call.ends_with(end.as_str()))
        {
            return faults.remove(at).1;
        }
        drop(faults);
        self.0.answer(request)
    }
}

impl State {
    fn answer(&self, request: &Request) -> ResponseTemplate {
        let parts: Vec<&str> = request.url.path_segments().unwrap().collect();
        let key = request
            .headers
            .get("idempotency-key")
            .map(|key| key.to_str().unwrap().to_owned());
        if let Some(post) = key
            .as_ref()
            .and_then(|key| self.replays.lock().unwrap().get(key).cloned())
        {
            return shown(200, &post);
        }
        if let Some(answer) = self.things.answer(request, &parts) {
            return answer;
        }
        let mut posts = self.posts.lock().unwrap();
        let (status, post) = match (request.method.as_str(), parts.as_slice()) {
            ("GET", ["v1", "posts", "by-source"]) => {
                let asked: BTreeMap<_, _> = request.url.query_pairs().collect();
                let is_it = |post: &&Value| {
                    post["source"]["import"] == asked["import"].as_ref()
                        && post["source"]["path"] == asked["path"].as_ref()
                };
                match posts.iter().find(is_it) {
                    Some(post) => (200, post.clone()),
                    None => return problem(404, "not_found", "There is no such post."),
                }
            }
            ("POST", ["v1", "posts"]) => {
                let mut post: Value = request.body_json().unwrap();
                post["id"] = json!(format!("post-{}", posts.len()));
                post["status"] = json!("draft");
                (post["version"], post["revision"]) = (json!(1), json!(1));
                posts.push(post.clone());
                (201, post)
            }
            (method, ["v1", "posts", id, verb @ ..]) => {
                let post = posts.iter_mut().find(|post| post["id"] == *id).unwrap();
                let sent = request
                    .headers
                    .get("if-match")
                    .map(|tag| tag.to_str().unwrap().to_owned());
                if sent != Some(etag(post)) {
                    return problem(412, "stale", "Changed since it was read.");
                }
                write(post, method, verb, &request.body_json().unwrap());
                (200, post.clone())
            }
            _ => return problem(404, "unknown_route", "Nothing is served at this path."),
        };
        if let Some(key) = key {
            self.replays.lock().unwrap().insert(key, post.clone());
        }
        shown(status, &post)
    }
}

fn write(post: &mut Value, method: &str, verb: &[&str], body: &Value) {
    match (method, verb) {
        ("PATCH", []) => {
            merge(post, body);
            advance(post, 1);
            post["has_unpublished_changes"] = json!(post["status"] == "published");
        }
        ("POST", ["publish"]) => {
            post["status"] = json!("published");
            post["has_unpublished_changes"] = json!(false);
            post["published_at"] = body["published_at"].clone();
            advance(post, 0);
        }
        ("POST", ["schedule"]) => {
            post["status"] = json!("scheduled");
            post["has_unpublished_changes"] = json!(false);
            post["published_at"] = body["publish_at"].clone();
            advance(post, 0);
        }
        ("POST", ["unpublish"]) => {
            post["status"] = json!("draft");
            advance(post, 0);
        }
        other => panic!("{other:?}"),
    }
}

pub(crate) fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (name, value) in patch {
        if value.is_null() {
            target.as_object_mut().unwrap().remove(name);
        } else {
            merge(&mut target[name], value);
        }
    }
}

fn advance(post: &mut Value, revisions: u64) {
    post["version"] = json!(post["version"].as_u64().unwrap() + 1);
    post["revision"] = json!(post["revision"].as_u64().unwrap() + revisions);
}

pub(crate) fn etag(post: &Value) -> String {
    format!("\"{}.{}\"", post["version"], post["revision"])
}

pub(crate) fn shown(status: u16, post: &Value) -> ResponseTemplate {
    ResponseTemplate::new(status)
        .insert_header("etag", etag(post))
        .set_body_json(post)
}
