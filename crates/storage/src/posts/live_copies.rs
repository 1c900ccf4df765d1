//! Live copies: inside their claim, so that a public read is one request, unless they are too large.

use tintero_domain::{
    Result,
    act::Act,
    posts::{Claim, ClaimState, LiveCopy, ManuscriptRef},
    values::{Address, PostId, Revision},
};

use super::records::{ClaimName, ClaimRecord};
use crate::{
    dynamo::Dynamo,
    item::{Attributes, EntityType, Item, decode, encode},
    keys::{self, Pieces},
    pieces,
};

/// A live copy on its way into a claim.
pub(super) enum Packed {
    /// It lies in the claim.
    Inside(Vec<u8>),
    /// It lies in pieces of its own.
    Apart(ManuscriptRef),
}

/// Compresses a live copy, and writes it apart when it is too large for its claim.
pub(super) async fn pack(
    dynamo: &Dynamo,
    act: &Act,
    revision: Revision,
    copy: &LiveCopy,
) -> Result<Packed> {
    let bytes = pieces::compress(copy)?;
    if bytes.len() <= pieces::LARGEST {
        return Ok(Packed::Inside(bytes));
    }
    pieces::write(
        dynamo,
        Pieces::LiveCopy,
        copy.summary.id,
        (revision, act.id),
        &bytes,
    )
    .await
    .map(Packed::Apart)
}

/// The item of a claim.
pub(super) fn claim(
    address: &Address,
    post_id: PostId,
    state: ClaimState,
    copy: Option<&Packed>,
) -> Result<Attributes> {
    let apart = match copy {
        Some(Packed::Apart(chain)) => Some(*chain),
        Some(Packed::Inside(_)) | None => None,
    };
    let record = ClaimRecord {
        post_id,
        state: state.into(),
        copy: apart,
    };
    let mut item = encode(Item::new(keys::claim(address), EntityType::Claim, record))?;
    if let Some(Packed::Inside(bytes)) = copy {
        pieces::attach(&mut item, bytes);
    }
    Ok(item)
}

/// What a claim's item says.
pub(super) async fn open(dynamo: &Dynamo, item: Attributes) -> Result<Claim> {
    let inside = pieces::detach(&item).map(<[u8]>::to_vec);
    let ClaimRecord {
        post_id,
        state,
        copy,
    } = decode::<Item<ClaimRecord>>(item)?.body;
    match state {
        ClaimName::Reserved => Ok(Claim::Reserved),
        ClaimName::Past => Ok(Claim::Past(post_id)),
        ClaimName::Live => {
            let bytes = match copy {
                Some(chain) => pieces::read(dynamo, Pieces::LiveCopy, post_id, &chain).await?,
                None => inside.unwrap_or_default(),
            };
            pieces::decompress(&bytes).map(|copy| Claim::Live(Box::new(copy)))
        }
    }
}
