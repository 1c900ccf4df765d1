use crate::routes::posts::copy_view::CopyView::{self, Live, Working};

/// The source of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListKind {
    Published,
    InStatus,
    Changed,
    ChangedSince,
    LiveById,
    WorkingById,
}

impl ListKind {
    /// Returns which copies the list contains.
    pub(super) fn view(self) -> CopyView {
        match self {
            Self::Published | Self::LiveById => Live,
            Self::InStatus | Self::Changed | Self::ChangedSince | Self::WorkingById => Working,
        }
    }
}
