use crate::body::Choice;

/// A copy of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CopyView {
    Live,
    Working,
}

impl Choice for CopyView {
    const CHOICES: &'static [(&'static str, Self)] =
        &[("live", Self::Live), ("working", Self::Working)];
}
