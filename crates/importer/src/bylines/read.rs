use tintero_markdown::{
    front_matter::{self, ImageKeys, Meta, YamlEntry, YamlMap, YamlValue},
    jekyll::file_name::Format,
    targets::is_remote,
};

use super::{BylineProfile, ProfileImage, SiteBylines, key_and_name};
use crate::{
    diagnostic::{Diagnostic, FileDiagnostic},
    folder::Folder,
    text::{cut, one_line},
};

/// The longest position, in characters.
const MAX_POSITION: usize = 120;
/// The longest bio, in characters.
const MAX_BIO: usize = 2000;

/// The keys of a profile image, the most specific first.
const IMAGE_KEYS: [&str; 8] = [
    "image_profile",
    "photo",
    "avatar",
    "image",
    "picture",
    "profile_image",
    "img",
    "thumbnail",
];
const POSITION_KEYS: [&str; 4] = ["position", "role", "job_title", "occupation"];
const BIO_KEYS: [&str; 3] = ["bio", "description", "about"];
/// The keys of other names of an author.
const NAME_KEYS: [&str; 6] = [
    "id",
    "short_name",
    "slug",
    "username",
    "login",
    "display_name",
];

/// The data files that themes read authors from.
const DATA_FILES: [&str; 3] = [
    "_data/authors.yml",
    "_data/authors.yaml",
    "_data/authors.json",
];

/// Reads all author files. Returns a diagnostic for each file that cannot be read.
pub(super) fn read_all(folder: &Folder, files: &[&str]) -> (SiteBylines, Vec<FileDiagnostic>) {
    let (mut bylines, mut diagnostics) = (SiteBylines::default(), Vec::new());
    for path in files.iter().filter(|path| is_author_file(path)) {
        if let Err(diagnostic) = read_author_file(folder, path, &mut bylines) {
            diagnostics.push(FileDiagnostic::new(*path, diagnostic));
        }
    }
    for path in files.iter().filter(|path| DATA_FILES.contains(path)) {
        if let Err(diagnostic) = read_data_file(folder, path, &mut bylines) {
            diagnostics.push(FileDiagnostic::new(*path, diagnostic));
        }
    }
    (bylines, diagnostics)
}

fn is_author_file(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    path.starts_with("_authors/") && extension.and_then(Format::of_extension).is_some()
}

/// Reads a file of the collection `_authors`. Its body is the bio, unless the front matter has one.
fn read_author_file(
    folder: &Folder,
    path: &str,
    bylines: &mut SiteBylines,
) -> Result<(), Diagnostic> {
    let file = folder.read(path)?;
    let split = front_matter::split(&file)?;
    let map = match &split.block {
        Some(block) => front_matter::parse(block)?.map,
        None => YamlMap::default(),
    };
    let stem = path.rsplit('/').next().unwrap_or(path);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let name = map
        .text("name")
        .or_else(|| map.text("title"))
        .unwrap_or(stem);
    let Some(mut profile) = profile(&map, name, path) else {
        return Err(Diagnostic::new(
            "bad_name",
            "has no valid name for a byline",
        ));
    };
    profile.bio = profile.bio.or_else(|| bio(split.body));
    bylines.add(profile, names(&map).chain([stem.to_owned()]));
    Ok(())
}

/// Reads a data file: a map by id, or a list.
fn read_data_file(
    folder: &Folder,
    path: &str,
    bylines: &mut SiteBylines,
) -> Result<(), Diagnostic> {
    let file = folder.read(path)?;
    let text = str::from_utf8(&file).map_err(|_| Diagnostic::new("not_utf8", "is not UTF-8"))?;
    let text = text
        .trim_start_matches('\u{feff}')
        .trim_start_matches("---");
    if text.trim_start().starts_with(['-', '[']) {
        return read_list(text, path, bylines);
    }
    for YamlEntry { key, value, .. } in front_matter::parse_yaml(text, 1)?.map.entries() {
        if let YamlValue::Map(details) = value {
            add(bylines, details, Some(key), path);
        }
    }
    Ok(())
}

/// The parser expects keys, so this reads the list as the value of a key on line 0.
fn read_list(text: &str, path: &str, bylines: &mut SiteBylines) -> Result<(), Diagnostic> {
    let list = format!("list:\n {}", text.replace('\n', "\n "));
    let map = front_matter::parse_yaml(&list, 0)?.map;
    if let Some(YamlValue::List(items)) = map.get("list") {
        for item in items {
            if let YamlValue::Map(details) = item {
                add(bylines, details, None, path);
            }
        }
    }
    Ok(())
}

fn add(bylines: &mut SiteBylines, details: &YamlMap, id: Option<&String>, path: &str) {
    let name = details
        .text("name")
        .or_else(|| details.text("display_name"));
    let name = name.or(id.map(String::as_str)).unwrap_or_default();
    if let Some(profile) = profile(details, name, path) {
        bylines.add(profile, names(details).chain(id.cloned()));
    }
}

fn names(map: &YamlMap) -> impl Iterator<Item = String> {
    NAME_KEYS
        .iter()
        .filter_map(|key| map.text(key).map(str::to_owned))
}

/// Reads a profile. Returns `None` if the name is invalid.
pub(super) fn profile(map: &YamlMap, name: &str, path: &str) -> Option<BylineProfile> {
    let (key, name) = key_and_name(name)?;
    let first = |keys: &[&str]| keys.iter().find_map(|key| map.text(key));
    let position = first(&POSITION_KEYS).map(one_line);
    Some(BylineProfile {
        key,
        name,
        position: position
            .map(|text| cut(&text, MAX_POSITION).to_owned())
            .filter(|text| !text.is_empty()),
        bio: first(&BIO_KEYS).and_then(bio),
        image: image(map, path),
    })
}

fn bio(text: &str) -> Option<String> {
    let is_kept = |letter: &char| !letter.is_control() || *letter == '\n';
    let text: String = text.replace("\r\n", "\n").chars().filter(is_kept).collect();
    let text = cut(text.trim(), MAX_BIO);
    (!text.is_empty()).then(|| text.to_owned())
}

fn image(map: &YamlMap, path: &str) -> Option<ProfileImage> {
    let keys = ImageKeys::new(IMAGE_KEYS.map(str::to_owned));
    let (meta, _) = Meta::read(map, &keys);
    let image = meta
        .images
        .into_iter()
        .find(|image| !is_remote(&image.path))?;
    Some(ProfileImage {
        file: path.to_owned(),
        line: image.line,
        written: image.path,
    })
}
