use tintero_markdown::{
    front_matter::{
        self, FrontMatterError, ParsedYaml, Scalar, YamlEntry, YamlMap, YamlValue, parse_toml,
        parse_yaml,
    },
    generator::Generator,
    hugo::{HugoSite, config_files},
    jekyll::site::{GENERATOR, SiteConfig},
    zola::ZolaSite,
};

use super::SiteRules;
use crate::{
    diagnostic::{Diagnostic, FileDiagnostic},
    error::ImportError,
    folder::Folder,
    text::escape_control,
};

const JEKYLL_CONFIG: [&str; 3] = ["_config.yml", "_config.yaml", "_config.toml"];
const ZOLA_CONFIG: [&str; 2] = ["zola.toml", "config.toml"];

/// The rules and the values of a site.
#[derive(Debug, Default)]
pub(crate) struct SiteRead {
    pub(crate) rules: SiteRules,
    pub(crate) site: SiteConfig,
    pub(crate) warnings: Vec<FileDiagnostic>,
}

/// Reads the configuration of the folder by the rules of `wanted`, otherwise of the generator that its files
/// show.
pub(crate) fn read(
    folder: &Folder,
    paths: &[&str],
    wanted: Option<Generator>,
) -> Result<SiteRead, ImportError> {
    match wanted.unwrap_or_else(|| detected(folder, paths)) {
        Generator::Jekyll => jekyll(folder, paths),
        Generator::Hugo => hugo(folder, paths),
        Generator::Zola => zola(folder, paths),
    }
}

fn detected(folder: &Folder, paths: &[&str]) -> Generator {
    let is_jekyll = |path: &&str| {
        let mut folders = path.split('/').rev().skip(1);
        JEKYLL_CONFIG.contains(path) || folders.any(|name| matches!(name, "_posts" | "_drafts"))
    };
    if paths.iter().any(is_jekyll) {
        return Generator::Jekyll;
    }
    let has_content = paths.iter().any(|path| path.starts_with("content/"));
    if has_content && is_zola(folder, paths) {
        return Generator::Zola;
    }
    if has_content || !config_files(paths).is_empty() {
        return Generator::Hugo;
    }
    Generator::Jekyll
}

/// Whether the configuration is one of Zola, which needs a `base_url`.
fn is_zola(folder: &Folder, paths: &[&str]) -> bool {
    ZOLA_CONFIG
        .iter()
        .filter(|name| paths.contains(name))
        .any(|name| parse(folder, name).is_ok_and(|parsed| parsed.map.get("base_url").is_some()))
}

fn jekyll(folder: &Folder, paths: &[&str]) -> Result<SiteRead, ImportError> {
    let Some(path) = JEKYLL_CONFIG.iter().find(|name| paths.contains(name)) else {
        return Ok(SiteRead::default());
    };
    let ParsedYaml { map, warnings } = parse(folder, path)?;
    let warnings = warnings.into_iter().map(Diagnostic::from);
    Ok(SiteRead {
        site: SiteConfig::new(map),
        warnings: warnings
            .map(|warning| FileDiagnostic::new(*path, warning))
            .collect(),
        rules: SiteRules::Jekyll,
    })
}

fn hugo(folder: &Folder, paths: &[&str]) -> Result<SiteRead, ImportError> {
    let mut files = Vec::new();
    for (path, part) in config_files(paths) {
        files.push((part, parse(folder, path)?.map));
    }
    let mut hugo = HugoSite::new(files);
    let sections = paths.iter().filter(|path| {
        let page = hugo.locate(path);
        page.is_some_and(|page| page.is_section)
    });
    let (mut warnings, mut read) = (Vec::new(), Vec::new());
    for path in sections {
        match section(folder, path) {
            Ok(map) => read.push((*path, map)),
            Err(diagnostic) => warnings.push(FileDiagnostic::new(*path, diagnostic)),
        }
    }
    let is_below_section = |path: &&str| {
        let page = hugo.locate(path);
        page.is_some_and(|page| page.section().is_some() && !page.is_section)
    };
    if !paths.iter().any(is_below_section) {
        hugo.set_flat();
    }
    for (path, map) in read {
        hugo.add_section(path, &map);
    }
    Ok(SiteRead {
        site: SiteConfig::new(named(hugo.values(), Generator::Hugo)),
        rules: SiteRules::Hugo(Box::new(hugo)),
        warnings,
    })
}

fn zola(folder: &Folder, paths: &[&str]) -> Result<SiteRead, ImportError> {
    let path = ZOLA_CONFIG.iter().find(|name| paths.contains(name));
    let config = match path {
        Some(path) => parse(folder, path)?.map,
        None => YamlMap::default(),
    };
    let zola = ZolaSite::new(config);
    Ok(SiteRead {
        site: SiteConfig::new(named(zola.values(), Generator::Zola)),
        rules: SiteRules::Zola(Box::new(zola)),
        warnings: Vec::new(),
    })
}

/// Adds the generator to the values, so that the server evaluates the right templates.
fn named(mut values: YamlMap, generator: Generator) -> YamlMap {
    values.set(YamlEntry {
        key: GENERATOR.to_owned(),
        line: 0,
        value: YamlValue::Scalar(Scalar {
            text: generator.key().to_owned(),
            plain: false,
        }),
    });
    values
}

fn section(folder: &Folder, path: &str) -> Result<YamlMap, Diagnostic> {
    let file = folder.read(path)?;
    let split = front_matter::split(&file)?;
    Ok(match &split.block {
        Some(block) => front_matter::parse(block)?.map,
        None => YamlMap::default(),
    })
}

fn parse(folder: &Folder, path: &str) -> Result<ParsedYaml, ImportError> {
    let parsed = folder
        .read(path)
        .and_then(|bytes| Ok(parse_text(path, &bytes)?));
    parsed.map_err(|diagnostic| {
        let line = diagnostic
            .line
            .map_or_else(String::new, |line| format!(":{line}"));
        let path = escape_control(path);
        ImportError::new(format!("{path}{line}: {}", diagnostic.reason))
    })
}

/// Reads TOML, YAML or JSON.
fn parse_text(path: &str, bytes: &[u8]) -> Result<ParsedYaml, FrontMatterError> {
    let text = front_matter::decode(bytes)?;
    let text = text.trim_start_matches('\u{feff}');
    match path.rsplit_once('.') {
        Some((_, "toml")) => parse_toml(text, 1),
        // JSON is YAML, except for tabs between tokens.
        Some((_, "json")) => parse_yaml(&text.replace('\t', " "), 1),
        _ => parse_yaml(text, 1),
    }
}
