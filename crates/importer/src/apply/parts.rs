use futures::{StreamExt, stream};

use super::{Trouble, gather};
use crate::{
    api::Upload,
    finding::{Finding, Refusal},
    plan::{AT_ONCE, BylineStep, Doing, Ids, PictureState, PictureStep, Plan, Site},
    post::Term,
    report::{Action, Part, Parts},
    screen::Progress,
};

impl Site {
    /// Makes what posts are going to lead to. What was not made is told of its part; posts are
    /// written all the same when they can do without it.
    pub(super) async fn make_parts(
        &self,
        plan: &mut Plan,
        parts: &mut Parts,
        progress: &Progress,
    ) -> Result<(), Refusal> {
        let made = self.make(plan, parts, progress).await;
        if made.is_err() {
            parts.stop();
        }
        made
    }

    async fn make(
        &self,
        plan: &mut Plan,
        parts: &mut Parts,
        progress: &Progress,
    ) -> Result<(), Refusal> {
        self.upload(
            &plan.pictures.steps,
            &mut plan.ids,
            &mut parts.images,
            progress,
        )
        .await?;
        for (term, part) in plan.categories.iter().zip(&mut parts.categories) {
            let made = self.make_category(term, &mut plan.ids).await;
            told(part, made, progress)?;
        }
        for (step, part) in plan.bylines.iter().zip(&mut parts.bylines) {
            let made = self.make_byline(step, &mut plan.ids).await;
            told(part, made, progress)?;
        }
        Ok(())
    }

    async fn upload(
        &self,
        steps: &[PictureStep],
        ids: &mut Ids,
        parts: &mut [Part],
        progress: &Progress,
    ) -> Result<(), Refusal> {
        let is_new = |step: &PictureStep| step.state == PictureState::New;
        let places: Vec<usize> = (0..steps.len()).filter(|at| is_new(&steps[*at])).collect();
        progress.begin("Uploading", places.len());
        let uploads: Vec<_> = places
            .iter()
            .map(|at| self.upload_one(&steps[*at]))
            .collect();
        let mut uploads = stream::iter(uploads).buffered(AT_ONCE);
        let (_, ended) = gather(&mut uploads, &places, |at, uploaded| {
            let part = &mut parts[at];
            match uploaded {
                Ok(id) => {
                    ids.add_image(&steps[at].picture.source_path, &id);
                    part.id = Some(id);
                    part.is_done = true;
                }
                Err(finding) => part.fail(finding),
            }
            progress.step(Some((part.action.done(), part.name())));
        })
        .await;
        progress.end();
        ended
    }

    async fn upload_one(&self, step: &PictureStep) -> Result<Result<String, Finding>, Refusal> {
        let picture = &step.picture;
        let file = match self.folder.place(&picture.path) {
            Ok(file) => file,
            Err(finding) => return Ok(Err(finding)),
        };
        let upload = Upload {
            file,
            source_path: picture.source_path.clone(),
            alt: step.alt.clone(),
        };
        outcome(
            self.client
                .upload(upload)
                .await
                .map(|image| image.id)
                .map_err(Trouble::from),
        )
    }

    async fn make_category(
        &self,
        term: &Term,
        ids: &mut Ids,
    ) -> Result<Result<Option<String>, Finding>, Refusal> {
        let made = self.client.make_category(&term.name, &term.key).await;
        outcome(made.map_err(Trouble::from).map(|category| {
            ids.add_category(&category);
            Some(category.id)
        }))
    }

    /// Makes or completes a byline. None when nothing was written after all.
    async fn make_byline(
        &self,
        step: &BylineStep,
        ids: &mut Ids,
    ) -> Result<Result<Option<String>, Finding>, Refusal> {
        let members = step.members(ids);
        let made = match &step.doing {
            Doing::Make => self
                .client
                .make_byline(&step.person.key, &members)
                .await
                .map(Some),
            Doing::Complete(..) if members.is_empty() => Ok(None),
            Doing::Complete(id, _) => self.client.complete_byline(id, &members).await,
        };
        outcome(made.map_err(Trouble::from).map(|byline| {
            byline.map(|byline| {
                ids.add_byline(&byline);
                byline.id
            })
        }))
    }
}

/// Tells apart what ends the run from what one part came to.
fn outcome<T>(made: Result<T, Trouble>) -> Result<Result<T, Finding>, Refusal> {
    match made {
        Ok(made) => Ok(Ok(made)),
        Err(Trouble::Fatal(refusal)) => Err(refusal),
        Err(Trouble::File(finding) | Trouble::Stale(finding)) => Ok(Err(finding)),
    }
}

fn told(
    part: &mut Part,
    made: Result<Result<Option<String>, Finding>, Refusal>,
    progress: &Progress,
) -> Result<(), Refusal> {
    match made? {
        Ok(Some(id)) => {
            part.id = Some(id);
            part.is_done = true;
        }
        Ok(None) => part.action = Action::Unchanged,
        Err(finding) => part.fail(finding),
    }
    progress.step(Some((part.action.done(), part.name())));
    Ok(())
}
