use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, TryStreamExt, stream};
use serde::Serialize;

use super::{CONCURRENCY, Importer, RemoteIds};
use crate::{
    api::ApiError,
    bylines::BylineProfile,
    diagnostic::Diagnostic,
    error::ImportError,
    file_index::{ImageMatch, SourceImage},
    post::{ImageMention, ParsedPost},
    progress::ProgressDisplay,
};

/// The server accepts 25 MiB, which includes some bytes of the form around the file.
const MAX_BYTES: u64 = 25 * 1024 * 1024 - 4096;

/// The images that posts and bylines refer to.
#[derive(Debug, Default)]
pub(crate) struct PlannedImages {
    /// The images of the folder, each once, in the order of their first mention.
    pub(crate) images: Vec<PlannedImage>,
    /// The number of mentions with an image in the folder.
    pub(crate) resolved: usize,
    pub(crate) unresolved: Vec<UnresolvedImage>,
    /// The number of images in the folder without a mention.
    pub(crate) unreferenced: usize,
    /// Indexes of `images` by `source_path`.
    indexes: BTreeMap<String, usize>,
}

/// An image and its state on the server.
#[derive(Debug, Clone)]
pub(crate) struct PlannedImage {
    pub(crate) source: SourceImage,
    /// The alternative text of the first mention that has one.
    pub(crate) alt: Option<String>,
    pub(crate) state: ImageState,
}

/// The state of an image of the folder on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ImageState {
    /// Not on the server.
    New,
    /// On the server, with this id.
    Unchanged(String),
    /// The server has another image with this id from the same path.
    Changed(String),
    /// Exceeds a limit of the server.
    Invalid(Diagnostic),
}

/// A mention of an image that is not in the folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct UnresolvedImage {
    /// The file with the mention.
    pub(crate) path: String,
    pub(crate) line: usize,
    /// The mentioned path, after its Liquid is evaluated.
    pub(crate) image: String,
    pub(crate) count: usize,
    /// The images that match, if there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) candidates: Vec<String>,
}

impl Importer {
    /// Collects every mentioned image and compares it with the server.
    pub(super) async fn plan_images<'a>(
        &'a self,
        posts: impl Iterator<Item = (&'a str, &'a ParsedPost)>,
        ids: &mut RemoteIds,
        progress: &ProgressDisplay,
    ) -> Result<PlannedImages, ImportError> {
        let mut planned = self.mentioned_images(posts);
        progress.begin("Images", planned.images.len());
        let images = planned.images.iter();
        let states: Vec<_> = images
            .map(|image| self.image_state(&image.source))
            .collect();
        let states = stream::iter(states).buffered(CONCURRENCY);
        let states = states.inspect_ok(|_| progress.advance()).try_collect();
        let states: Vec<ImageState> = states.await?;
        progress.end();
        for (image, state) in planned.images.iter_mut().zip(states) {
            let path = &image.source.source_path;
            match &state {
                ImageState::Unchanged(id) | ImageState::Changed(id) => ids.add_image(path, id),
                ImageState::Invalid(_) => ids.exclude_image(path),
                ImageState::New => {}
            }
            image.state = state;
        }
        Ok(planned)
    }

    fn mentioned_images<'a>(
        &'a self,
        posts: impl Iterator<Item = (&'a str, &'a ParsedPost)>,
    ) -> PlannedImages {
        let contents = &self.reader.settings.contents;
        let mut planned = PlannedImages::default();
        let mut add = |path: &str, mention: &ImageMention| {
            let found = planned.count(path, mention);
            if let Some(image) = found.and_then(|found| contents.files.image(found)) {
                planned.add(image, mention.alt.as_ref());
            }
        };
        let mut profiles: Vec<&BylineProfile> = contents.bylines.all().iter().collect();
        for (path, post) in posts {
            for mention in &post.images {
                add(path, mention);
            }
            profiles.extend(&post.bylines);
        }
        let mut seen = BTreeSet::new();
        profiles.retain(|profile| seen.insert(profile.key.as_str()));
        for profile in profiles {
            if let Some(image) = &profile.image {
                let mention = ImageMention {
                    line: image.line,
                    count: 1,
                    written: image.written.clone(),
                    alt: Some(profile.name.clone()),
                    image: contents.find_profile_image(image),
                    is_in_front_matter: true,
                };
                add(&image.file, &mention);
            }
        }
        planned.unreferenced = contents.files.image_count() - planned.images.len();
        planned
    }

    async fn image_state(&self, image: &SourceImage) -> Result<ImageState, ImportError> {
        if let Some(diagnostic) = invalid(image) {
            return Ok(ImageState::Invalid(diagnostic));
        }
        let remote = match self.client.find_image(&image.source_path).await {
            Ok(Some(remote)) => remote,
            Ok(None) => return Ok(ImageState::New),
            Err(ApiError::Fatal(error)) => return Err(error),
            Err(error) => {
                let diagnostic = Diagnostic::new("refused", error.to_string());
                return Ok(ImageState::Invalid(diagnostic));
            }
        };
        Ok(match self.folder.digest(&image.path) {
            Ok(digest) if digest == remote.sha256 => ImageState::Unchanged(remote.id),
            Ok(_) => ImageState::Changed(remote.id),
            Err(diagnostic) => ImageState::Invalid(diagnostic),
        })
    }
}

/// Checks the limit of the server on the size.
fn invalid(image: &SourceImage) -> Option<Diagnostic> {
    (image.bytes > MAX_BYTES).then(|| {
        let limit = MAX_BYTES.div_ceil(1024 * 1024);
        Diagnostic::new(
            "too_large",
            format!("is larger than the limit of {limit} MiB"),
        )
    })
}

impl PlannedImages {
    /// Counts a mention. Returns the path of its image, if there is one.
    fn count<'a>(&mut self, path: &str, mention: &'a ImageMention) -> Option<&'a str> {
        let candidates = match &mention.image {
            ImageMatch::Found(found) => {
                self.resolved += mention.count;
                return Some(found);
            }
            ImageMatch::Missing => Vec::new(),
            ImageMatch::Ambiguous(several) => several.clone(),
        };
        self.unresolved.push(UnresolvedImage {
            path: path.to_owned(),
            line: mention.line,
            image: mention.written.clone(),
            count: mention.count,
            candidates,
        });
        None
    }

    fn add(&mut self, image: &SourceImage, alt: Option<&String>) {
        if let Some(index) = self.indexes.get(&image.source_path) {
            let first = &mut self.images[*index].alt;
            *first = first.take().or_else(|| alt.cloned());
            return;
        }
        let path = image.source_path.clone();
        self.indexes.insert(path, self.images.len());
        self.images.push(PlannedImage {
            source: image.clone(),
            alt: alt.cloned(),
            state: ImageState::New,
        });
    }

    /// Whether this image is on the server or is going to be uploaded.
    pub(super) fn will_exist(&self, source_path: &str) -> bool {
        self.indexes
            .get(source_path)
            .is_some_and(|index| !matches!(self.images[*index].state, ImageState::Invalid(_)))
    }
}
