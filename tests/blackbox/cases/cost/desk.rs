//! The measured requests, each with its preconditions.

use std::{collections::HashMap, ops::RangeInclusive, time::Duration};

use futures::{StreamExt as _, stream};
use serde_json::{Value, json};

use super::{
    accounts, cost_of, factors, issuers,
    sized::{post, slug},
};
use crate::{
    costs::{Cost, Row},
    harness::{Answer, Client, Post, Server},
};

/// Concurrent writes while posts are created.
const AT_ONCE: usize = 32;

/// Posts to create before signing in again: an access token is valid for 15 minutes.
const SHIFT: usize = 10_000;

/// Repetitions of a request whose cost includes a cache refill.
const REPETITIONS: usize = 5;

/// A signed-in client that numbers its posts, so that all have the same size.
pub(super) struct Desk<'a> {
    pub(super) server: &'a Server,
    pub(super) author: Client,
    pub(super) made: usize,
    /// Path and `ETag` of the last created category and byline, by the path of their list.
    pub(super) created: HashMap<String, (String, String)>,
    /// Path of the category that others are merged into.
    pub(super) successor: String,
    /// Path of the latest merge operation.
    pub(super) operation: String,
    /// Query for posts that are slow to create.
    pub(super) credited: Option<String>,
    /// A second server, and the path of a list on it.
    pub(super) aside: Option<(Server, String)>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(server: &'a Server, author: Client) -> Self {
        Self {
            server,
            author,
            made: 0,
            created: HashMap::new(),
            successor: String::new(),
            operation: String::new(),
            credited: None,
            aside: None,
        }
    }

    pub(super) fn next(&mut self) -> Value {
        self.made += 1;
        post(self.made)
    }

    /// Creates a draft with a link to a published post.
    pub(super) async fn linking(&mut self) -> Post {
        let mut new = self.next();
        let body = new["body"].as_str().unwrap();
        new["body"] = json!(format!("{body}\n\n[Another](/{})\n", slug(2, "first")));
        self.author.create(&new).await
    }

    /// Creates posts up to `count`, half of them public and half drafts. Their rows have the size
    /// that the table assumes; their texts, which lists do not read, are short.
    pub(super) async fn grow_to(&mut self, posts: usize) {
        while self.made < posts {
            self.author = self.server.administrator().await;
            let last = posts.min(self.made + SHIFT);
            self.grow(self.made + 1..=last).await;
            self.made = last;
        }
    }

    async fn grow(&self, numbers: RangeInclusive<usize>) {
        let author = &self.author;
        stream::iter(numbers)
            .for_each_concurrent(AT_ONCE, async |number| {
                let mut new = post(number);
                new["body"] = json!("A text.\n");
                let made = author.create(&new).await;
                if number % 2 == 0 {
                    author.publish(&made).await;
                }
            })
            .await;
    }

    /// Cost of one request, without that of refilling caches. They expire at different times, so on a
    /// slow machine one can expire while a repetition refills another.
    pub(super) async fn measure(&mut self, row: &Row) -> Cost {
        let mut cost = cost_of(&self.call(row).await);
        for _ in 0..REPETITIONS {
            if !cost.includes_cache_refill(row.cost) {
                break;
            }
            cost = cost_of(&self.call(row).await);
        }
        cost
    }

    async fn call(&mut self, row: &Row) -> Answer {
        match row.operation {
            "resolve_redirect" if row.case == "created by hand" => {
                self.redirect(row.operation).await
            }
            name if name.ends_with("_redirect") && name != "resolve_redirect" => {
                self.redirect(name).await
            }
            "list_redirects" | "export_redirects" => self.redirects(row.operation).await,
            "list_unknown_addresses" | "dismiss_unknown_address" => {
                self.unknown(row.operation).await
            }
            "batch_posts" => self.batch().await,
            "list_post_translations" | "list_public_translations" => {
                self.translated(row.operation).await
            }
            "create_post" if row.case == "translation" => self.translated(row.operation).await,
            "get_post_by_slug" if row.case == "in the second language" => {
                self.read_in_second().await
            }
            "get_post_by_slug" | "resolve_redirect" => self.read(row.case).await,
            "list_posts" if row.case == "20 of a category and 4 below it" => self.branch().await,
            "list_posts" => match self.of_site(row.case).await {
                Some(answer) => answer,
                None => self.list(row.case).await,
            },
            "get_post" | "get_post_by_source" => self.open(row.case).await,
            "create_post" => self.create(row.case).await,
            "update_post" => self.update(row.case).await,
            "publish_post" => self.publish(row.case).await,
            "schedule_post" | "unschedule_post" => self.schedule(row.operation, row.case).await,
            "purge_post" => self.purge().await,
            "list_post_revisions" | "get_post_revision" | "compare_post_revisions" => {
                self.look_back(row.operation).await
            }
            "restore_post_revision" => self.restore().await,
            "render_text" => self.render(row.case).await,
            "put_post_autosave" | "get_post_autosave" | "delete_post_autosave" => {
                self.put_aside(row.operation).await
            }
            "list_categories" | "create_category" | "get_category" | "update_category" => {
                self.named("/v1/categories", row.operation).await
            }
            "merge_category" | "delete_category" | "list_operations" | "get_operation"
            | "cancel_operation" => self.merge(row.operation, row.case).await,
            operation if operation.contains("image") => self.image(row.operation, row.case).await,
            "merge_byline" | "delete_byline" => self.retire_byline(row.operation, row.case).await,
            "list_bylines" | "create_byline" | "get_byline" | "update_byline" => {
                self.named("/v1/bylines", row.operation).await
            }
            "list_issuers" | "begin_issuer_session" | "open_issuer_session" => {
                issuers::issuer(row).await
            }
            "open_session" if row.case == "with a second factor" => factors::account(row).await,
            "open_session_with_code"
            | "get_second_factor"
            | "enrol_second_factor"
            | "confirm_second_factor"
            | "renew_recovery_codes"
            | "remove_second_factor"
            | "remove_user_second_factor" => factors::account(row).await,
            "open_session" | "get_me" if row.case == "with a cookie" => {
                self.browse(row.operation).await
            }
            "open_session" | "refresh_session" | "close_session" => {
                self.session(row.operation).await
            }
            "change_password"
            | "request_password_reset"
            | "complete_password_reset"
            | "list_sessions"
            | "end_sessions"
            | "end_session" => accounts::account(row).await,
            "list_users" | "invite_user" | "get_user" | "update_user" | "renew_invitation"
            | "accept_invitation" | "disable_user" | "enable_user" | "delete_user"
            | "update_me" => self.user(row.operation).await,
            "list_api_keys" | "create_api_key" | "get_api_key" | "rotate_api_key"
            | "revoke_api_key" => self.key(row.operation).await,
            "list_audit_records" | "export_audit_records" => {
                self.audit(row.operation, row.case).await
            }
            "get_site" => self.anonymous("/v1/site").await,
            "update_site" => self.change_site().await,
            "list_tags" => self.anonymous("/v1/tags").await,
            "rename_tag" | "merge_tag" => self.retire_tag(row.operation).await,
            "get_me" => self.author.get("/v1/me").send().await,
            "get_jwks" => self.anonymous("/.well-known/jwks.json").await,
            "get_issuer" => self.anonymous("/.well-known/openid-configuration").await,
            "get_authorization_server" => {
                self.anonymous("/.well-known/oauth-authorization-server")
                    .await
            }
            "get_problem" => self.anonymous("/problems/not-found").await,
            "get_health" => self.anonymous("/healthz").await,
            "get_readiness" => self.anonymous("/readyz").await,
            transition => self.transition(transition, row.case).await,
        }
    }

    pub(super) async fn anonymous(&self, path: &str) -> Answer {
        self.server.anonymous().get(path).send().await
    }

    pub(super) async fn draft(&mut self) -> Post {
        let new = self.next();
        let draft = self.author.create(&new).await;
        tick().await;
        draft
    }

    pub(super) async fn published(&mut self) -> Post {
        let draft = self.draft().await;
        let published = self.author.publish(&draft).await;
        tick().await;
        published
    }

    pub(super) async fn changed(&self, post: &Post, patch: Value) -> Post {
        let changed = Post::of(&self.author.change(post, &patch).await.is(200));
        tick().await;
        changed
    }
}

/// Waits for the next millisecond. A change in the same millisecond as the previous one keeps the
/// index row and costs one unit less.
pub(super) async fn tick() {
    tokio::time::sleep(Duration::from_millis(2)).await;
}
