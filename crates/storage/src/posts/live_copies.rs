//! Live copies: inside their claim, so that a public read is one request, unless they are too large.

use tintero_domain::{
    Result,
    act::Act,
    posts::{Claim, ClaimState, LiveCopy, ManuscriptRef, Post, Span},
    values::{Address, PostId, Timestamp},
};

use super::records::{ClaimName, ClaimRecord, CopyRecord};
use crate::{
    dynamo::{Consistency, Dynamo},
    item::{Attributes, EntityType, Item, decode, encode},
    keys::{self, Key, Pieces, Table},
    pieces::{self, Slot},
};

/// A live copy on its way into a claim.
pub(super) struct Packed {
    address: Address,
    /// Absent when the copy was public from the beginning.
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    bytes: Bytes,
}

/// Where the bytes of a live copy lie.
enum Bytes {
    /// In the claim.
    Inside(Vec<u8>),
    /// In pieces of their own.
    Apart(ManuscriptRef),
}

/// Compresses the live copies of a post, and writes apart what is too large for a claim.
pub(super) async fn pack(
    dynamo: &Dynamo,
    act: &Act,
    post: &Post,
    copies: &[LiveCopy],
) -> Result<Vec<Packed>> {
    let phases = post.standing.status.phases();
    // Two of them may lie in one claim.
    let room = pieces::LARGEST / phases.len().max(1);
    let mut packed = Vec::new();
    for (phase, copy) in phases.iter().zip(copies) {
        let bytes = pieces::compress(copy)?;
        let bytes = if bytes.len() <= room {
            Bytes::Inside(bytes)
        } else {
            // The number of the phase keeps two chains of one act apart.
            let write = uuid::Uuid::from_u128(act.id.as_u128() ^ packed.len() as u128);
            let attempt = (post.standing.revision, write);
            let kind = Pieces::LiveCopy;
            pieces::write(dynamo, kind, post.standing.id, attempt, &bytes)
                .await
                .map(Bytes::Apart)?
        };
        let Span { from, until } = phase.span;
        packed.push(Packed {
            address: phase.what.address.clone(),
            from: Some(from).filter(|from| *from > act.at),
            until,
            bytes,
        });
    }
    Ok(packed)
}

/// The pieces in which those of them lie that are too large for a claim.
pub(super) fn pieces(id: PostId, copies: &[Packed]) -> impl Iterator<Item = Key> + '_ {
    let apart = copies.iter().filter_map(|copy| match &copy.bytes {
        Bytes::Apart(chain) => Some(chain),
        Bytes::Inside(_) => None,
    });
    apart.flat_map(move |chain| keys::pieces(Pieces::LiveCopy, id, chain))
}

impl Packed {
    fn record(&self) -> CopyRecord {
        CopyRecord {
            from: self.from,
            until: self.until,
            copy: match &self.bytes {
                Bytes::Apart(chain) => Some(*chain),
                Bytes::Inside(_) => None,
            },
        }
    }
}

/// The item of a claim, with those of the copies that are to be found at its address.
pub(super) fn claim(
    address: &Address,
    post_id: PostId,
    state: &ClaimState,
    copies: &[Packed],
) -> Result<Attributes> {
    let (name, past) = match state {
        ClaimState::Reserved => (ClaimName::Reserved, false),
        ClaimState::Past => (ClaimName::Past, false),
        ClaimState::Public { past, .. } => (ClaimName::Live, *past),
        ClaimState::Archived => (ClaimName::Archived, false),
    };
    let holds = matches!(name, ClaimName::Live | ClaimName::Archived);
    let here = copies
        .iter()
        .filter(|copy| holds && copy.address == *address);
    let here: Vec<_> = here.collect();
    let record = ClaimRecord {
        post_id,
        state: name,
        past,
        first: here.first().map(|copy| copy.record()).unwrap_or_default(),
        next: here.get(1).map(|copy| copy.record()),
    };
    let mut item = encode(Item::new(keys::claim(address), EntityType::Claim, record))?;
    for (slot, copy) in [Slot::First, Slot::Next].into_iter().zip(here) {
        if let Bytes::Inside(bytes) = &copy.bytes {
            pieces::attach(&mut item, slot, bytes);
        }
    }
    Ok(item)
}

/// A claim as it was read, with the bytes that lie in it.
struct Read {
    record: ClaimRecord,
    item: Attributes,
}

impl Read {
    fn of(item: Attributes) -> Result<Self> {
        let record = decode::<Item<ClaimRecord>>(item.clone())?.body;
        Ok(Self { record, item })
    }

    /// The copies, in the order of time.
    fn copies(&self) -> impl Iterator<Item = (Slot, &CopyRecord)> {
        let holds = matches!(self.record.state, ClaimName::Live | ClaimName::Archived);
        let first = (Slot::First, &self.record.first);
        let next = self.record.next.as_ref().map(|next| (Slot::Next, next));
        [Some(first), next]
            .into_iter()
            .flatten()
            .filter(move |_| holds)
    }

    async fn copy(&self, dynamo: &Dynamo, slot: Slot, copy: &CopyRecord) -> Result<LiveCopy> {
        match &copy.copy {
            Some(chain) => {
                let id = self.record.post_id;
                let bytes = pieces::read(dynamo, Pieces::LiveCopy, id, chain).await?;
                pieces::decompress(&bytes)
            }
            None => pieces::decompress(pieces::detach(&self.item, slot).unwrap_or_default()),
        }
    }
}

impl CopyRecord {
    fn is_to_be_seen(&self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now) && !self.has_ended(now)
    }

    fn has_ended(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

/// What a claim's item says at a moment.
pub(super) async fn open(dynamo: &Dynamo, item: Attributes, now: Timestamp) -> Result<Claim> {
    let read = Read::of(item)?;
    if let Some((slot, copy)) = read.copies().find(|(_, copy)| copy.is_to_be_seen(now)) {
        return Ok(Claim::Live {
            copy: Box::new(read.copy(dynamo, slot, copy).await?),
            until: copy.until,
        });
    }
    let ClaimRecord {
        post_id,
        state,
        past,
        ..
    } = &read.record;
    let was_here = *past || read.copies().any(|(_, copy)| copy.has_ended(now));
    Ok(match state {
        ClaimName::Past => Claim::Past(*post_id),
        ClaimName::Live if was_here => Claim::Past(*post_id),
        ClaimName::Live | ClaimName::Archived | ClaimName::Reserved => Claim::Reserved,
    })
}

/// What the public gets in each phase of a post; none when its claims say something else.
pub(crate) async fn of(dynamo: &Dynamo, post: &Post) -> Result<Option<Vec<LiveCopy>>> {
    let phases = post.standing.status.phases();
    let mut addresses: Vec<_> = phases.iter().map(|phase| &phase.what.address).collect();
    addresses.dedup();
    let mut copies = Vec::new();
    for address in addresses {
        let key = keys::claim(address);
        let read = dynamo.get_attributes(Table::Posts, key, Consistency::Strong);
        let Some(item) = read.await? else {
            return Ok(None);
        };
        let read = Read::of(item)?;
        // Those of phases that have ended are still there; they ended where the first one begins.
        let begins = phases.first().map(|phase| phase.span.from);
        for (slot, copy) in read.copies() {
            if !begins.is_some_and(|begins| copy.has_ended(begins)) {
                copies.push(read.copy(dynamo, slot, copy).await?);
            }
        }
    }
    Ok(Some(copies).filter(|copies| copies.len() == phases.len()))
}
