use crate::routes::posts::copy_view::CopyView::{self, Live, Working};

/// The source of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListKind {
    Published,
    PublishedSince,
    InStatus,
    Planned,
    Changed,
    ChangedSince,
    LiveById,
    WorkingById,
}

impl ListKind {
    /// Whether posts can have their texts.
    pub(super) fn has_texts(self) -> bool {
        matches!(self, Self::Published | Self::PublishedSince)
    }

    /// Returns which copies the list contains.
    pub(super) fn view(self) -> CopyView {
        match self {
            Self::Published | Self::PublishedSince | Self::LiveById => Live,
            Self::InStatus
            | Self::Planned
            | Self::Changed
            | Self::ChangedSince
            | Self::WorkingById => Working,
        }
    }
}
