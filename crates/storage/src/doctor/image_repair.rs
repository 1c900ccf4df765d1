//! Putting images right: what is said of one once is written again where else it belongs.

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{Result, images::Image, values::ImageId};

use super::{Doctor, images::About, repair::done};
use crate::{
    dynamo::Consistency,
    images::{Refusal, claims, row},
    item::{EntityType, Item, decode, encode},
    keys::{self, Key, Subject, Table},
    unit_of_work::{Condition, Outcome, UnitOfWork},
};

impl Doctor {
    /// Writes the row of an image and its claims again; or the image itself, of which the row at
    /// this place is left.
    pub(super) async fn mend_image(&self, id: ImageId, place: &Key) -> Result<bool> {
        let read = self
            .dynamo
            .get(Table::Images, keys::image(id), Consistency::Strong);
        let head: Option<Item<Image>> = read.await?;
        let Some(head) = head else {
            return self.restore_image(id, place).await;
        };
        let (image, act) = (head.body, self.act());
        let mut change = UnitOfWork::new(&self.dynamo, &act, Subject::Image(id));
        let version = AttributeValue::N(image.version.to_string());
        let unchanged = Condition::new("version = :version", [(":version", version)]);
        change.require_if(Table::Images, keys::image(id), unchanged, Refusal::Held)?;
        change.put(Table::Images, encode(row(&image))?)?;
        let text = AttributeValue::S(id.to_string());
        let free = Condition::new("attribute_not_exists(pk) OR id = :id", [(":id", text)]);
        claims::write(&mut change, &image, free)?;
        Ok(matches!(change.commit(None).await?, Outcome::Done))
    }

    async fn restore_image(&self, id: ImageId, place: &Key) -> Result<bool> {
        let read = self
            .dynamo
            .get(Table::Images, place.clone(), Consistency::Strong);
        let row: Option<Item<Image>> = read.await?;
        let Some(row) = row else { return Ok(true) };
        let act = self.act();
        let mut change = UnitOfWork::new(&self.dynamo, &act, Subject::Image(id));
        let head = Item::new(keys::image(id), EntityType::Image, row.body);
        change.insert(Table::Images, encode(head)?, ())?;
        done(change).await
    }

    /// Takes an image out of a place that is not its own: a row, or a set of spellings.
    pub(super) async fn forget_image(&self, id: ImageId, place: &Key) -> Result<bool> {
        let read = self
            .dynamo
            .get_attributes(Table::Images, place.clone(), Consistency::Strong);
        let Some(item) = read.await? else {
            return Ok(true);
        };
        let About { image_ids, .. } = decode(item)?;
        let act = self.act();
        let mut change = UnitOfWork::new(&self.dynamo, &act, Subject::Image(id));
        let ids = image_ids.iter().map(ToString::to_string).collect();
        let as_read = Condition::new("image_ids = :ids", [(":ids", AttributeValue::Ss(ids))]);
        if image_ids.is_empty() {
            let text = AttributeValue::S(id.to_string());
            let own = Condition::new("id = :id", [(":id", text)]);
            change.remove_if(Table::Images, place.clone(), own, ())?;
        } else if image_ids.iter().eq([&id]) {
            change.remove_if(Table::Images, place.clone(), as_read, ())?;
        } else {
            let one = AttributeValue::Ss(vec![id.to_string()]);
            let more = Condition::new("attribute_exists(image_ids)", [(":one", one)]);
            let drop = "DELETE image_ids :one";
            change.update_if(Table::Images, place.clone(), drop, more, ())?;
        }
        done(change).await
    }
}
