//! Counts the attempts of a request, because the SDK retries a request without a response.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use aws_sdk_dynamodb::{
    config::{
        ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeTransmitInterceptorContextRef,
    },
    error::BoxError,
};

tokio::task_local! {
    /// The counter of the request that this task sends.
    static CURRENT: SendCounter;
}

/// Counts the attempts of requests.
#[derive(Debug, Clone, Default)]
pub(crate) struct SendCounter(Arc<AtomicU32>);

impl SendCounter {
    /// Number of attempts so far.
    pub(crate) fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    /// Sends a request and counts its attempts.
    pub(crate) async fn counting<T>(&self, request: impl Future<Output = T>) -> T {
        CURRENT.scope(self.clone(), request).await
    }
}

/// The part of a client that counts. An interceptor of one request would make the SDK configure that
/// request anew.
#[derive(Debug)]
pub(crate) struct CountAttempts;

#[aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl Intercept for CountAttempts {
    fn name(&self) -> &'static str {
        "CountAttempts"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // Most requests are not counted.
        let _ = CURRENT.try_with(|counter| counter.0.fetch_add(1, Ordering::Relaxed));
        Ok(())
    }
}
