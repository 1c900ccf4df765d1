//! Large values: compressed and stored as immutable chunks. The key of a chunk contains the write
//! that stored it, so concurrent writes do not overwrite each other's chunks.

use std::{
    cell::RefCell,
    io::{self, Read as _},
    num::NonZero,
    sync::LazyLock,
    thread,
};

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use serde::{Serialize, de::DeserializeOwned};
use tintero_domain::{
    Error, Result,
    posts::ManuscriptRef,
    values::{PostId, Revision},
};
use tokio::{sync::Semaphore, task};
use uuid::Uuid;
use zstd::{
    stream::read::Decoder,
    zstd_safe::{
        CCtx, DCtx, ResetDirective, compress_bound, get_error_name, get_frame_content_size,
    },
};

use crate::{
    dynamo::{Dynamo, KeyRange, RangeQuery},
    item::{Attributes, EntityType, Item, encode},
    keys::{self, ChunkKind, Table},
};

/// Maximum bytes of a chunk. DynamoDB allows 400 KB per item.
pub(crate) const MAX_BYTES: usize = 300 * 1024;

/// The default of zstd: halves Markdown at about 200 MB/s.
const LEVEL: i32 = 3;

/// Maximum size of a value in bytes that is decoded in one step, because its header may be wrong.
const MAX_DECODED_AT_ONCE: u64 = 4 * 1024 * 1024;

/// Maximum size of a value in bytes that does not delay other tasks: about 1 ms of work.
const MAX_BYTES_IN_PLACE: usize = 64 * 1024;

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

thread_local! {
    // A new context costs more than the compression of a short text.
    static ENCODER: RefCell<CCtx<'static>> = RefCell::new(CCtx::create());
    static DECODER: RefCell<DCtx<'static>> = RefCell::new(DCtx::create());
}

/// Compresses a value as JSON.
pub(crate) async fn compress(value: &impl Serialize) -> Result<Vec<u8>> {
    let json = serde_json::to_vec(value).map_err(|source| unreadable(Box::new(source)))?;
    if json.len() <= MAX_BYTES_IN_PLACE {
        return encode_frame(&json);
    }
    aside(move || encode_frame(&json)).await
}

fn encode_frame(json: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(compress_bound(json.len()));
    ENCODER
        .with_borrow_mut(|context| context.compress(&mut bytes, json, LEVEL))
        .map_err(|code| unreadable(get_error_name(code).into()))?;
    bytes.shrink_to_fit();
    Ok(bytes)
}

/// Reads a value that [`compress`] wrote.
pub(crate) async fn decompress<T: DeserializeOwned + Send + 'static>(bytes: &[u8]) -> Result<T> {
    if decoded_size(bytes) <= MAX_BYTES_IN_PLACE {
        return parse(bytes);
    }
    let bytes = bytes.to_vec();
    aside(move || parse(&bytes)).await
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let json = decode(bytes).map_err(|source| unreadable(Box::new(source)))?;
    serde_json::from_slice(&json).map_err(|source| unreadable(Box::new(source)))
}

/// Does work that takes long beside the threads that answer requests. At most one piece for each core runs at
/// a time, which limits memory.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    static CORES: LazyLock<Semaphore> =
        LazyLock::new(|| Semaphore::new(thread::available_parallelism().map_or(1, NonZero::get)));
    let permit = CORES.acquire().await;
    let permit = permit.map_err(|source| unreadable(Box::new(source)))?;
    let done = task::spawn_blocking(move || {
        // Held until the work ends, even if its caller stops waiting.
        let _permit = permit;
        work()
    });
    done.await.map_err(|source| unreadable(Box::new(source)))?
}

fn decoded_size(bytes: &[u8]) -> usize {
    let size = get_frame_content_size(bytes).ok().flatten();
    size.map_or(usize::MAX, |size| {
        usize::try_from(size).unwrap_or(usize::MAX)
    })
}

/// Decodes a frame with or without its decoded size in the header.
fn decode(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut decoded = Vec::new();
    DECODER.with_borrow_mut(|context| {
        // A frame with its size is decoded in one step, which needs no buffers.
        if let Ok(Some(size)) = get_frame_content_size(bytes)
            && size <= MAX_DECODED_AT_ONCE
        {
            decoded.reserve_exact(usize::try_from(size).map_err(io::Error::other)?);
            let done = context.decompress(&mut decoded, bytes);
            return done
                .map(drop)
                .map_err(|code| io::Error::other(get_error_name(code)));
        }
        context
            .reset(ResetDirective::SessionOnly)
            .map_err(|code| io::Error::other(get_error_name(code)))?;
        let mut reader = Decoder::with_context(bytes, context);
        reader.read_to_end(&mut decoded).map(drop)
    })?;
    Ok(decoded)
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

/// Removes the compressed bytes from an item and returns them as an item of their own.
pub(crate) fn split_off(item: &mut Attributes) -> Attributes {
    let slots = [Slot::First, Slot::Next];
    let data = slots.map(|slot| item.remove_entry(slot.attribute()));
    data.into_iter().flatten().collect()
}

/// Returns the compressed bytes of an item.
pub(crate) fn detach(item: &Attributes, slot: Slot) -> Option<&[u8]> {
    match item.get(slot.attribute()) {
        Some(AttributeValue::B(blob)) => Some(blob.as_ref()),
        _ => None,
    }
}

/// The reference to the chunks of `bytes`.
pub(crate) fn reference(revision: Revision, write: Uuid, bytes: &[u8]) -> Result<ManuscriptRef> {
    let chunks = bytes.len().div_ceil(MAX_BYTES);
    let chunks = u16::try_from(chunks).map_err(|source| unreadable(Box::new(source)))?;
    Ok(ManuscriptRef {
        revision,
        write,
        chunks,
    })
}

/// The items of the chunks of `bytes`.
pub(crate) fn items(
    kind: ChunkKind,
    id: PostId,
    text: &ManuscriptRef,
    bytes: &[u8],
) -> Result<Vec<Attributes>> {
    let chunks = (0..text.chunks).zip(bytes.chunks(MAX_BYTES));
    let items = chunks.map(|(position, bytes)| {
        let key = keys::chunk(kind, id, text, position);
        let mut item = encode(Item::new(key, EntityType::Chunk, ()))?;
        attach(&mut item, Slot::First, bytes);
        Ok(item)
    });
    items.collect()
}

/// Stores chunks. They are unused until an item refers to them, so an interrupted write has no
/// effect.
pub(crate) async fn write(dynamo: &Dynamo, chunks: Vec<Attributes>) -> Result<()> {
    for chunk in chunks {
        dynamo.insert(Table::Posts, chunk).await?;
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_failed_decoding_leaves_the_context_usable() {
        let text = "Hola. ".repeat(10_000);
        let whole = compress(&text).await.unwrap();
        let cut = &whole[..whole.len() / 2];
        assert!(decompress::<String>(cut).await.is_err());
        assert!(decompress::<String>(b"no frame").await.is_err());
        assert_eq!(decompress::<String>(&whole).await.unwrap(), text);
    }

    #[tokio::test]
    async fn a_long_value_leaves_the_thread_to_other_tasks() {
        let (done, on_done) = std::sync::mpsc::channel();
        // Ends only if the other task runs meanwhile on the same thread.
        let long = tokio::spawn(aside(move || {
            on_done.recv().map_err(|it| unreadable(Box::new(it)))
        }));
        tokio::spawn(async move { done.send(()).unwrap() })
            .await
            .unwrap();
        long.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn long_values_are_read_as_they_were_written() {
        for length in [MAX_BYTES_IN_PLACE - 2, MAX_BYTES_IN_PLACE - 1, 1024 * 1024] {
            let text = "a".repeat(length);
            let packed = compress(&text).await.unwrap();
            assert_eq!(decompress::<String>(&packed).await.unwrap(), text);
        }
    }

    #[tokio::test]
    async fn frames_without_their_size_are_decoded() {
        // Written by versions that compressed streams.
        let text = "Hola. ".repeat(100);
        let json = serde_json::to_vec(&text).unwrap();
        let streamed = zstd::encode_all(json.as_slice(), LEVEL).unwrap();
        assert_eq!(decompress::<String>(&streamed).await.unwrap(), text);
        assert!(decompress::<String>(&[]).await.is_err());
    }
}
