use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    extract::{MatchedPath, Request},
    response::{IntoResponse as _, Response},
    routing::Route,
};
use tower::{Layer, Service, ServiceExt as _, service_fn};
use tower_http::cors::CorsLayer;

use super::{cors, limits::RequestLimits, panic, representation, request};
use crate::{
    app::App,
    cached,
    coding::Compression,
    extract::RequestFacts,
    rates::{self, RateState},
    routes,
};

/// Adds all stages to a route.
///
/// axum clones the service of a route, with all layers, for each request. One layer with shared state
/// therefore costs less than several.
#[derive(Clone)]
pub(super) struct StagesLayer(Arc<SharedStages>);

/// The state of the stages, the same for all routes.
struct SharedStages {
    app: App,
    base_path: Arc<str>,
    cors: Option<CorsLayer>,
    compression: Compression,
    limits: RequestLimits,
}

/// A route with its stages.
#[derive(Clone)]
pub(super) struct StagedRoute {
    stages: Arc<SharedStages>,
    route: Arc<Route>,
}

impl StagesLayer {
    pub(super) fn new(app: App) -> Self {
        let config = &app.config;
        Self(Arc::new(SharedStages {
            base_path: config.base_path().into(),
            cors: cors::layer(&config.origins),
            compression: Compression::new(config.compression),
            limits: RequestLimits::new(Arc::clone(config)),
            app,
        }))
    }
}

impl Layer<Route> for StagesLayer {
    type Service = StagedRoute;

    fn layer(&self, route: Route) -> StagedRoute {
        StagedRoute {
            stages: Arc::clone(&self.0),
            route: Arc::new(route),
        }
    }
}

impl Service<Request> for StagedRoute {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let staged = self.clone();
        Box::pin(async move { Ok(staged.handle(request).await) })
    }
}

impl StagedRoute {
    async fn handle(&self, request: Request) -> Response {
        let (app, base_path) = (&self.stages.app, &self.stages.base_path);
        request::handle(app, base_path, request, |request| self.share(request)).await
    }

    /// Applies CORS, if it is configured.
    async fn share(&self, request: Request) -> Response {
        let Some(cors) = &self.stages.cors else {
            return self.admit(request).await;
        };
        let staged = self.clone();
        let inner = service_fn(move |request| {
            let staged = staged.clone();
            async move { Ok::<_, Infallible>(staged.admit(request).await) }
        });
        // The future is large, and few sites are called from other origins.
        let shared = Box::pin(cors.layer(inner).oneshot(request)).await;
        shared.unwrap_or_else(|never| match never {})
    }

    /// Answers unless the network of the client has used up its quota, and says what is left.
    async fn admit(&self, request: Request) -> Response {
        let rates = self.stages.app.rates();
        let facts = RequestFacts::of(request.extensions());
        let is_limited = !is_health_check(&request) && facts.sender.address.is_some();
        let network = is_limited.then(|| rates.count_network(facts.sender.network()));
        let network = network.flatten();
        let mut response = match network.map_or(Ok(()), RateState::admit) {
            Ok(()) => self.represent(request).await,
            Err(problem) => problem.into_response(),
        };
        let user = facts.user.get().and_then(|user| rates.of_user(*user));
        let states: Vec<_> = network.into_iter().chain(user).collect();
        rates::describe(response.headers_mut(), &states);
        response
    }

    /// Answers from the cache or by the route, in the form that the client asks for.
    async fn represent(&self, request: Request) -> Response {
        let compression = &self.stages.compression;
        let (answers, clock) = (&self.stages.app.answers, self.stages.app.clock.as_ref());
        let accepted = compression.coding(request.headers());
        let answer = |request| {
            let load = |request| self.load(request);
            cached::serve(answers, compression, accepted, request, load)
        };
        representation::choose(compression, clock, accepted, request, answer).await
    }

    /// Answers by the route, within the limits.
    async fn load(&self, request: Request) -> Response {
        let call = |request| panic::caught(Route::clone(&self.route).oneshot(request));
        self.stages.limits.enforce(request, call).await
    }
}

fn is_health_check(request: &Request) -> bool {
    let route = request.extensions().get::<MatchedPath>();
    route.is_some_and(|route| [routes::HEALTH, routes::READINESS].contains(&route.as_str()))
}
