//! The unique names of a post: addresses, old addresses, the file that it came from.

use tintero_domain::{
    Result,
    error::Unique,
    posts::{ClaimState, Content, Name, Post},
};

use super::{
    changes::{Change, Refusal, absent_or_own},
    live_copies,
    live_copies::Packed,
    records,
};
use crate::{
    item::{EntityType, encode},
    keys::{self, Table},
};

/// Addresses whose claim is new or says something else, and those that are given back.
pub(super) fn write_claims(
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
pub(super) fn write_names(
    change: &mut Change<'_>,
    before: Option<&Content>,
    after: &Post,
) -> Result<()> {
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
