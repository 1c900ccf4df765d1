//! A server with the operations that an import uses, and with faults.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

use crate::fake_resources::FakeResources;

/// A server with posts, categories, bylines and images.
pub(crate) struct FakeServer {
    server: MockServer,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    posts: Mutex<Vec<Value>>,
    resources: FakeResources,
    replays: Mutex<BTreeMap<String, Value>>,
    calls: Mutex<Vec<String>>,
    faults: Mutex<Vec<(String, ResponseTemplate)>>,
}

struct Answers(Arc<State>);

impl FakeServer {
    pub(crate) async fn open() -> Self {
        let server = MockServer::start().await;
        let state = Arc::<State>::default();
        Mock::given(any())
            .respond_with(Answers(state.clone()))
            .mount(&server)
            .await;
        Self { server, state }
    }

    pub(crate) fn url(&self) -> String {
        self.server.uri()
    }

    /// Sets the response to the next call that ends with `call`. That call has no effect.
    pub(crate) fn fault(&self, call: &str, answer: ResponseTemplate) {
        self.state
            .faults
            .lock()
            .unwrap()
            .push((call.to_owned(), answer));
    }

    /// Returns the post of a file.
    pub(crate) fn post(&self, path: &str) -> Value {
        let posts = self.state.posts.lock().unwrap();
        posts
            .iter()
            .find(|post| post["source"]["path"] == path)
            .cloned()
            .unwrap_or_default()
    }

    /// Returns all categories, bylines or images in the order of their creation.
    pub(crate) fn resources(&self, kind: &str) -> Vec<Value> {
        self.state.resources.all(kind)
    }

    /// Returns the category, byline or image with this id.
    pub(crate) fn resource(&self, kind: &str, id: &Value) -> Value {
        let all = self.resources(kind);
        all.into_iter()
            .find(|resource| resource["id"] == *id)
            .unwrap_or_default()
    }

    /// Adds a category, a byline or an image.
    pub(crate) fn put(&self, kind: &str, resource: Value) {
        self.state.resources.put(kind, resource);
    }

    /// Adds a post.
    pub(crate) fn put_post(&self, post: Value) {
        self.state.posts.lock().unwrap().push(post);
    }

    /// Edits a member of a post.
    pub(crate) fn edit(&self, path: &str, name: &str, value: Value) {
        let mut posts = self.state.posts.lock().unwrap();
        let post = posts
            .iter_mut()
            .find(|post| post["source"]["path"] == path)
            .unwrap();
        post[name] = value;
        advance(post, 1);
    }

    /// Makes a post a draft that was never published, as an interrupted run of an earlier version leaves it.
    pub(crate) fn interrupt(&self, path: &str) {
        let mut posts = self.state.posts.lock().unwrap();
        let mut posts = posts.iter_mut();
        let post = posts.find(|post| post["source"]["path"] == path).unwrap();
        post["status"] = json!("draft");
    }

    pub(crate) fn count(&self) -> usize {
        self.state.posts.lock().unwrap().len()
    }

    /// Returns and forgets the calls that are not `GET`.
    pub(crate) fn writes(&self) -> Vec<String> {
        let calls = std::mem::take(&mut *self.state.calls.lock().unwrap());
        calls
            .into_iter()
            .filter(|call| !call.starts_with("GET"))
            .collect()
    }
}

/// Returns a response with problem details.
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
            return tagged_response(200, &post);
        }
        if let Some(answer) = self.resources.answer(request, &parts) {
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
            ("GET", ["v1", "posts"]) => return page(&posts, request),
            ("GET", ["v1", "posts", id]) => {
                let post = posts.iter().find(|post| post["id"] == *id).unwrap();
                (200, post.clone())
            }
            ("POST", ["v1", "posts"]) => {
                let mut post: Value = request.body_json().unwrap();
                post["id"] = json!(format!("post-{}", posts.len()));
                if post["status"].is_null() {
                    post["status"] = json!("draft");
                }
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
        tagged_response(status, &post)
    }
}

/// Returns pages of two posts, so that the client must follow the cursor.
fn page(posts: &[Value], request: &Request) -> ResponseTemplate {
    let asked: BTreeMap<_, _> = request.url.query_pairs().collect();
    assert_eq!(asked["status"], "any");
    let at: usize = asked
        .get("cursor")
        .map_or(0, |cursor| cursor.parse().unwrap());
    let next = (at + 2 < posts.len()).then(|| (at + 2).to_string());
    let items: Vec<_> = posts.iter().skip(at).take(2).collect();
    let page = json!({"next_cursor": next, "has_next": next.is_some()});
    ResponseTemplate::new(200).set_body_json(json!({"items": items, "page": page}))
}

fn write(post: &mut Value, method: &str, verb: &[&str], body: &Value) {
    match (method, verb) {
        ("PATCH", []) => {
            merge(post, body);
            advance(post, 1);
            post["has_unpublished_changes"] = json!(post["status"] == "published");
        }
        ("POST", [verb @ ("publish" | "schedule")]) => {
            let (status, member) = match *verb {
                "publish" => ("published", "published_at"),
                _ => ("scheduled", "publish_at"),
            };
            post["status"] = json!(status);
            post["has_unpublished_changes"] = json!(false);
            post["published_at"] = body[member].clone();
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

pub(crate) fn tagged_response(status: u16, post: &Value) -> ResponseTemplate {
    ResponseTemplate::new(status)
        .insert_header("etag", etag(post))
        .set_body_json(post)
}
