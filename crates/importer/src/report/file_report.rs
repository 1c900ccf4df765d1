use serde::Serialize;

use crate::{
    api::PostHandle,
    diagnostic::Diagnostic,
    plan::{FilePlan, PlannedFile, PlannedPost, PostDecision},
    text::escape_control,
};

/// The action of the import on a file or a resource.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ImportAction {
    Create,
    Update,
    /// Publishes a post that an earlier run created.
    Publish,
    Unchanged,
    /// None: changed in the folder and on the server.
    Conflict,
    Error,
    /// None: the run stopped before.
    NotDone,
    /// None: the file is not a post.
    #[default]
    Ignored,
}

impl ImportAction {
    /// The word in the plan of a dry run.
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

    /// Whether the action writes to the server.
    pub(crate) fn is_change(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Publish)
    }

    /// The word for the finished action.
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

#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct FileReport {
    pub(crate) path: String,
    pub(crate) action: ImportAction,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) slug: Option<String>,
    /// RFC 3339, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) date: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) aliases: Vec<String>,
    /// The number of references to images of the site.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) images: usize,
    /// The reason for not writing the file, unless it is an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) warnings: Vec<Diagnostic>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<Diagnostic>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl FileReport {
    pub(crate) fn planned(file: &PlannedFile) -> Self {
        let report = Self {
            path: file.path.clone(),
            ..Self::default()
        };
        match &file.plan {
            FilePlan::Ignored(why) => Self {
                note: Some((*why).to_owned()),
                ..report
            },
            FilePlan::Invalid(diagnostic) => report.failed(diagnostic.clone()),
            FilePlan::Planned(planned) => report.with_post(planned),
        }
    }

    fn with_post(self, planned: &PlannedPost) -> Self {
        let PlannedPost {
            post,
            decision,
            moved_from,
        } = planned;
        let handle = decision.handle();
        let slug = handle.map_or(&post.content.slug, |handle| &handle.slug);
        Self {
            id: handle.map(|handle| handle.id.clone()),
            slug: Some(slug.clone()),
            date: post.content.published_at.clone(),
            aliases: post.content.aliases.clone(),
            images: post.images.iter().map(|mention| mention.count).sum(),
            warnings: post.warnings.clone(),
            note: moved_from
                .as_ref()
                .map(|path| format!("moved from `{}`", escape_control(path))),
            ..self
        }
        .with_decision(decision)
    }

    pub(crate) fn with_decision(mut self, decision: &PostDecision) -> Self {
        self.action = match decision {
            PostDecision::Create => ImportAction::Create,
            PostDecision::Update { .. } | PostDecision::Complete { .. } => ImportAction::Update,
            PostDecision::Publish { .. } => ImportAction::Publish,
            PostDecision::Unchanged { why, .. } => {
                self.note = why.map(str::to_owned);
                ImportAction::Unchanged
            }
            PostDecision::Conflict { why, .. } => {
                let reason =
                    format!("both the file and its post changed: {why}; nothing was written");
                self.error = Some(Diagnostic::new("conflict", reason));
                ImportAction::Conflict
            }
        };
        self
    }

    pub(crate) fn with_handle(self, handle: Option<PostHandle>) -> Self {
        let Some(PostHandle { id, slug, .. }) = handle else {
            return self;
        };
        Self {
            id: Some(id),
            slug: Some(slug).filter(|slug| !slug.is_empty()).or(self.slug),
            ..self
        }
    }

    pub(crate) fn failed(self, diagnostic: Diagnostic) -> Self {
        Self {
            action: ImportAction::Error,
            error: Some(diagnostic),
            ..self
        }
    }

    pub(crate) fn is_change(&self) -> bool {
        self.action.is_change()
    }
}
