use serde_json::Value;

use super::{
    Ids,
    difference::{between, without_nulls},
    earlier,
};
use crate::{
    api::{Handle, Remote, Status},
    post::{Intent, Members, Post, Reader, Release},
};

/// What has to happen to a post.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// It is not on the server yet.
    Create,
    /// It was imported, and only the file changed since.
    Update {
        handle: Handle,
        /// The members to change; body and source are always sent with them.
        change: Members,
        public: Public,
    },
    /// Its file did not change, but says more than an earlier run understood or could find.
    Complete {
        handle: Handle,
        /// The members to change.
        change: Members,
        public: Public,
    },
    /// It is on the server as it should be, but an earlier run was cut off before it was published.
    Publish { handle: Handle, release: Release },
    /// Nothing, with a word when that is not obvious.
    Unchanged {
        handle: Handle,
        why: Option<&'static str>,
    },
    /// It changed on both sides, so a person has to decide. In words, what changed on the server.
    Conflict { handle: Handle, why: String },
}

/// What goes with an update, so that the public sees what the file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Public {
    /// After it the working copy is published with this date.
    Publish(Release),
    /// Before it the post is taken back: a run that is cut off in between goes on with the update.
    Withdraw,
    /// Nothing.
    Stay,
}

impl Step {
    /// The post on the server, unless there is none yet.
    pub(crate) fn handle(&self) -> Option<&Handle> {
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

/// Members that only the file decides: any difference means that somebody edited the post.
const WRITTEN: [&str; 4] = ["title", "excerpt", "tags", "extra"];

/// Members that more than the file decides: the settings of a run, what else lies in the folder,
/// what the server has. That is no edit, so these matter only when the file's change would write
/// over them.
const DERIVED: [&str; 8] = [
    "slug",
    "locale",
    "aliases",
    "published_at",
    "category_ids",
    "byline_ids",
    "featured_image_id",
    "seo",
];

/// Members that lead to other resources, or that earlier imports did not know.
pub(super) const LINKS: [&str; 4] = ["category_ids", "byline_ids", "featured_image_id", "seo"];

/// What decisions are made by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules<'a> {
    pub(crate) reader: &'a Reader,
    /// What the server calls what the files name.
    pub(crate) ids: &'a Ids,
}

/// Decides from the file and from what the server holds of it. Nothing that was edited on the
/// server is ever written over.
///
/// The server keeps the imported file in two parts, front matter and body, and its digest. If both
/// parts still have that digest the text was not edited; and what this program makes of the stored
/// file is what the other members were, so that any of them that differs was.
pub(crate) fn decide(rules: Rules<'_>, path: &str, post: &Post, remote: Option<&Remote>) -> Step {
    let Some(remote) = remote else {
        return Step::Create;
    };
    let handle = remote.handle.clone();
    if remote.source("sha256") == Some(&post.sha256) {
        return settled(rules, path, post, remote);
    }
    if matches!(remote.status, Status::Trashed | Status::Other) {
        let why = "it is in the trash or the archive of the server".to_owned();
        return Step::Conflict { handle, why };
    }
    let Some(base) = stored(rules.reader, path, remote) else {
        let why = "its text was edited on the server since the import".to_owned();
        return Step::Conflict { handle, why };
    };
    let (change, edited) = change(rules.ids, &base, post, remote);
    if !edited.is_empty() {
        let why = format!(
            "edited on the server since the import: {}",
            edited.join(", ")
        );
        return Step::Conflict { handle, why };
    }
    Step::Update {
        handle,
        change,
        public: public(&post.intent, remote),
    }
}

/// What leads from the file that was imported to the file as it is, and the members that somebody
/// edited in between.
fn change(ids: &Ids, base: &Post, post: &Post, remote: &Remote) -> (Members, Vec<&'static str>) {
    let new = ids.resolved(post.content.members());
    let earlier = earlier::form(base, remote);
    // What neither file nor server changed is no change, though it may be gone from the server.
    let known = || ids.known(base.content.members());
    let told = earlier.clone().unwrap_or_else(known);
    let base = earlier.unwrap_or_else(|| ids.resolved(base.content.members()));
    let mut change = between(&base, &new);
    // A post always has a language; a file that no longer names one leaves it as it is.
    change.retain(|name, value| name != "locale" || !value.is_null());
    let edited = edited(&told, &new, &change, remote);
    (change, edited)
}

/// The file as it was imported, when the server's text is still that.
fn stored(reader: &Reader, path: &str, remote: &Remote) -> Option<Post> {
    let file = format!(
        "{}{}",
        remote.source("front_matter").unwrap_or_default(),
        remote.text("body")?
    );
    let base = reader.read(path, file.as_bytes()).ok()?;
    (remote.source("sha256") == Some(&base.sha256)).then_some(base)
}

/// The members that somebody edited on the server.
fn edited(base: &Members, new: &Members, change: &Members, remote: &Remote) -> Vec<&'static str> {
    let now = |name: &str| remote.members.get(name);
    let written = WRITTEN
        .into_iter()
        .filter(|name| !same(base.get(*name), now(name)) && !same(new.get(*name), now(name)));
    let derived = DERIVED.into_iter().filter(|name| {
        let is_base = base.get(*name).is_none()
            || same(base.get(*name), now(name))
            || (*name == "slug" && is_numbered(base, remote));
        change.contains_key(*name) && !is_base && !same(new.get(*name), now(name))
    });
    written.chain(derived).collect()
}

/// Whether two members say the same. Absent, null and empty are one.
pub(super) fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
    let plain = |value: Option<&Value>| {
        let value = value.map(without_nulls).unwrap_or_default();
        let is_empty = match &value {
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
            _ => false,
        };
        if is_empty { Value::Null } else { value }
    };
    plain(one) == plain(other)
}

/// Whether the server's slug is the file's with a number, as a run gives it to namesakes.
fn is_numbered(base: &Members, remote: &Remote) -> bool {
    let number = || {
        let slug = base.get("slug")?.as_str()?;
        remote.text("slug")?.strip_prefix(slug)?.strip_prefix('-')
    };
    number().is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The file did not change. What is left to do is what an earlier run did not come to.
fn settled(rules: Rules<'_>, path: &str, post: &Post, remote: &Remote) -> Step {
    let handle = remote.handle.clone();
    let unchanged = |why| Step::Unchanged {
        handle: remote.handle.clone(),
        why,
    };
    match remote.status {
        Status::Trashed => return unchanged(Some("it is in the trash of the server")),
        Status::Other => {
            return unchanged(Some(
                "its status on the server is not one that an import changes",
            ));
        }
        Status::Published | Status::Scheduled if post.intent == Intent::Draft => {
            return unchanged(None);
        }
        Status::Published | Status::Scheduled | Status::Draft => {}
    }
    let change = completion(rules, path, post, remote);
    match (change, public(&post.intent, remote)) {
        (Some(change), public) if !change.is_empty() => Step::Complete {
            handle,
            change,
            public,
        },
        (Some(_), Public::Publish(release))
            if remote.status == Status::Draft || remote.has_unpublished_changes =>
        {
            Step::Publish { handle, release }
        }
        _ => {
            let is_kept_back = remote.status == Status::Draft && post.intent != Intent::Draft;
            let why = "it is a draft on the server, where somebody worked on it";
            unchanged(is_kept_back.then_some(why))
        }
    }
}

/// What an unchanged file says more than the import that brought it understood or could find. None
/// when somebody edited the post since.
fn completion(rules: Rules<'_>, path: &str, post: &Post, remote: &Remote) -> Option<Members> {
    let base = stored(rules.reader, path, remote)?;
    let (mut change, edited) = change(rules.ids, &base, post, remote);
    change.retain(|name, _| name == "tags" || LINKS.contains(&name.as_str()));
    if !remote.was_edited {
        let new = rules.ids.resolved(post.content.members());
        for name in LINKS {
            let is_missing = same(None, remote.members.get(name));
            if let Some(value) = new.get(name).filter(|_| is_missing) {
                change.insert(name.to_owned(), value.clone());
            }
        }
    }
    edited.is_empty().then_some(change)
}

/// A post that somebody took back on the server stays back.
fn public(intent: &Intent, remote: &Remote) -> Public {
    let is_public = matches!(remote.status, Status::Published | Status::Scheduled);
    match intent {
        Intent::Publish(release) if is_public || !remote.was_moved => {
            Public::Publish(release.clone())
        }
        Intent::Draft if is_public => Public::Withdraw,
        Intent::Publish(_) | Intent::Draft => Public::Stay,
    }
}

#[cfg(test)]
mod tests;
