use futures::{StreamExt, stream};

use super::{Applied, ApplyError, gather};
use crate::{
    api::UploadSource,
    diagnostic::Diagnostic,
    error::ImportError,
    plan::{
        BylineChange, CONCURRENCY, ImageState, ImportPlan, Importer, PlannedByline,
        PlannedCategory, PlannedImage, RemoteIds,
    },
    progress::ProgressDisplay,
    report::{ResourceReport, ResourceReports},
    slug::numbered_slug,
    text::name_key,
};

/// The most slugs that are tried for a name.
const MAX_SLUGS: usize = 9;

impl Importer {
    /// Creates the images, categories and bylines that posts refer to. A failure is reported with
    /// its resource; posts that do not require it are still written.
    pub(super) async fn create_resources(
        &self,
        plan: &mut ImportPlan,
        reports: &mut ResourceReports,
        progress: &ProgressDisplay,
    ) -> Result<(), ImportError> {
        let (images, ids) = (&plan.images.images, &mut plan.ids);
        self.upload_images(images, ids, &mut reports.images, progress)
            .await?;
        for (category, report) in plan.categories.iter().zip(&mut reports.categories) {
            report.record(self.create_category(category, ids).await?);
            progress.report(report.action.done(), report.name());
        }
        for (byline, report) in plan.bylines.iter().zip(&mut reports.bylines) {
            report.record(self.write_byline(byline, ids).await?);
            progress.report(report.action.done(), report.name());
        }
        Ok(())
    }

    async fn upload_images(
        &self,
        images: &[PlannedImage],
        ids: &mut RemoteIds,
        reports: &mut [ResourceReport],
        progress: &ProgressDisplay,
    ) -> Result<(), ImportError> {
        let is_new = |index: &usize| images[*index].state == ImageState::New;
        let indexes: Vec<usize> = (0..images.len()).filter(is_new).collect();
        progress.begin("Uploading", indexes.len());
        let uploads: Vec<_> = indexes
            .iter()
            .map(|index| self.upload_image(&images[*index]))
            .collect();
        let mut uploads = stream::iter(uploads).buffered(CONCURRENCY);
        let (_, ended) = gather(&mut uploads, &indexes, |index, uploaded| {
            if let Ok(Some(id)) = &uploaded {
                ids.add_image(&images[index].source.source_path, id);
            }
            let report = &mut reports[index];
            report.record(uploaded);
            progress.report(report.action.done(), report.name());
        })
        .await;
        progress.end();
        ended
    }

    async fn upload_image(&self, image: &PlannedImage) -> Applied<Option<String>> {
        let file = match self.folder.resolve(&image.source.path) {
            Ok(file) => file,
            Err(diagnostic) => return Ok(Err(diagnostic)),
        };
        let upload = UploadSource {
            file,
            source_path: image.source.source_path.clone(),
            alt: image.alt.clone(),
        };
        let uploaded = self.client.upload_image(upload).await;
        ApplyError::split(uploaded.map(|image| Some(image.id)))
    }

    async fn create_category(
        &self,
        category: &PlannedCategory,
        ids: &mut RemoteIds,
    ) -> Applied<Option<String>> {
        let mut slug = category.slug.clone();
        for number in 2..=MAX_SLUGS {
            let created = self.client.create_category(&category.name, &slug).await;
            match ApplyError::split(created)? {
                // Another client has taken the slug for another name since the plan.
                Ok(other) if name_key(&other.name) != category.key => {
                    slug = numbered_slug(&category.slug, number);
                }
                Ok(created) => {
                    ids.add_category(&created);
                    return Ok(Ok(Some(created.id)));
                }
                Err(diagnostic) => return Ok(Err(diagnostic)),
            }
        }
        let reason = "no slug is free for its name";
        Ok(Err(Diagnostic::new("slug_taken", reason)))
    }

    /// Creates or completes a byline. Returns `None` if nothing was written.
    async fn write_byline(
        &self,
        byline: &PlannedByline,
        ids: &mut RemoteIds,
    ) -> Applied<Option<String>> {
        let members = byline.members(ids);
        let written = match &byline.change {
            BylineChange::Create => {
                let created = self.client.create_byline(byline.slug(), &members);
                created.await.map(Some)
            }
            BylineChange::Complete(..) if members.is_empty() => Ok(None),
            BylineChange::Complete(id, _) => self.client.complete_byline(id, &members).await,
        };
        ApplyError::split(written.map(|byline| {
            byline.map(|byline| {
                ids.add_byline(&byline);
                byline.id
            })
        }))
    }
}
