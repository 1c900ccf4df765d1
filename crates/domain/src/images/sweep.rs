//! Finds and removes files in the store that no image needs: bytes of uploads that stopped before their image was
//! created, files of direct uploads that were not completed, and renditions of deleted images and of earlier
//! versions.

use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Images, StoredFile, StoredKind, rendition};
use crate::{
    access::{Caller, Permission},
    audit_action::AuditAction,
    error::{Error, Result},
    lease::Lease,
    operations::{Operation, OperationProgress, OperationWorker, Operations, Task},
    values::{Digest, ImageId, Timestamp},
};

/// Number of files that a step examines. It ends within the lease also if the stores are slow.
const STEP: usize = 50;

/// Time for which received files are kept. Longer than a signed request is valid.
const RECEIVED_KEPT: Duration = Duration::from_hours(24);

/// Time for which completed removals are kept. Longer than an upload can take.
const REMOVALS_KEPT: Duration = Duration::from_hours(24);

/// How far a sweep is, and what it found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageSweep {
    /// Number of files that no image needs.
    pub files: u64,
    /// Their length in bytes.
    pub bytes: u64,
    stage: SweepStage,
    /// The last name that was examined in this stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SweepStage {
    /// First, because the removal of an object removes its renditions, which are not counted then.
    #[default]
    Renditions,
    Objects,
    Received,
    Removals,
    End,
}

impl SweepStage {
    fn next(self) -> Self {
        match self {
            Self::Renditions => Self::Objects,
            Self::Objects => Self::Received,
            Self::Received => Self::Removals,
            Self::Removals | Self::End => Self::End,
        }
    }
}

impl ImageSweep {
    /// Reads the result of a sweep so far.
    #[must_use]
    pub fn of(operation: &Operation) -> Self {
        let position = operation.position.as_deref();
        let read = |position| serde_json::from_str(position).ok();
        position.and_then(read).unwrap_or_default()
    }
}

/// The rules of a sweep.
#[derive(Clone, Copy)]
struct SweepRules {
    dry_run: bool,
    /// Files that were stored later are kept.
    before: Timestamp,
    now: Timestamp,
}

impl SweepRules {
    fn spares(&self, file: &StoredFile) -> bool {
        file.stored_at.is_some_and(|at| at > self.before)
    }
}

impl Images {
    /// Starts a sweep: the operation removes the files that no image needs and that were stored at least `grace` ago.
    /// With `dry_run`, it only counts them. Requires the permission to manage operations.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Busy`] while the digests of earlier images are being recorded.
    pub async fn sweep(
        &self,
        caller: &Caller,
        operations: &Operations,
        dry_run: bool,
        grace: Duration,
    ) -> Result<Operation> {
        caller.require(Permission::ManageOperations)?;
        if !self.knows_digests().await? {
            return Err(Error::Busy);
        }
        let now = self.clock.now();
        let grace_seconds = grace.as_secs();
        let task = Task::SweepImages {
            dry_run,
            grace_seconds,
        };
        let operation = operations.plan(caller, task, 0, now);
        let context = caller.context(AuditAction::SweepImages, self.ids.as_ref(), now);
        operations.start(&context, operation).await
    }

    async fn sweep_step(
        &self,
        operation: &Operation,
        (dry_run, grace): (bool, Duration),
    ) -> Result<OperationProgress> {
        let mut sweep = ImageSweep::of(operation);
        let now = self.clock.now();
        let rules = SweepRules {
            dry_run,
            before: now.before(grace),
            now,
        };
        let kind = match sweep.stage {
            SweepStage::Objects => StoredKind::Object,
            SweepStage::Renditions => StoredKind::Rendition,
            SweepStage::Received => StoredKind::Received,
            SweepStage::Removals if !dry_run => {
                self.forget_removals(&mut sweep, now).await?;
                return proceed(&sweep);
            }
            SweepStage::Removals | SweepStage::End => {
                let failures = Vec::new();
                return Ok(OperationProgress::Completed { failures });
            }
        };
        self.sweep_files(kind, &mut sweep, rules).await?;
        proceed(&sweep)
    }

    /// Sweeps the next files of a kind.
    async fn sweep_files(
        &self,
        kind: StoredKind,
        sweep: &mut ImageSweep,
        rules: SweepRules,
    ) -> Result<()> {
        let after = sweep.after.as_deref();
        let mut files = self.objects.list_files(kind, after).await?;
        files.truncate(STEP);
        if files.is_empty() {
            sweep.stage = sweep.stage.next();
            sweep.after = None;
        }
        for file in files {
            if !rules.spares(&file) && self.sweep_file(kind, &file, rules).await? {
                sweep.files += 1;
                sweep.bytes += file.bytes;
            }
            sweep.after = Some(file.name);
        }
        Ok(())
    }

    /// Removes a file if no image needs it. Returns whether no image needs it.
    async fn sweep_file(
        &self,
        kind: StoredKind,
        file: &StoredFile,
        rules: SweepRules,
    ) -> Result<bool> {
        let name = file.name.as_str();
        match kind {
            StoredKind::Object => {
                let Some(digest) = Digest::from_stored_name(name) else {
                    return Ok(false);
                };
                return if rules.dry_run {
                    Ok(!self.store.has_image(&digest).await?)
                } else {
                    self.remove_bytes(&digest).await
                };
            }
            StoredKind::Rendition => {
                let Some(digest) = rendition::stored_digest(name) else {
                    return Ok(false);
                };
                if rendition::is_current(name) && self.store.has_image(&digest).await? {
                    return Ok(false);
                }
            }
            StoredKind::Received => {
                let sent = file.stored_at.or_else(|| announced_at(name));
                if sent.is_some_and(|at| at > rules.now.before(RECEIVED_KEPT)) {
                    return Ok(false);
                }
            }
        }
        if !rules.dry_run {
            self.objects.remove_file(kind, name).await?;
        }
        Ok(true)
    }

    /// Forgets removals that no upload can meet any more.
    async fn forget_removals(&self, sweep: &mut ImageSweep, now: Timestamp) -> Result<()> {
        let after = sweep.after.as_deref().and_then(|after| after.parse().ok());
        let removals = self.store.list_removals(after.as_ref(), STEP).await?;
        if removals.is_empty() {
            sweep.stage = SweepStage::End;
        }
        for removal in removals {
            if removal.is_complete && removal.began_at < now.before(REMOVALS_KEPT) {
                self.store.forget_removal(&removal).await?;
            }
            sweep.after = Some(removal.sha256.to_string());
        }
        Ok(())
    }
}

/// The time in the id of a direct upload.
fn announced_at(name: &str) -> Option<Timestamp> {
    let id: ImageId = name.get(37..)?.parse().ok()?;
    let (seconds, _) = id.uuid().get_timestamp()?.to_unix();
    Some(Timestamp::from_millis(
        i64::try_from(seconds).ok()?.checked_mul(1000)?,
    ))
}

fn proceed(sweep: &ImageSweep) -> Result<OperationProgress> {
    let position = serde_json::to_string(sweep).map_err(|source| Error::Corrupt {
        what: "position of a sweep".to_owned(),
        source: source.into(),
    })?;
    Ok(OperationProgress::Continue {
        position: Some(position),
        failures: Vec::new(),
    })
}

#[async_trait]
impl OperationWorker for Images {
    async fn step(&self, operation: &Operation, _lease: &Lease) -> Result<OperationProgress> {
        let Task::SweepImages {
            dry_run,
            grace_seconds,
        } = operation.task
        else {
            return Err(Error::Corrupt {
                what: "task of a sweep".to_owned(),
                source: "it sweeps no images".into(),
            });
        };
        let grace = Duration::from_secs(grace_seconds);
        self.sweep_step(operation, (dry_run, grace)).await
    }
}
