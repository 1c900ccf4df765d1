use tintero_markdown::{
    front_matter::{Image, Split},
    jekyll::{file_name::Format, site::Site},
    liquid, render,
    report::{Flag, FlagKind, Reference, ReferenceKind},
    targets::{NoTargets, Targets, is_remote},
};

use super::{Settings, sheet::Sheet};
use crate::{
    finding::Finding,
    text::{cut, nfc, one_line},
    tree::Place,
};

/// Most characters of an alternative text.
const MAX_ALT: usize = 500;

/// A picture of the site that a file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    /// The line of the file on which it is named first.
    pub(crate) line: usize,
    /// How often the file names it so.
    pub(crate) count: usize,
    /// The path, as it reads once its Liquid is evaluated.
    pub(crate) written: String,
    /// What stands for it where it cannot be seen.
    pub(crate) alt: Option<String>,
    /// What it leads to.
    pub(crate) place: Place,
    /// Whether it is named as a picture of the whole post, before its text.
    pub(crate) is_front: bool,
}

/// The pictures that a file names, those of its front matter first and in the order of their keys;
/// and what of its Liquid readers will not see as it was meant.
pub(super) fn of(sheet: &Sheet<'_>, split: &Split<'_>) -> (Vec<Mention>, Vec<Finding>) {
    let settings = &sheet.reader.settings;
    let site = settings.site.with_page(sheet.map.clone());
    let lookups = Lookups {
        settings,
        from: sheet.path,
    };
    let rendered = match sheet.name.format() {
        Some(Format::Html) => render::render_html(split.body, &site, &lookups),
        _ => render::render(split.body, &site, &lookups),
    };
    let above = split.head.matches('\n').count();
    let images = sheet.meta.images.iter();
    let mut mentions: Vec<Mention> = images
        .filter_map(|image| lookups.front(image, &site))
        .collect();
    for reference in rendered.references {
        if reference.kind == ReferenceKind::Image {
            mentions.push(lookups.in_text(reference, above));
        }
    }
    let flags = rendered.flags.iter().filter_map(|flag| doubt(flag, above));
    (mentions, flags.collect())
}

/// The picture that stands for the whole post: the first of its front matter that is there.
pub(super) fn featured(mentions: &[Mention]) -> Option<String> {
    let mut front = mentions.iter().filter(|mention| mention.is_front);
    front.find_map(|mention| match &mention.place {
        Place::Found(path) => Some(path.clone()),
        Place::Missing | Place::Ambiguous(_) => None,
    })
}

fn doubt(flag: &Flag, above: usize) -> Option<Finding> {
    let what = match flag.kind {
        FlagKind::Liquid => "is Liquid that is not evaluated, so readers see it as it is",
        FlagKind::UnknownValue => "has no value, so nothing stands in its place",
        FlagKind::UnknownTarget => "names nothing in this folder, so readers see it as it is",
        _ => return None,
    };
    let reason = format!("`{}` {what}", one_line(&flag.construct));
    Some(Finding::new(flag.kind.code(), reason).at(above + flag.line))
}

/// What the texts of one file lead to within the folder.
struct Lookups<'a> {
    settings: &'a Settings,
    from: &'a str,
}

impl Lookups<'_> {
    fn place(&self, written: &str) -> Place {
        self.settings.around.tree.lookup(self.from, written)
    }

    fn front(&self, image: &Image, site: &Site) -> Option<Mention> {
        let evaluated = liquid::evaluate(&image.path, Format::Html, site, &NoTargets).text;
        let written = site.local(evaluated.trim());
        (!written.is_empty() && !is_remote(written)).then(|| Mention {
            line: image.line,
            count: 1,
            written: written.to_owned(),
            alt: image.alt.as_deref().and_then(alt),
            place: self.place(written),
            is_front: true,
        })
    }

    fn in_text(&self, reference: Reference, above: usize) -> Mention {
        let Reference {
            name,
            line,
            count,
            url,
            alt: text,
            ..
        } = reference;
        Mention {
            line: above + line,
            count,
            alt: text.as_deref().and_then(alt),
            place: url.map_or_else(|| self.place(&name), Place::Found),
            written: name,
            is_front: false,
        }
    }
}

/// The paths in the folder stand for the addresses that the server will give.
impl Targets for Lookups<'_> {
    fn image(&self, path: &str) -> Option<String> {
        match self.place(path) {
            Place::Found(found) if !is_remote(path) => Some(found),
            _ => None,
        }
    }

    fn post(&self, name: &str) -> Option<String> {
        let posts = &self.settings.around.posts;
        posts.contains(&nfc(name)).then(|| name.to_owned())
    }

    fn file(&self, path: &str) -> Option<String> {
        let is_there = self.settings.around.tree.has(path);
        is_there.then(|| path.to_owned())
    }
}

fn alt(text: &str) -> Option<String> {
    let line = one_line(text);
    let line = cut(&line, MAX_ALT);
    (!line.is_empty()).then(|| line.to_owned())
}
