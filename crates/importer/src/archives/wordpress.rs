use std::{
    collections::BTreeMap,
    io::{self, BufRead},
};

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use super::{
    paragraphs::with_paragraphs,
    site_writer::{ArchivePost, SiteWriter},
};

/// The largest text of one element, in bytes.
const MAX_TEXT: usize = 8 * 1024 * 1024;
/// The most posts, pages and attachments of a file.
const MAX_ITEMS: usize = 200_000;

/// Converts a WXR file.
///
/// Attachments can follow the posts that use them, so all items are read before the first is written.
pub(super) fn convert(file: impl BufRead, writer: &SiteWriter<'_>) -> io::Result<()> {
    let archive = Archive::read(file)?;
    let channel = |name: &str| archive.channel.get(name).map(String::as_str);
    let title = channel("title").unwrap_or_default();
    writer.config(title, archive.base_url(), channel("language"))?;
    for item in &archive.items {
        if let Some(post) = archive.post(item) {
            writer.post(&post)?;
        }
    }
    Ok(())
}

/// The elements of an item by their local names.
#[derive(Debug, Default)]
struct Item {
    texts: BTreeMap<String, String>,
    categories: Vec<String>,
    tags: Vec<String>,
    meta: BTreeMap<String, String>,
}

#[derive(Debug, Default)]
struct Archive {
    channel: BTreeMap<String, String>,
    /// Display names by login.
    authors: BTreeMap<String, String>,
    /// URLs of attachments by id.
    attachments: BTreeMap<String, String>,
    items: Vec<Item>,
}

impl Archive {
    fn read(file: impl BufRead) -> io::Result<Self> {
        let mut reader = ArchiveReader::default();
        let mut xml = Reader::from_reader(file);
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            let event = xml.read_event_into(&mut buffer);
            let event = event.map_err(|error| invalid(xml.error_position(), &error))?;
            match event {
                Event::Start(start) => reader.enter(&start),
                Event::End(end) => {
                    let name = String::from_utf8_lossy(end.local_name().as_ref()).into_owned();
                    reader.leave(&name)?;
                }
                Event::Text(text) => {
                    let text = text.xml_content(XmlVersion::Implicit1_0);
                    reader.add(&text.map_err(io::Error::other)?)?;
                }
                Event::CData(text) => {
                    let text = text.decode().map_err(io::Error::other)?;
                    reader.add(&text)?;
                }
                Event::GeneralRef(reference) => reader.add(&resolved(&reference))?,
                Event::Eof => break,
                _ => {}
            }
        }
        if !reader.is_wordpress {
            return Err(io::Error::other("is not an export of WordPress"));
        }
        Ok(reader.archive)
    }

    /// The URL of the blog without a slash at its end.
    fn base_url(&self) -> &str {
        let names = ["base_blog_url", "link"];
        let url = names.iter().find_map(|name| self.channel.get(*name));
        url.map_or("", |url| url.trim_end_matches('/'))
    }

    /// Returns a post or page. Other items are attachments, revisions or settings.
    fn post(&self, item: &Item) -> Option<ArchivePost> {
        let text = |name: &str| item.texts.get(name).map_or("", String::as_str);
        let is_page = text("post_type") == "page";
        let status = text("status");
        if !(is_page || text("post_type") == "post") || matches!(status, "trash" | "auto-draft") {
            return None;
        }
        let date = text("post_date_gmt");
        let has_date = !date.is_empty() && !date.starts_with("0000");
        let creator = text("creator");
        let author = self.authors.get(creator).map_or(creator, String::as_str);
        let image = item.meta.get("_thumbnail_id");
        let image = image.and_then(|id| self.attachments.get(id)).cloned();
        let permalink = text("link").strip_prefix(self.base_url());
        Some(ArchivePost {
            id: text("post_id").to_owned(),
            title: text("title").to_owned(),
            slug: text("post_name").to_owned(),
            date: has_date.then(|| format!("{date} +0000")),
            is_published: matches!(status, "publish" | "future"),
            is_page,
            // A URL with a query, such as `/?p=12`, is not a permalink.
            permalink: permalink
                .filter(|path| path.starts_with('/') && !path.contains('?'))
                .map(str::to_owned),
            categories: item.categories.clone(),
            tags: item.tags.clone(),
            authors: Some(author.to_owned())
                .filter(|author| !author.is_empty())
                .into_iter()
                .collect(),
            excerpt: Some(text("excerpt").trim().to_owned()),
            description: item.meta.get("_yoast_wpseo_metadesc").cloned(),
            image,
            html: with_paragraphs(text("encoded")),
        })
    }
}

fn invalid(position: u64, error: &quick_xml::Error) -> io::Error {
    io::Error::other(format!("is not valid XML at byte {position}: {error}"))
}

/// The text of a character reference or of one of the five entities of XML.
fn resolved(reference: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return letter.to_string();
    }
    let name = String::from_utf8_lossy(reference.as_ref()).into_owned();
    let known = quick_xml::escape::resolve_predefined_entity(&name);
    known.map_or_else(|| format!("&{name};"), str::to_owned)
}

/// Collects texts while elements open and close.
#[derive(Debug, Default)]
struct ArchiveReader {
    archive: Archive,
    is_wordpress: bool,
    /// The open elements.
    path: Vec<String>,
    text: String,
    item: Option<Item>,
    author: BTreeMap<String, String>,
    meta_key: String,
    /// The `domain` of the open category.
    domain: String,
}

impl ArchiveReader {
    fn enter(&mut self, start: &BytesStart<'_>) {
        let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
        match name.as_str() {
            "item" => self.item = Some(Item::default()),
            "author" => self.author.clear(),
            "category" => {
                let domain = start.try_get_attribute("domain").ok().flatten();
                self.domain = domain.map_or_else(String::new, |domain| {
                    String::from_utf8_lossy(&domain.value).into_owned()
                });
            }
            _ => {}
        }
        self.path.push(name);
        self.text.clear();
    }

    fn add(&mut self, text: &str) -> io::Result<()> {
        if self.text.len() + text.len() > MAX_TEXT {
            return Err(io::Error::other("has a text above 8 MiB"));
        }
        self.text.push_str(text);
        Ok(())
    }

    fn leave(&mut self, name: &str) -> io::Result<()> {
        let text = std::mem::take(&mut self.text);
        self.path.pop();
        let parent = self.path.last().map(String::as_str).unwrap_or_default();
        match (parent, name) {
            (_, "wxr_version") => self.is_wordpress = true,
            (_, "item") => self.end_item()?,
            (_, "author") => {
                let text = |name: &str| self.author.get(name).cloned().unwrap_or_default();
                let (login, name) = (text("author_login"), text("author_display_name"));
                self.archive.authors.insert(login, name);
            }
            ("author", name) => drop(self.author.insert(name.to_owned(), text)),
            ("postmeta", "meta_key") => self.meta_key = text,
            ("postmeta", "meta_value") => {
                let key = std::mem::take(&mut self.meta_key);
                if let Some(item) = &mut self.item {
                    item.meta.insert(key, text);
                }
            }
            ("item", "category") => {
                if let Some(item) = &mut self.item {
                    match self.domain.as_str() {
                        // The category of posts without one.
                        "category" if text != "Uncategorized" => item.categories.push(text),
                        "post_tag" => item.tags.push(text),
                        _ => {}
                    }
                }
            }
            ("item", "encoded") => {
                if let Some(item) = &mut self.item {
                    // The text comes before the excerpt; both have this local name.
                    let name = if item.texts.contains_key("encoded") {
                        "excerpt"
                    } else {
                        "encoded"
                    };
                    item.texts.insert(name.to_owned(), text);
                }
            }
            ("item", name) => {
                if let Some(item) = &mut self.item {
                    item.texts.insert(name.to_owned(), text);
                }
            }
            ("channel", name) => drop(self.archive.channel.insert(name.to_owned(), text)),
            _ => {}
        }
        Ok(())
    }

    fn end_item(&mut self) -> io::Result<()> {
        let Some(item) = self.item.take() else {
            return Ok(());
        };
        let get = |name: &str| item.texts.get(name).cloned().unwrap_or_default();
        if get("post_type") == "attachment" {
            let url = get("attachment_url");
            self.archive.attachments.insert(get("post_id"), url);
            return Ok(());
        }
        if self.archive.items.len() >= MAX_ITEMS {
            return Err(io::Error::other("has more than 200,000 items"));
        }
        self.archive.items.push(item);
        Ok(())
    }
}
