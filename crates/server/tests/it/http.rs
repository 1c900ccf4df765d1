//! An HTTP client that opens one connection for each request.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use serde_json::Value;

/// A client of one server.
#[derive(Clone)]
pub(crate) struct HttpClient {
    address: String,
    authorization: Option<String>,
}

/// A response.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct HttpResponse {
    pub(crate) status: u16,
    pub(crate) etag: Option<String>,
    pub(crate) body: String,
}

impl HttpResponse {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

impl HttpClient {
    /// Creates a client without credentials.
    pub(crate) fn anonymous(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            authorization: None,
        }
    }

    /// Returns the same client for another server.
    pub(crate) fn at(&self, address: &str) -> Self {
        Self {
            address: address.to_owned(),
            ..self.clone()
        }
    }

    /// Signs in and returns the client with an access token.
    pub(crate) fn signed_in(self, email: &str, password: &str) -> Self {
        let login = serde_json::json!({ "email": email, "password": password });
        let response = self.send("POST", "/v1/auth/login", "", &login.to_string());
        let json = response.json();
        let token = json["access_token"].as_str().expect("a token");
        self.authorized(&format!("Bearer {token}"))
    }

    /// Returns the client with an `Authorization` header.
    pub(crate) fn authorized(self, credentials: &str) -> Self {
        Self {
            authorization: Some(credentials.to_owned()),
            ..self
        }
    }

    pub(crate) fn get(&self, path: &str) -> HttpResponse {
        self.send("GET", path, "", "")
    }

    /// Sends a POST request. `headers` are complete lines with line breaks.
    pub(crate) fn post(&self, path: &str, headers: &str, body: &str) -> HttpResponse {
        self.send("POST", path, headers, body)
    }

    fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> HttpResponse {
        let authorization = self.authorization.as_ref();
        let authorization = authorization.map_or_else(String::new, |credentials| {
            format!("authorization: {credentials}\r\n")
        });
        let content_type = if body.is_empty() || headers.contains("content-type") {
            ""
        } else {
            "content-type: application/json\r\n"
        };
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: {length}\r\n{content_type}{authorization}{headers}\r\n{body}"
        );
        let mut stream = TcpStream::connect(&self.address).expect("the server listens");
        stream
            .write_all(request.as_bytes())
            .expect("the server reads");
        let mut response = String::new();
        stream.read_to_string(&mut response).expect("UTF-8");
        parse(&response)
    }
}

fn parse(response: &str) -> HttpResponse {
    let (head, body) = response.split_once("\r\n\r\n").expect("a response head");
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    let etag = head.lines().find_map(|line| line.strip_prefix("etag: "));
    HttpResponse {
        status: status.expect("a status"),
        etag: etag.map(str::to_owned),
        body: body.to_owned(),
    }
}
