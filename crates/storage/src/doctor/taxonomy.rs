//! The slugs of categories and bylines, and the parents of categories.

use std::collections::BTreeMap;

use tintero_domain::{Result, bylines::Byline, taxonomy::Category, values::Slug};
use uuid::Uuid;

use super::{Check, DoctorFinding, DoctorRule, finding::Fix};
use crate::{
    dynamo::Consistency,
    item::{Attributes, EntityType, Item, decode, entity},
    keys::{self, ItemKey, Table},
    slugs::SlugRecord,
};

impl Check<'_> {
    /// Finds categories and bylines that do not hold their slug, and categories without an existing parent.
    pub(super) async fn slugs(&self) -> Result<Vec<DoctorFinding>> {
        let mut categories = BTreeMap::new();
        for item in self.partition(Table::Taxonomy, keys::tree()).await? {
            // The tombstone of a category holds no slug.
            if entity(&item) == Some(EntityType::Category) {
                let category: Category = body(item)?;
                categories.insert(category.id, category);
            }
        }
        let mut found = Vec::new();
        for category in categories.values() {
            let key = keys::category(category.id);
            let claim = (Table::Taxonomy, keys::category_slug(&category.slug));
            found.extend(
                self.held(&key, claim, &category.slug, category.id.uuid())
                    .await?,
            );
            if category
                .parent_id
                .is_some_and(|id| !categories.contains_key(&id))
            {
                let detail = "has a parent that does not exist";
                found.push(DoctorFinding::new(
                    DoctorRule::Slugs,
                    key,
                    detail,
                    Fix::None,
                ));
            }
        }
        for item in self.partition(Table::Identity, keys::bylines()).await? {
            let byline: Byline = body(item)?;
            let key = keys::byline(byline.id);
            let claim = (Table::Identity, keys::byline_slug(&byline.slug));
            found.extend(
                self.held(&key, claim, &byline.slug, byline.id.uuid())
                    .await?,
            );
        }
        Ok(found)
    }

    /// Checks that a slug resolves to this id.
    async fn held(
        &self,
        key: &ItemKey,
        (table, claim): (Table, ItemKey),
        slug: &Slug,
        id: Uuid,
    ) -> Result<Option<DoctorFinding>> {
        let held = self.dynamo.find(table, claim, Consistency::Strong);
        if held.await?.is_some_and(|claim: SlugRecord| claim.id == id) {
            return Ok(None);
        }
        let detail = format!("does not hold its slug {slug}");
        Ok(Some(DoctorFinding::new(
            DoctorRule::Slugs,
            key.clone(),
            detail,
            Fix::None,
        )))
    }
}

fn body<T: serde::de::DeserializeOwned>(item: Attributes) -> Result<T> {
    Ok(decode::<Item<T>>(item)?.body)
}
