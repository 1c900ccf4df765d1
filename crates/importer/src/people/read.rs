use tintero_markdown::{
    front_matter::{self, Entry, ImageKeys, Map, Meta, Value},
    jekyll::file_name::Format,
    targets::is_remote,
};

use super::{People, Person, Photo, named};
use crate::{
    finding::{Finding, Located},
    folder::Folder,
    text::{cut, one_line},
};

/// Most characters of a position.
const MAX_POSITION: usize = 120;
/// Most characters of a text about somebody.
const MAX_BIO: usize = 2000;

/// Keys that name a picture of somebody, the most telling first.
const PHOTO: [&str; 8] = [
    "image_profile",
    "photo",
    "avatar",
    "image",
    "picture",
    "profile_image",
    "img",
    "thumbnail",
];
const POSITION: [&str; 4] = ["position", "role", "job_title", "occupation"];
const BIO: [&str; 3] = ["bio", "description", "about"];
/// Keys that say what else somebody is called.
const CALLED: [&str; 6] = [
    "id",
    "short_name",
    "slug",
    "username",
    "login",
    "display_name",
];

/// The site's own data about authors, as themes read it.
const DATA: [&str; 3] = [
    "_data/authors.yml",
    "_data/authors.yaml",
    "_data/authors.json",
];

/// Everybody whom these files describe, and what could not be read.
pub(super) fn people(folder: &Folder, files: &[&str]) -> (People, Vec<Located>) {
    let (mut people, mut odd) = (People::default(), Vec::new());
    for path in files.iter().filter(|path| is_about_a_person(path)) {
        if let Err(finding) = of_collection(folder, path, &mut people) {
            odd.push(Located::new(*path, finding));
        }
    }
    for path in files.iter().filter(|path| DATA.contains(path)) {
        if let Err(finding) = of_data(folder, path, &mut people) {
            odd.push(Located::new(*path, finding));
        }
    }
    (people, odd)
}

fn is_about_a_person(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    path.starts_with("_authors/") && extension.and_then(Format::of_extension).is_some()
}

/// A file of the collection `_authors`. What stands below its front matter is about the person.
fn of_collection(folder: &Folder, path: &str, people: &mut People) -> Result<(), Finding> {
    let file = folder.read(path)?;
    let split = front_matter::split(&file)?;
    let map = match &split.block {
        Some(block) => front_matter::parse(block)?.map,
        None => Map::default(),
    };
    let stem = path.rsplit('/').next().unwrap_or(path);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let name = map
        .text("name")
        .or_else(|| map.text("title"))
        .unwrap_or(stem);
    let Some(mut person) = person(&map, name, path) else {
        return Err(Finding::new(
            "bad_name",
            "names nobody that can have a byline",
        ));
    };
    person.bio = person.bio.or_else(|| bio(split.body));
    people.add(person, called(&map).chain([stem.to_owned()]));
    Ok(())
}

/// A file of data: a map of ids, or a list.
fn of_data(folder: &Folder, path: &str, people: &mut People) -> Result<(), Finding> {
    let file = folder.read(path)?;
    let text = str::from_utf8(&file).map_err(|_| Finding::new("not_utf8", "is not UTF-8"))?;
    let text = text
        .trim_start_matches('\u{feff}')
        .trim_start_matches("---");
    if text.trim_start().starts_with(['-', '[']) {
        return of_list(text, path, people);
    }
    for Entry { key, value, .. } in front_matter::parse_yaml(text, 1)?.map.entries() {
        if let Value::Map(about) = value {
            add(people, about, Some(key), path);
        }
    }
    Ok(())
}

/// A list has no keys, so it is read as the value of one, above its first line.
fn of_list(text: &str, path: &str, people: &mut People) -> Result<(), Finding> {
    let list = format!("list:\n {}", text.replace('\n', "\n "));
    let map = front_matter::parse_yaml(&list, 0)?.map;
    if let Some(Value::List(items)) = map.get("list") {
        for item in items {
            if let Value::Map(about) = item {
                add(people, about, None, path);
            }
        }
    }
    Ok(())
}

fn add(people: &mut People, about: &Map, id: Option<&String>, path: &str) {
    let name = about.text("name").or_else(|| about.text("display_name"));
    let name = name.or(id.map(String::as_str)).unwrap_or_default();
    if let Some(person) = person(about, name, path) {
        people.add(person, called(about).chain(id.cloned()));
    }
}

fn called(map: &Map) -> impl Iterator<Item = String> {
    CALLED
        .iter()
        .filter_map(|key| map.text(key).map(str::to_owned))
}

/// The person that keys describe.
pub(super) fn person(map: &Map, name: &str, path: &str) -> Option<Person> {
    let (key, name) = named(name)?;
    let first = |keys: &[&str]| keys.iter().find_map(|key| map.text(key));
    let position = first(&POSITION).map(one_line);
    Some(Person {
        key,
        name,
        position: position
            .map(|text| cut(&text, MAX_POSITION).to_owned())
            .filter(|text| !text.is_empty()),
        bio: first(&BIO).and_then(bio),
        photo: photo(map, path),
    })
}

fn bio(text: &str) -> Option<String> {
    let is_fit = |letter: &char| !letter.is_control() || *letter == '\n';
    let text: String = text.replace("\r\n", "\n").chars().filter(is_fit).collect();
    let text = cut(text.trim(), MAX_BIO);
    (!text.is_empty()).then(|| text.to_owned())
}

fn photo(map: &Map, path: &str) -> Option<Photo> {
    let keys = ImageKeys::new(PHOTO.map(str::to_owned));
    let (meta, _) = Meta::read(map, &keys);
    let image = meta
        .images
        .into_iter()
        .find(|image| !is_remote(&image.path))?;
    Some(Photo {
        file: path.to_owned(),
        line: image.line,
        written: image.path,
    })
}
