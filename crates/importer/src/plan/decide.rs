use serde_json::Value;

use super::difference::{between, without_nulls};
use crate::{
    api::{Handle, Remote, Status},
    post::{Intent, Members, Post, Reader},
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
    /// It is on the server as it should be, but an earlier run was cut off before it was published.
    Publish { handle: Handle, at: String },
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
    Publish(String),
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
            | Self::Publish { handle, .. }
            | Self::Unchanged { handle, .. }
            | Self::Conflict { handle, .. } => Some(handle),
        }
    }
}

/// Members that only the file decides: any difference means that somebody edited the post.
const WRITTEN: [&str; 4] = ["title", "excerpt", "tags", "extra"];

/// Members that the settings of a run decide too. Other settings are no edit, so these matter
/// only when the file's change would write over them.
const DERIVED: [&str; 4] = ["slug", "locale", "aliases", "published_at"];

/// Decides from the file and from what the server holds of it. Nothing that was edited on the
/// server is ever written over.
///
/// The server keeps the imported file in two parts, front matter and body, and its digest. If both
/// parts still have that digest the text was not edited; and what this program makes of the stored
/// file is what the other members were, so that any of them that differs was.
pub(crate) fn decide(reader: &Reader, path: &str, post: &Post, remote: Option<&Remote>) -> Step {
    let Some(remote) = remote else {
        return Step::Create;
    };
    let handle = remote.handle.clone();
    if remote.source("sha256") == Some(&post.sha256) {
        return settled(reader, path, post, remote);
    }
    if matches!(remote.status, Status::Trashed | Status::Other) {
        let why = "it is in the trash or the archive of the server".to_owned();
        return Step::Conflict { handle, why };
    }
    let Some(base) = stored(reader, path, remote) else {
        let why = "its text was edited on the server since the import".to_owned();
        return Step::Conflict { handle, why };
    };
    let (base, new) = (base.content.members(), post.content.members());
    let mut change = between(&base, &new);
    // A post always has a language; a file that no longer names one leaves it as it is.
    change.retain(|name, value| name != "locale" || !value.is_null());
    let edited = edited(&base, &new, &change, remote);
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
fn edited<'a>(base: &Members, new: &Members, change: &Members, remote: &Remote) -> Vec<&'a str> {
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
fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
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
fn settled(reader: &Reader, path: &str, post: &Post, remote: &Remote) -> Step {
    let handle = remote.handle.clone();
    let unchanged = |why| Step::Unchanged {
        handle: remote.handle.clone(),
        why,
    };
    let Intent::Publish { at } = &post.intent else {
        return unchanged(None);
    };
    let publish = Step::Publish {
        handle,
        at: at.clone(),
    };
    match remote.status {
        Status::Draft if !remote.was_moved && is_untouched(reader, path, remote) => publish,
        Status::Draft => unchanged(Some(
            "it is a draft on the server, where somebody worked on it",
        )),
        Status::Published
            if remote.has_unpublished_changes && is_untouched(reader, path, remote) =>
        {
            publish
        }
        Status::Published => unchanged(None),
        Status::Trashed => unchanged(Some("it is in the trash of the server")),
        Status::Other => unchanged(Some(
            "its status on the server is not one that an import changes",
        )),
    }
}

fn is_untouched(reader: &Reader, path: &str, remote: &Remote) -> bool {
    stored(reader, path, remote).is_some_and(|base| {
        let members = base.content.members();
        edited(&members, &members, &Members::new(), remote).is_empty()
    })
}

/// A post that somebody took back on the server stays back.
fn public(intent: &Intent, remote: &Remote) -> Public {
    let is_public = remote.status == Status::Published;
    match intent {
        Intent::Publish { at } if is_public || !remote.was_moved => Public::Publish(at.clone()),
        Intent::Draft if is_public => Public::Withdraw,
        Intent::Publish { .. } | Intent::Draft => Public::Stay,
    }
}

#[cfg(test)]
mod tests;
