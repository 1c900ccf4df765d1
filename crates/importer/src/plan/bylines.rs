use std::collections::BTreeSet;

use serde_json::Value;

use super::{Ids, Item, Pictures, posts};
use crate::{
    api::Byline,
    people::Person,
    post::{Members, Surroundings},
    tree::Place,
};

/// A byline and what has to happen to it.
#[derive(Debug, Clone)]
pub(crate) struct BylineStep {
    pub(crate) person: Person,
    /// The picture of the person, by its `source_path`.
    pub(crate) photo: Option<String>,
    pub(crate) doing: Doing,
}

/// What has to happen to a byline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Doing {
    /// It is made.
    Make,
    /// These members, which it lacks, are given to the one with this id. Nobody changed it since it
    /// was created, so nobody took them away.
    Complete(String, Vec<&'static str>),
}

/// What has to happen so that everybody whom the folder describes, and everybody with whom a post
/// is going to be credited, has a byline.
pub(super) fn steps(
    around: &Surroundings,
    items: &[Item],
    ids: &Ids,
    known: &[Byline],
    pictures: &Pictures,
) -> Vec<BylineStep> {
    let credited = posts(items)
        .filter(|planned| planned.sends("byline_ids"))
        .flat_map(|planned| &planned.post.credits);
    let mut seen = BTreeSet::new();
    around
        .people
        .all()
        .iter()
        .chain(credited)
        .filter(|person| seen.insert(person.key.as_str()))
        .filter_map(|person| step(around, person, ids, known, pictures))
        .collect()
}

fn step(
    around: &Surroundings,
    person: &Person,
    ids: &Ids,
    known: &[Byline],
    pictures: &Pictures,
) -> Option<BylineStep> {
    let place = person.photo.as_ref().map(|photo| around.photo(photo));
    let photo = match place {
        Some(Place::Found(path)) if pictures.arrives(&path) => Some(path),
        _ => None,
    };
    let id = ids.byline(&person.key);
    let byline = id.and_then(|id| known.iter().find(|byline| byline.id == id));
    let doing = match byline.map(|byline| (byline, missing(byline, person, photo.is_some()))) {
        None => Doing::Make,
        Some((byline, missing)) if byline.version == 1 && !missing.is_empty() => {
            Doing::Complete(byline.id.clone(), missing)
        }
        Some(_) => return None,
    };
    Some(BylineStep {
        person: person.clone(),
        photo,
        doing,
    })
}

/// The members that the folder knows and the byline lacks.
fn missing(byline: &Byline, person: &Person, has_photo: bool) -> Vec<&'static str> {
    let said = [
        ("position", person.position.is_some()),
        ("bio", person.bio.is_some()),
        ("image_id", has_photo),
    ];
    let lacks = |name: &str| byline.members.get(name).is_none_or(Value::is_null);
    said.into_iter()
        .filter(|(name, is_said)| *is_said && lacks(name))
        .map(|(name, _)| name)
        .collect()
}

impl BylineStep {
    /// The members to send, of those that are known by now.
    pub(crate) fn members(&self, ids: &Ids) -> Members {
        let image = self.photo.as_deref().and_then(|path| ids.image(path));
        let said = [
            ("name", Some(self.person.name.as_str())),
            ("slug", Some(self.person.key.as_str())),
            ("position", self.person.position.as_deref()),
            ("bio", self.person.bio.as_deref()),
            ("image_id", image),
        ];
        let is_wanted = |name: &str| match &self.doing {
            Doing::Make => true,
            Doing::Complete(_, missing) => missing.contains(&name),
        };
        said.into_iter()
            .filter(|(name, _)| is_wanted(name))
            .filter_map(|(name, text)| Some((name.to_owned(), text?.into())))
            .collect()
    }
}
