//! Live copies. They are stored in the item of their claim, so that a public read is one request.
//! A copy that is too large for the claim is stored as chunks.

use tintero_domain::{
    Result,
    posts::{Claim, ClaimState, LiveCopy, ManuscriptRef, Post, Span},
    values::{Address, PostId, Timestamp},
    writes::WriteContext,
};

use super::claim::{ClaimKind, ClaimRecord, CopyRecord};
use crate::{
    chunks::{self, Slot},
    dynamo::{Consistency, Dynamo},
    item::{Attributes, EntityType, Item, decode_body, encode},
    keys::{self, ChunkKind, ItemKey, Table},
};

/// A compressed live copy.
pub(in crate::posts) struct PackedCopy {
    address: Address,
    /// Absent if the copy is public at the time of the write.
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    data: CopyData,
}

enum CopyData {
    InClaim(Vec<u8>),
    Chunked(ManuscriptRef),
}

/// Compresses the live copies of a post, and stores those that are too large for a claim as chunks.
pub(in crate::posts) async fn pack(
    dynamo: &Dynamo,
    context: &WriteContext,
    post: &Post,
    copies: &[LiveCopy],
) -> Result<Vec<PackedCopy>> {
    let phases = post.state.status.phases();
    // One claim can hold two copies.
    let room = chunks::MAX_BYTES / phases.len().max(1);
    let mut packed = Vec::new();
    for (phase, copy) in phases.iter().zip(copies) {
        let bytes = chunks::compress(copy).await?;
        let data = if bytes.len() <= room {
            CopyData::InClaim(bytes)
        } else {
            // The index of the phase distinguishes the two copies of one write.
            let write = uuid::Uuid::from_u128(context.id.as_u128() ^ packed.len() as u128);
            let (kind, id, revision) = (ChunkKind::LiveCopy, post.state.id, post.state.revision);
            let text = chunks::reference(revision, write, &bytes)?;
            chunks::write(dynamo, chunks::items(kind, id, &text, &bytes)?).await?;
            CopyData::Chunked(text)
        };
        let Span { from, until } = phase.span;
        packed.push(PackedCopy {
            address: phase.value.address.clone(),
            from: Some(from).filter(|from| *from > context.at),
            until,
            data,
        });
    }
    Ok(packed)
}

/// The chunks of copies that are too large for a claim.
pub(in crate::posts) fn copy_chunks(
    id: PostId,
    copies: &[PackedCopy],
) -> impl Iterator<Item = ItemKey> + '_ {
    let texts = copies.iter().filter_map(PackedCopy::text);
    texts.flat_map(move |text| keys::chunks(ChunkKind::LiveCopy, id, text))
}

impl PackedCopy {
    fn text(&self) -> Option<&ManuscriptRef> {
        match &self.data {
            CopyData::Chunked(text) => Some(text),
            CopyData::InClaim(_) => None,
        }
    }

    fn record(&self) -> CopyRecord {
        CopyRecord {
            from: self.from,
            until: self.until,
            copy: self.text().copied(),
        }
    }
}

/// The item of a claim with the live copies at its address.
pub(in crate::posts) fn claim_item(
    address: &Address,
    post_id: PostId,
    state: &ClaimState,
    copies: &[PackedCopy],
) -> Result<Attributes> {
    let (kind, past) = match state {
        ClaimState::Reserved => (ClaimKind::Reserved, false),
        ClaimState::Past => (ClaimKind::Past, false),
        ClaimState::Public { past, .. } => (ClaimKind::Live, *past),
        ClaimState::Archived => (ClaimKind::Archived, false),
    };
    let holds = matches!(kind, ClaimKind::Live | ClaimKind::Archived);
    let here = copies
        .iter()
        .filter(|copy| holds && copy.address == *address);
    let here: Vec<_> = here.collect();
    let record = ClaimRecord {
        post_id,
        state: kind,
        past,
        first: here.first().map(|copy| copy.record()).unwrap_or_default(),
        next: here.get(1).map(|copy| copy.record()),
    };
    let mut item = encode(Item::new(keys::claim(address), EntityType::Claim, record))?;
    for (slot, copy) in [Slot::First, Slot::Next].into_iter().zip(here) {
        if let CopyData::InClaim(bytes) = &copy.data {
            chunks::attach(&mut item, slot, bytes);
        }
    }
    Ok(item)
}

/// A claim and the compressed live copies in its item.
struct StoredClaim {
    record: ClaimRecord,
    data: Attributes,
}

impl StoredClaim {
    fn of(mut item: Attributes) -> Result<Self> {
        let data = chunks::split_off(&mut item);
        let record = decode_body::<ClaimRecord>(item)?;
        Ok(Self { record, data })
    }

    /// The copies in chronological order.
    fn copies(&self) -> impl Iterator<Item = (Slot, &CopyRecord)> {
        let holds = matches!(self.record.state, ClaimKind::Live | ClaimKind::Archived);
        let first = (Slot::First, &self.record.first);
        let next = self.record.next.as_ref().map(|next| (Slot::Next, next));
        [Some(first), next]
            .into_iter()
            .flatten()
            .filter(move |_| holds)
    }

    async fn copy(&self, dynamo: &Dynamo, slot: Slot, copy: &CopyRecord) -> Result<LiveCopy> {
        match &copy.copy {
            Some(text) => {
                let id = self.record.post_id;
                let bytes = chunks::read(dynamo, ChunkKind::LiveCopy, id, text).await?;
                chunks::decompress(&bytes).await
            }
            None => chunks::decompress(chunks::detach(&self.data, slot).unwrap_or_default()).await,
        }
    }
}

/// What the public sees at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::posts) enum ClaimVisibility {
    /// No post.
    Hidden,
    /// A published post.
    Listed,
    /// An archived post.
    Archived,
}

/// Returns what the public sees at the address of a claim, without reading the live copy.
pub(in crate::posts) fn claim_visibility(
    item: Attributes,
    now: Timestamp,
) -> Result<ClaimVisibility> {
    let claim = StoredClaim::of(item)?;
    let is_public = claim.copies().any(|(_, copy)| copy.is_public(now));
    Ok(match claim.record.state {
        ClaimKind::Live if is_public => ClaimVisibility::Listed,
        ClaimKind::Archived if is_public => ClaimVisibility::Archived,
        ClaimKind::Live | ClaimKind::Archived | ClaimKind::Reserved | ClaimKind::Past => {
            ClaimVisibility::Hidden
        }
    })
}

/// Reads a claim as of `now`.
pub(in crate::posts) async fn open_claim(
    dynamo: &Dynamo,
    item: Attributes,
    now: Timestamp,
) -> Result<Claim> {
    let claim = StoredClaim::of(item)?;
    if let Some((slot, copy)) = claim.copies().find(|(_, copy)| copy.is_public(now)) {
        return Ok(Claim::Live {
            copy: Box::new(claim.copy(dynamo, slot, copy).await?),
            until: copy.until,
        });
    }
    let ClaimRecord {
        post_id,
        state,
        past,
        ..
    } = &claim.record;
    let was_public = *past || claim.copies().any(|(_, copy)| copy.has_ended(now));
    Ok(match state {
        ClaimKind::Past => Claim::Past(*post_id),
        ClaimKind::Live if was_public => Claim::Past(*post_id),
        ClaimKind::Live | ClaimKind::Archived | ClaimKind::Reserved => Claim::Reserved,
    })
}

/// Returns the live copy of each phase of a post. `None` if its claims do not match the phases.
pub(crate) async fn copies(dynamo: &Dynamo, post: &Post) -> Result<Option<Vec<LiveCopy>>> {
    let phases = post.state.status.phases();
    let mut addresses: Vec<_> = phases.iter().map(|phase| &phase.value.address).collect();
    addresses.dedup();
    let mut copies = Vec::new();
    for address in addresses {
        let key = keys::claim(address);
        let read = dynamo.get_attributes(Table::Posts, key, Consistency::Strong);
        let Some(item) = read.await? else {
            return Ok(None);
        };
        let claim = StoredClaim::of(item)?;
        // A claim may still hold the copy of a phase that has ended. It ended before the first phase
        // of the post begins.
        let begins = phases.first().map(|phase| phase.span.from);
        for (slot, copy) in claim.copies() {
            if !begins.is_some_and(|begins| copy.has_ended(begins)) {
                copies.push(claim.copy(dynamo, slot, copy).await?);
            }
        }
    }
    Ok(Some(copies).filter(|copies| copies.len() == phases.len()))
}
