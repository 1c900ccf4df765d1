use std::collections::BTreeSet;

use jiff::{Timestamp, tz::TimeZone};
use tintero_markdown::{front_matter::ImageKeys, jekyll::site::SiteConfig};

use super::JsonObject;
use crate::{
    bylines::{ProfileImage, SiteBylines},
    diagnostic::{Diagnostic, FileDiagnostic},
    error::ImportError,
    file_index::{FileIndex, ImageMatch},
    folder::Folder,
    text::{escape_control, nfc},
};

/// The settings that all files of an import share.
#[derive(Debug)]
pub(crate) struct ImportSettings {
    pub(crate) site: SiteConfig,
    /// The time zone of dates without one.
    pub(crate) zone: TimeZone,
    /// The language of posts without one.
    pub(crate) locale: Option<String>,
    /// The start of the import. Later dates are in the future.
    pub(crate) now: Timestamp,
    pub(crate) contents: SiteContents,
}

/// The largest `site` that the server keeps with a post, in bytes of JSON.
const MAX_SITE_VALUES: usize = 64 * 1024;

/// The `site` values that a rendering uses for every body.
const ADDRESSES: [&str; 2] = ["baseurl", "url"];

/// The parts of the folder that posts can refer to.
#[derive(Debug, Default)]
pub(crate) struct SiteContents {
    /// The keys of front matter that name an image, the most important first.
    pub(crate) image_keys: ImageKeys,
    pub(crate) files: FileIndex,
    /// The names of posts for `post_url`.
    pub(crate) posts: BTreeSet<String>,
    pub(crate) bylines: SiteBylines,
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

const CONFIG: [&str; 2] = ["_config.yml", "_config.yaml"];

impl ImportSettings {
    /// Reads the configuration of the site. Fails if the file or its time zone is invalid: every
    /// date and every old URL would be wrong.
    pub(crate) fn read(
        folder: &Folder,
        zone: Option<&TimeZone>,
        locale: Option<&str>,
        now: Timestamp,
        image_keys: ImageKeys,
    ) -> Result<Self, ImportError> {
        let mut contents = SiteContents::read(folder, image_keys);
        let site = match folder.read_any(&CONFIG) {
            Some((path, config)) => {
                let (site, warnings) = config
                    .and_then(|config| Ok(SiteConfig::read(&config)?))
                    .map_err(|diagnostic| invalid_config(path, &diagnostic))?;
                let warnings = warnings.into_iter().map(Diagnostic::from);
                let warnings = warnings.chain(too_large(&site));
                let warnings = warnings.map(|warning| FileDiagnostic::new(path, warning));
                contents.warnings.extend(warnings);
                site
            }
            None => SiteConfig::default(),
        };
        let zone = match (configured_zone(&site), zone) {
            (Some(Ok(configured)), _) => configured,
            (_, Some(zone)) => zone.clone(),
            (Some(Err(error)), None) => return Err(error),
            (None, None) => TimeZone::UTC,
        };
        Ok(Self {
            site,
            zone,
            locale: locale.map(str::to_owned),
            now,
            contents,
        })
    }

    /// The values of `site.*` to keep with a post. Without Liquid a body uses only those that tell
    /// addresses of the site from others.
    pub(crate) fn site_values(&self, body: &str) -> Option<JsonObject> {
        let mut values = self.site.values().to_json();
        if !["{{", "{%"].iter().any(|mark| body.contains(mark)) {
            values.retain(|name, _| ADDRESSES.contains(&name.as_str()));
        }
        (!values.is_empty() && too_large(&self.site).is_none()).then_some(values)
    }
}

/// Reports values that the server does not keep with the posts.
fn too_large(site: &SiteConfig) -> Option<Diagnostic> {
    let json = serde_json::to_string(&site.values().to_json());
    let length = json.map_or(usize::MAX, |json| json.len());
    (length > MAX_SITE_VALUES).then(|| {
        let limit = MAX_SITE_VALUES / 1024;
        let reason = format!(
            "has more than {limit} KiB of values, so posts are imported without `site.*` values"
        );
        Diagnostic::new("config_too_large", reason)
    })
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

fn invalid_config(path: &str, diagnostic: &Diagnostic) -> ImportError {
    let line = diagnostic
        .line
        .map_or_else(String::new, |line| format!(":{line}"));
    ImportError::new(format!("{path}{line}: {}", diagnostic.reason))
}
