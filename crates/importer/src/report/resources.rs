use serde::Serialize;

use super::ImportAction;
use crate::{
    diagnostic::Diagnostic,
    plan::{
        BylineChange, ImageState, ImportPlan, PlannedByline, PlannedCategory, PlannedImage,
        SkippedContent, UnresolvedImage,
    },
    text::escape_control,
};

/// The parts of the report about categories, bylines, images and skipped content.
#[derive(Debug, Serialize)]
pub(crate) struct ResourceReports {
    pub(crate) categories: Vec<ResourceReport>,
    pub(crate) bylines: Vec<ResourceReport>,
    /// In the order of the first reference.
    pub(crate) images: Vec<ResourceReport>,
    pub(crate) image_references: ImageReferenceCounts,
    pub(crate) unresolved: Vec<UnresolvedImage>,
    /// The number of images that are not uploaded because nothing refers to them.
    pub(crate) unreferenced_images: usize,
    #[serde(rename = "not_posts")]
    pub(crate) skipped: Vec<SkippedContent>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct ImageReferenceCounts {
    pub(crate) resolved: usize,
    pub(crate) unresolved: usize,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct ResourceReport {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// The name of a category or a byline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) slug: Option<String>,
    pub(crate) action: ImportAction,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<Diagnostic>,
    #[serde(skip)]
    is_done: bool,
}

impl ResourceReports {
    pub(crate) fn planned(plan: &ImportPlan) -> Self {
        let images = &plan.images;
        let unresolved = images.unresolved.iter().map(|image| image.count);
        Self {
            categories: plan.categories.iter().map(ResourceReport::from).collect(),
            bylines: plan.bylines.iter().map(ResourceReport::from).collect(),
            images: images.images.iter().map(ResourceReport::from).collect(),
            image_references: ImageReferenceCounts {
                resolved: images.resolved,
                unresolved: unresolved.sum(),
            },
            unresolved: images.unresolved.clone(),
            unreferenced_images: images.unreferenced,
            skipped: plan.skipped.clone(),
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &ResourceReport> {
        [&self.categories, &self.bylines, &self.images]
            .into_iter()
            .flatten()
    }

    /// Marks every remaining change as not done.
    pub(crate) fn stop(&mut self) {
        let reports = [&mut self.categories, &mut self.bylines, &mut self.images];
        for report in reports.into_iter().flatten() {
            if report.action.is_change() && !report.is_done {
                report.action = ImportAction::NotDone;
            }
        }
    }
}

impl ResourceReport {
    pub(crate) fn name(&self) -> &str {
        let name = self.path.as_ref().or(self.name.as_ref());
        name.map_or("", String::as_str)
    }

    /// Records the id of the written resource, that nothing was written, or the error.
    pub(crate) fn record(&mut self, written: Result<Option<String>, Diagnostic>) {
        match written {
            Ok(Some(id)) => {
                self.id = Some(id);
                self.is_done = true;
            }
            Ok(None) => self.action = ImportAction::Unchanged,
            Err(diagnostic) => {
                self.action = ImportAction::Error;
                self.error = Some(diagnostic);
            }
        }
    }
}

fn look_alike(name: &str) -> String {
    format!("looks like `{}`, but is another name", escape_control(name))
}

impl From<&PlannedCategory> for ResourceReport {
    fn from(category: &PlannedCategory) -> Self {
        Self {
            name: Some(category.name.clone()),
            slug: Some(category.slug.clone()),
            note: category.looks_like.as_deref().map(look_alike),
            action: ImportAction::Create,
            ..Self::default()
        }
    }
}

impl From<&PlannedByline> for ResourceReport {
    fn from(byline: &PlannedByline) -> Self {
        let (action, id) = match &byline.change {
            BylineChange::Create => (ImportAction::Create, None),
            BylineChange::Complete(id, _) => (ImportAction::Update, Some(id.clone())),
        };
        Self {
            name: Some(byline.profile.name.clone()),
            slug: Some(byline.slug().to_owned()),
            note: byline.looks_like().map(look_alike),
            action,
            id,
            ..Self::default()
        }
    }
}

impl From<&PlannedImage> for ResourceReport {
    fn from(image: &PlannedImage) -> Self {
        let (action, id, error) = match &image.state {
            ImageState::New => (ImportAction::Create, None, None),
            ImageState::Unchanged(id) => (ImportAction::Unchanged, Some(id.clone()), None),
            ImageState::Changed(id) => {
                let reason = "differs from the image that was uploaded from this path; images never change, so rename the new one";
                let error = Diagnostic::new("image_changed", reason);
                (ImportAction::Conflict, Some(id.clone()), Some(error))
            }
            ImageState::Invalid(error) => (ImportAction::Error, None, Some(error.clone())),
        };
        Self {
            path: Some(image.source.source_path.clone()),
            bytes: Some(image.source.bytes),
            action,
            id,
            error,
            ..Self::default()
        }
    }
}
