use std::{path::PathBuf, sync::Arc};

use anyhow::Context as _;
use async_trait::async_trait;
use axum::Router;
use tintero_domain::{
    accounts::SecretSealer, clock::Clock, posts::Posts, redirects::Redirects, values::Timestamp,
};
use tintero_http::{
    AnswerCache, AppParts, Dependencies, HttpConfig, Origins, RateQuotas, SecurityContact,
};
use tintero_storage::migrations::Migrator;

use super::{
    SystemPorts,
    background::Background,
    cost_header::with_cost_header,
    database, error_chain,
    initial_admin::{self, InitialAdmin},
    objects::object_store,
    operations::OperationsRuntime,
    services::Services,
    tokens,
};
use crate::{
    CommandError,
    clock::SystemEntropy,
    config::{AllowedOrigins, Config, Database},
    keystore::KeyStore,
    mail,
    metrics::{MetricSources, Metrics},
    private_fs,
    secrets::AeadSealer,
    serve::ConnectionCounters,
    text_pool::TextPool,
};

/// A constructed server.
pub(crate) struct Server {
    /// The router with all routes.
    pub(crate) router: Router,
    /// Has the requests for unknown addresses that are not stored yet.
    pub(crate) redirects: Redirects,
    /// The work besides requests.
    pub(crate) background: Background,
    /// The clock of the server.
    pub(crate) clock: Arc<dyn Clock>,
    /// The first administrator, if this start created one with a generated password.
    pub(crate) initial_admin: Option<InitialAdmin>,
    /// Counts the connections.
    pub(crate) connections: ConnectionCounters,
    /// The metrics, if they are served.
    pub(crate) metrics: Option<Arc<Metrics>>,
}

/// Opens the database and constructs the router. `url` is the public URL, and `max_answer` the size in bytes of the
/// largest body that the front can deliver.
pub(crate) async fn server(
    config: &Config,
    url: &str,
    keys: KeyStore,
    max_answer: Option<usize>,
) -> Result<Server, CommandError> {
    let system = SystemPorts::new();
    let database = database::open_migrated(config, &system).await?;
    let objects = object_store(config).await?;
    let services = Services::new(&database, &keys.cursors, &system);
    let accounts = services.accounts_with(
        config,
        mail::mailer(config, url)?,
        AeadSealer::new(keys.secrets.as_ref()),
    );
    let initial_admin = initial_admin::create(config, &accounts, &services.request()).await?;
    let http = HttpConfig {
        upload_origin: objects.upload_origin(),
        ..http_config(config, url, max_answer)
    };
    let http = Arc::new(http);
    let pool = TextPool::new(config.text_workers);
    let posts = services.posts(config, pool.clone());
    let posts = posts.below(http.base_path());
    let changes = posts.begin_changes().await;
    changes.context("cannot begin to record the changes of posts")?;
    let redirects = services.redirects(config, posts.clone());
    let runtime = OperationsRuntime::new(&services);
    let operations = runtime.operations.clone();
    let answers = AnswerCache::new(
        config.cache_bytes.get(),
        database.dynamo.public_writes(),
        services.clock(),
    );
    let connections = ConnectionCounters::default();
    let metrics = config.metrics_listen.map(|_| {
        Arc::new(Metrics::new(MetricSources {
            answers: answers.clone(),
            connections: connections.clone(),
            pool,
        }))
    });
    let issuers = tokens::foreign_issuers(config, url, &system)?;
    let sealer = keys
        .secrets
        .as_ref()
        .map(|keys| AeadSealer::new(Some(keys)));
    let sealer = sealer.map(|sealer| Arc::new(sealer) as Arc<dyn SecretSealer>);
    let sign_in = tokens::issuer_sign_in(config, &issuers, sealer, &system)?;
    let images = services.images(config, objects, posts.clone());
    let parts = AppParts {
        posts: posts.clone(),
        redirects: redirects.clone(),
        sites: services.sites(config),
        categories: services.categories(operations.clone()),
        tags: services.tags(operations.clone()),
        bylines: services.bylines(posts.clone(), operations.clone()),
        images: images.clone(),
        users: services.users(accounts.clone(), operations.clone()),
        operations,
        api_keys: services.api_keys(accounts.clone()),
        audit: services.audit(),
        accounts,
        tokens: tokens::access_tokens(config, url, &keys.signing, &system)?,
        issuers,
        sign_in,
        ids: services.ids(),
        entropy: Arc::new(SystemEntropy),
        clock: services.clock(),
        answers,
        observer: match &metrics {
            Some(metrics) => metrics.clone(),
            None => Arc::new(()),
        },
        config: http,
        dependencies: Arc::new(ReadinessCheck {
            migrator: database.migrator,
            posts: posts.clone(),
            data_dir: (config.dynamodb != Database::Memory).then(|| config.data_dir.clone()),
        }),
    };
    let background = Background {
        operations: runtime.runner(posts.clone(), images.clone(), &services),
        posts,
        images,
        redirects: redirects.clone(),
        engine: database.engine,
    };
    let mut router = tintero_http::router(parts);
    if config.cost_header {
        router = with_cost_header(router);
    }
    Ok(Server {
        router,
        redirects,
        background,
        clock: services.clock(),
        initial_admin,
        connections,
        metrics,
    })
}

/// Size in bytes of the largest body that reaches a function: 6 MB in base64.
const FRONT_BODY: usize = 4 * 1024 * 1024;

fn http_config(config: &Config, url: &str, max_answer: Option<usize>) -> HttpConfig {
    let upload = config.upload_max_bytes.get();
    HttpConfig {
        origins: match &config.cors_origins {
            AllowedOrigins::Any => Origins::Any,
            AllowedOrigins::Listed(origins) => Origins::Listed(origins.clone()),
        },
        request_timeout: config.request_timeout,
        compression: config.compression,
        max_concurrency: config.max_concurrency.get(),
        rate_quotas: RateQuotas {
            address: config.rate_limit_address.get(),
            user: config.rate_limit_user.get(),
        },
        max_upload: max_answer.map_or(upload, |_| upload.min(FRONT_BODY)),
        max_direct_upload: upload,
        max_answer,
        security_contact: config
            .security_contact
            .as_ref()
            .map(|contact| SecurityContact {
                uris: contact.as_slice().to_vec(),
                policy: config
                    .security_policy
                    .as_ref()
                    .map(|url| url.as_str().to_owned()),
            }),
        ..HttpConfig::new(url)
    }
}

/// Free space in bytes below which writes can fail.
const MIN_FREE: u64 = 1024 * 1024;

/// Checks for `/readyz` that the tables respond and match the migrations of this binary, and that the
/// disk of the data folder is not full.
struct ReadinessCheck {
    migrator: Migrator,
    posts: Posts,
    /// The data folder; `None` for a database in memory.
    data_dir: Option<PathBuf>,
}

impl ReadinessCheck {
    fn check_disk(&self) -> Result<(), String> {
        let Some(folder) = &self.data_dir else {
            return Ok(());
        };
        let free = private_fs::free_space(folder).map_err(|error| {
            format!(
                "cannot read the free space of {}: {error}",
                folder.display()
            )
        })?;
        if free >= MIN_FREE {
            return Ok(());
        }
        Err(format!(
            "the disk of {} is full ({free} bytes are free)",
            folder.display()
        ))
    }
}

#[async_trait]
impl Dependencies for ReadinessCheck {
    async fn check(&self) -> Result<Option<Timestamp>, String> {
        self.check_disk()?;
        self.migrator.check().await.map_err(error_chain)?;
        let oldest = self.posts.oldest_pending_cleanup().await;
        oldest.map_err(error_chain)
    }
}
