//! Costs of images.

use reqwest::Method;
use serde_json::json;

use super::desk::Desk;
use crate::harness::{Answer, gif, wide_png};

impl Desk<'_> {
    pub(super) async fn image(&mut self, operation: &str, case: &str) -> Answer {
        if ["announce_image", "receive_image", "complete_image"].contains(&operation) {
            return self.direct_upload(operation).await;
        }
        if operation == "sweep_images" {
            let call = self.author.post("/v1/image-sweeps");
            return call.json(&json!({ "dry_run": true })).send().await.is(202);
        }
        self.made += 1;
        let bytes = if case == "rendition" {
            wide_png()
        } else {
            gif()
        };
        let path = format!("assets/{:06}.gif", self.made);
        let send = || {
            let fields = [("alt", "Un tintero"), ("source_path", path.as_str())];
            self.author.post("/v1/images").form(&bytes, &fields).send()
        };
        let made = send().await.is(201);
        let location = made.header("location").to_owned();
        match (operation, case) {
            ("upload_image", "unchanged") => send().await.is(200),
            ("upload_image", _) => made,
            ("list_images", "20") => self.author.get("/v1/images").send().await.is(200),
            ("list_images", "20 with a filter") => {
                let path = "/v1/images?created_after=2000-01-01T00:00:00Z";
                self.author.get(path).send().await.is(200)
            }
            ("list_images", _) => {
                let path = format!("/v1/images?source_path={path}");
                self.author.get(&path).send().await.is(200)
            }
            ("list_image_usages", _) => {
                let mut post = self.next();
                post["featured_image_id"] = made.json()["id"].clone();
                self.author.create(&post).await;
                let path = format!("{location}/usages");
                self.author.get(&path).send().await.is(200)
            }
            ("get_image_by_digest", _) => {
                // Unique bytes, because the oldest image is returned.
                let digest = made.json()["sha256"].as_str().unwrap().to_owned();
                let path = format!("/v1/images/by-digest/{digest}");
                self.author.get(&path).send().await.is(200)
            }
            ("get_image", _) => self.anonymous(&location).await.is(200),
            ("get_image_file", "rendition") => {
                let url = made.json()["renditions"][0]["url"].clone();
                self.anonymous(url.as_str().unwrap()).await.is(200)
            }
            ("get_image_file", _) => self
                .anonymous(made.json()["url"].as_str().unwrap())
                .await
                .is(200),
            ("delete_image" | "restore_image", _) => {
                let query = if case == "forced" { "?force=true" } else { "" };
                let path = format!("{location}{query}");
                let delete = self.author.call(Method::DELETE, &path);
                let deleted = delete.based_on(made.header("etag")).send().await.is(204);
                if operation == "delete_image" {
                    return deleted;
                }
                let restore = self.author.post(&format!("{location}/restore"));
                restore.based_on("\"2.1\"").send().await.is(200)
            }
            _ => {
                let change = json!({ "alt": "Otro tintero" });
                let call = self.author.patch(&location).based_on(made.header("etag"));
                call.json(&change).send().await.is(200)
            }
        }
    }

    async fn direct_upload(&self, operation: &str) -> Answer {
        let file = gif();
        let announced = self.author.announce(&file).send().await.is(200);
        match operation {
            "announce_image" => announced,
            "receive_image" => {
                let call = self.author.send_announced(&announced, &file);
                call.send().await.is(204)
            }
            _ => {
                let path = self.author.receive(&file).await;
                let call = self.author.post(&path).json(&json!({}));
                call.send().await.is(201)
            }
        }
    }
}
