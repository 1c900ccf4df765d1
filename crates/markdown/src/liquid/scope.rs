use std::collections::BTreeMap;

use super::result::{Failure, LiquidResult};
use super::value::LiquidValue;
use crate::budget::Budget;
use crate::front_matter::YamlValue;
use crate::jekyll::site::SiteConfig;

/// The lists that the generator makes from all files of the site.
const GENERATED: [&str; 13] = [
    "categories",
    "collections",
    "docs_to_write",
    "documents",
    "html_files",
    "html_pages",
    "pages",
    "posts",
    "related_posts",
    "static_files",
    "tags",
    "time",
    "drafts",
];

/// The variables that an expression can use.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    pub(super) site: &'a SiteConfig,
    pub(super) budget: &'a Budget,
    assigned: BTreeMap<String, LiquidValue<'a>>,
    /// The variables of the open loops and snippets, the innermost last.
    local: Vec<(String, LiquidValue<'a>)>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(site: &'a SiteConfig, budget: &'a Budget) -> Self {
        Self {
            site,
            budget,
            assigned: BTreeMap::new(),
            local: Vec::new(),
        }
    }

    pub(super) fn assign(&mut self, name: &str, value: LiquidValue<'a>) {
        self.assigned.insert(name.to_owned(), value);
    }

    pub(super) fn enter(&mut self, name: &str, value: LiquidValue<'a>) {
        self.local.push((name.to_owned(), value));
    }

    pub(super) fn leave(&mut self) {
        self.local.pop();
    }

    /// Whether the body can show this variable: a text such as `{{ x }}` can be about another language.
    pub(super) fn is_variable(&self, name: &str) -> bool {
        matches!(
            name,
            "site" | "page" | "include" | "jekyll" | "layout" | "nil" | "true" | "false"
        ) || self.variable(name).is_some()
    }

    fn variable(&self, name: &str) -> Option<&LiquidValue<'a>> {
        let local = self.local.iter().rev().find(|(other, _)| other == name);
        local
            .map(|(_, value)| value)
            .or_else(|| self.assigned.get(name))
    }

    /// The value of the first name of a path.
    pub(super) fn root(&self, name: &str) -> LiquidResult<LiquidValue<'a>> {
        self.budget.spend(1 + self.local.len())?;
        if let Some(value) = self.variable(name) {
            return Ok(value.clone());
        }
        Ok(match name {
            "site" => LiquidValue::Map(self.site.values()),
            "page" => LiquidValue::Map(self.site.page()),
            "jekyll" => LiquidValue::Fields(
                BTreeMap::from([("environment".to_owned(), LiquidValue::text("production"))])
                    .into(),
            ),
            "content" | "paginator" => return Err(Failure::Unsupported),
            _ => LiquidValue::Nil,
        })
    }

    pub(super) fn site_value(&self, key: &str) -> LiquidValue<'a> {
        match key {
            "url" => LiquidValue::text(self.site.url()),
            "baseurl" => LiquidValue::text(self.site.base_url()),
            _ if self.is_generated(key) => LiquidValue::Unknown,
            _ => match LiquidValue::Map(self.site.values()).get(key) {
                LiquidValue::Nil if key == "data" => LiquidValue::Unknown,
                value => value,
            },
        }
    }

    fn is_generated(&self, key: &str) -> bool {
        let is_collection = match self.site.values().get("collections") {
            Some(YamlValue::Map(map)) => map.get(key).is_some(),
            Some(YamlValue::List(items)) => items.iter().any(|item| item.text() == Some(key)),
            _ => false,
        };
        GENERATED.contains(&key) || is_collection
    }
}
