//! Large values: compressed, cut into immutable pieces, named by who wrote them.

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use serde::{Serialize, de::DeserializeOwned};
use tintero_domain::{
    Error, Result,
    posts::ManuscriptRef,
    values::{PostId, Revision},
};
use uuid::Uuid;

use crate::{
    dynamo::{Consistency, Dynamo, Range, Stretch},
    item::{Attributes, EntityType, Item, encode},
    keys::{self, Pieces, Table},
};

/// Most bytes of one piece: well below DynamoDB's 400 KB an item.
pub(crate) const LARGEST: usize = 300 * 1024;

/// Level 3 is zstd's own default: Markdown shrinks to about half at 200 MB/s.
const LEVEL: i32 = 3;

/// An attribute that holds compressed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The bytes, or the first of two.
    First,
    /// Those after them.
    Next,
}

impl Slot {
    fn attribute(self) -> &'static str {
        match self {
            Self::First => "data",
            Self::Next => "next_data",
        }
    }
}

/// Compresses a value as JSON.
pub(crate) fn compress(value: &impl Serialize) -> Result<Vec<u8>> {
    let json = serde_json::to_vec(value).map_err(|source| unreadable(Box::new(source)))?;
    zstd::encode_all(json.as_slice(), LEVEL).map_err(|source| unreadable(Box::new(source)))
}

/// Reads what [`compress`] wrote.
pub(crate) fn decompress<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let json = zstd::decode_all(bytes).map_err(|source| unreadable(Box::new(source)))?;
    serde_json::from_slice(&json).map_err(|source| unreadable(Box::new(source)))
}

fn unreadable(source: tintero_domain::error::BoxError) -> Error {
    Error::Corrupt {
        what: "compressed value".to_owned(),
        source,
    }
}

/// Puts compressed bytes into an item.
pub(crate) fn attach(item: &mut Attributes, slot: Slot, bytes: &[u8]) {
    let bytes = AttributeValue::B(Blob::new(bytes));
    item.insert(slot.attribute().to_owned(), bytes);
}

/// The compressed bytes of an item.
pub(crate) fn detach(item: &Attributes, slot: Slot) -> Option<&[u8]> {
    match item.get(slot.attribute()) {
        Some(AttributeValue::B(blob)) => Some(blob.as_ref()),
        _ => None,
    }
}

/// Writes bytes as a chain of pieces. Until something refers to the chain it means nothing, so
/// a crash in the middle loses nothing.
pub(crate) async fn write(
    dynamo: &Dynamo,
    kind: Pieces,
    id: PostId,
    (revision, write): (Revision, Uuid),
    bytes: &[u8],
) -> Result<ManuscriptRef> {
    let chunks: Vec<_> = bytes.chunks(LARGEST).collect();
    let count = u16::try_from(chunks.len()).map_err(|source| unreadable(Box::new(source)))?;
    let chain = ManuscriptRef {
        revision,
        write,
        chunks: count,
    };
    for (position, bytes) in (0..count).zip(chunks) {
        let key = keys::piece(kind, id, &chain, position);
        let mut item = encode(Item::new(key, EntityType::Piece, ()))?;
        attach(&mut item, Slot::First, bytes);
        dynamo.put_fresh(Table::Posts, item).await?;
    }
    Ok(chain)
}

/// Reads a chain of pieces whole.
pub(crate) async fn read(
    dynamo: &Dynamo,
    kind: Pieces,
    id: PostId,
    chain: &ManuscriptRef,
) -> Result<Vec<u8>> {
    let first = keys::piece(kind, id, chain, 0);
    let last = keys::piece(kind, id, chain, chain.chunks.saturating_sub(1));
    let stretch = Stretch {
        index: None,
        pk: first.pk,
        range: Range::Between([first.sk.clone(), last.sk]),
        limit: usize::from(chain.chunks),
        consistency: Consistency::Strong,
    };
    let pieces = dynamo.query(Table::Posts, stretch).await?;
    if pieces.len() != usize::from(chain.chunks) {
        let found = format!(
            "{} of {} pieces of {} are there",
            pieces.len(),
            chain.chunks,
            first.sk
        );
        return Err(unreadable(found.into()));
    }
    Ok(pieces
        .iter()
        .rev()
        .filter_map(|piece| detach(piece, Slot::First))
        .flatten()
        .copied()
        .collect())
}
