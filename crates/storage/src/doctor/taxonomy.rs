//! The slugs of categories and bylines, and the shape of the tree.

use std::collections::BTreeMap;

use tintero_domain::{Result, bylines::Byline, categories::Category, values::Slug};
use uuid::Uuid;

use super::{Finding, Look, Rule, finding::Cure};
use crate::{
    dynamo::Consistency,
    item::{Attributes, EntityType, Item, decode, entity},
    keys::{self, Key, Table},
    slugs::SlugRecord,
};

impl Look<'_> {
    /// Categories and bylines whose slug leads elsewhere, and categories that hang in the air.
    pub(super) async fn slugs(&self) -> Result<Vec<Finding>> {
        let mut categories = BTreeMap::new();
        for item in self.partition(Table::Taxonomy, keys::tree()).await? {
            // What is left of a category that went holds no slug for good.
            if entity(&item) == Some(EntityType::Category) {
                let category: Category = body(item)?;
                categories.insert(category.id, category);
            }
        }
        let mut found = Vec::new();
        for category in categories.values() {
            let place = keys::category(category.id);
            let claim = (Table::Taxonomy, keys::category_slug(&category.slug));
            found.extend(
                self.held(&place, claim, &category.slug, category.id.uuid())
                    .await?,
            );
            if category
                .parent_id
                .is_some_and(|id| !categories.contains_key(&id))
            {
                let detail = "has a parent that does not exist";
                found.push(Finding::new(Rule::Slugs, place, detail, Cure::None));
            }
        }
        for item in self.partition(Table::Identity, keys::bylines()).await? {
            let byline: Byline = body(item)?;
            let place = keys::byline(byline.id);
            let claim = (Table::Identity, keys::byline_slug(&byline.slug));
            found.extend(
                self.held(&place, claim, &byline.slug, byline.id.uuid())
                    .await?,
            );
        }
        Ok(found)
    }

    /// Whether the slug of something leads to it.
    async fn held(
        &self,
        place: &Key,
        (table, claim): (Table, Key),
        slug: &Slug,
        id: Uuid,
    ) -> Result<Option<Finding>> {
        let read = self.dynamo.get(table, claim, Consistency::Strong);
        let held: Option<Item<SlugRecord>> = read.await?;
        if held.is_some_and(|claim| claim.body.id == id) {
            return Ok(None);
        }
        let detail = format!("does not hold its slug {slug}");
        Ok(Some(Finding::new(
            Rule::Slugs,
            place.clone(),
            detail,
            Cure::None,
        )))
    }
}

fn body<T: serde::de::DeserializeOwned>(item: Attributes) -> Result<T> {
    Ok(decode::<Item<T>>(item)?.body)
}
