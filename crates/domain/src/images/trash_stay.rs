use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::values::Timestamp;

/// Time for which images stay in the trash: 30 days.
pub const TRASH_GRACE: Duration = Duration::from_hours(30 * 24);

/// The stay of an image in the trash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashStay {
    /// Time of the deletion.
    pub since: Timestamp,
    /// Time from which the image is deleted permanently.
    pub until: Timestamp,
    /// Whether the image was deleted although posts used it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub forced: bool,
}
