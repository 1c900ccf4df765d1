//! What the rows of a page refer to, each once.

use std::collections::BTreeSet;

use serde::Serialize;
use tintero_domain::{
    bylines::Bylines,
    categories::{Categories, Category},
    images::Images,
    posts::{Post, PublicSummary},
    values::{BylineId, CategoryId, ImageId},
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::values::{Names, Related};
use crate::{
    problem::Problem,
    routes::{bylines::Byline, images::Image},
};

/// What the rows refer to, as far as it was asked for; what is no more is left out.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Included {
    /// The categories under which they are filed.
    #[serde(skip_serializing_if = "Option::is_none")]
    categories: Option<Vec<CategoryName>>,
    /// The bylines to which they are credited.
    #[serde(skip_serializing_if = "Option::is_none")]
    bylines: Option<Vec<Byline>>,
    /// The images that stand for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    images: Option<Vec<Image>>,
}

/// A category without its counts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CategoryName {
    /// Which category.
    id: Uuid,
    /// The name that readers see.
    name: String,
    /// The readable part of the address.
    slug: String,
    /// The slugs from the top of the tree down to it, joined by slashes.
    path: String,
}

impl From<(Category, String)> for CategoryName {
    fn from((category, path): (Category, String)) -> Self {
        Self {
            id: category.id.uuid(),
            name: category.name.into(),
            slug: category.slug.into(),
            path,
        }
    }
}

/// The names of what rows refer to.
#[derive(Default)]
pub(super) struct References {
    categories: BTreeSet<CategoryId>,
    bylines: BTreeSet<BylineId>,
    images: BTreeSet<ImageId>,
}

impl References {
    pub(super) fn of_live(rows: &[PublicSummary]) -> Self {
        rows.iter().fold(Self::default(), |all, row| {
            all.and(&row.category_ids, &row.byline_ids, row.featured_image_id)
        })
    }

    pub(super) fn of_working(rows: &[Post]) -> Self {
        rows.iter().fold(Self::default(), |all, row| {
            let content = &row.content;
            let image = content.featured_image_id;
            all.and(&content.category_ids, &content.byline_ids, image)
        })
    }

    fn and(
        mut self,
        categories: &[CategoryId],
        bylines: &[BylineId],
        image: Option<ImageId>,
    ) -> Self {
        self.categories.extend(categories);
        self.bylines.extend(bylines);
        self.images.extend(image);
        self
    }
}

/// Knows what posts refer to.
#[derive(Clone)]
pub(in crate::routes::posts) struct Shelves {
    pub(super) categories: Categories,
    pub(super) bylines: Bylines,
    pub(super) images: Images,
}

impl Shelves {
    /// What was asked for of what is named; none when nothing was.
    pub(super) async fn fetch(
        &self,
        wanted: &Names<Related>,
        named: References,
    ) -> Result<Option<Included>, Problem> {
        if wanted.0.is_empty() {
            return Ok(None);
        }
        let mut included = Included::default();
        for related in &wanted.0 {
            match related {
                Related::Categories => {
                    let found = self.categories.named(&named.categories).await?;
                    included.categories = Some(found.into_iter().map(Into::into).collect());
                }
                Related::Bylines => {
                    let found = self.bylines.get_many(&named.bylines).await?;
                    included.bylines = Some(found.into_iter().map(Into::into).collect());
                }
                Related::Images => {
                    let found = self.images.get_many(&named.images).await?;
                    included.images = Some(found.into_iter().map(Into::into).collect());
                }
            }
        }
        Ok(Some(included))
    }
}
