//! The visible state of a site as text.

use std::time::Duration;

use tintero_domain::{
    Error,
    access::Caller,
    accounts::{IdentityRule, UserQuery},
    freshness::Freshness,
    page::PageRequest,
    posts::{ChangesQuery, DeskFacet, PublicFacet, PublicLookup},
    values::{Locale, OldPath, Timestamp},
};

use super::{
    accounts::{bob, foreign_token, other_password},
    fixture::{Fixture, administrator},
    tokens::described,
};
use crate::{
    accounts::{ana, new_user, request, users},
    site::DAWN,
    taxonomy::categories,
};

impl Fixture {
    /// The state that readers, authors and operators see.
    pub(super) async fn view(&self) -> String {
        let tokens = self.token_items().await;
        let parts = [
            described(&tokens),
            Box::pin(self.sessions()).await,
            Box::pin(self.public()).await,
            Box::pin(self.site_log()).await,
            Box::pin(self.desk()).await,
            Box::pin(self.references()).await,
            Box::pin(self.operators()).await,
        ];
        self.restore_tokens(&tokens).await;
        parts.concat().join("\n")
    }

    /// The valid sessions of each user, on a server without cached users.
    async fn sessions(&self) -> Vec<String> {
        let (users, accounts) = users(&self.site);
        let caller = administrator();
        let (query, page) = (UserQuery::default(), PageRequest::default());
        let listed = users.list((&caller).into(), &query, &page).await;
        let mut seen = Vec::new();
        for user in listed.unwrap().items {
            let own = Caller {
                user_id: user.id,
                ..administrator()
            };
            let sessions = accounts.sessions(&own).await.unwrap();
            seen.push(format!("{} has {} sessions", user.email, sessions.len()));
        }
        seen
    }

    async fn public(&self) -> Vec<String> {
        let mut seen = Vec::new();
        for address in ["hola", "adios"] {
            seen.push(match self.site.public(address).await {
                Ok(PublicLookup::Found(copy)) => {
                    let (title, archived) = (&copy.summary.title, copy.archived);
                    let shows_it = copy.html.contains("/media/");
                    format!("{address}: {title} {archived} {shows_it} {}", copy.body)
                }
                Ok(PublicLookup::Moved(to)) => format!("{address} -> {}", to.slug),
                Err(Error::NotFound(_)) => format!("{address}: not found"),
                Err(Error::Gone(_)) => format!("{address}: gone"),
                Err(error) => panic!("{error}"),
            });
        }
        let locale: Locale = "es".parse().unwrap();
        for facet in [
            PublicFacet::Latest,
            PublicFacet::Locale(locale),
            PublicFacet::Tag("aws".parse().unwrap()),
        ] {
            let page = PageRequest::default();
            let rows = self.site.posts.list_public(facet.clone(), &page).await;
            let titles: Vec<_> = rows
                .unwrap()
                .items
                .into_iter()
                .map(|row| row.title)
                .collect();
            seen.push(format!("{facet:?}: {titles:?}"));
        }
        for path in ["/2020/hola.html", "/a"] {
            let path: OldPath = path.parse().unwrap();
            let found = self.redirects.resolve(path.clone()).await;
            seen.push(format!("{path}: {}", found.is_ok()));
        }
        seen
    }

    /// The addresses that left the lists, and the requests for an unknown address.
    async fn site_log(&self) -> Vec<String> {
        // Earlier changes are forgotten.
        let oldest = self.site.now().before(Duration::from_hours(29 * 24));
        let (since, locale) = (Timestamp::from_millis(DAWN).max(oldest), None);
        let query = ChangesQuery { since, locale };
        let page = PageRequest::default();
        let changes = self.site.posts.list_changes(&query, &page).await.unwrap();
        let removed = changes.removed.iter();
        let mut seen: Vec<_> = removed
            .map(|gone| format!("{} {}", gone.address.slug, gone.reason.as_str()))
            .collect();
        let caller = administrator();
        let listed = self.redirects.list_unknown_addresses(&caller, &page);
        let unknown = listed.await.unwrap().items.into_iter();
        let lost = unknown.filter(|one| one.path.as_str() == "/lost");
        seen.extend(lost.map(|one| format!("{}: {} requests", one.path, one.count)));
        seen
    }

    /// Each post with its history.
    async fn desk(&self) -> Vec<String> {
        let (posts, page) = (&self.site.posts, PageRequest::default());
        let caller = administrator();
        let listed = posts.list_desk(&caller, DeskFacet::Updated, &page).await;
        let mut seen = Vec::new();
        for post in listed.unwrap().items {
            let id = post.state.id;
            let copy = posts.get(&caller, id).await.unwrap().copy;
            let history = posts.list_revisions(&caller, id, &page).await;
            let history: Vec<_> = history
                .unwrap()
                .items
                .into_iter()
                .map(|row| (row.revision, row.title, row.saved, row.published))
                .collect();
            let has_autosave = posts.get_autosave(&caller, id).await.is_ok();
            let (tag, status) = (post.tag(), &post.state.status);
            let body = copy.manuscript.body;
            seen.push(format!(
                "{tag} {} {body:?} {has_autosave} {history:?}",
                status.name().as_str()
            ));
            seen.push(format!("next change {:?}", status.next_change()));
        }
        seen
    }

    async fn references(&self) -> Vec<String> {
        let page = PageRequest::default();
        let listed = categories(&self.site).list().await.unwrap().into_iter();
        let categories = listed.map(|listed| {
            let category = listed.category;
            format!("{} {} {}", listed.path, category.version, listed.post_count)
        });
        let bylines = self.bylines.list(&page).await.unwrap().items.into_iter();
        let bylines = bylines.map(|byline| format!("{} {}", byline.slug, byline.version));
        let images = self
            .images
            .list(
                &administrator(),
                &tintero_domain::images::ImageFilter::default(),
                &page,
            )
            .await
            .unwrap();
        let trash = self.images.list_trash(&administrator(), &page).await;
        let images = images.items.into_iter().chain(trash.unwrap().items);
        let images =
            images.map(|image| format!("{:?} {} {:?}", image.alt, image.version, image.trash));
        let redirects = self.redirects.list(&administrator(), &page).await.unwrap();
        let redirects = redirects
            .items
            .into_iter()
            .map(|redirect| redirect.from.to_string());
        let site = self.site.sites.get(Freshness::Now).await.unwrap();
        let title = site.title.as_ref().map(ToString::to_string);
        categories
            .chain([format!("site {title:?} {}", site.version)])
            .chain(bylines)
            .chain(images)
            .chain(redirects)
            .collect()
    }

    async fn operators(&self) -> Vec<String> {
        let keys = self.keys.list().await.unwrap().into_iter();
        let keys = keys.map(|listed| format!("key {}", listed.state.as_str()));
        let cleanup = self.site.posts.oldest_pending_cleanup().await.unwrap();
        let cleanup = cleanup.map(|since| format!("cleanup since {since}"));
        let mut seen: Vec<_> = keys.chain(cleanup).collect();
        for password in [new_user().password, other_password()] {
            for email in [ana(), bob()] {
                let opened = self.accounts.sign_in(&request(), &email, &password).await;
                seen.push(format!("{email} signed in: {}", opened.is_ok()));
            }
        }
        let token = foreign_token(IdentityRule::Linked);
        let linked = self.accounts.authenticate_foreign(&token, request()).await;
        seen.push(format!("identity admitted: {}", linked.is_ok()));
        let caller = administrator();
        let (query, page) = (UserQuery::default(), PageRequest::default());
        let users = self.users.list((&caller).into(), &query, &page).await;
        for user in users.unwrap().items {
            let (role, status) = (user.role.as_str(), user.status.as_str());
            let factor = user.second_factor_since.is_some();
            seen.push(format!(
                "{} {role} {status} {factor} {}",
                user.email, user.version
            ));
            let own = Caller {
                user_id: user.id,
                ..administrator()
            };
            if let Ok(factor) = self.accounts.second_factor(&own).await {
                seen.push(format!("{} recovery codes", factor.recovery_codes));
            }
        }
        seen
    }

    /// Asserts that the doctor finds nothing but unused texts, which a failed write may leave.
    pub(super) async fn require_consistency(&self, case: &str) {
        let doctor = self.site.doctor();
        let mut findings = doctor.examine(|_| {}).await.unwrap().findings;
        findings.retain(|finding| !finding.key.sk.starts_with("BODY#"));
        assert!(findings.is_empty(), "{case}: the doctor found {findings:?}");
    }
}
