use std::sync::Arc;

use anyhow::Context;
use async_trait::async_trait;
use axum::Router;
use tintero_domain::{
    access::{RequestContext, Role},
    accounts::{Accounts, NewUser},
    bylines::Bylines,
    categories::Categories,
    images::Images,
    merging::Stores,
    posts::{Ports, Posts},
    redirects::{self, Redirects},
    tags::Tags,
    values::{DisplayName, Email, Password, Timestamp},
};
use tintero_http::{App, Dependencies, HttpConfig};
use tintero_storage::{CursorKey, CursorKeys, migrations::Migrator};

use super::{
    Time, api_keys, client, completion, cost,
    database::{self, Ready},
    housekeeping, keys,
    operations::Long,
    users,
};
use crate::{
    Failure,
    config::{AllowedOrigins, Config},
    keystore::KeyStore,
    passwords,
    renderer::PooledRenderer,
};

/// A server that is ready to be served.
pub(crate) struct Server {
    /// Every route.
    pub(crate) router: Router,
    /// The first administrator, when this start made one with a generated password.
    pub(crate) founder: Option<Founder>,
}

/// The first administrator.
pub(crate) struct Founder {
    /// What they sign in with.
    pub(crate) email: Email,
    /// A generated password.
    pub(crate) password: Password,
}

/// Opens the database and puts the routes over it. `url` is where clients reach them.
pub(crate) async fn server(config: &Config, url: &str, keys: KeyStore) -> Result<Server, Failure> {
    let time = Time::of_system();
    let ready = database::ready(config, &time).await?;
    let accounts = users::accounts(&ready, &time);
    let founder = found(config, &accounts, &time).await?;
    // One for all, so that each sees at once what another did to the tree.
    let tree = tintero_storage::Categories::new(ready.dynamo.clone());
    let posts = posts(config, &ready, &keys, &time, &tree);
    let long = Long::new(&ready, &keys, &time);
    let stores = Stores {
        categories: Arc::new(tree.clone()),
        tags: Arc::new(tags(&ready, &keys, &tree)),
        posts: Arc::new(posts.clone()),
    };
    let app = App {
        images: images(config, &ready, &keys, posts.clone(), &time)?,
        redirects: redirects(&ready, &keys, posts.clone(), &time, &tree),
        posts: posts.clone(),
        categories: categories(&tree, &time, &long),
        operations: long.operations.clone(),
        tags: Tags::new(
            Arc::clone(&stores.tags),
            Arc::clone(&time.clock),
            Arc::clone(&time.ids),
            long.operations.clone(),
        ),
        bylines: bylines(&ready, &keys, &time),
        api_keys: api_keys::api_keys(&ready, accounts.clone()),
        accounts,
        tokens: keys::tokens(config, url, &keys.signing, &time)?,
        ids: Arc::clone(&time.ids),
        config: Arc::new(entrances(config, url)),
        dependencies: Arc::new(Tables {
            migrator: ready.migrator,
            posts: posts.clone(),
        }),
    };
    long.work(stores, &time);
    housekeeping::clear(posts);
    if let Some(engine) = ready.engine {
        housekeeping::sweep(engine);
    }
    let router = client::noted(tintero_http::router(app), config.trusted_proxies.clone());
    let router = if config.cost_header {
        cost::told(router)
    } else {
        router
    };
    Ok(Server {
        // Outermost, so that whatever a request has to do is done.
        router: completion::kept(router),
        founder,
    })
}

fn posts(
    config: &Config,
    ready: &Ready,
    keys: &KeyStore,
    time: &Time,
    tree: &tintero_storage::Categories,
) -> Posts {
    over(config, ready, keys::cursors(&keys.cursors), time, tree)
}

fn over(
    config: &Config,
    ready: &Ready,
    cursors: CursorKeys,
    time: &Time,
    tree: &tintero_storage::Categories,
) -> Posts {
    let dynamo = ready.dynamo.clone();
    let store = tintero_storage::Posts::new(dynamo, cursors.clone(), tree.clone());
    let store = Arc::new(store);
    let ports = Ports {
        store: store.clone(),
        history: store,
        images: Arc::new(tintero_storage::Images::new(ready.dynamo.clone(), cursors)),
        renderer: Arc::new(PooledRenderer::default()),
        clock: Arc::clone(&time.clock),
        ids: Arc::clone(&time.ids),
    };
    Posts::new(ports, config.default_locale.clone())
}

fn redirects(
    ready: &Ready,
    keys: &KeyStore,
    desk: Posts,
    time: &Time,
    tree: &tintero_storage::Categories,
) -> Redirects {
    let (dynamo, cursors) = (&ready.dynamo, keys::cursors(&keys.cursors));
    let ports = redirects::Ports {
        store: Arc::new(tintero_storage::Redirects::new(
            dynamo.clone(),
            cursors.clone(),
        )),
        posts: Arc::new(tintero_storage::Posts::new(
            dynamo.clone(),
            cursors,
            tree.clone(),
        )),
        categories: Arc::new(tree.clone()),
        clock: Arc::clone(&time.clock),
        ids: Arc::clone(&time.ids),
    };
    Redirects::new(ports, desk)
}

/// The use cases around posts for who shows no list: cursors that nobody sees need no lasting key.
pub(super) fn housekeeper(config: &Config, ready: &Ready, time: &Time) -> Posts {
    let key = CursorKey([0; 32]);
    let cursors = CursorKeys::new(key, None);
    let tree = tintero_storage::Categories::new(ready.dynamo.clone());
    over(config, ready, cursors, time, &tree)
}

fn images(
    config: &Config,
    ready: &Ready,
    keys: &KeyStore,
    posts: Posts,
    time: &Time,
) -> Result<Images, Failure> {
    let store = tintero_storage::Images::new(ready.dynamo.clone(), keys::cursors(&keys.cursors));
    let (clock, ids) = (Arc::clone(&time.clock), Arc::clone(&time.ids));
    Ok(Images::new(
        Arc::new(store),
        database::objects(config)?,
        Arc::new(posts),
        clock,
        ids,
    ))
}

fn categories(tree: &tintero_storage::Categories, time: &Time, long: &Long) -> Categories {
    Categories::new(
        Arc::new(tree.clone()),
        Arc::clone(&time.clock),
        Arc::clone(&time.ids),
        long.operations.clone(),
    )
}

fn tags(
    ready: &Ready,
    keys: &KeyStore,
    tree: &tintero_storage::Categories,
) -> tintero_storage::Tags {
    let cursors = keys::cursors(&keys.cursors);
    tintero_storage::Tags::new(ready.dynamo.clone(), cursors, tree.clone())
}

fn bylines(ready: &Ready, keys: &KeyStore, time: &Time) -> Bylines {
    let store = tintero_storage::Bylines::new(ready.dynamo.clone(), keys::cursors(&keys.cursors));
    Bylines::new(
        Arc::new(store),
        Arc::clone(&time.clock),
        Arc::clone(&time.ids),
    )
}

fn entrances(config: &Config, url: &str) -> HttpConfig {
    HttpConfig {
        origins: match &config.cors_origins {
            AllowedOrigins::Any => tintero_http::Origins::Any,
            AllowedOrigins::Listed(origins) => tintero_http::Origins::Listed(origins.clone()),
        },
        request_timeout: config.request_timeout,
        max_concurrency: config.max_concurrency.get(),
        ..HttpConfig::new(url)
    }
}

/// Ready means: the tables answer, and are those that this binary needs.
struct Tables {
    migrator: Migrator,
    posts: Posts,
}

#[async_trait]
impl Dependencies for Tables {
    async fn check(&self) -> Result<Option<Timestamp>, String> {
        let text = |error: anyhow::Error| format!("{error:#}");
        self.migrator
            .check()
            .await
            .map_err(|error| text(error.into()))?;
        let oldest = self.posts.oldest_trace().await;
        oldest.map_err(|error| text(error.into()))
    }
}

/// Makes the first administrator where there never was a user.
async fn found(
    config: &Config,
    accounts: &Accounts,
    time: &Time,
) -> Result<Option<Founder>, Failure> {
    let chosen = config.admin_password.clone();
    let password = chosen.clone().unwrap_or_else(passwords::generate);
    let founder = || NewUser {
        email: config.admin_email.clone(),
        display_name: DisplayName::try_from("Administrator".to_owned())
            .expect("the name keeps the rules"),
        role: Role::Administrator,
        password: password.clone(),
    };
    let request = RequestContext {
        request_id: time.ids.next().to_string(),
        idempotency: None,
    };
    let made = accounts
        .found(&request, founder)
        .await
        .context("the first administrator was not made")?;
    let generated = made.is_some() && chosen.is_none();
    Ok(generated.then(|| Founder {
        email: config.admin_email.clone(),
        password,
    }))
}
