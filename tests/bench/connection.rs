//! HTTP connections with little overhead, so that the client does not limit the server.

use std::net::{IpAddr, SocketAddr};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpSocket, TcpStream};

/// A request that can be sent on any connection.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Prepared {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    fn request(self) -> Result<Request<Full<Bytes>>> {
        let mut request = Request::builder()
            .method(self.method)
            .uri(self.path)
            .body(Full::new(self.body))?;
        *request.headers_mut() = self.headers;
        let host = http::HeaderValue::from_static("localhost");
        request.headers_mut().insert(header::HOST, host);
        Ok(request)
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// One connection, which is kept alive.
pub(crate) struct HttpConnection(SendRequest<Full<Bytes>>);

impl HttpConnection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        Self::over(TcpStream::connect(address).await?).await
    }

    /// Opens a connection from another address of this machine.
    pub(crate) async fn open_from(client: IpAddr, address: SocketAddr) -> Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::new(client, 0))?;
        Self::over(socket.connect(address).await?).await
    }

    async fn over(stream: TcpStream) -> Result<Self> {
        stream.set_nodelay(true)?;
        let (sender, driver) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(driver);
        Ok(Self(sender))
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// An answer without a status of success.
    pub(crate) async fn send(&mut self, prepared: Prepared) -> Result<Answer> {
        let what = format!("{} {}", prepared.method, prepared.path);
        let answer = self.exchange(prepared).await.context(what.clone())?;
        ensure!(
            answer.status.is_success(),
            "{what}: {}: {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
        Ok(answer)
    }

    /// Sends a request and reads the whole answer, whatever its status.
    pub(crate) async fn exchange(&mut self, prepared: Prepared) -> Result<Answer> {
        self.0.ready().await?;
        let answer = self.0.send_request(prepared.request()?).await?;
        let (head, body) = answer.into_parts();
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body: body.collect().await?.to_bytes(),
        })
    }
}
