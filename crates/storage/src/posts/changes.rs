//! One write of a post: the difference between how it stood and how it stands, as a transaction.

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Error, FieldErrors, Result,
    act::{Act, Merger},
    categories::Tree,
    error::Unique,
    posts::{Commit, LiveCopy, Post, Saved, Standing},
    values::{Code, PostId, ValueError},
};

use super::{
    counts, live_copies,
    names::{names, write_claims, write_names},
    post_record, records,
    referents::{is_merged, require_references},
    revisions,
    rows::{rows, write_rows},
    translations,
};
use crate::{
    dynamo::Dynamo,
    item::{Attributes, Item, decode, encode},
    keys::{self, Subject, Table},
    unit_of_work::{Aftermath, Condition, Outcome, Refused, UnitOfWork},
};

/// What a refused change of a post means.
pub(super) enum Refusal {
    /// The post is at another version.
    Stale,
    /// A name belongs to another post.
    Taken(Unique),
    /// Something that the post refers to does not exist.
    Missing(String),
    /// The category at this position is not there, or is no more.
    MissingCategory(usize),
    /// Categories went since the writer saw the tree.
    OldTree,
    /// What the post translates cannot be translated so.
    Untranslatable(&'static str),
}

pub(super) type Change<'a> = UnitOfWork<'a, Refusal>;

/// Writes `after`, provided that what is there is `before`: nothing, for a new post.
pub(super) async fn commit(
    dynamo: &Dynamo,
    act: &Act,
    (before, after): (Option<&Post>, &Post),
    copies: &[LiveCopy],
    saved: Option<&Saved>,
    tree: &Tree,
) -> Result<Commit> {
    let packed = live_copies::pack(dynamo, act, after, copies).await?;
    let mut change = UnitOfWork::new(dynamo, act, Subject::Post(after.standing.id));
    let content = before.map(|post| &post.content);
    write_post(&mut change, act, before, after)?;
    if let Some(saved) = saved {
        revisions::write_save(&mut change, act, before, after, saved)?;
    }
    revisions::mark_published(&mut change, before, after)?;
    write_claims(&mut change, before, after, &packed)?;
    write_names(&mut change, content, after)?;
    translations::write(&mut change, content, after)?;
    write_rows(&mut change, before, after, copies)?;
    counts::write(&mut change, act, before, after)?;
    require_references(&mut change, before, after, tree)?;
    let merger = |(before, saved): (&Post, &Saved)| {
        Some(Merger {
            from: saved.merged_from?,
            with: before.standing.revision,
        })
    };
    let aftermath = Aftermath {
        standing: &after.standing,
        merged: before.zip(saved).and_then(merger),
    };
    match change.commit(Some(aftermath)).await? {
        Outcome::Done => Ok(Commit::Done),
        Outcome::KeyReused => Err(Error::KeyReused),
        Outcome::Refused(refused) => settle(act, refused),
    }
}

/// Removes a post from the trash with everything that it held, and leaves a trace of its history.
pub(super) async fn remove(dynamo: &Dynamo, act: &Act, post: &Post) -> Result<Commit> {
    let id = post.standing.id;
    let mut change = UnitOfWork::new(dynamo, act, Subject::Post(id));
    let condition = as_found(&post.standing);
    change.remove_if(Table::Posts, keys::post(id), condition, Refusal::Stale)?;
    for address in post.claims().into_keys() {
        change.remove(Table::Posts, keys::claim(address))?;
    }
    for (name, ..) in names(&post.content) {
        change.remove(Table::Posts, keys::name(&name))?;
    }
    translations::leave(&mut change, &post.content)?;
    for row in rows(post).into_keys() {
        change.remove(Table::Posts, row)?;
    }
    counts::leave(&mut change, (act.at, id, Some(act.id)), None)?;
    match change.commit(None).await? {
        Outcome::Done => Ok(Commit::Done),
        Outcome::KeyReused => Err(Error::KeyReused),
        Outcome::Refused(refused) => settle(act, refused),
    }
}

/// Writes everything again that follows from a post, as long as it stays at its version. Without
/// copies its public side is left as it is.
pub(crate) async fn rewrite(
    dynamo: &Dynamo,
    act: &Act,
    post: &Post,
    copies: &[LiveCopy],
) -> Result<Commit> {
    let packed = live_copies::pack(dynamo, act, post, copies).await?;
    let mut change = UnitOfWork::new(dynamo, act, Subject::Post(post.standing.id));
    let unchanged = as_found(&post.standing);
    let key = keys::post(post.standing.id);
    change.require_if(Table::Posts, key, unchanged, Refusal::Stale)?;
    write_claims(&mut change, None, post, &packed)?;
    write_names(&mut change, None, post)?;
    write_rows(&mut change, None, post, copies)?;
    counts::write_plan(&mut change, post)?;
    match change.commit(None).await? {
        Outcome::Done => Ok(Commit::Done),
        Outcome::KeyReused => Err(Error::KeyReused),
        Outcome::Refused(refused) => settle(act, refused),
    }
}

fn write_post(
    change: &mut Change<'_>,
    act: &Act,
    before: Option<&Post>,
    after: &Post,
) -> Result<()> {
    let item = encode(post_record::item(act, after))?;
    match before {
        None => change.insert(Table::Posts, item, Refusal::Stale)?,
        Some(before) => change.put_if(
            Table::Posts,
            item,
            as_found(&before.standing),
            Refusal::Stale,
        )?,
    }
    Ok(())
}

/// Nothing was written since the post was found: neither by an author nor by an operation.
pub(crate) fn as_found(standing: &Standing) -> Condition {
    let number = |n: u64| AttributeValue::N(n.to_string());
    let version = (":version", number(standing.version.0));
    match standing.refilings {
        0 => Condition::new(
            "version = :version AND attribute_not_exists(refilings)",
            [version],
        ),
        n => Condition::new(
            "version = :version AND refilings = :refilings",
            [version, (":refilings", number(n))],
        ),
    }
}

pub(super) fn absent_or_own(id: PostId) -> Condition {
    Condition::new(
        "attribute_not_exists(pk) OR post_id = :id",
        [(":id", AttributeValue::S(id.to_string()))],
    )
}

/// What a refused transaction means: that it had happened already, that the post is at another
/// version, or that names are taken and references missing.
fn settle(act: &Act, refused: Vec<Refused<Refusal>>) -> Result<Commit> {
    let stale = refused
        .iter()
        .find(|refused| matches!(refused.refusal, Refusal::Stale));
    if let Some(stale) = stale {
        let own = stale
            .item
            .as_ref()
            .is_some_and(|item| written_by(item, act));
        return Ok(if own { Commit::Done } else { Commit::Stale });
    }
    let (mut missing, mut stale_tree) = (FieldErrors::default(), false);
    for Refused { refusal, item } in refused {
        match refusal {
            Refusal::Taken(unique) => {
                return Err(Error::Taken {
                    unique,
                    holder: holder(item),
                });
            }
            Refusal::Missing(pointer) => missing.push(
                pointer,
                ValueError::new(Code::UnknownReference, "does not exist"),
            ),
            Refusal::OldTree => stale_tree = true,
            Refusal::MissingCategory(_) if is_merged(item.as_ref()) => stale_tree = true,
            Refusal::MissingCategory(position) => missing.push(
                format!("/category_ids/{position}"),
                ValueError::new(Code::UnknownReference, "does not exist"),
            ),
            Refusal::Untranslatable(detail) => missing.push(
                "/translation/of",
                ValueError::new(Code::UnknownReference, detail),
            ),
            Refusal::Stale => {}
        }
    }
    missing.into_result()?;
    if stale_tree {
        return Ok(Commit::Stale);
    }
    // Every refusal of a transaction has a reason among ours.
    Err(Error::Contended)
}

/// True when this very act wrote the item: its first attempt went through and the answer was lost.
fn written_by(item: &Attributes, act: &Act) -> bool {
    matches!(item.get("act"), Some(AttributeValue::S(id)) if *id == act.id.to_string())
}

fn holder(item: Option<Attributes>) -> Option<PostId> {
    decode::<Item<records::HolderRecord>>(item?)
        .ok()
        .map(|item| item.body.post_id)
}
