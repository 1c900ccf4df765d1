//! Translations of posts. A claim on the language of each public translation keeps languages unique; drafts
//! have items of their own, which claim nothing. A counter on the original prevents the original from becoming
//! a translation.

use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Result,
    error::Unique,
    posts::{Content, Post, Translation},
    values::{Locale, PostId},
};

use super::{PostRefusal, PostTransaction, PostWrite, names::absent_or_own};
use crate::{
    counters::Counter,
    dynamo::{Consistency, Dynamo, KeyRange, RangeQuery},
    item::{EntityType, Item, decode, encode},
    keys::{self, ItemKey, Table},
    posts::{HolderRecord, items::holder},
    unit_of_work::Condition,
};

/// Maximum number of translations of one post that are read.
const MAX_TRANSLATIONS: usize = 100;

/// The original of a translation, and the translation's language.
fn language(content: &Content) -> Option<(PostId, &Locale)> {
    let translation = content.translation.as_ref()?;
    Some((translation.of, &content.address.locale))
}

/// The key by which a translation is among those of its original: its claim on its language, or a key of its
/// own if it claims no names.
pub(crate) fn member(post: &Post) -> Option<ItemKey> {
    let (of, locale) = language(&post.content)?;
    Some(if post.claims_names() {
        keys::translation(of, locale)
    } else {
        keys::draft_translation(of, post.state.id)
    })
}

/// Adds a translation to those of its original, with a claim on its language if it claims its names.
pub(super) fn hold(change: &mut PostTransaction<'_>, post: &Post) -> Result<()> {
    let Some(key) = member(post) else {
        return Ok(());
    };
    let id = post.state.id;
    let item = encode(holder(key, EntityType::Translation, id))?;
    change.put_if(Table::Posts, item, absent_or_own(id), taken(&post.content))
}

fn taken(content: &Content) -> PostRefusal {
    PostRefusal::Taken(Unique::Translation(content.address.locale.clone()))
}

/// Adds the translation, deletes its earlier item, and counts.
pub(super) fn write(change: &mut PostTransaction<'_>, write: &PostWrite<'_>) -> Result<()> {
    let (before, after) = (write.before, write.after);
    let (was, is) = (before.and_then(member), member(after));
    if was != is {
        if let Some(was) = was {
            change.remove(Table::Posts, was)?;
        }
        hold(change, after)?;
    }
    let (before, content) = (write.content_before(), &after.content);
    let (earlier, present) = (before.and_then(language), language(content));
    count(change, earlier.map(|(of, _)| of), present.map(|(of, _)| of))?;
    if let Some(translation) = content.translation {
        if earlier != present || before.and_then(|before| before.translation) != content.translation
        {
            require_original(change, translation, &content.address.locale)?;
            require_free_language(change, write)?;
        } else if is != write.before.and_then(member) && after.claims_names() {
            require_other_language(change, translation.of, &content.address.locale)?;
        }
    }
    require_consistent_original(change, before, after)
}

/// Requires that the language of a translation that does not claim it yet is free.
fn require_free_language(change: &mut PostTransaction<'_>, write: &PostWrite<'_>) -> Result<()> {
    let after = write.after;
    match language(&after.content) {
        Some((of, locale)) if !after.claims_names() => {
            let (key, free) = (keys::translation(of, locale), absent_or_own(after.state.id));
            change.require_if(Table::Posts, key, free, taken(&after.content))
        }
        _ => Ok(()),
    }
}

/// Deletes the item and the count of a translation that is deleted.
pub(super) fn release(change: &mut PostTransaction<'_>, post: &Post) -> Result<()> {
    if let Some(key) = member(post) {
        change.remove(Table::Posts, key)?;
    }
    count(change, language(&post.content).map(|(of, _)| of), None)
}

fn count(change: &mut PostTransaction<'_>, was: Option<PostId>, is: Option<PostId>) -> Result<()> {
    if was == is {
        return Ok(());
    }
    for (of, by) in [(was, -1), (is, 1)] {
        if let Some(of) = of {
            change.count(Counter::translations(of), by)?;
        }
    }
    Ok(())
}

/// Requires that the original exists, is not a translation, and has another language and the stated
/// revision.
fn require_original(
    change: &mut PostTransaction<'_>,
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
    let refusal = PostRefusal::Untranslatable(
        "must be a post in another language that is not a translation and has that revision",
    );
    change.require_if(Table::Posts, keys::post(translation.of), condition, refusal)
}

/// Requires that the original, if it still exists, has another language than a translation that claims one.
fn require_other_language(
    change: &mut PostTransaction<'_>,
    of: PostId,
    locale: &Locale,
) -> Result<()> {
    let locale = AttributeValue::S(locale.to_string());
    let condition = Condition::new(
        "attribute_not_exists(pk) OR locale <> :locale",
        [(":locale", locale)],
    );
    let refusal = PostRefusal::Untranslatable("is in the language of this post");
    change.require_if(Table::Posts, keys::post(of), condition, refusal)
}

/// Requires that a post with translations does not become a translation itself, and does not change
/// to the language of one of them.
fn require_consistent_original(
    change: &mut PostTransaction<'_>,
    before: Option<&Content>,
    after: &Post,
) -> Result<()> {
    let Some(before) = before else {
        return Ok(());
    };
    let (id, locale) = (after.state.id, &after.content.address.locale);
    if before.translation.is_none() && after.content.translation.is_some() {
        let zero = AttributeValue::N("0".to_owned());
        let none = Condition::new(
            "attribute_not_exists(pk) OR posts = :zero",
            [(":zero", zero)],
        );
        let refusal = PostRefusal::Untranslatable("must be absent: the post has translations");
        change.require_if(Table::Posts, keys::translation_count(id), none, refusal)?;
    }
    if after.content.translation.is_none() && before.address.locale != *locale {
        let taken = PostRefusal::Taken(Unique::Translation(locale.clone()));
        let key = keys::translation(id, locale);
        change.require_if(Table::Posts, key, Condition::ABSENT, taken)?;
    }
    Ok(())
}

/// Returns the translations of a post, those with a claimed language first. Eventually consistent.
pub(super) async fn find(dynamo: &Dynamo, of: PostId) -> Result<Vec<PostId>> {
    let (pk, ends) = keys::translations(of);
    let query = RangeQuery {
        consistency: Consistency::Eventual,
        ..RangeQuery::first(pk, KeyRange::Ascending(ends), MAX_TRANSLATIONS)
    };
    let found = dynamo.query(Table::Posts, query).await?;
    let holder = |item| Ok(decode::<Item<HolderRecord>>(item)?.body.post_id);
    found.into_iter().map(holder).collect()
}
