use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;
use tintero_markdown::{
    front_matter::ImageKeys,
    generator::Generator,
    jekyll::site::{IMAGE_TARGETS, SiteConfig},
};

use super::{JsonObject, parsed_file::language_tag};
use crate::{
    bylines::{ProfileImage, SiteBylines},
    diagnostic::{Diagnostic, FileDiagnostic},
    error::ImportError,
    file_index::{FileIndex, ImageMatch},
    folder::Folder,
    rules::{self, SiteRead, SiteRules},
    site_files::SiteFiles,
    text::{escape_control, nfc},
};

/// The settings that all files of an import share.
#[derive(Debug)]
pub(crate) struct ImportSettings {
    pub(crate) rules: SiteRules,
    pub(crate) site: SiteConfig,
    /// The time zone of dates without one.
    pub(crate) zone: TimeZone,
    /// The language of posts without one.
    pub(crate) locale: Option<String>,
    /// The start of the import. Later dates are in the future.
    pub(crate) now: Timestamp,
    pub(crate) contents: SiteContents,
}

/// The parts of the folder that posts can refer to.
#[derive(Debug, Default)]
pub(crate) struct SiteContents {
    /// The keys of front matter that name an image, the most important first.
    pub(crate) image_keys: ImageKeys,
    pub(crate) files: FileIndex,
    /// The names of posts for `post_url`.
    pub(crate) posts: BTreeSet<String>,
    pub(crate) bylines: SiteBylines,
    pub(crate) site_files: SiteFiles,
    /// Warnings about the configuration, author files and unreadable entries.
    pub(crate) warnings: Vec<FileDiagnostic>,
}

impl SiteContents {
    pub(crate) fn read(folder: &Folder, image_keys: ImageKeys) -> Self {
        let (files, mut warnings) = folder.all_files();
        let index = FileIndex::new(files);
        let paths: Vec<&str> = index.paths().collect();
        let (bylines, unreadable) = SiteBylines::read(folder, &paths);
        warnings.extend(unreadable);
        let posts = paths.iter().flat_map(|path| post_names(path)).collect();
        Self {
            image_keys,
            posts,
            bylines,
            site_files: SiteFiles::default(),
            warnings,
            files: index,
        }
    }

    pub(crate) fn find_profile_image(&self, image: &ProfileImage) -> ImageMatch {
        self.files.find_image(&image.file, &image.written)
    }
}

/// The names of a post for `post_url`: its path below `_posts` without extension, or its base name.
fn post_names(path: &str) -> Vec<String> {
    let below = match path.rsplit_once("_posts/") {
        Some((above, below)) if above.is_empty() || above.ends_with('/') => below,
        _ => return Vec::new(),
    };
    let stem = below.rsplit_once('.').map_or(below, |(stem, _)| stem);
    let base = stem.rsplit('/').next().unwrap_or(stem);
    vec![nfc(stem), nfc(base)]
}

impl ImportSettings {
    /// Reads the configuration of the site. Fails if the file or its time zone is invalid: every
    /// date and every old URL would be wrong.
    pub(crate) fn read(
        folder: &Folder,
        zone: Option<&TimeZone>,
        locale: Option<&str>,
        now: Timestamp,
        image_keys: ImageKeys,
        generator: Option<Generator>,
    ) -> Result<Self, ImportError> {
        let mut contents = SiteContents::read(folder, image_keys);
        let paths: Vec<&str> = contents.files.paths().collect();
        let SiteRead {
            rules,
            site,
            warnings,
        } = rules::read(folder, &paths, generator)?;
        let (site_files, unreadable) = SiteFiles::read(folder, &paths, &site);
        contents.site_files = site_files;
        contents.image_keys = match rules {
            SiteRules::Jekyll => contents.image_keys,
            SiteRules::Hugo(_) => contents.image_keys.also_within("params"),
            SiteRules::Zola(_) => contents.image_keys.also_within("extra"),
        };
        contents.warnings.extend(warnings);
        contents.warnings.extend(unreadable);
        let zone = match (configured_zone(&site), zone) {
            (Some(Ok(configured)), _) => configured,
            (_, Some(zone)) => zone.clone(),
            (Some(Err(error)), None) => return Err(error),
            (None, None) => TimeZone::UTC,
        };
        Ok(Self {
            locale: locale.map(str::to_owned).or_else(|| site_language(&site)),
            rules,
            site,
            zone,
            now,
            contents,
        })
    }

    /// The values of `site.*` that a body needs, as the server keeps them with the post.
    pub(crate) fn site_for(&self, body: &str) -> (SiteConfig, Option<Diagnostic>) {
        self.contents.site_files.values_for(&self.site, body)
    }

    /// The values to send with a post: those that its body needs, and the images that the server cannot
    /// find by their written targets.
    pub(crate) fn site_values(
        &self,
        body: &str,
        image_targets: &BTreeMap<String, String>,
    ) -> Option<JsonObject> {
        let mut values = self.site_for(body).0.values().to_json();
        if !image_targets.is_empty() {
            values.insert(IMAGE_TARGETS.to_owned(), json!(image_targets));
        }
        (!values.is_empty()).then_some(values)
    }
}

/// The language of the site, if it is a language tag.
fn site_language(site: &SiteConfig) -> Option<String> {
    let keys = ["lang", "locale", "default_lang"];
    let written = keys.iter().find_map(|key| site.values().text(key))?;
    // Themes also write `es_ES.UTF-8`.
    language_tag(written.split('.').next().unwrap_or_default())
}

fn configured_zone(site: &SiteConfig) -> Option<Result<TimeZone, ImportError>> {
    let name = site.timezone()?;
    Some(TimeZone::get(name).map_err(|_| {
        ImportError::new(format!(
            "_config.yml: `timezone: {}` is not a time zone; correct it or set --time-zone",
            escape_control(name)
        ))
    }))
}
