//! Parts of a client that sends its requests to an engine in the same process.
//!
//! They replace what only a network needs: the rules that find an endpoint, the cache of identities, and
//! headers for AWS and for proxies.

use aws_runtime::{
    invocation_id::InvocationIdInterceptor, request_info::RequestInfoInterceptor,
    service_clock_skew::ServiceClockSkewInterceptor, user_agent::UserAgentInterceptor,
};
use aws_sdk_dynamodb::{
    config::{
        ConfigBag, Intercept,
        endpoint::{Endpoint, EndpointFuture, Params, ResolveEndpoint},
        interceptors::BeforeSerializationInterceptorContextRef,
    },
    error::BoxError,
};
use aws_smithy_runtime_api::client::interceptors::disable_interceptor;

/// The endpoint of all requests. The name never resolves, so that no request leaves the process.
#[derive(Debug)]
pub(super) struct FixedEndpoint;

impl ResolveEndpoint for FixedEndpoint {
    fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
        let endpoint = Endpoint::builder().url("http://embedded.invalid").build();
        EndpointFuture::ready(Ok(endpoint))
    }
}

/// Turns off the interceptors that add headers for AWS, and the one that compares the clocks.
#[derive(Debug)]
pub(super) struct WithoutNetworkHeaders;

const NO_NETWORK: &str = "the engine is in this process";

#[aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl Intercept for WithoutNetworkHeaders {
    fn name(&self) -> &'static str {
        "WithoutNetworkHeaders"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let state = config.interceptor_state();
        state.store_put(disable_interceptor::<UserAgentInterceptor>(NO_NETWORK));
        state.store_put(disable_interceptor::<InvocationIdInterceptor>(NO_NETWORK));
        state.store_put(disable_interceptor::<RequestInfoInterceptor>(NO_NETWORK));
        state.store_put(disable_interceptor::<ServiceClockSkewInterceptor>(
            NO_NETWORK,
        ));
        Ok(())
    }
}
