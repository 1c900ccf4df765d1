//! One write of a post: the difference between how it stood and how it stands, as a transaction.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Error, FieldErrors, Result,
    act::Act,
    categories::Tree,
    error::Unique,
    posts::{
        ClaimState, Commit, Content, Live, LiveCopy, Name, Phased, Post, Saved, Standing, Status,
    },
    values::{CategoryId, Code, IdOrSlug, PostId, ValueError},
};

use super::{
    counts, live_copies,
    live_copies::Packed,
    post_record,
    records::{self, PublicRow},
    revisions, translations,
};
use crate::{
    categories::nothing_retired_since,
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
    /// The category at this position is not there, or is no more.
    MissingCategory(usize),
    /// Categories went since the writer saw the tree.
    OldTree,
    /// What the post translates cannot be translated so.
    Untranslatable(&'static str),
}

/// Categories that are looked at one by one; more of them are looked at together.
const MOST_CHECKS: usize = 2;

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
    match change.commit(Some(&after.standing)).await? {
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

/// Addresses whose claim is new or says something else, and those that are given back.
fn write_claims(
    change: &mut Change<'_>,
    before: Option<&Post>,
    after: &Post,
    copies: &[Packed],
) -> Result<()> {
    let id = after.standing.id;
    let held = before.map(Post::claims).unwrap_or_default();
    let holds = after.claims();
    for (address, state) in &holds {
        let holds_copies = matches!(state, ClaimState::Public { .. } | ClaimState::Archived);
        let unchanged = if holds_copies {
            // Without copies the public side stays as it is.
            copies.is_empty()
        } else {
            held.get(address) == Some(state)
        };
        if unchanged {
            continue;
        }
        let item = live_copies::claim(address, id, state, copies)?;
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

pub(crate) fn names(content: &Content) -> Vec<(Name, EntityType, Unique)> {
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

/// Public rows: all of them anew with the copies, and those taken back in which it stands no more.
fn write_rows(
    change: &mut Change<'_>,
    before: Option<&Post>,
    after: &Post,
    copies: &[LiveCopy],
) -> Result<()> {
    let holds = rows(after);
    for row in before.map(rows).unwrap_or_default().into_keys() {
        if !holds.contains_key(&row) {
            change.remove(Table::Posts, row)?;
        }
    }
    for (row, phases) in holds {
        let summaries: Vec<_> = phases
            .into_iter()
            .filter_map(|phase| {
                let what = &copies.get(phase.what)?.summary;
                let Phased { span, .. } = phase;
                Some(Phased { span, what })
            })
            .collect();
        if let Some(record) = PublicRow::of(&summaries) {
            let item = Item::new(row, EntityType::PublicRow, record);
            change.put(Table::Posts, encode(item)?)?;
        }
    }
    Ok(())
}

/// Every public list row of a post, with the numbers of the phases in which it stands there: none
/// for what is left of an earlier one.
pub(crate) fn rows(post: &Post) -> BTreeMap<Key, Vec<Phased<usize>>> {
    let standing = &post.standing;
    let mut rows = BTreeMap::new();
    for live in &standing.ended {
        for row in rows_of(post.standing.id, live) {
            rows.insert(row, Vec::new());
        }
    }
    if matches!(standing.status, Status::Archived { .. }) {
        return rows;
    }
    for (number, phase) in standing.status.phases().into_iter().enumerate() {
        for row in rows_of(standing.id, phase.what) {
            let phases: &mut Vec<_> = rows.entry(row).or_default();
            phases.push(Phased {
                span: phase.span,
                what: number,
            });
        }
    }
    rows
}

fn rows_of(id: PostId, live: &Live) -> impl Iterator<Item = Key> {
    let lists = [
        PublicPartition::Latest,
        PublicPartition::Locale(live.address.locale.clone()),
    ];
    let tags = live.tags.iter().map(PublicPartition::tag);
    let categories = live.category_ids.iter().copied();
    let bylines = live.byline_ids.iter().copied();
    lists
        .into_iter()
        .chain(tags)
        .chain(categories.map(PublicPartition::Category))
        .chain(bylines.map(PublicPartition::Byline))
        .map(move |list| list.row(live.published_at, id))
}

/// What a write newly refers to must exist at that moment.
fn require_references(
    change: &mut Change<'_>,
    before: Option<&Post>,
    after: &Post,
    tree: &Tree,
) -> Result<()> {
    let (held, holds) = (before.map(|post| &post.content), &after.content);
    require_categories(change, before, after, tree)?;
    for (position, id) in holds.byline_ids.iter().enumerate() {
        if held.is_none_or(|held| !held.byline_ids.contains(id)) {
            let missing = Refusal::Missing(format!("/byline_ids/{position}"));
            change.require(Table::Identity, keys::byline(*id), missing)?;
        }
    }
    let image = holds.featured_image_id;
    if let Some(id) = image.filter(|id| held.is_none_or(|held| held.featured_image_id != Some(*id)))
    {
        let missing = Refusal::Missing("/featured_image_id".to_owned());
        change.require(Table::Images, keys::image(id), missing)?;
    }
    Ok(())
}

/// Categories that a write newly names, or newly lists the post under, must be there, and must be
/// what they were when the writer saw the tree: into a list that posts move out of comes no other.
fn require_categories(
    change: &mut Change<'_>,
    before: Option<&Post>,
    after: &Post,
    tree: &Tree,
) -> Result<()> {
    let (listed, named) = (before.map(lists_of), before.map(|post| &post.content));
    let mut wanted = lists_of(after);
    wanted.retain(|id| listed.as_ref().is_none_or(|listed| !listed.contains(id)));
    let fresh = after.content.category_ids.iter();
    wanted.extend(fresh.filter(|id| named.is_none_or(|named| !named.category_ids.contains(id))));
    let all_known = wanted
        .iter()
        .all(|id| tree.find(&IdOrSlug::Id(*id)).is_some());
    if wanted.len() > MOST_CHECKS && all_known {
        // One condition instead of many keeps the largest post below the limit of a transaction.
        let gate = nothing_retired_since(tree.seen());
        return change.require_if(
            Table::Taxonomy,
            keys::tree_version(),
            gate,
            Refusal::OldTree,
        );
    }
    for id in wanted {
        let mut named = after.content.category_ids.iter();
        let position = named.position(|other| *other == id).unwrap_or_default();
        let missing = Refusal::MissingCategory(position);
        change.require_if(Table::Taxonomy, keys::category(id), present(), missing)?;
    }
    Ok(())
}

/// The categories in whose lists a post stands, or will.
pub(super) fn lists_of(post: &Post) -> BTreeSet<CategoryId> {
    let status = &post.standing.status;
    if matches!(status, Status::Archived { .. }) {
        return BTreeSet::new();
    }
    let phases = status.phases().into_iter();
    phases
        .flat_map(|phase| phase.what.category_ids.iter().copied())
        .collect()
}

/// The category is there, and nothing else stands for it.
fn present() -> Condition {
    Condition::new(
        "attribute_exists(pk) AND attribute_not_exists(retired_at)",
        [],
    )
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

/// True when another category stands for this one by now, which the writer did not know.
fn is_merged(category: Option<&Attributes>) -> bool {
    let fate = category.and_then(|category| category.get("fate"));
    fate.and_then(|fate| fate.as_s().ok())
        .is_some_and(|fate| fate == "merged")
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
