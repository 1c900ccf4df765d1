//! Repairs of images.

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{Result, images::Image, values::ImageId};

use super::{Doctor, images::ImageReferences};
use crate::{
    dynamo::Consistency,
    images::{ImageRefusal, claims, row},
    item::{EntityType, Item, decode, encode},
    keys::{self, AuditSubject, ItemKey, Table},
    unit_of_work::{Condition, UnitOfWork},
};

impl Doctor {
    /// Rewrites the row and the claims of an image, or the image from its row at `key`.
    pub(super) async fn repair_image(&self, id: ImageId, key: &ItemKey) -> Result<bool> {
        let found = self
            .dynamo
            .find::<Image>(Table::Images, keys::image(id), Consistency::Strong);
        let Some(image) = found.await? else {
            return self.restore_image(id, key).await;
        };
        let context = self.context();
        let mut change = UnitOfWork::new(&self.dynamo, &context, AuditSubject::Image(id));
        let version = AttributeValue::N(image.version.to_string());
        let unchanged = Condition::new("version = :version", [(":version", version)]);
        change.require_if(
            Table::Images,
            keys::image(id),
            unchanged,
            ImageRefusal::Held,
        )?;
        change.put(Table::Images, encode(row(&image))?)?;
        for record in claims::digests(&image) {
            change.put(Table::Images, encode(record)?)?;
        }
        let text = AttributeValue::S(id.to_string());
        let free = Condition::new("attribute_not_exists(pk) OR id = :id", [(":id", text)]);
        if image.trash.is_none() {
            claims::write(&mut change, &image, free)?;
        }
        Ok(change.commit().await?.is_committed())
    }

    async fn restore_image(&self, id: ImageId, key: &ItemKey) -> Result<bool> {
        let row = self
            .dynamo
            .find::<Image>(Table::Images, key.clone(), Consistency::Strong);
        let Some(image) = row.await? else {
            return Ok(true);
        };
        let context = self.context();
        let mut change = UnitOfWork::new(&self.dynamo, &context, AuditSubject::Image(id));
        let head = Item::new(keys::image(id), EntityType::Image, image);
        change.insert(Table::Images, encode(head)?, ())?;
        Ok(change.commit().await?.is_committed())
    }

    /// Removes an image from a row or a set of spellings that does not belong to it.
    pub(super) async fn forget_image(&self, id: ImageId, key: &ItemKey) -> Result<bool> {
        let read = self
            .dynamo
            .get_attributes(Table::Images, key.clone(), Consistency::Strong);
        let Some(item) = read.await? else {
            return Ok(true);
        };
        let ImageReferences { image_ids, .. } = decode(item)?;
        let context = self.context();
        let mut change = UnitOfWork::new(&self.dynamo, &context, AuditSubject::Image(id));
        let ids = image_ids.iter().map(ToString::to_string).collect();
        let as_read = Condition::new("image_ids = :ids", [(":ids", AttributeValue::Ss(ids))]);
        if image_ids.is_empty() {
            let text = AttributeValue::S(id.to_string());
            let own = Condition::new("id = :id", [(":id", text)]);
            change.remove_if(Table::Images, key.clone(), own, ())?;
        } else if image_ids.iter().eq([&id]) {
            change.remove_if(Table::Images, key.clone(), as_read, ())?;
        } else {
            let one = AttributeValue::Ss(vec![id.to_string()]);
            let more = Condition::new("attribute_exists(image_ids)", [(":one", one)]);
            let drop = "DELETE image_ids :one";
            change.update_if(Table::Images, key.clone(), drop, more, ())?;
        }
        Ok(change.commit().await?.is_committed())
    }
}
