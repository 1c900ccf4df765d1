use std::collections::BTreeMap;

use tintero_markdown::{
    content_path::referenced_files,
    front_matter::{FrontMatterImage, SplitFile},
    jekyll::{file_name::Format, site::SiteConfig},
    render,
    report::{BodyReference, ReferenceKind, RenderWarning, RenderWarningKind},
    targets::{NoTargets, Targets, is_remote},
    templates,
};

use super::{ImportSettings, parsed_file::ParsedFile};
use crate::{
    diagnostic::Diagnostic,
    file_index::ImageMatch,
    text::{cut, nfc, one_line},
};

/// The longest alternative text, in characters.
const MAX_ALT: usize = 500;

/// The longest targets that are sent with a post, in bytes.
const MAX_TARGETS: usize = 14 * 1024;

/// The keys of front matter for the folder of all images of a post.
const IMAGE_FOLDER_KEYS: [&str; 3] = ["media_subpath", "img_path", "image_path"];

/// A reference of a file to an image of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ImageMention {
    /// The line of the first reference.
    pub(crate) line: usize,
    /// The number of references.
    pub(crate) count: usize,
    /// The path after its Liquid is evaluated.
    pub(crate) written: String,
    pub(crate) alt: Option<String>,
    pub(crate) image: ImageMatch,
    pub(crate) is_in_front_matter: bool,
}

/// Returns the images that a file refers to, those of the front matter first, and warnings about
/// Liquid that is not evaluated.
pub(super) fn read(
    file: &ParsedFile<'_>,
    split: &SplitFile<'_>,
) -> (Vec<ImageMention>, Vec<Diagnostic>) {
    let settings = file.settings;
    let (site, too_large) = settings.site_for(split.body);
    let site = site.with_page(file.map.clone());
    let targets = FolderTargets {
        settings,
        from: file.path,
        folder: IMAGE_FOLDER_KEYS.iter().find_map(|key| file.map.text(key)),
    };
    let rendered = match file.name.format() {
        Some(Format::Html) => render::render_html(split.body, &site, &targets),
        _ => render::render(split.body, &site, &targets),
    };
    let above = split.head.matches('\n').count();
    let images = file.meta.images.iter();
    let mut mentions: Vec<ImageMention> = images
        .filter_map(|image| targets.in_front_matter(image, &site))
        .collect();
    for reference in rendered.references {
        if reference.kind == ReferenceKind::Image {
            mentions.push(targets.in_body(reference, above));
        }
    }
    let warnings = rendered.warnings.iter();
    let warnings = warnings.map(|warning| diagnostic(warning, above));
    (mentions, too_large.into_iter().chain(warnings).collect())
}

/// Returns the first image of the front matter that is in the folder.
pub(super) fn featured(mentions: &[ImageMention]) -> Option<String> {
    let mut front = mentions.iter().filter(|mention| mention.is_in_front_matter);
    front.find_map(|mention| match &mention.image {
        ImageMatch::Found(path) => Some(path.clone()),
        ImageMatch::Missing | ImageMatch::Ambiguous(_) => None,
    })
}

/// Returns the targets of a body whose images are elsewhere than the server looks for them, and a warning
/// if there are more than the server keeps.
pub(super) fn targets(
    path: &str,
    mentions: &[ImageMention],
) -> (BTreeMap<String, String>, Option<Diagnostic>) {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let in_body = mentions
        .iter()
        .filter(|mention| !mention.is_in_front_matter);
    let moved = in_body.filter_map(|mention| match &mention.image {
        ImageMatch::Found(found) => {
            let from_root = mention.written.trim_start_matches('/') == found;
            let from_folder = format!("{folder}/{}", mention.written) == *found;
            (!from_root && !from_folder).then(|| (mention.written.clone(), found.clone()))
        }
        ImageMatch::Missing | ImageMatch::Ambiguous(_) => None,
    });
    let mut targets = BTreeMap::new();
    let (mut length, mut left_out) = (0, 0);
    for (written, found) in moved {
        length += written.len() + found.len() + 8;
        if length <= MAX_TARGETS {
            targets.insert(written, found);
        } else {
            left_out += 1;
        }
    }
    let warning = (left_out > 0).then(|| {
        let reason = format!(
            "names too many images by other paths than theirs; readers do not see {left_out} of them"
        );
        Diagnostic::new("too_many_image_targets", reason)
    });
    (targets, warning)
}

fn diagnostic(warning: &RenderWarning, above: usize) -> Diagnostic {
    let what = match warning.kind {
        RenderWarningKind::Liquid => "is Liquid that is not supported, so readers see its source",
        RenderWarningKind::UnknownValue => "has no value, so it is left out",
        RenderWarningKind::UnknownTarget => {
            "refers to no file in this folder, so readers see its source"
        }
        RenderWarningKind::Shortcode => {
            "is a shortcode that is not supported, so readers see its source"
        }
        RenderWarningKind::Removed => "is removed, so readers do not see it",
    };
    let count = match warning.count {
        1 => String::new(),
        count => format!(" ({count} times)"),
    };
    let reason = format!("`{}` {what}{count}", one_line(&warning.construct));
    Diagnostic::new(warning.kind.code(), reason).at(above + warning.line)
}

/// Resolves the images and links of one file within the folder.
struct FolderTargets<'a> {
    settings: &'a ImportSettings,
    from: &'a str,
    /// The folder of the images that the front matter names.
    folder: Option<&'a str>,
}

impl FolderTargets<'_> {
    fn find_image(&self, written: &str) -> ImageMatch {
        let files = &self.settings.contents.files;
        let below = self.folder.map(|folder| {
            let (folder, path) = (
                folder.trim_end_matches('/'),
                written.trim_start_matches('/'),
            );
            files.find_image_at(&format!("{folder}/{path}"))
        });
        match below.flatten() {
            Some(found) => ImageMatch::Found(found),
            None => files.find_image(self.from, written),
        }
    }

    fn in_front_matter(&self, image: &FrontMatterImage, site: &SiteConfig) -> Option<ImageMention> {
        let evaluated = templates::evaluate(&image.path, Format::Html, site, &NoTargets).text;
        let written = site.local(evaluated.trim());
        (!written.is_empty() && !is_remote(written)).then(|| ImageMention {
            line: image.line,
            count: 1,
            written: written.to_owned(),
            alt: image.alt.as_deref().and_then(alt),
            image: self.find_image(written),
            is_in_front_matter: true,
        })
    }

    fn in_body(&self, reference: BodyReference, above: usize) -> ImageMention {
        let BodyReference {
            name,
            line,
            count,
            url,
            alt: text,
            ..
        } = reference;
        ImageMention {
            line: above + line,
            count,
            alt: text.as_deref().and_then(alt),
            image: url.map_or_else(|| self.find_image(&name), ImageMatch::Found),
            written: name,
            is_in_front_matter: false,
        }
    }
}

/// Resolves to paths in the folder: the URLs on the server are not known yet.
impl Targets for FolderTargets<'_> {
    fn image(&self, path: &str) -> Option<String> {
        match self.find_image(path) {
            ImageMatch::Found(found) if !is_remote(path) => Some(found),
            _ => None,
        }
    }

    fn post(&self, name: &str) -> Option<String> {
        let posts = &self.settings.contents.posts;
        posts.contains(&nfc(name)).then(|| name.to_owned())
    }

    fn file(&self, path: &str) -> Option<String> {
        let files = &self.settings.contents.files;
        if self.settings.rules.locate(self.from).is_some() {
            let mut paths = referenced_files(self.from, path).into_iter();
            return paths.find(|path| files.contains(path));
        }
        files.contains(path).then(|| path.to_owned())
    }
}

fn alt(text: &str) -> Option<String> {
    let line = one_line(text);
    let line = cut(&line, MAX_ALT);
    (!line.is_empty()).then(|| line.to_owned())
}
