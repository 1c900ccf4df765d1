//! The categories, bylines and images of the fake server.

use std::{collections::BTreeMap, sync::Mutex};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wiremock::{Request, ResponseTemplate};

use crate::fake_server::{etag, merge, problem, tagged_response};

/// Resources by kind.
#[derive(Default)]
pub(crate) struct FakeResources(Mutex<BTreeMap<String, Vec<Value>>>);

impl FakeResources {
    pub(crate) fn all(&self, kind: &str) -> Vec<Value> {
        self.0
            .lock()
            .unwrap()
            .get(kind)
            .cloned()
            .unwrap_or_default()
    }

    /// Adds a resource with default id and version.
    pub(crate) fn put(&self, kind: &str, mut resource: Value) -> Value {
        let mut resources = self.0.lock().unwrap();
        let all = resources.entry(kind.to_owned()).or_default();
        let given = resource.as_object_mut().unwrap();
        given
            .entry("id")
            .or_insert(json!(format!("{kind}-{}", all.len())));
        given.entry("version").or_insert(json!(1));
        given.entry("revision").or_insert(json!(1));
        all.push(resource.clone());
        resource
    }

    pub(crate) fn answer(&self, request: &Request, parts: &[&str]) -> Option<ResponseTemplate> {
        let [
            "v1",
            kind @ ("categories" | "bylines" | "images"),
            name @ ..,
        ] = parts
        else {
            return None;
        };
        Some(match (request.method.as_str(), *kind, name) {
            ("GET", "images", []) => self.found_image(request),
            ("POST", "images", []) => self.upload(&request.body),
            ("GET", _, []) => self.page(kind, request),
            ("POST", _, []) => self.create(kind, request.body_json().unwrap()),
            ("GET", _, [name]) => match self.find(kind, name) {
                Some(resource) => tagged_response(200, &resource),
                None => problem(404, "not_found", "There is no such resource."),
            },
            ("PATCH", "bylines", [id]) => self.patch(id, request),
            other => panic!("{other:?}"),
        })
    }

    fn find(&self, kind: &str, name: &str) -> Option<Value> {
        let all = self.all(kind).into_iter();
        all.into_iter()
            .find(|resource| resource["id"] == name || resource["slug"] == name)
    }

    /// Returns pages of one item, so that the client must follow the cursor.
    fn page(&self, kind: &str, request: &Request) -> ResponseTemplate {
        let asked: BTreeMap<_, _> = request.url.query_pairs().collect();
        let at: usize = asked
            .get("cursor")
            .map_or(0, |cursor| cursor.parse().unwrap());
        let all = self.all(kind);
        let next = (at + 1 < all.len()).then(|| (at + 1).to_string());
        let items: Vec<_> = all.into_iter().skip(at).take(1).collect();
        let page = json!({"next_cursor": next, "has_next": next.is_some()});
        ResponseTemplate::new(200).set_body_json(json!({"items": items, "page": page}))
    }

    fn create(&self, kind: &str, resource: Value) -> ResponseTemplate {
        let slug = resource["slug"].as_str().unwrap();
        if self.find(kind, slug).is_some() {
            return problem(409, "slug_taken", "The slug is taken.");
        }
        tagged_response(201, &self.put(kind, resource))
    }

    fn patch(&self, id: &str, request: &Request) -> ResponseTemplate {
        let mut resources = self.0.lock().unwrap();
        let all = resources.get_mut("bylines").unwrap();
        let resource = all
            .iter_mut()
            .find(|resource| resource["id"] == id)
            .unwrap();
        if request.headers["if-match"].to_str().unwrap() != etag(resource) {
            return problem(412, "stale", "Changed since it was read.");
        }
        merge(resource, &request.body_json().unwrap());
        resource["version"] = json!(resource["version"].as_u64().unwrap() + 1);
        tagged_response(200, resource)
    }

    fn found_image(&self, request: &Request) -> ResponseTemplate {
        let asked: BTreeMap<_, _> = request.url.query_pairs().collect();
        let path = asked["source_path"].to_lowercase();
        let is_match =
            |image: &Value| image["source_path"].as_str().unwrap().to_lowercase() == path;
        let items: Vec<_> = self.all("images").into_iter().filter(is_match).collect();
        let page = json!({"next_cursor": null, "has_next": false});
        ResponseTemplate::new(200).set_body_json(json!({"items": items, "page": page}))
    }

    fn upload(&self, form: &[u8]) -> ResponseTemplate {
        let field = |name: &str| field(form, name);
        let file = field("file").unwrap();
        if !file.starts_with(b"\x89PNG") {
            return problem(422, "invalid", "file must be a PNG image");
        }
        let text = |name| field(name).map(|text| String::from_utf8(text).unwrap());
        let sha256 = Sha256::digest(&file)
            .iter()
            .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        let image = json!({"source_path": text("source_path"), "alt": text("alt"), "uploaded_sha256": sha256, "bytes": file.len()});
        tagged_response(201, &self.put("images", image))
    }
}

/// Returns a field of a multipart form.
fn field(form: &[u8], name: &str) -> Option<Vec<u8>> {
    let first_line = form.windows(2).position(|pair| pair == b"\r\n")?;
    let boundary = [b"\r\n".as_slice(), &form[..first_line]].concat();
    let find = |what: &[u8], from: usize| {
        form[from..]
            .windows(what.len())
            .position(|window| window == what)
            .map(|at| at + from)
    };
    let head = find(format!("name=\"{name}\"").as_bytes(), 0)?;
    let start = find(b"\r\n\r\n", head)? + 4;
    let end = find(&boundary, start)?;
    Some(form[start..end].to_vec())
}
