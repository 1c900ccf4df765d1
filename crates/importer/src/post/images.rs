use tintero_markdown::{
    front_matter::{Map, Meta},
    jekyll::{file_name::Format, site::Site},
    render,
    report::ReferenceKind,
    targets::NoTargets,
};

/// How often a post names an image of its own site, in its front matter and in its body.
pub(super) fn count(
    site: &Site,
    map: &Map,
    meta: &Meta,
    body: &str,
    format: Option<Format>,
) -> usize {
    let site = site.with_page(map.clone());
    let rendered = match format {
        Some(Format::Html) => render::render_html(body, &site, &NoTargets),
        _ => render::render(body, &site, &NoTargets),
    };
    let in_body: usize = rendered
        .references
        .iter()
        .filter(|reference| reference.kind == ReferenceKind::Image && is_own(&reference.name))
        .map(|reference| reference.count)
        .sum();
    in_body
        + meta
            .images
            .iter()
            .filter(|image| is_own(&image.path))
            .count()
}

/// Images elsewhere need no import.
fn is_own(target: &str) -> bool {
    !(target.contains("://") || target.starts_with("//") || target.starts_with("data:"))
}
