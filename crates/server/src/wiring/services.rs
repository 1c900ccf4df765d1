//! Constructs the services of the domain with their stores.

use std::sync::Arc;

use tintero_domain::{
    access::RequestContext,
    accounts::{AccountPorts, Accounts, ApiKeys, FactorPolicy, Mailer, SessionLifetime, Users},
    audit::AuditTrail,
    bylines::{BylinePorts, Bylines},
    clock::{Clock, Ids},
    images::{ImageFileStore, ImagePorts, Images},
    operations::Operations,
    posts::{self, Posts},
    redirects::{self, Redirects},
    site::Sites,
    taxonomy::{Categories, Tags},
};
use tintero_media::{MediaLimits, MediaWorkers};
use tintero_storage::{
    CursorKey, CursorKeys, Dynamo, DynamoAccountStore, DynamoApiKeyStore, DynamoAuditStore,
    DynamoBylineStore, DynamoGuessStore, DynamoImageStore, DynamoOperationStore, DynamoPostStore,
    DynamoRedirectStore, DynamoSiteStore, DynamoTaxonomyStore, DynamoUserStore,
};

use super::{SystemPorts, database::OpenDatabase};
use crate::{
    clock::SystemEntropy,
    config::{Config, CursorSecrets, SymmetricKey},
    mail::NoMail,
    passwords::Argon2Hasher,
    renderer::PooledRenderer,
    secrets::AeadSealer,
    text_pool::TextPool,
};

/// The dependencies that all services share.
pub(super) struct Services {
    dynamo: Dynamo,
    cursors: CursorKeys,
    /// One instance for all services, so that a change of the tree is visible to all at once.
    taxonomy: Arc<DynamoTaxonomyStore>,
    /// One instance for all services, so that a change of a user is visible to all at once.
    accounts: DynamoAccountStore,
    /// One instance for all services, so that a change of the settings is visible to all at once.
    site: DynamoSiteStore,
    system: SystemPorts,
}

impl Services {
    pub(super) fn new(
        database: &OpenDatabase,
        secrets: &CursorSecrets,
        system: &SystemPorts,
    ) -> Self {
        let key = |secret: &SymmetricKey| CursorKey(*secret.bytes());
        let cursors = CursorKeys::new(key(&secrets.current), secrets.previous.as_ref().map(key));
        Self::with_cursors(database, cursors, system)
    }

    /// Creates services for a command that returns no cursors, so a constant key is enough.
    pub(super) fn without_cursors(database: &OpenDatabase, system: &SystemPorts) -> Self {
        Self::with_cursors(database, CursorKeys::new(CursorKey([0; 32]), None), system)
    }

    fn with_cursors(database: &OpenDatabase, cursors: CursorKeys, system: &SystemPorts) -> Self {
        let dynamo = database.dynamo.clone();
        Self {
            taxonomy: Arc::new(DynamoTaxonomyStore::new(dynamo.clone(), cursors.clone())),
            accounts: DynamoAccountStore::new(dynamo.clone()),
            site: DynamoSiteStore::new(dynamo.clone()),
            dynamo,
            cursors,
            system: system.clone(),
        }
    }

    pub(super) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.system.clock)
    }

    pub(super) fn ids(&self) -> Arc<dyn Ids> {
        Arc::clone(&self.system.ids)
    }

    /// Creates the context of a command, with a new request id.
    pub(super) fn request(&self) -> RequestContext {
        RequestContext {
            request_id: self.system.ids.next().to_string(),
            ..RequestContext::default()
        }
    }

    pub(super) fn taxonomy_store(&self) -> Arc<DynamoTaxonomyStore> {
        Arc::clone(&self.taxonomy)
    }

    pub(super) fn operation_store(&self) -> DynamoOperationStore {
        DynamoOperationStore::new(self.dynamo.clone(), self.cursors.clone())
    }

    /// The operations of a process that performs none.
    pub(super) fn operations_without_runner(&self) -> Operations {
        let store = Arc::new(self.operation_store());
        Operations::new(store, self.clock(), self.ids(), Arc::new(()))
    }

    fn post_store(&self) -> Arc<DynamoPostStore> {
        Arc::new(DynamoPostStore::new(
            self.dynamo.clone(),
            self.cursors.clone(),
            self.taxonomy.as_ref().clone(),
        ))
    }

    fn image_store(&self) -> Arc<DynamoImageStore> {
        let (dynamo, cursors) = (self.dynamo.clone(), self.cursors.clone());
        Arc::new(DynamoImageStore::new(dynamo, cursors))
    }

    /// Creates the use cases of the settings of the site.
    pub(super) fn sites(&self, config: &Config) -> Sites {
        let (store, locale) = (Arc::new(self.site.clone()), config.default_locale.clone());
        Sites::new(store, locale, self.clock(), self.ids())
    }

    /// Creates the use cases of posts, whose long texts are rendered on `pool`.
    pub(super) fn posts(&self, config: &Config, pool: TextPool) -> Posts {
        let store = self.post_store();
        let ports = posts::Ports {
            store: store.clone(),
            history: store.clone(),
            links: store,
            images: self.image_store(),
            site: self.sites(config),
            renderer: Arc::new(PooledRenderer::new(pool)),
            clock: self.clock(),
            ids: self.ids(),
        };
        Posts::new(ports)
    }

    pub(super) fn redirects(&self, config: &Config, published: Posts) -> Redirects {
        let (dynamo, cursors) = (self.dynamo.clone(), self.cursors.clone());
        let store = Arc::new(DynamoRedirectStore::new(dynamo, cursors));
        let ports = redirects::RedirectPorts {
            store: store.clone(),
            unknown: store,
            posts: self.post_store(),
            categories: self.taxonomy_store(),
            site: self.sites(config),
            clock: self.clock(),
            ids: self.ids(),
        };
        Redirects::new(ports, published)
    }

    pub(super) fn images(
        &self,
        config: &Config,
        objects: Arc<dyn ImageFileStore>,
        posts: Posts,
    ) -> Images {
        let workers = MediaWorkers::new(MediaLimits {
            pixels: config.image_max_pixels.get(),
            ..MediaLimits::default()
        });
        Images::new(ImagePorts {
            store: self.image_store(),
            objects,
            workers: Arc::new(workers),
            listener: Arc::new(posts.clone()),
            uses: Arc::new(posts),
            clock: self.clock(),
            ids: self.ids(),
        })
    }

    pub(super) fn categories(&self, operations: Operations) -> Categories {
        Categories::new(self.taxonomy_store(), self.clock(), self.ids(), operations)
    }

    pub(super) fn tags(&self, operations: Operations) -> Tags {
        Tags::new(self.taxonomy_store(), self.clock(), self.ids(), operations)
    }

    pub(super) fn bylines(&self, posts: Posts, operations: Operations) -> Bylines {
        let store = DynamoBylineStore::new(self.dynamo.clone(), self.cursors.clone());
        Bylines::new(BylinePorts {
            store: Arc::new(store),
            taxonomy: self.taxonomy_store(),
            posts: Arc::new(posts),
            operations,
            clock: self.clock(),
            ids: self.ids(),
        })
    }

    /// Creates the use cases of accounts for a command, which sends no mail and enrols no second factors.
    pub(super) fn accounts(&self, config: &Config) -> Accounts {
        self.accounts_with(config, Arc::new(NoMail), AeadSealer::new(None))
    }

    pub(super) fn accounts_with(
        &self,
        config: &Config,
        mailer: Arc<dyn Mailer>,
        sealer: AeadSealer,
    ) -> Accounts {
        let store = Arc::new(self.accounts.clone());
        let ports = AccountPorts {
            store: store.clone(),
            sessions: store.clone(),
            resets: store.clone(),
            identities: store.clone(),
            factors: store,
            guesses: Arc::new(DynamoGuessStore::new(self.dynamo.clone())),
            passwords: Arc::new(Argon2Hasher::new(config.password_cost)),
            sealer: Arc::new(sealer),
            mailer,
            clock: self.clock(),
            ids: self.ids(),
            entropy: Arc::new(SystemEntropy),
        };
        let accounts = Accounts::new(ports).with_lifetime(SessionLifetime {
            idle: config.session_idle.get(),
            longest: config.session_lifetime.get(),
        });
        accounts.with_factor_policy(FactorPolicy {
            required: config.second_factor_roles.as_slice().to_vec(),
            ..FactorPolicy::default()
        })
    }

    pub(super) fn api_keys(&self, accounts: Accounts) -> ApiKeys {
        let store = DynamoApiKeyStore::new(self.dynamo.clone(), self.cursors.clone());
        ApiKeys::new(accounts, Arc::new(store))
    }

    pub(super) fn user_store(&self) -> Arc<DynamoUserStore> {
        let (accounts, cursors) = (self.accounts.clone(), self.cursors.clone());
        Arc::new(DynamoUserStore::new(accounts, cursors))
    }

    pub(super) fn users(&self, accounts: Accounts, operations: Operations) -> Users {
        Users::new(accounts, self.user_store(), operations)
    }

    pub(super) fn audit(&self) -> AuditTrail {
        let store = DynamoAuditStore::new(self.dynamo.clone(), self.cursors.clone());
        AuditTrail::new(Arc::new(store), self.clock())
    }
}
