use std::sync::Arc;

use anyhow::Context;
use tintero_storage::doctor::{Doctor, Examination, Repair};

use super::{Time, database, server};
use crate::{Failure, config::Config};

/// What an examination came to.
pub(crate) struct Diagnosis {
    /// What was found.
    pub(crate) examination: Examination,
    /// What was put right, when that was asked for.
    pub(crate) repair: Option<Repair>,
}

/// Looks whether the tables hold together, and puts right what can be put right when asked to.
pub(crate) async fn examine(
    config: &Config,
    repair: bool,
    progress: impl Fn(usize),
) -> Result<Diagnosis, Failure> {
    let time = Time::of_system();
    let ready = database::ready(config, &time).await?;
    let ids = Arc::clone(&time.ids);
    let doctor = Doctor::new(ready.dynamo.clone(), Arc::clone(&time.clock), ids);
    if repair {
        // What time has ended is no finding, and the housekeeping clears it away.
        let posts = server::housekeeper(config, &ready, &time);
        posts
            .keep_house()
            .await
            .context("what time has ended cannot be cleared away")?;
    }
    let examined = doctor.examine(progress).await;
    let examination = examined.context("the tables cannot be examined")?;
    let repair = if repair {
        let done = doctor.repair(examination.findings.clone()).await;
        Some(done.context("the repair was cut short; run it again")?)
    } else {
        None
    };
    Ok(Diagnosis {
        examination,
        repair,
    })
}
