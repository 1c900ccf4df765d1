use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    PlannedFile, PlannedImages, RemoteIds,
    new_names::{NewNames, NewSlug},
    posts,
};
use crate::{
    api::RemoteByline,
    bylines::BylineProfile,
    file_index::ImageMatch,
    post::{JsonObject, SiteContents},
};

#[derive(Debug, Clone)]
pub(crate) struct PlannedByline {
    pub(crate) profile: BylineProfile,
    /// The `source_path` of the profile image.
    pub(crate) image: Option<String>,
    pub(crate) change: BylineChange,
    pub(super) slug: NewSlug,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BylineChange {
    Create,
    /// Adds these missing members to the byline with this id. Edited bylines are not completed: an
    /// editor may have removed the members.
    Complete(String, Vec<&'static str>),
}

/// Plans a byline for every profile of the folder and for every byline of a post to be written.
pub(super) fn plan(
    contents: &SiteContents,
    files: &[PlannedFile],
    ids: &RemoteIds,
    remote: &[RemoteByline],
    images: &PlannedImages,
) -> Vec<PlannedByline> {
    let of_posts = posts(files)
        .filter(|planned| planned.sends("byline_ids"))
        .flat_map(|planned| &planned.post.bylines);
    let mut seen = BTreeSet::new();
    let mut names = NewNames::new(ids.byline_names());
    let profiles = contents.bylines.all().iter().chain(of_posts);
    profiles
        .filter(|profile| seen.insert(profile.key.as_str()))
        .filter_map(|profile| {
            let id = ids.byline(&profile.key);
            let remote = id.and_then(|id| remote.iter().find(|byline| byline.id == id));
            let mut planned = plan_one(contents, profile, remote, images)?;
            if planned.change == BylineChange::Create {
                planned.slug = names.add(&profile.name);
            }
            Some(planned)
        })
        .collect()
}

fn plan_one(
    contents: &SiteContents,
    profile: &BylineProfile,
    remote: Option<&RemoteByline>,
    images: &PlannedImages,
) -> Option<PlannedByline> {
    let found = profile
        .image
        .as_ref()
        .map(|image| contents.find_profile_image(image));
    let image = match found {
        Some(ImageMatch::Found(path)) if images.will_exist(&path) => Some(path),
        _ => None,
    };
    let change = match remote {
        None => BylineChange::Create,
        Some(remote) => {
            let missing = missing(remote, profile, image.is_some());
            let is_complete = remote.version != 1 || missing.is_empty();
            (!is_complete).then(|| BylineChange::Complete(remote.id.clone(), missing))?
        }
    };
    Some(PlannedByline {
        profile: profile.clone(),
        image,
        change,
        slug: NewSlug {
            slug: remote.map_or_else(String::new, |remote| remote.slug.clone()),
            looks_like: None,
        },
    })
}

/// The members that the profile has and the byline on the server lacks.
fn missing(remote: &RemoteByline, profile: &BylineProfile, has_image: bool) -> Vec<&'static str> {
    let given = [
        ("position", profile.position.is_some()),
        ("bio", profile.bio.is_some()),
        ("image_id", has_image),
    ];
    let lacks = |name: &str| remote.members.get(name).is_none_or(Value::is_null);
    given
        .into_iter()
        .filter(|(name, is_given)| *is_given && lacks(name))
        .map(|(name, _)| name)
        .collect()
}

impl PlannedByline {
    pub(crate) fn slug(&self) -> &str {
        &self.slug.slug
    }

    /// Another byline whose name has the same slug.
    pub(crate) fn looks_like(&self) -> Option<&str> {
        self.slug.looks_like.as_deref()
    }

    /// The members to send. The image is left out if it has no id.
    pub(crate) fn members(&self, ids: &RemoteIds) -> JsonObject {
        let image = self.image.as_deref().and_then(|path| ids.image(path));
        let members = [
            ("name", Some(self.profile.name.as_str())),
            ("slug", Some(self.slug())),
            ("position", self.profile.position.as_deref()),
            ("bio", self.profile.bio.as_deref()),
            ("image_id", image),
        ];
        let is_sent = |name: &str| match &self.change {
            BylineChange::Create => true,
            BylineChange::Complete(_, missing) => missing.contains(&name),
        };
        members
            .into_iter()
            .filter(|(name, _)| is_sent(name))
            .filter_map(|(name, text)| Some((name.to_owned(), text?.into())))
            .collect()
    }
}
