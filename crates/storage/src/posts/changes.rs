//! One write of a post: the difference between how it stood and how it stands, as a transaction.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Error, FieldErrors, Result,
    act::Act,
    error::Unique,
    posts::{ClaimState, Commit, Content, LiveCopy, Name, Post, Saved},
    values::{CategoryId, Code, PostId, ValueError, Version},
};

use super::{history, live_copies, live_copies::Packed, post_record, records};
use crate::{
    dynamo::Dynamo,
    item::{Attributes, EntityType, Item, decode, encode},
    keys::{self, Key, PublicPartition, Subject, Table},
    unit_of_work::{Condition, Outcome, Refused, UnitOfWork},
};

/// What a refused change of a post means.
pub(super) enum Refusal {
    /// The post is at another version.
    Stale,
    /// A name belongs to another post.
    Taken(Unique),
    /// Something that the post refers to does not exist.
    Missing(String),
}

pub(super) type Change<'a> = UnitOfWork<'a, Refusal>;

/// Writes `after`, provided that what is there is `before`: nothing, for a new post.
pub(super) async fn commit(
    dynamo: &Dynamo,
    act: &Act,
    before: Option<&Post>,
    after: &Post,
    copy: Option<&LiveCopy>,
    saved: Option<&Saved>,
) -> Result<Commit> {
    let packed = match copy {
        Some(copy) => Some(live_copies::pack(dynamo, act, after.standing.revision, copy).await?),
        None => None,
    };
    let mut change = UnitOfWork::new(dynamo, act, Subject::Post(after.standing.id));
    write_post(&mut change, act, before, after)?;
    if let Some(saved) = saved {
        history::write_save(&mut change, act, before, after, saved)?;
    }
    history::mark_published(&mut change, before, after)?;
    write_claims(&mut change, before, after, packed.as_ref())?;
    write_names(&mut change, before.map(|post| &post.content), after)?;
    write_rows(&mut change, before, after, copy)?;
    write_counts(&mut change, before, after)?;
    require_references(
        &mut change,
        before.map(|post| &post.content),
        &after.content,
    )?;
    match change.commit(Some(&after.standing)).await? {
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
            at_version(before.standing.version),
            Refusal::Stale,
        )?,
    }
    Ok(())
}

/// Addresses whose claim is new or says something else, and those that are given back.
fn write_claims(
    change: &mut Change<'_>,
    before: Option<&Post>,
    after: &Post,
    copy: Option<&Packed>,
) -> Result<()> {
    let id = after.standing.id;
    let held = before.map(Post::claims).unwrap_or_default();
    let holds = after.claims();
    for (address, state) in &holds {
        let copy = copy.filter(|_| *state == ClaimState::Live);
        if held.get(address) == Some(state) && copy.is_none() {
            continue;
        }
        let item = live_copies::claim(address, id, *state, copy)?;
        let taken = Refusal::Taken(Unique::Slug((*address).clone()));
        change.put_if(Table::Posts, item, absent_or_own(id), taken)?;
    }
    for address in held.keys().filter(|address| !holds.contains_key(*address)) {
        change.remove(Table::Posts, keys::claim(address))?;
    }
    Ok(())
}

/// Old addresses and the import source: claimed when new, given back when left.
fn write_names(change: &mut Change<'_>, before: Option<&Content>, after: &Post) -> Result<()> {
    let id = after.standing.id;
    let held = before.map(names).unwrap_or_default();
    let holds = names(&after.content);
    for (name, entity, unique) in &holds {
        if !held.iter().any(|(other, ..)| other == name) {
            let item = encode(records::holder(keys::name(name), *entity, id))?;
            change.put_if(
                Table::Posts,
                item,
                absent_or_own(id),
                Refusal::Taken(unique.clone()),
            )?;
        }
    }
    for (name, ..) in held
        .iter()
        .filter(|(name, ..)| !holds.iter().any(|(other, ..)| other == name))
    {
        change.remove(Table::Posts, keys::name(name))?;
    }
    Ok(())
}

fn names(content: &Content) -> Vec<(Name, EntityType, Unique)> {
    let paths = content.aliases.iter().map(|path| {
        (
            Name::OldPath(path.clone()),
            EntityType::OldPath,
            Unique::OldPath(path.clone()),
        )
    });
    let source = content.source.iter().map(|source| {
        let name = Name::Source {
            import: source.import.clone(),
            path: source.path.clone(),
        };
        (name, EntityType::Source, Unique::Source)
    });
    paths.chain(source).collect()
}

/// Public rows: all of them anew at publication, the rest taken back.
fn write_rows(
    change: &mut Change<'_>,
    before: Option<&Post>,
    after: &Post,
    copy: Option<&LiveCopy>,
) -> Result<()> {
    let holds = rows(after);
    for row in before.map(rows).unwrap_or_default().difference(&holds) {
        change.remove(Table::Posts, row.clone())?;
    }
    if let Some(copy) = copy {
        for row in holds {
            change.put(
                Table::Posts,
                encode(records::public_row(row, &copy.summary))?,
            )?;
        }
    }
    Ok(())
}

/// Every public list row of a post.
fn rows(post: &Post) -> BTreeSet<Key> {
    let Some(live) = post.live() else {
        return BTreeSet::new();
    };
    [
        PublicPartition::Latest,
        PublicPartition::Locale(live.address.locale.clone()),
    ]
    .into_iter()
    .chain(live.tags.iter().map(PublicPartition::tag))
    .chain(
        live.category_ids
            .iter()
            .copied()
            .map(PublicPartition::Category),
    )
    .chain(live.byline_ids.iter().copied().map(PublicPartition::Byline))
    .map(|list| list.row(live.published_at, post.standing.id))
    .collect()
}

/// The counters of the categories in whose lists the post now is, or no longer is.
fn write_counts(change: &mut Change<'_>, before: Option<&Post>, after: &Post) -> Result<()> {
    let filed = |post: &Post| -> BTreeSet<CategoryId> {
        post.live()
            .iter()
            .flat_map(|live| live.category_ids.iter().copied())
            .collect()
    };
    let (was, is) = (before.map(filed).unwrap_or_default(), filed(after));
    for (ids, by) in [(is.difference(&was), 1), (was.difference(&is), -1)] {
        for id in ids {
            change.count(
                Table::Taxonomy,
                keys::category_count(*id),
                EntityType::CategoryCount,
                by,
            )?;
        }
    }
    Ok(())
}

/// What a write newly refers to must exist at that moment.
fn require_references(
    change: &mut Change<'_>,
    before: Option<&Content>,
    after: &Content,
) -> Result<()> {
    for (position, id) in after.category_ids.iter().enumerate() {
        if before.is_none_or(|before| !before.category_ids.contains(id)) {
            change.require(
                Table::Taxonomy,
                keys::category(*id),
                Refusal::Missing(format!("/category_ids/{position}")),
            )?;
        }
    }
    for (position, id) in after.byline_ids.iter().enumerate() {
        if before.is_none_or(|before| !before.byline_ids.contains(id)) {
            change.require(
                Table::Identity,
                keys::byline(*id),
                Refusal::Missing(format!("/byline_ids/{position}")),
            )?;
        }
    }
    if let Some(id) = after
        .featured_image_id
        .filter(|id| before.is_none_or(|before| before.featured_image_id != Some(*id)))
    {
        change.require(
            Table::Images,
            keys::image(id),
            Refusal::Missing("/featured_image_id".to_owned()),
        )?;
    }
    Ok(())
}

pub(super) fn at_version(version: Version) -> Condition {
    Condition::new(
        "version = :version",
        [(":version", AttributeValue::N(version.to_string()))],
    )
}

fn absent_or_own(id: PostId) -> Condition {
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
    let mut missing = FieldErrors::default();
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
            Refusal::Stale => {}
        }
    }
    missing.into_result()?;
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
