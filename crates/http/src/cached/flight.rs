use std::sync::Arc;

use axum::{
    extract::Request,
    response::{IntoResponse as _, Response},
};

use super::{answer::StoredAnswer, key::AnswerKey, store::AnswerCache};
use crate::{
    coding::Compression,
    problem::{Problem, ProblemType},
};

/// A read that loads an answer, or waits for another read that loads the same one.
pub(super) struct Flight<'a, L> {
    cache: &'a AnswerCache,
    compression: &'a Compression,
    /// The request, and how the routes are called; absent after they were.
    request: Option<(Request, L)>,
    /// The response to the request, if it must not be stored.
    response: Option<Response>,
}

/// The answer is not stored, or a schedule changed it while this read waited for it.
#[derive(Debug)]
struct NotStored;

type Loaded = Result<Arc<StoredAnswer>, NotStored>;

impl<'a, L, F> Flight<'a, L>
where
    L: FnOnce(Request) -> F,
    F: Future<Output = Response>,
{
    pub(super) fn new(
        cache: &'a AnswerCache,
        compression: &'a Compression,
        request: Request,
        load: L,
    ) -> Self {
        Self {
            cache,
            compression,
            request: Some((request, load)),
            response: None,
        }
    }

    /// Returns the answer with this key, or the response to the request if it must not be stored.
    ///
    /// A write changes the keys of all later reads. A read therefore never waits for an answer that was
    /// loaded before a write which was acknowledged before the read.
    pub(super) async fn land(mut self, key: &AnswerKey) -> Result<Arc<StoredAnswer>, Response> {
        let loaded = match key.coding {
            None => self.uncoded(key).await,
            Some(_) => self.coded(key).await,
        };
        if let Some(response) = self.response {
            return Err(response);
        }
        match (loaded, self.request) {
            (Ok(answer), _) => Ok(answer),
            (Err(NotStored), Some((request, load))) => Err(load(request).await),
            (Err(NotStored), None) => Err(Problem::new(ProblemType::Internal)
                .because("a read has neither an answer nor a response".to_owned())
                .into_response()),
        }
    }

    async fn uncoded(&mut self, key: &AnswerKey) -> Loaded {
        let cache = self.cache;
        let answer = join(cache, key, self.load()).await?;
        self.checked(key, answer).await
    }

    async fn coded(&mut self, key: &AnswerKey) -> Loaded {
        let cache = self.cache;
        let answer = join(cache, key, self.compress(key)).await?;
        self.checked(key, answer).await
    }

    async fn load(&mut self) -> Loaded {
        let (request, load) = self.request.take().ok_or(NotStored)?;
        let loaded = self.cache.load_time();
        let response = load(request).await;
        match StoredAnswer::of(response, loaded, self.cache.largest()).await {
            Ok(answer) => Ok(Arc::new(answer)),
            Err(response) => {
                self.response = Some(response);
                Err(NotStored)
            }
        }
    }

    async fn compress(&mut self, key: &AnswerKey) -> Loaded {
        let uncoded = key.uncoded();
        let answer = match self.cache.fresh(&uncoded).await {
            Some(answer) => answer,
            None => self.uncoded(&uncoded).await?,
        };
        let Some(coding) = key.coding else {
            return Ok(answer);
        };
        let body = self.compression.compress(coding, answer.body()).await;
        Ok(body.map_or(Arc::clone(&answer), |body| {
            Arc::new(answer.coded(coding, body))
        }))
    }

    /// Rejects an answer that a schedule changed while this read waited for it.
    async fn checked(&mut self, key: &AnswerKey, answer: Arc<StoredAnswer>) -> Loaded {
        let has_waited = self.request.is_some();
        if has_waited && !answer.is_fresh(self.cache.now()) {
            self.cache.remove(key).await;
            return Err(NotStored);
        }
        Ok(answer)
    }
}

/// Waits for the read that loads this answer, or becomes it.
async fn join(cache: &AnswerCache, key: &AnswerKey, load: impl Future<Output = Loaded>) -> Loaded {
    let answers = cache.answers().ok_or(NotStored)?;
    let loaded = answers.try_get_with(key.clone(), load).await;
    // Evicts at once, so that the cache never exceeds its size.
    answers.run_pending_tasks().await;
    loaded.map_err(|_| NotStored)
}
