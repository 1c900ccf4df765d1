//! Reading working copies, with their text and without.

use tintero_domain::{
    Result,
    freshness::Freshness,
    posts::{Manuscript, ManuscriptRef, Post, WorkingCopy},
    values::{PostId, Timestamp},
};

use super::{Posts, post_record::PostRecord, records};
use crate::{
    dynamo::{Consistency, Dynamo, Range, Stretch},
    item::{Attributes, Item, decode},
    keys::{self, Pieces, Table},
    pieces::{self, Slot},
};

impl Posts {
    /// The working copy with its text: one request, unless the text lies in several pieces.
    pub(super) async fn working_copy(
        &self,
        id: PostId,
        now: Timestamp,
    ) -> Result<Option<WorkingCopy>> {
        let (pk, ends) = keys::text_and_post(id);
        let stretch = Stretch {
            index: None,
            pk,
            range: Range::Between(ends),
            limit: 2,
            consistency: Consistency::Strong,
        };
        let mut items = self.dynamo.query(Table::Posts, stretch).await?.into_iter();
        // Without its head a partition holds at most what a crashed creation left behind.
        let Some(head) = items.next().filter(records::is_post) else {
            return Ok(None);
        };
        let mut post = decode::<Item<PostRecord>>(head)?.body.post(now)?;
        self.bring_up_to_date(vec![&mut post.content]).await?;
        let manuscript = self.manuscript_of(&post, items.next().as_ref()).await?;
        Ok(Some(WorkingCopy { post, manuscript }))
    }

    async fn read_manuscript(&self, id: PostId, text: &ManuscriptRef) -> Result<Manuscript> {
        let bytes = pieces::read(&self.dynamo, Pieces::Manuscript, id, text).await?;
        pieces::decompress(&bytes)
    }

    /// The text from the piece that a query brought along, when that is all of it and the right one.
    async fn manuscript_of(&self, post: &Post, newest: Option<&Attributes>) -> Result<Manuscript> {
        let id = post.standing.id;
        let wanted = keys::piece(Pieces::Manuscript, id, &post.text, 0);
        match newest {
            Some(piece)
                if post.text.chunks == 1 && records::sort_key(piece) == Some(&wanted.sk) =>
            {
                pieces::decompress(pieces::detach(piece, Slot::First).unwrap_or_default())
            }
            // Several pieces, or the newest is that of a writer who lost a race or crashed.
            _ => self.read_manuscript(id, &post.text).await,
        }
    }
}

/// The working copy without its text.
pub(crate) async fn find_post(
    dynamo: &Dynamo,
    id: PostId,
    freshness: Freshness,
    now: Timestamp,
) -> Result<Option<Post>> {
    let read = dynamo.get(Table::Posts, keys::post(id), freshness.into());
    let item: Option<Item<PostRecord>> = read.await?;
    item.map(|item| item.body.post(now)).transpose()
}

/// Those of many working copies that are there, without their texts.
pub(crate) async fn find_posts(
    dynamo: &Dynamo,
    ids: &[PostId],
    freshness: Freshness,
    now: Timestamp,
) -> Result<Vec<Post>> {
    let keys = ids.iter().copied().map(keys::post).collect();
    let items = dynamo.get_many(Table::Posts, keys, freshness.into());
    let post = |item| decode::<Item<PostRecord>>(item)?.body.post(now);
    items.await?.into_iter().map(post).collect()
}
