use serde_json::json;
use tintero_markdown::front_matter;

use super::ApplyError;
use crate::{
    api::{ApiResult, PostHandle, RemotePost, idempotency_key},
    diagnostic::Diagnostic,
    error::ImportError,
    plan::{
        FilePlan, Importer, PlannedFile, PlannedPost, PostDecision, RemoteIds, VisibilityChange,
    },
    post::{Intent, JsonObject, ParsedPost, SourceFields, request_members},
    report::FileReport,
    text::sha256,
};

#[derive(Clone, Copy)]
pub(super) struct PostWriter<'a> {
    pub(super) importer: &'a Importer,
    pub(super) ids: &'a RemoteIds,
}

impl PostWriter<'_> {
    /// Writes one planned file and returns its report.
    pub(super) async fn write(
        &self,
        file: PlannedFile,
        report: FileReport,
    ) -> Result<FileReport, ImportError> {
        let FilePlan::Planned(planned) = file.plan else {
            return Ok(report);
        };
        let written = self.write_with_retry(&file.path, *planned).await;
        Ok(match ApplyError::split(written)? {
            Ok((decision, handle)) => {
                let handle = handle.or_else(|| decision.handle().cloned());
                report.with_decision(&decision).with_handle(handle)
            }
            Err(diagnostic) => report.failed(diagnostic),
        })
    }

    /// Applies a decision. If the post changed since the plan, decides and applies once more.
    async fn write_with_retry(
        &self,
        path: &str,
        mut planned: PlannedPost,
    ) -> Result<(PostDecision, Option<PostHandle>), ApplyError> {
        planned.decision = self.without_empty_change(planned.decision);
        match self.apply(path, &planned.post, &planned.decision).await {
            Err(ApplyError::Stale(_)) => {}
            applied => return applied.map(|handle| (planned.decision, handle)),
        }
        let again = self.importer.decide_again(self.ids, path, &planned);
        let decision = self.without_empty_change(again.await?);
        let handle = self.apply(path, &planned.post, &decision).await?;
        Ok((decision, handle))
    }

    /// A completion is empty if it only adds an image that the server refused.
    fn without_empty_change(&self, decision: PostDecision) -> PostDecision {
        match decision {
            PostDecision::Complete { handle, change, .. }
                if self
                    .ids
                    .resolve_all(&change)
                    .is_some_and(|sent| sent.is_empty()) =>
            {
                let why = Some("its image is not on the server");
                PostDecision::Unchanged { handle, why }
            }
            decision => decision,
        }
    }

    async fn apply(
        &self,
        path: &str,
        post: &ParsedPost,
        decision: &PostDecision,
    ) -> Result<Option<PostHandle>, ApplyError> {
        let remote = match decision {
            PostDecision::Unchanged { .. } | PostDecision::Conflict { .. } => return Ok(None),
            PostDecision::Create => self.create(path, post).await?,
            PostDecision::Publish { handle, time } => {
                self.importer.client.publish(handle, time).await?
            }
            PostDecision::Update {
                handle,
                change,
                visibility,
            } => {
                let members = self.with_source(path, post, change)?;
                self.update(handle, &members, visibility).await?
            }
            PostDecision::Complete {
                handle,
                change,
                visibility,
            } => {
                let members = self.with_ids(change)?;
                self.update(handle, &members, visibility).await?
            }
        };
        Ok(Some(remote.handle))
    }

    /// Creates a post. A post with a date that is not in the future is published by the same request.
    async fn create(&self, path: &str, post: &ParsedPost) -> Result<RemotePost, ApplyError> {
        let client = &self.importer.client;
        let mut members = self.with_source(path, post, &post.content.members())?;
        let mut verb = "create";
        if let Intent::Publish(time) = &post.intent
            && !time.is_future
        {
            verb = "create-published";
            members.insert("status".to_owned(), json!("published"));
            members.insert("published_at".to_owned(), json!(time.at));
        }
        let key = idempotency_key([verb, &self.importer.import, path, &post.sha256]);
        let created = client.create_post(&members, &key).await?;
        match &post.intent {
            Intent::Publish(time) if time.is_future => {
                explain_unpublished(client.publish(&created.handle, time).await)
            }
            Intent::Publish(_) | Intent::Draft => Ok(created),
        }
    }

    async fn update(
        &self,
        handle: &PostHandle,
        members: &JsonObject,
        visibility: &VisibilityChange,
    ) -> Result<RemotePost, ApplyError> {
        let client = &self.importer.client;
        match visibility {
            VisibilityChange::Keep => Ok(client.update_post(handle, members).await?),
            VisibilityChange::Unpublish => {
                let unpublished = client.unpublish(handle).await?;
                Ok(client.update_post(&unpublished.handle, members).await?)
            }
            VisibilityChange::Publish(time) => {
                let updated = client.update_post(handle, members).await?;
                explain_unpublished(client.publish(&updated.handle, time).await)
            }
        }
    }

    fn with_ids(&self, members: &JsonObject) -> Result<JsonObject, Diagnostic> {
        self.ids.resolve_all(members).ok_or_else(|| {
            let reason =
                "one of its categories or bylines could not be created, so nothing was written";
            Diagnostic::new("not_made", reason)
        })
    }

    /// Adds the body and the source of the file. The file is read again, so that a plan does not
    /// hold the bodies of all files.
    fn with_source(
        &self,
        path: &str,
        post: &ParsedPost,
        members: &JsonObject,
    ) -> Result<JsonObject, Diagnostic> {
        let members = self.with_ids(members)?;
        let file = self.importer.folder.read(path)?;
        if sha256([file.as_slice()]) != post.sha256 {
            let reason = "changed during the import; run the import again";
            return Err(Diagnostic::new("changed", reason));
        }
        let split = front_matter::split(&file)?;
        let settings = &self.importer.reader.settings;
        let source = SourceFields {
            import: &self.importer.import,
            path,
            sha256: &post.sha256,
            front_matter: split.head,
            site: settings.site_values(split.body, &post.image_targets),
        };
        Ok(request_members(members, split.body, &source))
    }
}

/// Adds to an error that the text was written, but is not public.
fn explain_unpublished(result: ApiResult<RemotePost>) -> Result<RemotePost, ApplyError> {
    result.map_err(|error| match ApplyError::from(error) {
        ApplyError::File(diagnostic) => {
            let reason = format!(
                "its text is on the server but was not published: {}",
                diagnostic.reason
            );
            ApplyError::File(Diagnostic {
                reason,
                ..diagnostic
            })
        }
        other => other,
    })
}
