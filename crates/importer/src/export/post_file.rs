//! The file of a post.

use std::path::{Component, Path};

use jiff::Timestamp;
use serde_json::{Value, json};
use tintero_markdown::{
    front_matter::Syntax,
    generator::Generator,
    jekyll::{file_name::PostFileName, site::GENERATOR},
};

use super::{
    members::{changed_extra, values},
    names::ExportNames,
};
use crate::{
    api::{RemotePost, RemoteStatus},
    front_matter_writer::FrontMatter,
    post::JsonObject,
    text::sha256,
};

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PostFile {
    /// Relative, with `/` as separator.
    pub(super) path: String,
    pub(super) text: String,
    /// Whether it is the imported file, byte for byte.
    pub(super) is_original: bool,
}

/// The generator of the site from which a post was imported.
pub(super) fn generator_of(post: &RemotePost) -> Option<Generator> {
    let source = post
        .members
        .get("source")
        .filter(|source| source.is_object())?;
    let name = source.get("site").and_then(|site| site.get(GENERATOR));
    let name = name.and_then(Value::as_str);
    Some(name.and_then(Generator::named).unwrap_or_default())
}

/// Returns the file of an imported post. `imported` has the members that the import sent last; without
/// them, the front matter is written anew.
pub(super) fn imported(
    generator: Generator,
    post: &RemotePost,
    imported: Option<&JsonObject>,
    names: &ExportNames,
) -> Option<PostFile> {
    let written = post.source("path").and_then(safe_path)?;
    let head = post.source("front_matter").unwrap_or_default();
    let body = post.text("body").unwrap_or_default();
    let edited = imported.and_then(|before| edited_head(generator, head, before, post, names));
    let path = published_path(generator, &written, post);
    let head = edited.unwrap_or_else(|| new_head(generator, post, names));
    let text = format!("{head}{body}");
    Some(PostFile {
        is_original: post.source("sha256") == Some(&sha256([text.as_bytes()])),
        path,
        text,
    })
}

/// Returns the file of a post that was not imported from a site of this generator.
pub(super) fn new(generator: Generator, post: &RemotePost, names: &ExportNames) -> PostFile {
    let slug = &post.handle.slug;
    let locale = post.text("locale").unwrap_or_default();
    let path = match generator {
        Generator::Jekyll if is_draft(post) => format!("_drafts/{slug}.{locale}.md"),
        Generator::Jekyll => format!("_posts/{}-{slug}.{locale}.md", day(post)),
        Generator::Hugo => format!("content/posts/{slug}.{locale}.md"),
        Generator::Zola => format!("content/blog/{slug}.{locale}.md"),
    };
    let body = post.text("body").unwrap_or_default();
    PostFile {
        path,
        text: format!("{}\n{body}", new_head(generator, post, names)),
        is_original: false,
    }
}

/// Changes the front matter where the post was edited. `None` if its layout does not allow that.
fn edited_head(
    generator: Generator,
    head: &str,
    before: &JsonObject,
    post: &RemotePost,
    names: &ExportNames,
) -> Option<String> {
    let old = values(generator, before, names);
    let now = values(generator, &post.members, names);
    let extra = changed_extra(before.get("extra"), post.members.get("extra"));
    let mut changes: Vec<(String, Value)> = Vec::new();
    let mut front_matter = FrontMatter::read(head);
    for (old, now) in old.into_iter().zip(now) {
        if old.value != now.value {
            let present = front_matter
                .as_ref()
                .and_then(|front_matter| now.keys.iter().find(|key| front_matter.contains(key)));
            let key = present.unwrap_or(&now.keys[0]);
            let is_nested = key.contains('.');
            if is_nested && !front_matter.as_ref().is_some_and(FrontMatter::has_tables) {
                return None;
            }
            changes.push(((*key).to_owned(), now.value));
        }
    }
    changes.extend(extra);
    changes.extend(changed_visibility(generator, post));
    if changes.is_empty() {
        return Some(head.to_owned());
    }
    for (key, value) in changes {
        front_matter.as_mut()?.set(&key, &value);
    }
    front_matter.map(FrontMatter::into_text)
}

/// The key that hides a post whose file is public, or shows one whose file is a draft.
fn changed_visibility(generator: Generator, post: &RemotePost) -> Option<(String, Value)> {
    let head = FrontMatter::read(post.source("front_matter")?);
    let path = post.source("path")?;
    let was_draft = head.as_ref().is_some_and(FrontMatter::is_draft);
    let in_drafts = generator == Generator::Jekyll && PostFileName::read(path).in_drafts;
    match (is_draft(post), was_draft || in_drafts) {
        (true, false) if generator == Generator::Jekyll => {
            Some(("published".to_owned(), json!(false)))
        }
        (true, false) => Some(("draft".to_owned(), json!(true))),
        (false, true) if was_draft => {
            let head = head?;
            let key = ["draft", "published"].iter().find(|key| head.contains(key));
            key.map(|key| ((*key).to_owned(), Value::Null))
        }
        _ => None,
    }
}

/// A draft of Jekyll that was published moves to the posts.
fn published_path(generator: Generator, path: &str, post: &RemotePost) -> String {
    let name = PostFileName::read(path);
    if generator != Generator::Jekyll || !name.in_drafts || is_draft(post) {
        return path.to_owned();
    }
    let file = path.rsplit('/').next().unwrap_or(path);
    let folder = path.split("_drafts").next().unwrap_or_default();
    let date = match name.date {
        Some(_) => String::new(),
        None => format!("{}-", day(post)),
    };
    format!("{folder}_posts/{date}{file}")
}

/// Front matter with all values of a post.
fn new_head(generator: Generator, post: &RemotePost, names: &ExportNames) -> String {
    let syntax = match generator {
        Generator::Jekyll | Generator::Hugo => Syntax::Yaml,
        Generator::Zola => Syntax::Toml,
    };
    let mut front_matter = FrontMatter::new(syntax);
    for value in values(generator, &post.members, names) {
        let key = value.keys[0];
        // A summary and a description can be one key.
        if !value.value.is_null() && !front_matter.contains(key) {
            front_matter.set(key, &value.value);
        }
        if value.member == "title"
            && let Some(date) = post.text("published_at")
        {
            front_matter.set("date", &json!(date));
        }
    }
    if is_draft(post) {
        match generator {
            Generator::Jekyll => {}
            Generator::Hugo | Generator::Zola => front_matter.set("draft", &json!(true)),
        }
    }
    for (key, value) in changed_extra(None, post.members.get("extra")) {
        match (generator, value) {
            (Generator::Zola, Value::Object(map)) if key == "extra" => {
                for (key, value) in map {
                    front_matter.set(&format!("extra.{key}"), &value);
                }
            }
            (Generator::Zola, value) => front_matter.set(&format!("extra.{key}"), &value),
            (_, value) => front_matter.set(&key, &value),
        }
    }
    front_matter.into_text()
}

fn is_draft(post: &RemotePost) -> bool {
    !matches!(
        post.status,
        RemoteStatus::Published | RemoteStatus::Scheduled
    )
}

fn day(post: &RemotePost) -> String {
    let date = post
        .text("published_at")
        .or_else(|| post.text("created_at"));
    let date = date.and_then(|date| date.parse::<Timestamp>().ok());
    let date = date.unwrap_or(Timestamp::UNIX_EPOCH);
    date.strftime("%Y-%m-%d").to_string()
}

/// Returns a path that stays within the folder. The server keeps what an import sent.
pub(super) fn safe_path(path: &str) -> Option<String> {
    let is_safe = !path.is_empty()
        && !path.contains(['\\', '\0'])
        && Path::new(path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
    is_safe.then(|| path.to_owned())
}
