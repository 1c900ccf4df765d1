//! The command-line arguments of an import. Only this module reads environment variables.

use std::{fmt, path::PathBuf, str::FromStr};

use jiff::tz::TimeZone;
use reqwest::{Url, header::HeaderValue};
use tintero_markdown::{front_matter::ImageKeys, generator::Generator};

/// Arguments of `tintero import`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Folder of a Jekyll, Hugo or Zola site, or an export file of WordPress (.xml) or Ghost (.json)
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Server and token
    #[command(flatten)]
    pub server: ServerArgs,
    /// Print the plan without changing anything
    #[arg(long)]
    pub dry_run: bool,
    /// Treat warnings as failures (exit code 1)
    #[arg(long)]
    pub strict: bool,
    /// Write the report as JSON to this file
    #[arg(long, value_name = "FILE.json")]
    pub report: Option<PathBuf>,
    /// Name of the import, by which later runs find its posts; default: the name of the folder
    #[arg(long)]
    pub name: Option<String>,
    /// Language of posts without one, such as `es`; default: that of the server
    #[arg(long, value_name = "TAG")]
    pub locale: Option<String>,
    /// Time zone of dates without one, such as Europe/Madrid, if `_config.yml` has none; default: UTC
    #[arg(long, value_name = "ZONE", value_parser = time_zone)]
    pub time_zone: Option<TimeZone>,
    /// Generator of the site; default: the one that its configuration shows
    #[arg(long, value_name = "NAME")]
    pub generator: Option<GeneratorName>,
    /// Front matter key of an image, such as `cover` or `header.image`; repeatable, the most important
    /// first; replaces the default keys
    #[arg(long = "image-key", value_name = "KEY")]
    pub image_keys: Vec<String>,
    /// Print the report as JSON instead of tables
    #[arg(long)]
    pub json: bool,
}

impl Args {
    pub(crate) fn image_keys(&self) -> ImageKeys {
        if self.image_keys.is_empty() {
            ImageKeys::default()
        } else {
            ImageKeys::new(self.image_keys.iter().cloned())
        }
    }
}

/// The generators whose sites can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum GeneratorName {
    /// Jekyll
    Jekyll,
    /// Hugo
    Hugo,
    /// Zola
    Zola,
}

impl From<GeneratorName> for Generator {
    fn from(name: GeneratorName) -> Self {
        match name {
            GeneratorName::Jekyll => Self::Jekyll,
            GeneratorName::Hugo => Self::Hugo,
            GeneratorName::Zola => Self::Zola,
        }
    }
}

/// The server of an import or an export.
#[derive(Debug, Clone, clap::Args)]
pub struct ServerArgs {
    /// URL of the server, such as `https://blog.example.org`
    #[arg(long, value_name = "URL", value_parser = server_url)]
    pub url: Url,
    /// API key or access token
    #[arg(
        long,
        env = "TINTERO_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    pub token: Token,
}

/// An API key or an access token. Its `Debug` output does not contain it.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Returns the value of the `Authorization` header.
    pub(crate) fn authorization(&self) -> HeaderValue {
        let is_key = self.0.starts_with("tin_");
        let scheme = if is_key { "ApiKey" } else { "Bearer" };
        let mut value = HeaderValue::try_from(format!("{scheme} {}", self.0))
            .expect("a token consists of visible ASCII characters");
        value.set_sensitive(true);
        value
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl FromStr for Token {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("a token must consist of visible ASCII characters");
        }
        Ok(Self(text.to_owned()))
    }
}

fn server_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text)
        .map_err(|error| format!("{error}; use a URL such as http://127.0.0.1:8080"))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("the URL must begin with http:// or https://".to_owned());
    }
    if !url.username().is_empty()
        || url.password().is_some()
        || url.query().is_some()
        || url.fragment().is_some()
    {
        return Err("the URL must not contain credentials, a query or a fragment".to_owned());
    }
    Ok(url)
}

fn time_zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name)
        .map_err(|_| "unknown time zone; use a name such as Europe/Madrid".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct TestCli {
        #[command(flatten)]
        args: Args,
    }

    fn parse(more: &[&str]) -> Result<Args, clap::Error> {
        let line = [&["import", "blog", "--token", "s3cret"], more].concat();
        TestCli::try_parse_from(line).map(|line| line.args)
    }

    #[test]
    fn debug_output_does_not_contain_the_token() {
        let args = parse(&["--url", "http://127.0.0.1:8080"]).unwrap();
        assert!(!format!("{args:?}").contains("s3cret"));
    }

    #[test]
    fn api_keys_and_access_tokens_have_their_own_schemes() {
        let sent = |token: &str| token.parse::<Token>().unwrap().authorization();
        assert_eq!(sent(" tin_7_x "), "ApiKey tin_7_x");
        assert_eq!(sent("eyJ0.e30.c2ln"), "Bearer eyJ0.e30.c2ln");
        assert!(!format!("{:?}", sent("s3cret")).contains("s3cret"));
    }

    #[test]
    fn invalid_urls_and_time_zones_are_rejected() {
        for url in [
            "localhost:8080",
            "ftp://a",
            "http://u:p@a",
            "http://a/?x=1",
            "http://",
        ] {
            assert!(parse(&["--url", url]).is_err(), "{url}");
        }
        assert!(parse(&["--url", "http://a", "--time-zone", "Europe/Nowhere"]).is_err());
        assert!(parse(&["--url", "http://a", "--time-zone", "Europe/Madrid"]).is_ok());
    }
}
