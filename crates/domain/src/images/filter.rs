//! Filters of the list of images.

use super::{Image, Images, MediaType};
use crate::{
    error::Result,
    page::{Limit, Page, PageRequest},
    values::{OriginalName, SearchText, SourcePath, Timestamp},
};

/// Number of recorded posts that decide whether an image is used.
const READ: u64 = 5;

/// The images that a list contains: those that meet all conditions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageFilter {
    /// The type of the file.
    pub media_type: Option<MediaType>,
    /// Only images without alternative text.
    pub missing_alt: bool,
    /// A part of the file name or of the source path, in any letter case.
    pub q: Option<SearchText>,
    /// Images that were uploaded later.
    pub created_after: Option<Timestamp>,
    /// Images that were uploaded earlier.
    pub created_before: Option<Timestamp>,
    /// Only images that no post uses.
    pub unused: bool,
}

impl ImageFilter {
    /// Maximum number of images of a page of unused images, whose uses are searched.
    pub const MAX_UNUSED_PAGE: u64 = 25;

    /// Whether an image meets the conditions on its own properties, apart from its times.
    #[must_use]
    pub fn accepts(&self, image: &Image) -> bool {
        let is_named = |q: &SearchText| {
            let names = [
                image.name.as_ref().map(OriginalName::as_str),
                image.source_path.as_ref().map(SourcePath::as_str),
            ];
            names.into_iter().flatten().any(|name| q.is_in(name))
        };
        self.media_type
            .is_none_or(|media_type| image.file.media_type == media_type)
            && !(self.missing_alt && image.alt.is_some())
            && self.q.as_ref().is_none_or(is_named)
    }

    /// Whether the filter can reject images within its times.
    #[must_use]
    pub fn is_selective(&self) -> bool {
        self.media_type.is_some() || self.missing_alt || self.q.is_some()
    }
}

impl Images {
    /// Keeps the unused images of a page. An image whose recorded posts are too many to decide counts as used.
    pub(super) async fn unused(&self, found: Page<Image>) -> Result<Page<Image>> {
        let few = PageRequest {
            limit: Limit::new(READ).unwrap_or_default(),
            cursor: None,
        };
        let mut items = Vec::new();
        for image in found.items {
            let uses = self.uses.list_uses(&image, &few).await?;
            if uses.items.is_empty() && uses.next.is_none() {
                items.push(image);
            }
        }
        let next = found.next;
        Ok(Page { items, next })
    }
}
