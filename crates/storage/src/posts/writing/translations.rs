//! Translations of posts. A claim on the language of each translation keeps languages unique; a
//! counter on the original prevents the original from becoming a translation.

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

/// The key of a translation's claim on its language.
pub(crate) fn claim(content: &Content) -> Option<ItemKey> {
    language(content).map(|(of, locale)| keys::translation(of, locale))
}

/// Claims the language of a translation.
pub(super) fn hold(change: &mut PostTransaction<'_>, post: &Post) -> Result<()> {
    let Some(key) = claim(&post.content) else {
        return Ok(());
    };
    let id = post.state.id;
    let item = encode(holder(key, EntityType::Translation, id))?;
    let locale = post.content.address.locale.clone();
    let taken = PostRefusal::Taken(Unique::Translation(locale));
    change.put_if(Table::Posts, item, absent_or_own(id), taken)
}

/// Claims the language, deletes the earlier claim, and counts.
pub(super) fn write(change: &mut PostTransaction<'_>, write: &PostWrite<'_>) -> Result<()> {
    let (before, content) = (write.content_before(), &write.after.content);
    let (was, is) = (before.and_then(language), language(content));
    if was != is {
        if let Some(before) = before {
            release_language(change, before)?;
        }
        hold(change, write.after)?;
        count(change, was.map(|(of, _)| of), is.map(|(of, _)| of))?;
    }
    let translated = before.and_then(|before| before.translation);
    match content.translation {
        Some(translation) if was != is || translated != content.translation => {
            require_original(change, translation, &content.address.locale)?;
        }
        _ => {}
    }
    require_consistent_original(change, before, write.after)
}

/// Deletes the claim and the count of a post that is deleted.
pub(super) fn release(change: &mut PostTransaction<'_>, content: &Content) -> Result<()> {
    release_language(change, content)?;
    count(change, language(content).map(|(of, _)| of), None)
}

fn release_language(change: &mut PostTransaction<'_>, content: &Content) -> Result<()> {
    match claim(content) {
        Some(key) => change.remove(Table::Posts, key),
        None => Ok(()),
    }
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

/// Returns the translations of a post. Eventually consistent.
pub(super) async fn find(dynamo: &Dynamo, of: PostId) -> Result<Vec<PostId>> {
    let (pk, ends) = keys::translations(of);
    let query = RangeQuery {
        consistency: Consistency::Eventual,
        ..RangeQuery::first(pk, KeyRange::Between(ends), MAX_TRANSLATIONS)
    };
    let found = dynamo.query(Table::Posts, query).await?;
    let holder = |item| Ok(decode::<Item<HolderRecord>>(item)?.body.post_id);
    found.into_iter().map(holder).collect()
}
