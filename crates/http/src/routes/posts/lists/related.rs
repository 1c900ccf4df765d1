//! Resources to which the posts of a page refer.

use std::collections::BTreeSet;

use axum::extract::FromRef;
use serde::Serialize;
use tintero_domain::{
    access::ManagedKind,
    accounts::{UserName, Users},
    bylines::Bylines,
    images::Images,
    posts::{Post, PublicSummary},
    taxonomy::{Categories, Category},
    values::{BylineId, CategoryId, ImageId, UserId},
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::values::IncludeName;
use crate::{
    app::App,
    extract::OptionalCaller,
    problem::Problem,
    routes::{bylines::BylineView, images::ImageView, posts::comma_list::CommaList},
};

/// The requested related resources. Deleted ones are absent.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Included {
    /// The categories of the posts.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    categories: Option<Vec<CategoryNameView>>,
    /// The bylines of the posts.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    bylines: Option<Vec<BylineView>>,
    /// The featured images of the posts.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    images: Option<Vec<ImageView>>,
    /// The users who own the posts.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    owners: Option<Vec<OwnerView>>,
}

/// The name of a user who owns posts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Owner)]
pub(crate) struct OwnerView {
    /// The id of the user.
    id: Uuid,
    /// The display name.
    display_name: String,
}

impl From<UserName> for OwnerView {
    fn from(UserName { id, display_name }: UserName) -> Self {
        Self {
            id: id.uuid(),
            display_name: display_name.into(),
        }
    }
}

/// A category without counts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CategoryName)]
pub(crate) struct CategoryNameView {
    /// The id of the category.
    id: Uuid,
    /// The display name.
    name: String,
    /// The readable part of the URL.
    slug: String,
    /// The slugs from the root to the category, separated by slashes.
    path: String,
}

impl From<(Category, String)> for CategoryNameView {
    fn from((category, path): (Category, String)) -> Self {
        Self {
            id: category.id.uuid(),
            name: category.name.into(),
            slug: category.slug.into(),
            path,
        }
    }
}

/// The ids of related resources.
#[derive(Default)]
pub(super) struct RelatedIds {
    categories: BTreeSet<CategoryId>,
    bylines: BTreeSet<BylineId>,
    images: BTreeSet<ImageId>,
    owners: BTreeSet<UserId>,
}

impl RelatedIds {
    pub(super) fn of_live<'a>(rows: impl IntoIterator<Item = &'a PublicSummary>) -> Self {
        rows.into_iter().fold(Self::default(), |all, row| {
            all.and(&row.category_ids, &row.byline_ids, row.featured_image_id)
        })
    }

    pub(super) fn of_working(rows: &[Post]) -> Self {
        rows.iter().fold(Self::default(), |all, row| {
            let content = &row.content;
            let image = content.featured_image_id;
            all.owned_by(row.state.owner_id)
                .and(&content.category_ids, &content.byline_ids, image)
        })
    }

    fn owned_by(mut self, owner: UserId) -> Self {
        self.owners.insert(owner);
        self
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

/// Use cases of related resources.
#[derive(Clone)]
pub(in crate::routes::posts) struct RelatedStores {
    categories: Categories,
    bylines: Bylines,
    images: Images,
    users: Users,
}

impl FromRef<App> for RelatedStores {
    fn from_ref(app: &App) -> Self {
        Self {
            categories: app.categories.clone(),
            bylines: app.bylines.clone(),
            images: app.images.clone(),
            users: app.users.clone(),
        }
    }
}

impl RelatedStores {
    /// Returns the requested resources; `None` if none were requested.
    pub(super) async fn fetch(
        &self,
        include: &CommaList<IncludeName>,
        ids: RelatedIds,
        caller: &OptionalCaller,
    ) -> Result<Option<Included>, Problem> {
        if include.0.is_empty() {
            return Ok(None);
        }
        let mut included = Included::default();
        for name in &include.0 {
            match name {
                IncludeName::Categories => {
                    included.categories =
                        Some(views(self.categories.named(&ids.categories).await?));
                }
                IncludeName::Bylines => {
                    let allowed = caller.allowed_on(ManagedKind::Byline);
                    let found = self.bylines.get_many(&ids.bylines).await?.into_iter();
                    let views = found.map(|byline| BylineView::of(byline, allowed.clone()));
                    included.bylines = Some(views.collect());
                }
                IncludeName::Owner => {
                    let named = self.users.names(caller.require()?, &ids.owners);
                    included.owners = Some(views(named.await?));
                }
                IncludeName::Images => {
                    let found = self.images.get_many(&ids.images).await?.into_iter();
                    let views = found.map(|image| ImageView::of(image, caller.get()));
                    included.images = Some(views.collect());
                }
            }
        }
        Ok(Some(included))
    }
}

fn views<T, V: From<T>>(found: Vec<T>) -> Vec<V> {
    found.into_iter().map(V::from).collect()
}
