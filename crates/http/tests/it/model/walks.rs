//! Reads lists of posts to their end and compares them with the model.

use serde_json::{Value, json};

use super::{
    compare::agree,
    desk::Desk,
    operations::{Actor, Crash, LOCALES, Naming},
    query::{Facets, Query, Rows, Shown, Under},
    words::TAG_NAMES,
};
use crate::call::Answer;

/// The values of `status`.
pub(super) const STATUSES: [&str; 5] = ["draft", "scheduled", "published", "archived", "trashed"];

/// All published posts.
const PUBLIC: Rows = Rows::Public {
    after: None,
    before: None,
};

impl Desk {
    /// All lists with at most one filter.
    pub(super) fn compare_lists(&mut self, limit: usize) {
        let mut queries = vec![Query::of(PUBLIC)];
        let mut narrowed = |narrow: &dyn Fn(&mut Facets)| {
            let mut query = Query::of(PUBLIC);
            narrow(&mut query.facets);
            queries.push(query);
        };
        for locale in LOCALES {
            narrowed(&|facets| facets.locales = vec![locale]);
        }
        for tag in TAG_NAMES {
            narrowed(&|facets| facets.tags = vec![tag]);
        }
        for nth in 0..self.names.bylines.len() {
            narrowed(&|facets| facets.byline = Some(nth));
        }
        for nth in 0..self.world.tree.0.len() {
            let category = Naming::Id(nth);
            let under = Under {
                category,
                descendants: nth % 2 == 1,
            };
            narrowed(&|facets| facets.category = Some(under));
        }
        for status in STATUSES {
            for owner in [None, Some(Actor::Administrator), Some(Actor::Author)] {
                queries.push(Query::of(Rows::InStatus(status, owner)));
            }
        }
        queries.push(Query::of(Rows::Changed(None)));
        queries.push(Query::of(Rows::Planned(None)));
        for query in queries {
            self.compare_query(&query, limit, false);
        }
    }

    /// Compares one list. Operations can run between its pages and must not be visible.
    pub(super) fn compare_query(&mut self, query: &Query, limit: usize, busy: bool) {
        let mut parameters = query.parameters(&self.world, &self.names);
        let public = matches!(
            query.rows,
            Rows::Public { .. } | Rows::These { public: true, .. }
        );
        let certain = matches!(query.rows, Rows::These { .. });
        if certain && query.named(&self.world).is_empty() {
            return;
        }
        if !certain {
            parameters.push(("limit", limit.to_string()));
        }
        let parameters: Vec<_> = parameters
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let path = format!("/v1/posts?{}", parameters.join("&"));
        let Some(shown) = query.found(&self.world) else {
            assert_eq!(self.get(&path, !public).status, 404, "{path}");
            return;
        };
        let pages = self.walk(&path, !public, busy);
        let rows: Vec<_> = pages.iter().flat_map(Answer::rows).collect();
        agree(&path, &rows, &self.rows(&shown));
        if certain {
            let (Shown::Live(there) | Shown::Working(there)) = shown;
            let named = query.named(&self.world).into_iter();
            let missing = named.filter(|nth| !there.contains(nth));
            let missing: Vec<_> = missing.map(|nth| &self.names.posts[nth]).collect();
            assert_eq!(pages[0].body["missing"], json!(missing), "{path}");
        }
    }

    fn rows(&self, shown: &Shown) -> Vec<Value> {
        let (world, names) = (&self.world, &self.names);
        match shown {
            Shown::Live(nths) => {
                let listed = |nth: &usize| Some(names.live(world, *nth, world.listed(*nth)?));
                nths.iter().filter_map(listed).collect()
            }
            Shown::Working(nths) => nths.iter().map(|nth| names.working(world, *nth)).collect(),
        }
    }

    /// Reads a list page by page.
    pub(super) fn walk(&self, first: &str, signed: bool, busy: bool) -> Vec<Answer> {
        let (mut pages, mut path) = (Vec::new(), first.to_owned());
        loop {
            let page = self.get(&path, signed);
            assert_eq!(page.status, 200, "{path}: {}", page.text);
            let link = page.header("link").strip_suffix(">; rel=\"next\"");
            let next = link.and_then(|link| link.strip_prefix('<'));
            let next = next.map(str::to_owned);
            pages.push(page);
            match next {
                Some(next) => path = next,
                None => return pages,
            }
            if busy {
                // A process acquires the lease, moves a post, and crashes.
                self.work(
                    0,
                    Some(Crash {
                        nth: 3,
                        done: false,
                    }),
                );
            }
        }
    }
}

impl Query {
    pub(super) fn of(rows: Rows) -> Self {
        Self {
            rows,
            facets: Facets::default(),
        }
    }
}

impl Answer {
    /// The items of a page.
    pub(super) fn rows(&self) -> Vec<Value> {
        self.body["items"].as_array().cloned().unwrap_or_default()
    }
}
