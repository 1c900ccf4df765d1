use serde_json::Value;

use super::{
    RemoteIds,
    legacy_tags::{self, LATER_MEMBERS},
    merge_patch::{is_equal, merge_patch},
};
use crate::{
    api::{PostHandle, RemotePost, RemoteStatus},
    post::{Intent, JsonObject, MAX_ALIASES, ParsedPost, PostFileReader, PublicationTime},
};

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PostDecision {
    /// Not on the server.
    Create,
    /// Only the file changed since the import. `change` does not contain body and source, which are
    /// always sent.
    Update {
        handle: PostHandle,
        change: JsonObject,
        visibility: VisibilityChange,
    },
    /// The file did not change, but this run reads or resolves more of it than the earlier run.
    Complete {
        handle: PostHandle,
        change: JsonObject,
        visibility: VisibilityChange,
    },
    /// Up to date, but an earlier run ended before it published the post.
    Publish {
        handle: PostHandle,
        time: PublicationTime,
    },
    Unchanged {
        handle: PostHandle,
        why: Option<&'static str>,
    },
    /// Changed in the file and on the server, for the reason `why`.
    Conflict { handle: PostHandle, why: String },
}

/// The effect of an update on the published post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum VisibilityChange {
    /// Publishes the working copy after the update.
    Publish(PublicationTime),
    /// Unpublishes the post before the update, so that a run that stops in between can continue.
    Unpublish,
    Keep,
}

impl PostDecision {
    pub(crate) fn handle(&self) -> Option<&PostHandle> {
        match self {
            Self::Create => None,
            Self::Update { handle, .. }
            | Self::Complete { handle, .. }
            | Self::Publish { handle, .. }
            | Self::Unchanged { handle, .. }
            | Self::Conflict { handle, .. } => Some(handle),
        }
    }
}

/// Members that depend only on the file: any difference on the server is an edit.
const FILE_MEMBERS: [&str; 4] = ["title", "excerpt", "tags", "extra"];

/// Members that also depend on the settings of the run, the rest of the folder or the server. A
/// difference is a conflict only if the change of the file would overwrite it.
const DERIVED_MEMBERS: [&str; 8] = [
    "slug",
    "locale",
    "aliases",
    "published_at",
    "category_ids",
    "byline_ids",
    "featured_image_id",
    "seo",
];

/// Compares the file with the post on the server. Never overwrites an edit made on the server.
///
/// The server keeps front matter, body and the digest of the imported file. If both still match the
/// digest, the text was not edited, and reading them again gives the members that the import sent.
/// A member that differs from those was edited.
pub(super) fn decide(
    reader: &PostFileReader,
    ids: &RemoteIds,
    path: &str,
    post: &ParsedPost,
    remote: Option<&RemotePost>,
) -> PostDecision {
    let Some(remote) = remote else {
        return PostDecision::Create;
    };
    let base = imported_post(reader, path, remote);
    if remote.source("sha256") == Some(&post.sha256) {
        return decide_unchanged_file(ids, base.as_ref(), post, remote);
    }
    let handle = remote.handle.clone();
    if matches!(remote.status, RemoteStatus::Trashed | RemoteStatus::Other) {
        let why = "it is in the trash or the archive of the server".to_owned();
        return PostDecision::Conflict { handle, why };
    }
    let Some(base) = base else {
        let why = "its text was edited on the server since the import".to_owned();
        return PostDecision::Conflict { handle, why };
    };
    let (change, edited) = change(ids, &base, post, remote);
    if !edited.is_empty() {
        let edited = edited.join(", ");
        let why = format!("edited on the server since the import: {edited}");
        return PostDecision::Conflict { handle, why };
    }
    PostDecision::Update {
        handle,
        change,
        visibility: visibility(&post.intent, remote),
    }
}

/// Compares a file that moved with the post of the gone file. The post keeps its old URLs as well.
pub(super) fn decide_moved(
    reader: &PostFileReader,
    ids: &RemoteIds,
    post: &ParsedPost,
    remote: &RemotePost,
) -> PostDecision {
    let handle = remote.handle.clone();
    let from = remote.source("path").unwrap_or_default();
    let Some(base) = imported_post(reader, from, remote) else {
        let why = "its text was edited on the server since the import".to_owned();
        return PostDecision::Conflict { handle, why };
    };
    let (mut change, edited) = change(ids, &base, post, remote);
    if !edited.is_empty() {
        let edited = edited.join(", ");
        let why = format!("edited on the server since the import: {edited}");
        return PostDecision::Conflict { handle, why };
    }
    if change.contains_key("aliases") && is_public(remote) {
        change.insert("aliases".to_owned(), joined_aliases(post, remote));
    }
    PostDecision::Update {
        handle,
        change,
        visibility: visibility(&post.intent, remote),
    }
}

/// The aliases of a file, then those of its post.
fn joined_aliases(post: &ParsedPost, remote: &RemotePost) -> Value {
    let mut aliases = post.content.aliases.clone();
    let known = remote.members.get("aliases").and_then(Value::as_array);
    for alias in known.into_iter().flatten().filter_map(Value::as_str) {
        if aliases.len() < MAX_ALIASES && aliases.iter().all(|other| other != alias) {
            aliases.push(alias.to_owned());
        }
    }
    aliases.into()
}

/// Returns the patch from the imported file to the current one, and the members that were edited on
/// the server.
fn change(
    ids: &RemoteIds,
    base: &ParsedPost,
    post: &ParsedPost,
    remote: &RemotePost,
) -> (JsonObject, Vec<&'static str>) {
    let new = ids.resolve_known(post.content.members());
    let (sent, base) = match legacy_tags::members(base, remote) {
        Some(legacy) => (legacy.clone(), legacy),
        // Resources that were deleted on the server are not edits of the post.
        None => (
            ids.resolve_existing(base.content.members()),
            ids.resolve_known(base.content.members()),
        ),
    };
    let mut change = merge_patch(&base, &new);
    // The locale cannot be removed.
    change.retain(|name, value| name != "locale" || !value.is_null());
    let mut edited = edited(&sent, &new, &change, remote);
    // Earlier imports did not send the start of the text as excerpt.
    edited.retain(|name| *name != "excerpt" || !lacks_derived_excerpt(post, remote));
    (change, edited)
}

/// Whether the post on the server has no excerpt, and the file only a derived one.
fn lacks_derived_excerpt(post: &ParsedPost, remote: &RemotePost) -> bool {
    post.has_derived_excerpt && is_equal(None, remote.members.get("excerpt"))
}

/// Reads the imported file from the server. Returns `None` if its text was edited there.
fn imported_post(reader: &PostFileReader, path: &str, remote: &RemotePost) -> Option<ParsedPost> {
    let file = format!(
        "{}{}",
        remote.source("front_matter").unwrap_or_default(),
        remote.text("body")?
    );
    let base = reader.read(path, file.as_bytes()).ok()?;
    (remote.source("sha256") == Some(&base.sha256)).then_some(base)
}

/// The members that were edited on the server since the import sent `sent`.
fn edited(
    sent: &JsonObject,
    new: &JsonObject,
    change: &JsonObject,
    remote: &RemotePost,
) -> Vec<&'static str> {
    let now = |name: &str| remote.members.get(name);
    let differs =
        |name: &str| !is_equal(sent.get(name), now(name)) && !is_equal(new.get(name), now(name));
    let in_file = FILE_MEMBERS.into_iter().filter(|name| differs(name));
    let derived = DERIVED_MEMBERS.into_iter().filter(|name| {
        let is_unsent = !sent.contains_key(*name) || (*name == "slug" && is_numbered(sent, remote));
        change.contains_key(*name) && !is_unsent && differs(name)
    });
    in_file.chain(derived).collect()
}

/// Whether the slug on the server is the sent one with the number that a run adds to duplicates.
fn is_numbered(sent: &JsonObject, remote: &RemotePost) -> bool {
    let number = || {
        let slug = sent.get("slug")?.as_str()?;
        remote.text("slug")?.strip_prefix(slug)?.strip_prefix('-')
    };
    number().is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn decide_unchanged_file(
    ids: &RemoteIds,
    base: Option<&ParsedPost>,
    post: &ParsedPost,
    remote: &RemotePost,
) -> PostDecision {
    let handle = remote.handle.clone();
    let why = match remote.status {
        RemoteStatus::Trashed => Some("it is in the trash of the server"),
        RemoteStatus::Other => Some("posts with its status are not changed by imports"),
        RemoteStatus::Published | RemoteStatus::Scheduled if post.intent == Intent::Draft => None,
        RemoteStatus::Published | RemoteStatus::Scheduled | RemoteStatus::Draft => {
            let change = base.and_then(|base| completion(ids, base, post, remote));
            return match (change, visibility(&post.intent, remote)) {
                (Some(change), visibility) if !change.is_empty() => PostDecision::Complete {
                    handle,
                    change,
                    visibility,
                },
                (Some(_), VisibilityChange::Publish(time))
                    if remote.status == RemoteStatus::Draft || remote.has_unpublished_changes =>
                {
                    PostDecision::Publish { handle, time }
                }
                _ => {
                    let is_draft =
                        remote.status == RemoteStatus::Draft && post.intent != Intent::Draft;
                    let why = is_draft.then_some("it is a draft that was edited on the server");
                    PostDecision::Unchanged { handle, why }
                }
            };
        }
    };
    PostDecision::Unchanged { handle, why }
}

/// The members that this run reads or resolves and the earlier run did not. Returns `None` if the
/// post was edited on the server.
fn completion(
    ids: &RemoteIds,
    base: &ParsedPost,
    post: &ParsedPost,
    remote: &RemotePost,
) -> Option<JsonObject> {
    let (mut change, edited) = change(ids, base, post, remote);
    change.retain(|name, _| name == "tags" || LATER_MEMBERS.contains(&name.as_str()));
    if !remote.was_edited {
        let new = ids.resolve_known(post.content.members());
        let excerpt = post.has_derived_excerpt.then_some("excerpt");
        for name in LATER_MEMBERS.into_iter().chain(excerpt) {
            let is_missing = is_equal(None, remote.members.get(name));
            if let Some(value) = new.get(name).filter(|_| is_missing) {
                change.insert(name.to_owned(), value.clone());
            }
        }
    }
    edited.is_empty().then_some(change)
}

fn is_public(remote: &RemotePost) -> bool {
    matches!(
        remote.status,
        RemoteStatus::Published | RemoteStatus::Scheduled
    )
}

/// A post that was unpublished on the server stays a draft.
fn visibility(intent: &Intent, remote: &RemotePost) -> VisibilityChange {
    let is_public = is_public(remote);
    match intent {
        Intent::Publish(time) if is_public || !remote.had_transition => {
            VisibilityChange::Publish(time.clone())
        }
        Intent::Draft if is_public => VisibilityChange::Unpublish,
        Intent::Publish(_) | Intent::Draft => VisibilityChange::Keep,
    }
}

#[cfg(test)]
mod tests;
