//! Requests to a server in another process, one connection each.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use serde_json::Value;

/// Whoever calls the server at an address.
#[derive(Clone)]
pub(crate) struct Caller {
    address: String,
    token: Option<String>,
}

/// What came back.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) etag: Option<String>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

impl Caller {
    /// Somebody whom the server does not know.
    pub(crate) fn stranger(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            token: None,
        }
    }

    /// The same caller at another server.
    pub(crate) fn at(&self, address: &str) -> Self {
        Self {
            address: address.to_owned(),
            ..self.clone()
        }
    }

    /// The same caller, signed in.
    pub(crate) fn signed_in(self, email: &str, password: &str) -> Self {
        let login = serde_json::json!({ "email": email, "password": password });
        let answer = self.send("POST", "/v1/auth/login", "", &login.to_string());
        let token = answer.json()["access_token"].as_str().map(str::to_owned);
        assert!(token.is_some(), "{answer:?}");
        Self { token, ..self }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", "")
    }

    /// `fields` are lines of the header, each with its end.
    pub(crate) fn post(&self, path: &str, fields: &str, body: &str) -> Answer {
        self.send("POST", path, fields, body)
    }

    fn send(&self, method: &str, path: &str, fields: &str, body: &str) -> Answer {
        let token = self.token.as_ref().map_or_else(String::new, |token| {
            format!("authorization: Bearer {token}\r\n")
        });
        let kind = if body.is_empty() {
            ""
        } else {
            "content-type: application/json\r\n"
        };
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: {length}\r\n{kind}{token}{fields}\r\n{body}"
        );
        let mut stream = TcpStream::connect(&self.address).expect("the server listens");
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("UTF-8");
        read(&answer)
    }
}

fn read(answer: &str) -> Answer {
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    let etag = head.lines().find_map(|line| line.strip_prefix("etag: "));
    Answer {
        status: status.expect("a status"),
        etag: etag.map(str::to_owned),
        body: body.to_owned(),
    }
}
