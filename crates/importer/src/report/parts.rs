use serde::Serialize;

use super::Action;
use crate::{
    finding::Finding,
    plan::{BylineStep, Doing, NotPosts, PictureState, PictureStep, Plan, Unresolved},
    post::Term,
};

/// What posts lead to, and what of the folder is left where it is.
#[derive(Debug, Serialize)]
pub(crate) struct Parts {
    /// The categories that were not on the server.
    pub(crate) categories: Vec<Part>,
    /// The bylines that were not on the server, or not whole.
    pub(crate) bylines: Vec<Part>,
    /// The pictures that posts and people name, in the order in which they are named first.
    pub(crate) images: Vec<Part>,
    pub(crate) image_references: References,
    /// What is named and is no picture of the folder.
    pub(crate) unresolved: Vec<Unresolved>,
    /// How many pictures of the folder are named nowhere, and so are not uploaded.
    pub(crate) unreferenced_images: usize,
    /// What else Jekyll would publish.
    pub(crate) not_posts: Vec<NotPosts>,
}

/// How often pictures are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct References {
    pub(crate) resolved: usize,
    pub(crate) unresolved: usize,
}

/// A category, a byline or a picture, and what is done to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Part {
    /// Where a picture lies in the folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// The name of a category or a byline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) slug: Option<String>,
    pub(crate) action: Action,
    /// How large a picture is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bytes: Option<u64>,
    /// What it is on the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<Finding>,
    /// Whether the action was carried out.
    #[serde(skip)]
    pub(crate) is_done: bool,
}

impl Parts {
    /// What is going to be done.
    pub(crate) fn planned(plan: &Plan) -> Self {
        let pictures = &plan.pictures;
        Self {
            categories: plan.categories.iter().map(Part::of_category).collect(),
            bylines: plan.bylines.iter().map(Part::of_byline).collect(),
            images: pictures.steps.iter().map(Part::of_picture).collect(),
            image_references: References {
                resolved: pictures.resolved,
                unresolved: pictures.unresolved.iter().map(|named| named.count).sum(),
            },
            unresolved: pictures.unresolved.clone(),
            unreferenced_images: pictures.unreferenced,
            not_posts: plan.not_posts.clone(),
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Part> {
        self.categories
            .iter()
            .chain(&self.bylines)
            .chain(&self.images)
    }

    /// The run ended: what was not done is not done.
    pub(crate) fn stop(&mut self) {
        let parts = [&mut self.categories, &mut self.bylines, &mut self.images];
        for part in parts.into_iter().flatten() {
            if part.action.is_change() && !part.is_done {
                part.action = Action::NotDone;
            }
        }
    }
}

impl Part {
    fn new(action: Action) -> Self {
        Self {
            path: None,
            name: None,
            slug: None,
            action,
            bytes: None,
            id: None,
            error: None,
            is_done: false,
        }
    }

    fn of_category(term: &Term) -> Self {
        Self {
            name: Some(term.name.clone()),
            slug: Some(term.key.clone()),
            ..Self::new(Action::Create)
        }
    }

    fn of_byline(step: &BylineStep) -> Self {
        let (action, id) = match &step.doing {
            Doing::Make => (Action::Create, None),
            Doing::Complete(id, _) => (Action::Update, Some(id.clone())),
        };
        Self {
            name: Some(step.person.name.clone()),
            slug: Some(step.person.key.clone()),
            id,
            ..Self::new(action)
        }
    }

    fn of_picture(step: &PictureStep) -> Self {
        let (action, id, error) = match &step.state {
            PictureState::New => (Action::Create, None, None),
            PictureState::Known(id) => (Action::Unchanged, Some(id.clone()), None),
            PictureState::Differs(id) => (Action::Conflict, Some(id.clone()), Some(differs())),
            PictureState::Unfit(finding) => (Action::Error, None, Some(finding.clone())),
        };
        Self {
            path: Some(step.picture.source_path.clone()),
            bytes: Some(step.picture.bytes),
            id,
            error,
            ..Self::new(action)
        }
    }

    /// What people call it.
    pub(crate) fn name(&self) -> &str {
        self.path
            .as_ref()
            .or(self.name.as_ref())
            .map_or("", String::as_str)
    }

    /// Something is wrong with it.
    pub(crate) fn fail(&mut self, finding: Finding) {
        self.action = Action::Error;
        self.error = Some(finding);
    }
}

fn differs() -> Finding {
    let reason = "is another picture than the one that came from this path, and pictures never change; give the new one another name";
    Finding::new("image_changed", reason)
}
