use aws_sdk_dynamodb::types::AttributeValue;
use tintero_domain::{
    Error, FieldErrors, Result,
    error::Unique,
    values::{Code, PostId, ValueError},
    writes::{WriteContext, WriteOutcome},
};

use crate::{
    item::{Attributes, Item, decode},
    posts::HolderRecord,
    unit_of_work::FailedCondition,
};

/// The meaning of a failed condition.
pub(in crate::posts) enum PostRefusal {
    /// The post has another version.
    Stale,
    /// A name belongs to another post.
    Taken(Unique),
    /// The reference at this JSON pointer does not exist.
    Missing(String),
    /// The category at this index does not exist or is retired.
    MissingCategory(usize),
    /// Categories or tags were retired after the writer read the tree.
    OldTree,
    /// The translation is invalid for this reason.
    Untranslatable(&'static str),
}

/// Converts failed conditions to the outcome of the write.
pub(super) fn explain(
    context: &WriteContext,
    failed: Vec<FailedCondition<PostRefusal>>,
) -> Result<WriteOutcome> {
    let mut conditions = failed.iter();
    let stale = conditions.find(|failed| matches!(failed.refusal, PostRefusal::Stale));
    if let Some(stale) = stale {
        let item = stale.item.as_ref();
        return Ok(if item.is_some_and(|item| written_by(item, context)) {
            WriteOutcome::Applied
        } else {
            WriteOutcome::Conflict
        });
    }
    let (mut missing, mut is_old_tree) = (FieldErrors::default(), false);
    let mut unknown = |pointer: String, detail: &'static str| {
        missing.push(pointer, ValueError::new(Code::UnknownReference, detail));
    };
    for FailedCondition { refusal, item } in failed {
        match refusal {
            PostRefusal::Taken(unique) => {
                let holder = holder(item);
                return Err(Error::Taken { unique, holder });
            }
            PostRefusal::Missing(pointer) => unknown(pointer, "does not exist"),
            PostRefusal::OldTree => is_old_tree = true,
            PostRefusal::MissingCategory(_) if is_merged(item.as_ref()) => is_old_tree = true,
            PostRefusal::MissingCategory(index) => {
                unknown(format!("/category_ids/{index}"), "does not exist");
            }
            PostRefusal::Untranslatable(detail) => unknown("/translation/of".to_owned(), detail),
            PostRefusal::Stale => {}
        }
    }
    missing.into_result()?;
    if is_old_tree {
        return Ok(WriteOutcome::Conflict);
    }
    // A condition without a refusal failed. No transaction of a post has one.
    Err(Error::Contended)
}

/// Whether this write stored the item: an earlier attempt succeeded and its response was lost.
fn written_by(item: &Attributes, context: &WriteContext) -> bool {
    matches!(item.get("act"), Some(AttributeValue::S(id)) if *id == context.id.to_string())
}

fn holder(item: Option<Attributes>) -> Option<PostId> {
    let item: Item<HolderRecord> = decode(item?).ok()?;
    Some(item.body.post_id)
}

/// Whether the category was merged into another after the writer read the tree.
fn is_merged(category: Option<&Attributes>) -> bool {
    let fate = category.and_then(|category| category.get("fate"));
    fate.and_then(|fate| fate.as_s().ok())
        .is_some_and(|fate| fate == "merged")
}
