//! The DynamoDB cost of every operation. A higher cost fails a test, and so does an operation
//! without a row. `docs/data-model.md` contains the same table.
//!
//! Costs are measured on the embedded engine with posts of [`TITLE`], [`EXCERPT`], three tags and
//! [`BODY`]. Larger posts cost more, as that page explains. The caller is cached from an earlier
//! request; an uncached caller adds [`CALLER`].

use std::{fmt, iter};

/// Characters of a title.
pub(crate) const TITLE: usize = 60;
/// Characters of an excerpt.
pub(crate) const EXCERPT: usize = 160;
/// Bytes of Markdown.
pub(crate) const BODY: usize = 2_000;

/// Calls and capacity units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cost {
    pub(crate) requests: u32,
    pub(crate) rcu: f64,
    pub(crate) wcu: f64,
}

impl Cost {
    /// Parses the cost in an answer's `Tintero-Cost` header.
    pub(crate) fn parse(field: &str) -> Self {
        let number = |name: &str| {
            let part = field
                .split(", ")
                .find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
            part.unwrap_or_else(|| panic!("no {name} in {field:?}"))
        };
        Self {
            requests: number("requests").parse().expect("requests are counted"),
            rcu: number("rcu").parse().expect("units are numbers"),
            wcu: number("wcu").parse().expect("units are numbers"),
        }
    }

    /// Whether this equals `other` plus the cost of refilling a cache that expires after some
    /// seconds: the [`CALLER`], or the tree, whose cost depends on its size.
    pub(crate) fn includes_cache_refill(self, other: Self) -> bool {
        let additional = self.requests.checked_sub(other.requests);
        let same_writes = Self {
            wcu: other.wcu,
            ..self
        } == self;
        matches!(additional, Some(1..=4)) && self.rcu > other.rcu && same_writes
    }

    /// Whether a measured cost is the stated one. A page of ten units or more may cost half a unit less:
    /// DynamoDB rounds the bytes of a page, and the lengths of its values vary.
    pub(crate) fn agrees_with(self, stated: Self) -> bool {
        let rounded = Self {
            rcu: self.rcu + 0.5,
            ..self
        };
        self == stated || stated.rcu >= 10.0 && rounded == stated
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} | {} | {}", self.requests, self.rcu, self.wcu)
    }
}

/// Cost of one case of an operation.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) operation: &'static str,
    pub(crate) case: &'static str,
    pub(crate) cost: Cost,
}

const fn row(
    operation: &'static str,
    case: &'static str,
    requests: u32,
    rcu: f64,
    wcu: f64,
) -> Row {
    Row {
        operation,
        case,
        cost: Cost { requests, rcu, wcu },
    }
}

/// Cost of looking up an uncached caller: the user and the session.
pub(crate) const CALLER: Cost = Cost {
    requests: 2,
    rcu: 1.5,
    wcu: 0.0,
};

/// Cost of a public read whose answer the server has stored.
pub(crate) const STORED: Cost = Cost {
    requests: 0,
    rcu: 0.0,
    wcu: 0.0,
};

/// All measured costs, without stored answers.
pub(crate) const COSTS: &[Row] = &[
    row("get_post_by_slug", "published", 1, 0.5, 0.0),
    row("get_post_by_slug", "old slug", 2, 1.0, 0.0),
    row("get_post_by_slug", "unknown slug", 1, 0.5, 0.0),
    row("get_post_by_slug", "in the second language", 2, 1.0, 0.0),
    row("list_public_translations", "2 languages", 3, 2.0, 0.0),
    row("resolve_redirect", "old URL", 2, 1.0, 0.0),
    row("resolve_redirect", "created by hand", 2, 1.0, 0.0),
    row("list_redirects", "20", 1, 1.0, 0.0),
    row("export_redirects", "first page", 2, 53.0, 0.0),
    row("list_unknown_addresses", "20", 2, 11.0, 0.0),
    row("dismiss_unknown_address", "", 2, 1.0, 1.0),
    row("get_redirect", "", 1, 1.0, 0.0),
    row("create_redirect", "", 2, 0.5, 10.0),
    row("delete_redirect", "", 2, 1.0, 8.0),
    row("list_posts", "20 latest", 1, 1.5, 0.0),
    row("list_posts", "20 of a tag", 1, 1.5, 0.0),
    row("list_posts", "20 of a locale", 1, 1.5, 0.0),
    row("list_posts", "20 of a tag, later page", 1, 1.5, 0.0),
    row(
        "list_posts",
        "20 of a tag in a locale since a date",
        1,
        1.5,
        0.0,
    ),
    row("list_posts", "20 of two tags", 2, 2.5, 0.0),
    row(
        "list_posts",
        "20 in the better of two languages",
        2,
        11.5,
        0.0,
    ),
    row("list_posts", "25 with their texts", 2, 14.5, 0.0),
    row("list_posts", "20 public changes", 3, 20.5, 0.0),
    row("list_posts", "20 removed addresses", 3, 21.0, 0.0),
    row("list_posts", "20 by planned time", 2, 11.5, 0.0),
    row("list_posts", "20 with bylines and images", 3, 2.5, 0.0),
    row("list_posts", "20 of a category and 4 below it", 6, 8.0, 0.0),
    row(
        "list_posts",
        "20 with 5 bylines and an image each",
        3,
        62.0,
        0.0,
    ),
    row("list_posts", "20 by id", 2, 20.0, 0.0),
    row("list_posts", "20 changed since a time", 1, 2.5, 0.0),
    row("list_posts", "20 of a status", 2, 5.0, 0.0),
    row("list_posts", "20 of an owner", 2, 5.0, 0.0),
    row("list_posts", "20 by latest change", 1, 2.5, 0.0),
    row("get_post", "working copy", 1, 1.0, 0.0),
    row("get_post", "with a link", 3, 2.5, 0.0),
    row("get_post", "live copy", 2, 2.0, 0.0),
    row("list_post_translations", "2 languages", 3, 2.0, 0.0),
    row("get_post_by_source", "imported", 2, 2.0, 0.0),
    row("create_post", "3 tags", 1, 0.0, 21.0),
    row("create_post", "translation", 1, 0.0, 29.0),
    row("create_post", "with Idempotency-Key", 1, 0.0, 23.0),
    row("create_post", "published", 1, 0.0, 41.0),
    row("create_post", "slug taken", 2, 3.0, 0.0),
    row("create_post", "repeated", 5, 4.0, 0.0),
    row("batch_posts", "a creation and a publication", 3, 1.0, 59.0),
    row("update_post", "title", 2, 1.0, 14.0),
    row("update_post", "text", 2, 1.0, 18.0),
    row("update_post", "slug of a published post", 2, 1.0, 16.0),
    row("update_post", "merged", 4, 3.0, 14.0),
    row("update_post", "stale", 3, 3.0, 0.0),
    row("list_post_revisions", "20", 1, 1.0, 0.0),
    row("get_post_revision", "", 2, 2.0, 0.0),
    row("compare_post_revisions", "", 4, 4.0, 0.0),
    row("restore_post_revision", "", 4, 3.0, 18.0),
    row("render_text", "", 0, 0.0, 0.0),
    row("render_text", "of an imported post", 1, 1.0, 0.0),
    row("put_post_autosave", "", 2, 0.5, 1.0),
    row("get_post_autosave", "", 2, 1.5, 0.0),
    row("delete_post_autosave", "", 1, 0.0, 1.0),
    row("publish_post", "first time", 2, 1.0, 38.0),
    row("publish_post", "first time, with a link", 5, 2.5, 40.0),
    row("publish_post", "after a change", 2, 1.0, 28.0),
    row("publish_post", "at a new slug", 2, 1.0, 32.0),
    row("schedule_post", "draft", 2, 1.0, 40.0),
    row("schedule_post", "change of a published post", 3, 2.0, 38.0),
    row("unschedule_post", "", 2, 1.0, 32.0),
    row("archive_post", "", 3, 2.0, 34.0),
    row("purge_post", "", 2, 1.0, 17.0),
    row("unpublish_post", "", 2, 1.0, 34.0),
    row("trash_post", "draft", 2, 1.0, 12.0),
    row("trash_post", "published", 2, 1.0, 34.0),
    row("untrash_post", "", 2, 1.0, 12.0),
    row("submit_post", "", 2, 1.0, 10.0),
    row("request_post_changes", "", 2, 1.0, 10.0),
    row("list_categories", "after a change", 2, 1.5, 0.0),
    row("get_category", "by slug", 2, 1.5, 0.0),
    row("create_category", "", 2, 1.0, 10.0),
    row("update_category", "", 3, 1.5, 8.0),
    row("merge_category", "", 3, 1.5, 12.0),
    row("list_operations", "", 1, 0.5, 0.0),
    row("get_operation", "", 1, 1.0, 0.0),
    row("cancel_operation", "", 3, 2.0, 6.0),
    row("delete_category", "empty", 3, 2.0, 12.0),
    row("delete_category", "reassigned", 3, 1.5, 12.0),
    row("list_tags", "20", 2, 1.0, 0.0),
    row("rename_tag", "", 4, 4.0, 16.0),
    row("merge_tag", "", 4, 4.0, 16.0),
    row("get_site", "", 1, 1.0, 0.0),
    row("update_site", "", 2, 1.0, 6.0),
    row("list_bylines", "20", 1, 1.0, 0.0),
    row("get_byline", "by slug", 2, 1.5, 0.0),
    row("create_byline", "", 1, 0.0, 8.0),
    row("update_byline", "", 2, 1.0, 6.0),
    row("merge_byline", "", 6, 5.0, 16.0),
    row("delete_byline", "unused", 6, 5.0, 14.0),
    row("delete_byline", "reassigned", 6, 5.0, 16.0),
    row("list_images", "20", 1, 1.5, 0.0),
    row("list_images", "20 with a filter", 1, 1.5, 0.0),
    row("list_images", "by source path", 2, 2.0, 0.0),
    row("get_image", "", 1, 1.0, 0.0),
    row("get_image_by_digest", "", 2, 2.0, 0.0),
    row("list_image_usages", "one post", 5, 5.0, 0.0),
    row("get_image_file", "", 1, 1.0, 0.0),
    row("get_image_file", "rendition", 1, 1.0, 0.0),
    row("upload_image", "new", 2, 1.0, 16.0),
    row("upload_image", "unchanged", 3, 2.0, 0.0),
    row("announce_image", "", 0, 0.0, 0.0),
    row("receive_image", "", 0, 0.0, 0.0),
    row("complete_image", "", 2, 1.0, 14.0),
    row("update_image", "", 2, 1.0, 8.0),
    row("delete_image", "unused", 5, 4.0, 14.0),
    row("delete_image", "forced", 2, 1.0, 14.0),
    row("restore_image", "", 3, 2.0, 14.0),
    row("sweep_images", "", 2, 1.0, 8.0),
    row("open_session", "", 5, 4.0, 14.0),
    row("open_session", "with a cookie", 5, 4.0, 14.0),
    row("open_session", "with a second factor", 5, 4.0, 12.0),
    row("list_issuers", "", 0, 0.0, 0.0),
    row("begin_issuer_session", "", 0, 0.0, 0.0),
    row("open_issuer_session", "", 2, 1.0, 12.0),
    row("open_session_with_code", "code", 6, 5.0, 16.0),
    row("open_session_with_code", "recovery code", 6, 5.0, 16.0),
    row("get_second_factor", "", 1, 1.0, 0.0),
    row("enrol_second_factor", "", 5, 4.0, 8.0),
    row("confirm_second_factor", "", 6, 5.0, 13.0),
    row("renew_recovery_codes", "", 1, 0.0, 6.0),
    row("remove_second_factor", "", 1, 0.0, 9.0),
    row("remove_user_second_factor", "", 2, 1.0, 9.0),
    row("refresh_session", "", 2, 1.0, 7.0),
    row("close_session", "", 2, 1.0, 7.0),
    row("change_password", "right", 5, 4.0, 15.0),
    row("change_password", "wrong", 5, 4.0, 3.0),
    row("request_password_reset", "known address", 7, 5.0, 8.0),
    row("request_password_reset", "unknown address", 7, 5.0, 8.0),
    row("complete_password_reset", "", 2, 1.0, 11.0),
    row("list_sessions", "one", 2, 2.0, 0.0),
    row("end_sessions", "", 1, 0.0, 9.0),
    row("end_session", "", 2, 1.0, 8.0),
    row("get_me", "", 0, 0.0, 0.0),
    row("get_me", "with a cookie", 1, 1.0, 0.0),
    row("update_me", "", 2, 1.0, 7.0),
    row("list_users", "of a role", 1, 0.5, 0.0),
    row("get_user", "", 1, 1.0, 0.0),
    row("invite_user", "", 1, 0.0, 11.0),
    row("renew_invitation", "", 2, 1.0, 9.0),
    row("accept_invitation", "", 3, 2.0, 11.0),
    row("update_user", "", 2, 1.0, 7.0),
    row("disable_user", "", 2, 1.0, 7.0),
    row("enable_user", "", 2, 1.0, 7.0),
    row("delete_user", "", 3, 2.0, 17.0),
    row("list_api_keys", "2", 1, 0.5, 0.0),
    row("create_api_key", "", 2, 1.0, 6.0),
    row("get_api_key", "", 1, 1.0, 0.0),
    row("rotate_api_key", "", 3, 2.0, 8.0),
    row("revoke_api_key", "", 3, 2.0, 6.0),
    row("list_audit_records", "20", 4, 4.0, 0.0),
    row("list_audit_records", "20 of a user", 1, 1.0, 0.0),
    row("list_audit_records", "of a resource", 1, 0.5, 0.0),
    row("export_audit_records", "of a resource", 1, 0.5, 0.0),
    row("get_jwks", "", 0, 0.0, 0.0),
    row("get_issuer", "", 0, 0.0, 0.0),
    row("get_authorization_server", "", 0, 0.0, 0.0),
    row("get_problem", "", 0, 0.0, 0.0),
    row("get_health", "", 0, 0.0, 0.0),
    row("get_readiness", "", 1, 1.0, 0.0),
];

/// Header of the table.
pub(crate) const HEAD: &str =
    "| Operation | Case | Requests | RCU | WCU |\n| --- | --- | --- | --- | --- |\n";

/// Renders the table for `docs/data-model.md`.
pub(crate) fn as_markdown() -> String {
    let rows = COSTS.iter().map(|row| {
        let Row {
            operation,
            case,
            cost,
        } = row;
        format!("| `{operation}` | {case} | {cost} |\n")
    });
    iter::once(HEAD.to_owned()).chain(rows).collect()
}
