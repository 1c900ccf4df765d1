use std::collections::BTreeMap;

use tintero_domain::{
    Result,
    posts::{Live, Phased, Post, Status},
    values::PostId,
};

use super::{PostTransaction, PostWrite};
use crate::{
    item::{EntityType, Item, encode},
    keys::{ItemKey, PublicPartition, Table},
    posts::PublicRow,
};

/// Writes all public rows if the write has copies, and deletes the rows of lists that the post has
/// left.
pub(super) fn write_rows(change: &mut PostTransaction<'_>, write: &PostWrite<'_>) -> Result<()> {
    let holds = rows(write.after);
    for row in write.before.map(rows).unwrap_or_default().into_keys() {
        if !holds.contains_key(&row) {
            change.remove(Table::Posts, row)?;
        }
    }
    for (row, phases) in holds {
        let summary = |phase: Phased<usize>| {
            let value = &write.copies.get(phase.value)?.summary;
            let span = phase.span;
            Some(Phased { span, value })
        };
        let summaries: Vec<_> = phases.into_iter().filter_map(summary).collect();
        if let Some(record) = PublicRow::of(&summaries, write.context.at) {
            let item = Item::new(row, EntityType::PublicRow, record);
            change.put(Table::Posts, encode(item)?)?;
        }
    }
    Ok(())
}

/// The public rows of a post, each with the indexes of its phases. A row without phases is left over
/// from a phase that has ended.
pub(crate) fn rows(post: &Post) -> BTreeMap<ItemKey, Vec<Phased<usize>>> {
    let state = &post.state;
    let ended = state.ended.iter();
    let ended = ended.flat_map(|live| rows_of(state.id, live));
    let mut rows: BTreeMap<_, _> = ended.map(|row| (row, Vec::new())).collect();
    if matches!(state.status, Status::Archived { .. }) {
        return rows;
    }
    for (index, phase) in state.status.phases().into_iter().enumerate() {
        for row in rows_of(state.id, phase.value) {
            rows.entry(row).or_default().push(Phased {
                span: phase.span,
                value: index,
            });
        }
    }
    rows
}

fn rows_of(id: PostId, live: &Live) -> impl Iterator<Item = ItemKey> {
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
