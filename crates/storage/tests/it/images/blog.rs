//! A blog whose images have names with spaces and accents, uploaded both ways to both kinds of stores.

use std::{cell::RefCell, collections::BTreeSet, sync::Arc};

use html5ever::{
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, Tag, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
    },
};
use tempfile::TempDir;
use tintero_domain::images::{ImageFile, ImageFileStore, Images};
use tintero_storage::image_files::FolderImageFileStore;
use tintero_test_s3::SECRET;

use super::{
    images_on, png,
    s3::Store,
    stopped::{directly, through_form},
    sweep::ready,
};
use crate::site::draft;

/// Number of images of the blog.
const IMAGES: u32 = 52;

/// The tags of a page.
#[derive(Default)]
struct Tags(RefCell<Vec<Tag>>);

impl TokenSink for Tags {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            TagToken(tag) => self.0.borrow_mut().push(tag),
            Token::ParseError(error) => panic!("{error}"),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// The addresses in `src` and `srcset` of the images of a page.
fn addresses(html: &str) -> Vec<String> {
    let tokenizer = Tokenizer::new(Tags::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    // The pages have no scripts, at which a tokenizer stops.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut found = Vec::new();
    for tag in tokenizer.sink.0.take() {
        if &*tag.name != "img" {
            continue;
        }
        for attribute in tag.attrs {
            match &*attribute.name.local {
                "src" => found.push(attribute.value.to_string()),
                "srcset" => found.extend(attribute.value.split(',').map(|candidate| {
                    let address = candidate.trim().split(' ').next();
                    address.unwrap().to_owned()
                })),
                _ => {}
            }
        }
    }
    found
}

/// Whether an address answers with bytes.
async fn answers(images: &Images, address: &str) -> bool {
    let Some(name) = address.strip_prefix("/media/") else {
        return false;
    };
    let Some((id, _)) = ImageFile::split_name(name) else {
        return false;
    };
    let file = images.get(id).await.unwrap().file;
    if let Some(rendition) = file.rendition_named(name) {
        images.open_rendition(&rendition).await.unwrap();
    } else if name != file.file_name() {
        return false;
    }
    let mut reader = images.open(&file, 0..file.bytes).await.unwrap();
    reader.next().await.unwrap().is_some()
}

fn source(n: u32) -> String {
    match n % 4 {
        0 => format!("assets/Vacaciones en Málaga/{n} año nuevo.png"),
        1 => format!("assets/ñandú ({n}).png"),
        2 => format!("assets/{n} – café & té.png"),
        _ => format!("assets/pin\u{303}a {n}.png"),
    }
}

async fn shows_a_blog(files: Arc<dyn ImageFileStore>) {
    let site = ready().await;
    let images = images_on(&site, files);
    let mut body = String::new();
    for n in 1..=IMAGES {
        let (file, path) = (png(330 + n), source(n));
        let uploaded = if n % 2 == 0 {
            directly(&images, file, &path).await
        } else {
            through_form(&images, file, &path).await
        };
        uploaded.unwrap();
        let encoded = path
            .replace('%', "%25")
            .replace(' ', "%20")
            .replace('(', "%28")
            .replace(')', "%29");
        body.extend([&format!("![Imagen {n}](/{encoded})"), "\n\n"]);
    }
    let mut new = draft("Blog");
    new.manuscript.body = body;
    let copy = site.create(new).await;
    site.publish(&copy).await.unwrap();
    let html = site.live("blog").await.html;
    let found = addresses(&html);
    let files: BTreeSet<_> = found
        .iter()
        .filter(|address| !address.contains(".webp"))
        .collect();
    assert_eq!(files.len(), usize::try_from(IMAGES).unwrap(), "{html}");
    for address in &found {
        assert!(answers(&images, address).await, "{address}");
    }
}

#[tokio::test]
async fn every_image_of_a_blog_answers_from_a_folder() {
    let root = TempDir::new().unwrap();
    shows_a_blog(Arc::new(FolderImageFileStore::open(root.path()).unwrap())).await;
}

#[tokio::test]
async fn every_image_of_a_blog_answers_from_a_bucket() {
    let bucket = Store::start();
    let (_home, files) = bucket.of("site", SECRET);
    shows_a_blog(Arc::new(files)).await;
}
