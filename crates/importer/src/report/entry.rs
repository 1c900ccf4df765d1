use serde::Serialize;

use crate::{
    finding::Finding,
    plan::{Item, Planned, Step, Verdict},
};

/// What is done, or was done, to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    /// Its post is made.
    Create,
    /// Its post is changed.
    Update,
    /// Its post, which an earlier run made, is published.
    Publish,
    /// Nothing: its post is as it should be.
    Unchanged,
    /// Nothing: it changed here and on the server.
    Conflict,
    /// Nothing: something is wrong with it.
    Error,
    /// Nothing: the run stopped before it was its turn.
    NotDone,
    /// Nothing: it is no post.
    Ignored,
}

impl Action {
    /// The word for what is going to be done.
    pub(crate) fn planned(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Publish => "publish",
            Self::Unchanged => "unchanged",
            Self::Conflict => "conflict",
            Self::Error => "error",
            Self::NotDone => "not done",
            Self::Ignored => "ignored",
        }
    }

    /// Whether it changes something on the server.
    pub(crate) fn is_change(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Publish)
    }

    /// The word for what was done.
    pub(crate) fn done(self) -> &'static str {
        match self {
            Self::Create => "created",
            Self::Update => "updated",
            Self::Publish => "published",
            Self::Conflict => "in conflict",
            Self::Error => "failed",
            Self::Unchanged | Self::NotDone | Self::Ignored => self.planned(),
        }
    }
}

/// One file of the report.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Entry {
    pub(crate) path: String,
    pub(crate) action: Action,
    /// Its post on the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) slug: Option<String>,
    /// Its date (RFC 3339, UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) date: Option<String>,
    /// Old addresses that lead to its post.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) aliases: Vec<String>,
    /// How often it names an image of its own site.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) images: usize,
    /// Why nothing is done, when that is no mistake.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) warnings: Vec<Finding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<Finding>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Entry {
    /// What is going to be done to a file.
    pub(crate) fn planned(item: &Item) -> Self {
        let bare = Self {
            path: item.path.clone(),
            action: Action::Ignored,
            id: None,
            slug: None,
            date: None,
            aliases: Vec::new(),
            images: 0,
            note: None,
            warnings: Vec::new(),
            error: None,
        };
        match &item.verdict {
            Verdict::Ignored(why) => Self {
                note: Some((*why).to_owned()),
                ..bare
            },
            Verdict::Broken(finding) => bare.failed(finding.clone()),
            Verdict::Planned(planned) => bare.of_post(planned),
        }
    }

    fn of_post(self, planned: &Planned) -> Self {
        let Planned { post, step } = planned;
        let handle = step.handle();
        let entry = Self {
            id: handle.map(|handle| handle.id.clone()),
            slug: Some(
                handle.map_or_else(|| post.content.slug.clone(), |handle| handle.slug.clone()),
            ),
            date: post.content.published_at.clone(),
            aliases: post.content.aliases.clone(),
            images: post.mentions.iter().map(|mention| mention.count).sum(),
            warnings: post.warnings.clone(),
            ..self
        };
        entry.came_to(step)
    }

    /// The entry of a file to which this step is done.
    pub(crate) fn came_to(self, step: &Step) -> Self {
        match step {
            Step::Create => Self {
                action: Action::Create,
                ..self
            },
            Step::Update { .. } | Step::Complete { .. } => Self {
                action: Action::Update,
                ..self
            },
            Step::Publish { .. } => Self {
                action: Action::Publish,
                ..self
            },
            Step::Unchanged { why, .. } => Self {
                action: Action::Unchanged,
                note: why.map(str::to_owned),
                ..self
            },
            Step::Conflict { why, .. } => {
                let error = Finding::new(
                    "conflict",
                    format!("the file changed, and so did its post: {why}; nothing was written"),
                );
                Self {
                    action: Action::Conflict,
                    error: Some(error),
                    ..self
                }
            }
        }
    }

    /// The entry of a file with which something is wrong.
    pub(crate) fn failed(self, finding: Finding) -> Self {
        Self {
            action: Action::Error,
            error: Some(finding),
            ..self
        }
    }

    /// Whether there is anything to do.
    pub(crate) fn has_work(&self) -> bool {
        self.action.is_change()
    }
}
