use std::sync::Arc;

use async_trait::async_trait;

use super::{Operation, OperationProgress, OperationWorker, Task};
use crate::{error::Result, lease::Lease};

/// The worker of each kind of task.
#[derive(Clone)]
pub struct TaskWorkers {
    /// Executes merges of categories, tags and bylines.
    pub relocations: Arc<dyn OperationWorker>,
    /// Reassigns the posts of deleted users.
    pub reassignments: Arc<dyn OperationWorker>,
    /// Sweeps the files of images.
    pub sweeps: Arc<dyn OperationWorker>,
}

#[async_trait]
impl OperationWorker for TaskWorkers {
    async fn step(&self, operation: &Operation, lease: &Lease) -> Result<OperationProgress> {
        let worker = match operation.task {
            Task::MergeCategories { .. } | Task::MergeTags { .. } | Task::MergeBylines { .. } => {
                &self.relocations
            }
            Task::ReassignPosts { .. } => &self.reassignments,
            Task::SweepImages { .. } => &self.sweeps,
        };
        worker.step(operation, lease).await
    }
}
