//! Members of a post by their API names, for comparing two states.

use serde_json::{Value, json};

use super::{Content, Manuscript};

/// All members of a revision except the body, which is compared line by line.
/// Order and number are fixed.
pub(in crate::posts) fn members(
    content: &Content,
    manuscript: &Manuscript,
) -> Vec<(&'static str, Value)> {
    let Content {
        address,
        title,
        excerpt,
        tags,
        category_ids,
        byline_ids,
        featured_image_id,
        aliases,
        source,
        translation,
    } = content;
    let Manuscript {
        body: _,
        front_matter,
        site,
        seo,
        extra,
    } = manuscript;
    let source = source.as_ref().map(|source| {
        let mut source = value(source);
        source["front_matter"] = json!(front_matter);
        source["site"] = json!(site);
        source
    });
    vec![
        ("title", value(title)),
        ("slug", value(&address.slug)),
        ("locale", value(&address.locale)),
        ("excerpt", value(excerpt)),
        ("tags", value(tags)),
        ("category_ids", value(category_ids)),
        ("byline_ids", value(byline_ids)),
        ("featured_image_id", value(featured_image_id)),
        ("aliases", value(aliases)),
        ("source", value(&source)),
        ("translation", value(translation)),
        ("seo", value(seo)),
        ("extra", value(extra)),
    ]
}

/// JSON value of a member.
pub(in crate::posts) fn value(member: &impl serde::Serialize) -> Value {
    serde_json::to_value(member).unwrap_or_default()
}
