use super::arguments::Arguments;
use super::html::{Tag, escaped, inline, link};

/// The HTML of a shortcode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Html {
    /// Elements that are paragraphs of their own.
    Block(String),
    /// Elements within a paragraph.
    Inline(String),
}

/// Returns the HTML of a shortcode without content, or `None` if it is not a known one or lacks an
/// argument.
pub(super) fn html(name: &str, arguments: &Arguments<'_>) -> Option<Html> {
    match name {
        "figure" => figure(arguments),
        "image" | "img" => image(arguments).map(Html::Inline),
        "youtube" => {
            let id = id(arguments)?;
            Some(player("https://www.youtube-nocookie.com/embed/", id))
        }
        "vimeo" | "vimeo_simple" => Some(player("https://player.vimeo.com/video/", id(arguments)?)),
        "gist" => gist(arguments),
        "tweet" | "twitter" | "x" | "twitter_simple" => tweet(arguments),
        "instagram" | "instagram_simple" => {
            let url = format!("https://www.instagram.com/p/{}/", id(arguments)?);
            Some(Html::Block(link(&url, &url)))
        }
        _ => None,
    }
}

/// Returns the start tags of a block with content, and the end tags. `None` for an unknown block.
pub(super) fn block(name: &str, arguments: &Arguments<'_>) -> Option<(String, &'static str)> {
    (name == "details").then(|| {
        let summary = arguments.get(&["summary"], 0).unwrap_or("Details");
        let is_open = arguments.named(&["open"]) == Some("true");
        let open = if is_open { " open" } else { "" };
        let start = format!("<details{open}><summary>{}</summary>", escaped(summary));
        (start, "</details>")
    })
}

/// The last word of an id or a URL.
fn id<'a>(arguments: &'a Arguments<'_>) -> Option<&'a str> {
    let id = arguments.get(&["id"], 0)?;
    let is_id = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    id.chars().all(is_id).then_some(id)
}

fn player(host: &str, id: &str) -> Html {
    let tag = Tag::new("iframe").with("src", Some(&format!("{host}{id}")));
    Html::Block(format!("{}</iframe>", tag.end()))
}

fn gist(arguments: &Arguments<'_>) -> Option<Html> {
    let url = match (arguments.at(0), arguments.at(1)) {
        (Some(user), Some(id)) => format!("https://gist.github.com/{user}/{id}"),
        (one, _) => arguments.named(&["url"]).or(one)?.to_owned(),
    };
    let is_gist = url.starts_with("https://gist.github.com/");
    is_gist.then(|| Html::Block(link(&url, &url)))
}

fn tweet(arguments: &Arguments<'_>) -> Option<Html> {
    let id = arguments.get(&["id"], 0)?;
    let user = arguments.named(&["user"]).unwrap_or("i");
    let is_number = id.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| {
        let url = format!("https://twitter.com/{user}/status/{id}");
        Html::Block(link(&url, &url))
    })
}

fn image(arguments: &Arguments<'_>) -> Option<String> {
    let source = arguments.get(&["src", "path", "url", "link"], 0)?;
    let tag = Tag::new("img")
        .with("src", Some(source))
        .with(
            "alt",
            Some(arguments.named(&["alt", "title"]).unwrap_or("")),
        )
        .with("title", arguments.named(&["title"]));
    Some(tag.end())
}

fn figure(arguments: &Arguments<'_>) -> Option<Html> {
    let source = arguments.get(&["src", "path"], 0)?;
    let [title, caption, attribution] =
        [["title"], ["caption"], ["attr"]].map(|names| arguments.named(&names));
    let alt = arguments.named(&["alt"]).or(caption).unwrap_or("");
    let image = Tag::new("img")
        .with("src", Some(source))
        .with("alt", Some(alt))
        .end();
    let image = match arguments.named(&["link"]) {
        Some(target) => {
            let tag = Tag::new("a").with("href", Some(target)).end();
            format!("{tag}{image}</a>")
        }
        None => image,
    };
    let mut text = title.map_or_else(String::new, |title| {
        format!("<strong>{}</strong> ", inline(title))
    });
    text.push_str(&caption.map_or_else(String::new, inline));
    if let Some(attribution) = attribution {
        let shown = match arguments.named(&["attrlink"]) {
            Some(url) => link(url, attribution),
            None => inline(attribution),
        };
        text.push(' ');
        text.push_str(&shown);
    }
    let text = text.trim();
    let caption = if text.is_empty() {
        String::new()
    } else {
        format!("<figcaption>{text}</figcaption>")
    };
    Some(Html::Block(format!("<figure>{image}{caption}</figure>")))
}
