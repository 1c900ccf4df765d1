//! The configuration of requests to an engine in the same process.

use aws_sdk_dynamodb::config::{
    IdentityCache, SharedHttpClient, retry::RetryConfig, timeout::TimeoutConfig,
};
use aws_smithy_async::{rt::sleep::default_async_sleep, time::SystemTimeSource};
use aws_smithy_runtime::client::{
    auth::no_auth::{NO_AUTH_SCHEME_ID, NoAuthScheme},
    defaults::default_retry_config_plugin,
    identity::no_auth::NoAuthIdentityResolver,
    orchestrator::endpoints::StaticUriEndpointResolver,
};
use aws_smithy_runtime_api::client::{
    auth::{
        AuthSchemeOptionResolverParams, SharedAuthScheme, SharedAuthSchemeOptionResolver,
        static_resolver::StaticAuthSchemeOptionResolver,
    },
    endpoint::{EndpointResolverParams, SharedEndpointResolver},
    identity::SharedIdentityResolver,
    interceptors::{Intercept, SharedInterceptor},
    runtime_components::RuntimeComponentsBuilder,
    runtime_plugin::{RuntimePlugins, StaticRuntimePlugin},
};
use aws_smithy_types::config_bag::Layer;

/// The endpoint of all requests. The name never resolves, so that no request leaves the process.
pub(super) const ENDPOINT: &str = "http://embedded.invalid";

/// Requests without identity, signature and headers for AWS.
pub(super) fn plugins(
    http: SharedHttpClient,
    retries: RetryConfig,
    timeouts: TimeoutConfig,
    interceptor: impl Intercept + 'static,
) -> RuntimePlugins {
    let mut config = Layer::new("embedded");
    config.store_put(AuthSchemeOptionResolverParams::new(()));
    config.store_put(EndpointResolverParams::new(()));
    config.store_put(retries);
    config.store_put(timeouts);
    let no_auth = StaticAuthSchemeOptionResolver::new(vec![NO_AUTH_SCHEME_ID]);
    let endpoint = StaticUriEndpointResolver::uri(ENDPOINT);
    let components = RuntimeComponentsBuilder::new("embedded")
        .with_http_client(Some(http))
        .with_endpoint_resolver(Some(SharedEndpointResolver::new(endpoint)))
        .with_auth_scheme_option_resolver(Some(SharedAuthSchemeOptionResolver::new(no_auth)))
        .with_auth_scheme(SharedAuthScheme::new(NoAuthScheme::new()))
        .with_identity_cache(Some(IdentityCache::no_cache()))
        .with_identity_resolver(
            NO_AUTH_SCHEME_ID,
            SharedIdentityResolver::new(NoAuthIdentityResolver::new()),
        )
        .with_sleep_impl(default_async_sleep())
        .with_time_source(Some(SystemTimeSource::new()))
        .with_interceptor(SharedInterceptor::permanent(interceptor));
    let plugin = StaticRuntimePlugin::new()
        .with_config(config.freeze())
        .with_runtime_components(components);
    RuntimePlugins::new()
        .with_client_plugins(default_retry_config_plugin("dynamodb"))
        .with_client_plugin(plugin)
}
