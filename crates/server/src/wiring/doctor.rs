use std::sync::Arc;

use anyhow::Context;
use tintero_storage::doctor::{Doctor, Examination, RepairReport};

use super::{SystemPorts, database, objects::stored_objects, services::Services};
use crate::{CommandError, config::Config, text_pool::TextPool};

/// The result of an examination.
pub(crate) struct Diagnosis {
    /// The findings.
    pub(crate) examination: Examination,
    /// The result of the repair, if one was requested.
    pub(crate) repair: Option<RepairReport>,
}

/// Checks the consistency of the tables and repairs them on request.
pub(crate) async fn examine(
    config: &Config,
    repair: bool,
    progress: impl Fn(usize),
) -> Result<Diagnosis, CommandError> {
    let system = SystemPorts::new();
    let database = database::open_migrated(config, &system).await?;
    let (clock, ids) = (Arc::clone(&system.clock), Arc::clone(&system.ids));
    let files = stored_objects(config).await?;
    let doctor = Doctor::new(database.dynamo.clone(), files, clock, ids);
    if repair {
        // Deletes expired data, which the doctor does not report.
        let services = Services::without_cursors(&database, &system);
        let posts = services.posts(config, TextPool::new(config.text_workers));
        posts.run_cleanup().await.context("the cleanup failed")?;
    }
    let examination = doctor.examine(progress).await;
    let examination = examination.context("cannot examine the tables")?;
    let repair = if repair {
        let report = doctor.repair(examination.findings.clone()).await;
        Some(report.context("the repair was interrupted; run it again")?)
    } else {
        None
    };
    Ok(Diagnosis {
        examination,
        repair,
    })
}
