//! A site for tests: the router with the real stores, an in-memory engine, a manual clock and
//! sequential ids.

#![expect(clippy::unwrap_used, reason = "a failed setup fails the test")]

mod doubles;

use std::sync::Arc;

use axum::Router;
use serde_json::Value;
use tintero_domain::{
    access::{RequestContext, Role},
    accounts::{AccountPorts, Accounts, ApiKeys, FactorPolicy, NewUser, ReassignmentWorker, Users},
    audit::AuditTrail,
    bylines::{BylinePorts, Bylines},
    clock::Clock,
    images::{ImagePorts, Images},
    operations::{OperationStore, Operations, Runner, TaskWorkers},
    posts::{InlineRenderer, Ports, Posts},
    redirects::{self, Redirects},
    site::Sites,
    taxonomy::{Categories, RelocationWorker, Tags},
    values::Password,
};
use tintero_embedded::{Engine, faults::Wire};
use tintero_http::{
    AccessTokens, AnswerCache, AppParts, BrowserClient, HttpConfig, IssuerPolicy, IssuerSignIn,
    Parties, SignInPorts,
};
use tintero_media::MediaWorkers;
use tintero_storage::{
    CursorKey, CursorKeys, Dynamo, DynamoAccountStore, DynamoApiKeyStore, DynamoAuditStore,
    DynamoBylineStore, DynamoGuessStore, DynamoImageStore, DynamoOperationStore, DynamoPostStore,
    DynamoRedirectStore, DynamoSiteStore, DynamoTaxonomyStore, DynamoUserStore, client,
    doctor::Doctor, image_files::MemoryImageFileStore, migrations::Migrator,
};

use self::doubles::{Counter, KEY, Plain, PlainSealer};
pub(crate) use self::doubles::{Finding, Hands, Mailbox, Switch};
use crate::{
    call::{Answer, Call},
    issuer_sign_in::CodeIsToken,
    issuers,
};

/// Start time of all tests: 2026-01-01T00:00:00Z.
pub(crate) const DAWN: i64 = 1_767_225_600_000;

pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) struct Site {
    pub(crate) router: Router,
    pub(crate) clock: Arc<Hands>,
    pub(crate) wire: Wire,
    pub(crate) readiness: Arc<Switch>,
    pub(crate) api_keys: ApiKeys,
    /// The operation runners of two servers.
    pub(crate) runners: [Runner; 2],
    pub(crate) posts: Posts,
    pub(crate) doctor: Doctor,
    pub(crate) files: MemoryImageFileStore,
    pub(crate) answers: AnswerCache,
    pub(crate) accounts: Accounts,
    pub(crate) mailbox: Arc<Mailbox>,
}

pub(crate) async fn site() -> Site {
    site_with(|_| {}).await
}

/// Creates a site with another configuration.
pub(crate) async fn site_with(configure: impl FnOnce(&mut HttpConfig)) -> Site {
    site_on(Machine::new(), configure).await
}

/// What a server runs on.
pub(crate) struct Machine {
    pub(crate) wire: Wire,
    pub(crate) clock: Arc<Hands>,
    /// Maximum memory for stored answers.
    pub(crate) cache_bytes: usize,
    pub(crate) first_id: u64,
    /// The files of images.
    pub(crate) files: MemoryImageFileStore,
    pub(crate) issuers: Vec<IssuerPolicy>,
    /// The issuers that sign in browsers.
    pub(crate) clients: Vec<BrowserClient>,
    /// Roles that require a second factor.
    pub(crate) two_factor_roles: Vec<Role>,
}

impl Machine {
    /// A machine with its own empty database.
    pub(crate) fn new() -> Self {
        Self {
            wire: Wire::around(Engine::memory().unwrap().http_client()),
            clock: Arc::new(Hands::at(DAWN)),
            cache_bytes: 1 << 20,
            first_id: 1,
            files: MemoryImageFileStore::default(),
            issuers: Vec::new(),
            clients: Vec::new(),
            two_factor_roles: Vec::new(),
        }
    }

    /// A second machine with the database and the time of `site`.
    pub(crate) fn beside(site: &Site) -> Self {
        Self {
            wire: site.wire.clone(),
            clock: site.clock.clone(),
            first_id: 1 << 48,
            files: site.files.clone(),
            ..Self::new()
        }
    }
}

#[expect(
    clippy::too_many_lines,
    reason = "one statement for each part of the site"
)]
/// Creates a site on a machine.
pub(crate) async fn site_on(machine: Machine, configure: impl FnOnce(&mut HttpConfig)) -> Site {
    let Machine {
        wire,
        clock,
        cache_bytes,
        first_id,
        files,
        issuers,
        clients: browser_clients,
        two_factor_roles,
    } = machine;
    let clients = client::embedded(wire.http_client());
    let ids = Arc::new(Counter::from(first_id));
    let issuers = issuers::issuers(issuers, &(clock.clone() as Arc<dyn Clock>));
    let sign_in = IssuerSignIn::new(
        browser_clients,
        SignInPorts {
            issuers: issuers.clone(),
            exchange: Arc::new(CodeIsToken),
            sealer: Arc::new(PlainSealer),
            entropy: ids.clone(),
            clock: clock.clone(),
        },
    );
    Migrator::new(clients.migrations, "t", "test", clock.clone(), ids.clone())
        .up()
        .await
        .unwrap();
    let dynamo = Dynamo::new(clients.requests, "t");
    let doctor = Doctor::new(
        dynamo.clone(),
        Arc::new(files.clone()),
        clock.clone(),
        ids.clone(),
    );
    let cursors = CursorKeys::new(CursorKey([7; 32]), None);
    let taxonomy = DynamoTaxonomyStore::new(dynamo.clone(), cursors.clone());
    let taxonomy = Arc::new(taxonomy);
    let (operation_store, operations) = operations(&dynamo, &cursors, &clock, &ids);
    let store = DynamoPostStore::new(dynamo.clone(), cursors.clone(), taxonomy.as_ref().clone());
    let store = Arc::new(store);
    let sites = sites(&dynamo, &clock, &ids);
    let needs = Ports {
        store: store.clone(),
        history: store.clone(),
        links: store,
        images: Arc::new(DynamoImageStore::new(dynamo.clone(), cursors.clone())),
        site: sites.clone(),
        renderer: Arc::new(InlineRenderer),
        clock: clock.clone(),
        ids: ids.clone(),
    };
    let ways = DynamoRedirectStore::new(dynamo.clone(), cursors.clone());
    let ways = redirect_ports(ways, &needs, &taxonomy);
    let posts = Posts::new(needs);
    posts.record_earlier_uses(|| true).await.unwrap();
    let account_store = DynamoAccountStore::new(dynamo.clone());
    let user_store = DynamoUserStore::new(account_store.clone(), cursors.clone());
    let user_store = Arc::new(user_store);
    let relocations = |own: &Arc<Counter>| {
        let posts = Arc::new(posts.clone());
        RelocationWorker::new(taxonomy.clone(), posts, clock.clone(), own.clone())
    };
    let images = |own: &Arc<Counter>| {
        Images::new(ImagePorts {
            store: Arc::new(DynamoImageStore::new(dynamo.clone(), cursors.clone())),
            objects: Arc::new(files.clone()),
            workers: Arc::new(MediaWorkers::default()),
            listener: Arc::new(posts.clone()),
            uses: Arc::new(posts.clone()),
            clock: clock.clone(),
            ids: own.clone(),
        })
    };
    let runners = [1, 2].map(|nth| {
        // A runner has its own ids, so that those of requests do not change.
        let own = Arc::new(Counter::from(nth << 32));
        let reassignments = ReassignmentWorker::new(
            user_store.clone(),
            Arc::new(posts.clone()),
            clock.clone(),
            own.clone(),
        );
        let worker = TaskWorkers {
            relocations: Arc::new(relocations(&own)),
            reassignments: Arc::new(reassignments),
            sweeps: Arc::new(images(&own)),
        };
        Runner::new(
            operation_store.clone(),
            Arc::new(worker),
            clock.clone(),
            own,
        )
    });
    let mailbox = Arc::new(Mailbox::default());
    let accounts = accounts((&dynamo, account_store), &mailbox, &clock, &ids);
    let accounts = accounts.with_factor_policy(FactorPolicy {
        required: two_factor_roles,
        ..FactorPolicy::default()
    });
    let api_keys = ApiKeys::new(
        accounts.clone(),
        Arc::new(DynamoApiKeyStore::new(dynamo.clone(), cursors.clone())),
    );
    let mut config = HttpConfig::new("https://api.example.org");
    configure(&mut config);
    let answers = AnswerCache::new(cache_bytes, dynamo.public_writes(), clock.clone());
    let readiness = Arc::new(Switch::default());
    let router = tintero_http::router(AppParts {
        images: images(&ids),
        redirects: Redirects::new(ways, posts.clone()),
        posts: posts.clone(),
        sites,
        categories: Categories::new(
            taxonomy.clone(),
            clock.clone(),
            ids.clone(),
            operations.clone(),
        ),
        bylines: Bylines::new(BylinePorts {
            store: Arc::new(DynamoBylineStore::new(dynamo.clone(), cursors.clone())),
            taxonomy: taxonomy.clone(),
            posts: Arc::new(posts.clone()),
            operations: operations.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
        }),
        tags: Tags::new(taxonomy, clock.clone(), ids.clone(), operations.clone()),
        users: Users::new(accounts.clone(), user_store, operations.clone()),
        operations,
        audit: AuditTrail::new(
            Arc::new(DynamoAuditStore::new(dynamo.clone(), cursors.clone())),
            clock.clone(),
        ),
        accounts: accounts.clone(),
        api_keys: api_keys.clone(),
        tokens: tokens(&clock, &ids),
        issuers,
        sign_in,
        entropy: ids.clone(),
        ids,
        clock: clock.clone(),
        answers: answers.clone(),
        config: Arc::new(config),
        observer: Arc::new(()),
        dependencies: readiness.clone(),
    });
    Site {
        router,
        clock,
        wire,
        readiness,
        api_keys,
        runners,
        posts,
        doctor,
        files,
        answers,
        accounts,
        mailbox,
    }
}

fn accounts(
    (dynamo, store): (&Dynamo, DynamoAccountStore),
    mailbox: &Arc<Mailbox>,
    clock: &Arc<Hands>,
    ids: &Arc<Counter>,
) -> Accounts {
    let store = Arc::new(store);
    Accounts::new(AccountPorts {
        store: store.clone(),
        sessions: store.clone(),
        resets: store.clone(),
        identities: store.clone(),
        factors: store,
        guesses: Arc::new(DynamoGuessStore::new(dynamo.clone())),
        passwords: Arc::new(Plain),
        sealer: Arc::new(PlainSealer),
        mailer: mailbox.clone(),
        clock: clock.clone(),
        ids: ids.clone(),
        entropy: ids.clone(),
    })
}

fn tokens(clock: &Arc<Hands>, ids: &Arc<Counter>) -> AccessTokens {
    let parties = Parties {
        issuer: "https://api.example.org".to_owned(),
        audience: "tintero".to_owned(),
    };
    AccessTokens::new(KEY.clone(), Vec::new(), parties, clock.clone(), ids.clone())
}

fn operations(
    dynamo: &Dynamo,
    cursors: &CursorKeys,
    clock: &Arc<Hands>,
    ids: &Arc<Counter>,
) -> (Arc<dyn OperationStore>, Operations) {
    let store = DynamoOperationStore::new(dynamo.clone(), cursors.clone());
    let store: Arc<dyn OperationStore> = Arc::new(store);
    let operations = Operations::new(store.clone(), clock.clone(), ids.clone(), Arc::new(()));
    (store, operations)
}

fn sites(dynamo: &Dynamo, clock: &Arc<Hands>, ids: &Arc<Counter>) -> Sites {
    let store = Arc::new(DynamoSiteStore::new(dynamo.clone()));
    Sites::new(store, "es".parse().unwrap(), clock.clone(), ids.clone())
}

fn redirect_ports(
    store: DynamoRedirectStore,
    needs: &Ports,
    taxonomy: &Arc<DynamoTaxonomyStore>,
) -> redirects::RedirectPorts {
    let store = Arc::new(store);
    redirects::RedirectPorts {
        store: store.clone(),
        unknown: store,
        posts: Arc::clone(&needs.store),
        categories: taxonomy.clone(),
        site: needs.site.clone(),
        clock: Arc::clone(&needs.clock),
        ids: Arc::clone(&needs.ids),
    }
}

/// Creates a site, a user with this role, and its access token.
pub(crate) async fn site_as(role: Role) -> (Site, String) {
    let site = site().await;
    let token = site.token(role).await;
    (site, token)
}

impl Site {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        Call::get(path).to(self).await
    }

    pub(crate) async fn get_as(&self, token: &str, path: &str) -> Answer {
        Call::get(path).signed(token).to(self).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        Call::post(path).json(body).to(self).await
    }

    pub(crate) async fn post_as(&self, token: &str, path: &str, body: &Value) -> Answer {
        Call::post(path).signed(token).json(body).to(self).await
    }

    /// Runs all pending operations.
    pub(crate) async fn work(&self) {
        self.clock.forward_seconds(11);
        while self.runners[0].poll().await.unwrap().worked {}
    }

    /// Creates a user with this role and returns an access token.
    pub(crate) async fn token(&self, role: Role) -> String {
        let email = format!("{}@example.org", role.as_str());
        let user = NewUser {
            email: email.parse().unwrap(),
            display_name: "Ana García".parse().unwrap(),
            role,
            password: Password::chosen(PASSWORD).unwrap(),
        };
        self.accounts
            .create_user(&RequestContext::default(), user)
            .await
            .unwrap();
        let credentials = serde_json::json!({"email": email, "password": PASSWORD});
        let answer = self.post("/v1/auth/login", &credentials).await;
        answer.body["access_token"].as_str().unwrap().to_owned()
    }
}
