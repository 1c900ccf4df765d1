use serde_json::json;

use super::desk::Desk;
use crate::harness::Answer;

/// Number of redirects on one page of an export.
const PAGE: usize = 100;

impl Desk<'_> {
    /// Costs of one manual redirect.
    pub(super) async fn redirect(&mut self, operation: &str) -> Answer {
        self.made += 1;
        let from = format!("/by-hand/{:06}", self.made);
        let new = json!({ "from": from, "to": format!("/elsewhere/{:06}", self.made) });
        let made = self.author.post("/v1/redirects").json(&new).send().await;
        let made = made.is(201);
        let one = made.header("location").to_owned();
        match operation {
            "create_redirect" => made,
            "get_redirect" => self.author.get(&one).send().await.is(200),
            "delete_redirect" => {
                let call = self.author.call(reqwest::Method::DELETE, &one);
                call.send().await.is(204)
            }
            _ => {
                let path = format!("/v1/redirects/resolve?path={from}");
                self.anonymous(&path).await.is(200)
            }
        }
    }

    pub(super) async fn redirects(&mut self, operation: &str) -> Answer {
        let known = self.author.walk("/v1/redirects?limit=100").await.len();
        for _ in known..PAGE {
            self.redirect("create_redirect").await;
        }
        let path = match operation {
            "list_redirects" => "/v1/redirects",
            _ => "/v1/redirects/export",
        };
        self.author.get(path).send().await.is(200)
    }
}
