use std::collections::BTreeSet;

use jiff::{Timestamp, tz::TimeZone};
use tintero_markdown::{front_matter::ImageKeys, jekyll::site::Site};

use super::Members;
use crate::{
    finding::{Finding, Located, Refusal},
    folder::Folder,
    people::{People, Photo},
    text::{nfc, shown},
    tree::{Place, Tree},
};

/// What all files of an import have in common.
#[derive(Debug)]
pub(crate) struct Settings {
    /// What `_config.yml` says.
    pub(crate) site: Site,
    /// The zone of dates that name none.
    pub(crate) zone: TimeZone,
    /// The language of posts that name none.
    pub(crate) locale: Option<String>,
    /// The moment at which dates begin to lie in the future.
    pub(crate) now: Timestamp,
    /// What else there is that a post can name.
    pub(crate) around: Surroundings,
}

/// Largest values of a site that the server keeps with a post, in bytes of JSON.
const MAX_VALUES: usize = 64 * 1024;

impl Settings {
    /// The values of `site.*` that are kept with every post.
    pub(crate) fn kept_values(&self) -> Option<Members> {
        let values = self.site.values().to_json();
        let size = serde_json::to_string(&values).map_or(usize::MAX, |json| json.len());
        (!values.is_empty() && size <= MAX_VALUES).then_some(values)
    }
}

/// What lies around the posts.
#[derive(Debug, Default)]
pub(crate) struct Surroundings {
    /// The keys of front matter that name a picture, the most important first.
    pub(crate) image_keys: ImageKeys,
    /// The files of the folder.
    pub(crate) tree: Tree,
    /// The names by which `post_url` knows posts.
    pub(crate) posts: BTreeSet<String>,
    /// Who writes.
    pub(crate) people: People,
    /// What was odd about the files that tell of them.
    pub(crate) oddities: Vec<Located>,
}

impl Surroundings {
    pub(crate) fn read(folder: &Folder, image_keys: ImageKeys) -> Self {
        let tree = Tree::new(folder.files());
        let files: Vec<&str> = tree.files().collect();
        let (people, oddities) = People::of(folder, &files);
        let posts = files.iter().flat_map(|path| post_names(path)).collect();
        Self {
            image_keys,
            tree,
            posts,
            people,
            oddities,
        }
    }

    /// Where a picture of somebody is.
    pub(crate) fn photo(&self, photo: &Photo) -> Place {
        self.tree.lookup(&photo.file, &photo.written)
    }
}

/// What `post_url` can call a file: its path below `_posts` without extension, or its name alone.
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

impl Settings {
    /// Reads the site's configuration. A site whose time zone or URLs cannot be known is refused:
    /// every date and every old address would be wrong.
    pub(crate) fn read(
        folder: &Folder,
        zone: Option<&TimeZone>,
        locale: Option<&str>,
        now: Timestamp,
        image_keys: ImageKeys,
    ) -> Result<Self, Refusal> {
        let site = match folder.read_any(&CONFIG) {
            Some((path, Ok(config))) => {
                let (site, _) = Site::read(&config).map_err(|error| broken(path, &error.into()))?;
                site
            }
            Some((path, Err(finding))) => return Err(broken(path, &finding)),
            None => Site::default(),
        };
        let zone = own_zone(&site)
            .map(|named| named.or_else(|refusal| zone.cloned().ok_or(refusal)))
            .transpose()?
            .or_else(|| zone.cloned())
            .unwrap_or(TimeZone::UTC);
        Ok(Self {
            site,
            zone,
            locale: locale.map(str::to_owned),
            now,
            around: Surroundings::read(folder, image_keys),
        })
    }
}

fn own_zone(site: &Site) -> Option<Result<TimeZone, Refusal>> {
    let name = site.timezone()?;
    Some(TimeZone::get(name).map_err(|_| {
        Refusal::new(format!(
            "_config.yml: `timezone: {}` is the name of no time zone; correct it or give --time-zone",
            shown(name)
        ))
    }))
}

fn broken(path: &str, finding: &Finding) -> Refusal {
    let line = finding
        .line
        .map_or_else(String::new, |line| format!(":{line}"));
    Refusal::new(format!("{path}{line}: {}", finding.reason))
}
