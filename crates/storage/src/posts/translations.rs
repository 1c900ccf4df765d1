//! Translations of posts: a claim on a language for each, so that there are no two into one, and their
//! number, so that what is translated does not become a translation itself.

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Result,
    error::Unique,
    posts::{Content, Post, Translation},
    values::{Locale, PostId},
};

use super::{
    changes::{Change, Refusal, absent_or_own},
    records::{self, HolderRecord},
};
use crate::{
    dynamo::{Consistency, Dynamo, Range, Stretch},
    item::{EntityType, Item, decode, encode},
    keys::{self, Key, Table},
    unit_of_work::Condition,
};

/// Most translations of one post that are read.
const MOST: usize = 100;

/// A language among the translations of a post.
fn place(content: &Content) -> Option<(PostId, &Locale)> {
    let translation = content.translation.as_ref()?;
    Some((translation.of, &content.address.locale))
}

/// The claim on its language of a post that translates another.
pub(crate) fn claim(content: &Content) -> Option<Key> {
    place(content).map(|(of, locale)| keys::translation(of, locale))
}

/// Claims the language of a translation.
pub(super) fn hold(change: &mut Change<'_>, post: &Post) -> Result<()> {
    let Some(key) = claim(&post.content) else {
        return Ok(());
    };
    let id = post.standing.id;
    let item = encode(records::holder(key, EntityType::Translation, id))?;
    let locale = post.content.address.locale.clone();
    let taken = Refusal::Taken(Unique::Translation(locale));
    change.put_if(Table::Posts, item, absent_or_own(id), taken)
}

/// Claims the language, gives the one before it back, and counts.
pub(super) fn write(change: &mut Change<'_>, before: Option<&Content>, after: &Post) -> Result<()> {
    let content = &after.content;
    let (was, is) = (before.and_then(place), place(content));
    if was != is {
        if let Some(before) = before {
            leave_place(change, before)?;
        }
        hold(change, after)?;
        count(change, was.map(|(of, _)| of), is.map(|(of, _)| of))?;
    }
    let renders = before.and_then(|before| before.translation);
    match content.translation {
        Some(translation) if was != is || renders != content.translation => {
            require_source(change, translation, &content.address.locale)?;
        }
        _ => {}
    }
    keep_apart(change, before, after)
}

/// Gives back what a post holds that is removed.
pub(super) fn leave(change: &mut Change<'_>, content: &Content) -> Result<()> {
    leave_place(change, content)?;
    count(change, place(content).map(|(of, _)| of), None)
}

fn leave_place(change: &mut Change<'_>, content: &Content) -> Result<()> {
    match claim(content) {
        Some(key) => change.remove(Table::Posts, key),
        None => Ok(()),
    }
}

fn count(change: &mut Change<'_>, was: Option<PostId>, is: Option<PostId>) -> Result<()> {
    if was == is {
        return Ok(());
    }
    for (of, by) in [(was, -1), (is, 1)] {
        if let Some(of) = of {
            let key = keys::translation_count(of);
            change.count(Table::Posts, key, EntityType::TranslationCount, by)?;
        }
    }
    Ok(())
}

/// The source is there, in another language, translates nothing, and has come to this revision.
fn require_source(
    change: &mut Change<'_>,
    translation: Translation,
    locale: &Locale,
) -> Result<()> {
    let revision = AttributeValue::N(translation.source_revision.to_string());
    let condition = Condition::new(
        "attribute_exists(pk) AND attribute_not_exists(translates) AND revision >= :revision AND locale <> :locale",
        [
            (":revision", revision),
            (":locale", AttributeValue::S(locale.to_string())),
        ],
    );
    let detail =
        "must be a post in another language that is no translation and has come to that revision";
    let refusal = Refusal::Untranslatable(detail);
    change.require_if(Table::Posts, keys::post(translation.of), condition, refusal)
}

/// What has translations becomes none, and moves into no language of them.
fn keep_apart(change: &mut Change<'_>, before: Option<&Content>, after: &Post) -> Result<()> {
    let Some(before) = before else {
        return Ok(());
    };
    let (id, locale) = (after.standing.id, &after.content.address.locale);
    if before.translation.is_none() && after.content.translation.is_some() {
        let zero = AttributeValue::N("0".to_owned());
        let none = Condition::new(
            "attribute_not_exists(pk) OR posts = :zero",
            [(":zero", zero)],
        );
        let refusal = Refusal::Untranslatable("is not for a post that has translations itself");
        change.require_if(Table::Posts, keys::translation_count(id), none, refusal)?;
    }
    if after.content.translation.is_none() && before.address.locale != *locale {
        let taken = Refusal::Taken(Unique::Translation(locale.clone()));
        let key = keys::translation(id, locale);
        change.require_if(Table::Posts, key, Condition::ABSENT, taken)?;
    }
    Ok(())
}

/// The posts that translate a post.
pub(super) async fn find(dynamo: &Dynamo, of: PostId) -> Result<Vec<PostId>> {
    let (pk, ends) = keys::translations(of);
    let stretch = Stretch {
        index: None,
        pk,
        range: Range::Between(ends),
        limit: MOST,
        consistency: Consistency::Eventual,
    };
    let found = dynamo.query(Table::Posts, stretch).await?;
    let holder = |item| Ok(decode::<Item<HolderRecord>>(item)?.body.post_id);
    found.into_iter().map(holder).collect()
}
