//! Large values: compressed and stored as immutable chunks. The key of a chunk contains the write
//! that stored it, so concurrent writes do not overwrite each other's chunks.

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use serde::{Serialize, de::DeserializeOwned};
use tintero_domain::{
    Error, Result,
    posts::ManuscriptRef,
    values::{PostId, Revision},
};
use uuid::Uuid;

use crate::{
    dynamo::{Dynamo, KeyRange, RangeQuery},
    item::{Attributes, EntityType, Item, encode},
    keys::{self, ChunkKind, Table},
};

/// Maximum bytes of a chunk. DynamoDB allows 400 KB per item.
pub(crate) const MAX_BYTES: usize = 300 * 1024;

/// The default of zstd: halves Markdown at about 200 MB/s.
const LEVEL: i32 = 3;

/// An attribute that holds compressed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    First,
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

/// Reads a value that [`compress`] wrote.
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

/// Adds compressed bytes to an item.
pub(crate) fn attach(item: &mut Attributes, slot: Slot, bytes: &[u8]) {
    let bytes = AttributeValue::B(Blob::new(bytes));
    item.insert(slot.attribute().to_owned(), bytes);
}

/// Returns the compressed bytes of an item.
pub(crate) fn detach(item: &Attributes, slot: Slot) -> Option<&[u8]> {
    match item.get(slot.attribute()) {
        Some(AttributeValue::B(blob)) => Some(blob.as_ref()),
        _ => None,
    }
}

/// Stores bytes as chunks. They are unused until an item refers to them, so an interrupted write has
/// no effect.
pub(crate) async fn write(
    dynamo: &Dynamo,
    kind: ChunkKind,
    id: PostId,
    revision: Revision,
    write: Uuid,
    bytes: &[u8],
) -> Result<ManuscriptRef> {
    let chunks: Vec<_> = bytes.chunks(MAX_BYTES).collect();
    let count = u16::try_from(chunks.len()).map_err(|source| unreadable(Box::new(source)))?;
    let text = ManuscriptRef {
        revision,
        write,
        chunks: count,
    };
    for (position, bytes) in (0..count).zip(chunks) {
        let key = keys::chunk(kind, id, &text, position);
        let mut item = encode(Item::new(key, EntityType::Chunk, ()))?;
        attach(&mut item, Slot::First, bytes);
        dynamo.insert(Table::Posts, item).await?;
    }
    Ok(text)
}

/// Reads all chunks of a text.
///
/// # Errors
/// Fails with [`Error::Corrupt`] if a chunk is missing.
pub(crate) async fn read(
    dynamo: &Dynamo,
    kind: ChunkKind,
    id: PostId,
    text: &ManuscriptRef,
) -> Result<Vec<u8>> {
    let first = keys::chunk(kind, id, text, 0);
    let last = keys::chunk(kind, id, text, text.chunks.saturating_sub(1));
    let range = KeyRange::Between([first.sk.clone(), last.sk]);
    let limit = usize::from(text.chunks);
    let query = RangeQuery::first(first.pk, range, limit);
    let chunks = dynamo.query(Table::Posts, query).await?;
    if chunks.len() != limit {
        let found = format!("found {} of {limit} chunks of {}", chunks.len(), first.sk);
        return Err(unreadable(found.into()));
    }
    // The query returns them in descending order.
    let data = chunks.iter().rev();
    let data = data.filter_map(|chunk| detach(chunk, Slot::First));
    Ok(data.flatten().copied().collect())
}
