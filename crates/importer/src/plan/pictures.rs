use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, stream};
use serde::Serialize;

use super::{AT_ONCE, Ids, Site};
use crate::{
    api::Failure,
    finding::{Finding, Refusal},
    people::{Person, Photo},
    post::{Mention, Post, Surroundings},
    screen::Progress,
    tree::{Picture, Place},
};

/// Largest file that the server takes, in bytes: 20 MiB, and some of that for the form around it.
const MAX_BYTES: u64 = 20 * 1024 * 1024 - 4096;

/// The pictures that posts and people name.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    /// Those that are there, each once, in the order in which they are named first.
    pub(crate) steps: Vec<PictureStep>,
    /// How often one is named that is there.
    pub(crate) resolved: usize,
    /// What is named and not there.
    pub(crate) unresolved: Vec<Unresolved>,
    /// How many lie in the folder and are named nowhere.
    pub(crate) unreferenced: usize,
}

/// A picture and what has to happen to it.
#[derive(Debug, Clone)]
pub(crate) struct PictureStep {
    pub(crate) picture: Picture,
    /// What stands for it where it cannot be seen, as it is said first.
    pub(crate) alt: Option<String>,
    pub(crate) state: PictureState,
}

/// Where a picture stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PictureState {
    /// It is not on the server yet.
    New,
    /// It is, as it is here.
    Known(String),
    /// Another one came from its path.
    Differs(String),
    /// The server would not take it.
    Unfit(Finding),
}

/// A picture that a file names and nobody can find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Unresolved {
    /// The file that names it.
    pub(crate) path: String,
    pub(crate) line: usize,
    /// The name as it was written, its Liquid evaluated.
    pub(crate) image: String,
    /// How often the file names it so.
    pub(crate) count: usize,
    /// The pictures that it could be, when there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) candidates: Vec<String>,
}

impl Site {
    /// Finds every picture that is named, and asks the server what it has of them.
    pub(super) async fn pictures<'a>(
        &'a self,
        posts: impl Iterator<Item = (&'a str, &'a Post)>,
        ids: &mut Ids,
        progress: &Progress,
    ) -> Result<Pictures, Refusal> {
        let mut pictures = self.named(posts);
        progress.begin("Images", pictures.steps.len());
        let looks: Vec<_> = pictures
            .steps
            .iter()
            .map(|step| self.state(&step.picture))
            .collect();
        let mut looks = stream::iter(looks).buffered(AT_ONCE);
        let mut states = Vec::new();
        while let Some(state) = looks.next().await {
            states.push(state?);
            progress.step(None);
        }
        drop(looks);
        progress.end();
        for (step, state) in pictures.steps.iter_mut().zip(states) {
            let path = &step.picture.source_path;
            match &state {
                PictureState::Known(id) | PictureState::Differs(id) => ids.add_image(path, id),
                PictureState::Unfit(_) => ids.refuse_image(path),
                PictureState::New => {}
            }
            step.state = state;
        }
        Ok(pictures)
    }

    fn named<'a>(&'a self, posts: impl Iterator<Item = (&'a str, &'a Post)>) -> Pictures {
        let around = &self.reader.settings().around;
        let mut pictures = Pictures::default();
        let mut places = BTreeMap::new();
        let mut named = |path: &str, mention: &Mention| {
            let found = pictures.take(path, mention);
            let picture = found.and_then(|found| around.tree.picture(found));
            pictures.add(picture, mention.alt.as_ref(), &mut places);
        };
        let mut people: Vec<&Person> = around.people.all().iter().collect();
        for (path, post) in posts {
            post.mentions
                .iter()
                .for_each(|mention| named(path, mention));
            people.extend(&post.credits);
        }
        let mut seen = BTreeSet::new();
        people.retain(|person| seen.insert(person.key.as_str()));
        for person in people {
            if let Some(photo) = &person.photo {
                named(&photo.file, &portrait(person, photo, around));
            }
        }
        pictures.unreferenced = around.tree.count() - pictures.steps.len();
        pictures
    }

    async fn state(&self, picture: &Picture) -> Result<PictureState, Refusal> {
        if let Some(finding) = unfit(picture) {
            return Ok(PictureState::Unfit(finding));
        }
        let known = match self.client.image(&picture.source_path).await {
            Ok(Some(known)) => known,
            Ok(None) => return Ok(PictureState::New),
            Err(Failure::Fatal(refusal)) => return Err(refusal),
            Err(failure) => {
                let finding = Finding::new("refused", failure.to_string());
                return Ok(PictureState::Unfit(finding));
            }
        };
        Ok(match self.folder.digest(&picture.path) {
            Ok(digest) if digest == known.sha256 => PictureState::Known(known.id),
            Ok(_) => PictureState::Differs(known.id),
            Err(finding) => PictureState::Unfit(finding),
        })
    }
}

fn portrait(person: &Person, photo: &Photo, around: &Surroundings) -> Mention {
    Mention {
        line: photo.line,
        count: 1,
        written: photo.written.clone(),
        alt: Some(person.name.clone()),
        place: around.photo(photo),
        is_front: true,
    }
}

/// Why the server would not take a picture, as far as its name and size tell.
fn unfit(picture: &Picture) -> Option<Finding> {
    let is_svg = picture.source_path.to_ascii_lowercase().ends_with(".svg");
    if is_svg {
        let reason = "is SVG, which is not kept, since it can hold script; save it as PNG or WebP";
        return Some(Finding::new("svg", reason));
    }
    (picture.bytes > MAX_BYTES).then(|| {
        let most = MAX_BYTES.div_ceil(1024 * 1024);
        Finding::new(
            "too_large",
            format!("is larger than {most} MiB, which is the limit"),
        )
    })
}

impl Pictures {
    /// Counts a mention. Gives what it leads to, when it leads to something.
    fn take<'a>(&mut self, path: &str, mention: &'a Mention) -> Option<&'a str> {
        let candidates = match &mention.place {
            Place::Found(found) => {
                self.resolved += mention.count;
                return Some(found);
            }
            Place::Missing => Vec::new(),
            Place::Ambiguous(several) => several.clone(),
        };
        self.unresolved.push(Unresolved {
            path: path.to_owned(),
            line: mention.line,
            image: mention.written.clone(),
            count: mention.count,
            candidates,
        });
        None
    }

    fn add(
        &mut self,
        picture: Option<&Picture>,
        alt: Option<&String>,
        places: &mut BTreeMap<String, usize>,
    ) {
        let Some(picture) = picture else { return };
        if let Some(place) = places.get(&picture.source_path) {
            let said = &mut self.steps[*place].alt;
            *said = said.take().or_else(|| alt.cloned());
            return;
        }
        places.insert(picture.source_path.clone(), self.steps.len());
        self.steps.push(PictureStep {
            picture: picture.clone(),
            alt: alt.cloned(),
            state: PictureState::New,
        });
    }

    /// Whether this picture is on the server, or will be.
    pub(super) fn arrives(&self, source_path: &str) -> bool {
        let mut steps = self.steps.iter();
        steps.any(|step| {
            step.picture.source_path == source_path && !matches!(step.state, PictureState::Unfit(_))
        })
    }
}
