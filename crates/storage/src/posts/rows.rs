//! The rows of a post in public lists.

use std::collections::BTreeMap;

use tintero_domain::{
    Result,
    posts::{Live, LiveCopy, Phased, Post, Status},
    values::PostId,
};

use super::{changes::Change, records::PublicRow};
use crate::{
    item::{EntityType, Item, encode},
    keys::{Key, PublicPartition, Table},
};

/// Public rows: all of them anew with the copies, and those taken back in which it stands no more.
pub(super) fn write_rows(
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
