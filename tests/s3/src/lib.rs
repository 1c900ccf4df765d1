//! An S3 server for tests. It keeps objects in a folder and verifies signatures and digests.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

use async_trait::async_trait;
use http::{Request, Response, StatusCode};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{
    Body, HttpError, S3Result,
    auth::{S3Auth, SecretKey},
    service::{S3Service, S3ServiceBuilder},
};
use tokio::{net::TcpListener, sync::oneshot};

/// The secret of every access key.
pub const SECRET: &str = "secret of the writer";

/// A server on a free port of the loopback interface. Stops when dropped.
#[derive(Debug)]
pub struct S3Server {
    endpoint: String,
    root: PathBuf,
    is_down: Arc<AtomicBool>,
    _stop: oneshot::Sender<()>,
}

impl S3Server {
    /// Starts a server with the folders in `root` as its buckets.
    ///
    /// # Errors
    /// Errors of the network and of the folder.
    pub fn start(root: &Path) -> io::Result<Self> {
        Self::listen(root, "127.0.0.1:0")
    }

    /// Starts a server at an address.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn listen(root: &Path, address: &str) -> io::Result<Self> {
        let files = s3s_fs::FileSystem::new(root);
        let files = files.map_err(|error| io::Error::other(format!("{error:?}")))?;
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(AnyKey);
        let handler = Handler {
            service: service.build(),
            is_down: Arc::default(),
        };
        let is_down = Arc::clone(&handler.is_down);
        let (stop, stopped) = oneshot::channel();
        let (sender, bound) = mpsc::channel();
        let address = address.to_owned();
        // A thread of its own, so that tests without a runtime can use it.
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            match runtime {
                Ok(runtime) => runtime.block_on(handler.run(&address, stopped, &sender)),
                Err(error) => drop(sender.send(Err(error))),
            }
        });
        let port = bound.recv().map_err(io::Error::other)??;
        Ok(Self {
            endpoint: format!("http://127.0.0.1:{port}"),
            root: root.to_owned(),
            is_down,
            _stop: stop,
        })
    }

    /// The URL of the server.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The folder with the buckets.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether all requests fail with status 503 from now on.
    pub fn set_down(&self, is_down: bool) {
        self.is_down.store(is_down, Ordering::Relaxed);
    }
}

/// Accepts all access keys with the same secret.
struct AnyKey;

#[async_trait]
impl S3Auth for AnyKey {
    async fn get_secret_key(&self, _access_key: &str) -> S3Result<SecretKey> {
        Ok(SECRET.into())
    }
}

#[derive(Clone)]
struct Handler {
    service: S3Service,
    is_down: Arc<AtomicBool>,
}

impl Handler {
    async fn run(
        self,
        address: &str,
        mut stopped: oneshot::Receiver<()>,
        bound: &mpsc::Sender<io::Result<u16>>,
    ) {
        let listener = TcpListener::bind(address).await;
        let port = |listener: &TcpListener| listener.local_addr().map(|address| address.port());
        let (listener, port) = match listener.and_then(|it| port(&it).map(|port| (it, port))) {
            Ok((listener, port)) => (listener, Ok(port)),
            Err(error) => return drop(bound.send(Err(error))),
        };
        drop(bound.send(port));
        loop {
            tokio::select! {
                _ = &mut stopped => return,
                accepted = listener.accept() => {
                    if let Ok((stream, _)) = accepted {
                        let handler = self.clone();
                        tokio::spawn(async move {
                            let answer = service_fn(move |request| handler.clone().answer(request));
                            let server = Builder::new(TokioExecutor::new());
                            // A broken connection concerns its client only.
                            drop(server.serve_connection(TokioIo::new(stream), answer).await);
                        });
                    }
                }
            }
        }
    }

    async fn answer(self, request: Request<Incoming>) -> Result<Response<Body>, HttpError> {
        if self.is_down.load(Ordering::Relaxed) {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            return Ok(response);
        }
        self.service.call(request.map(Body::from)).await
    }
}
