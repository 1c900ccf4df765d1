//! A request whose body stays incomplete until a test completes it.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use serde_json::Value;

use super::{Client, Server};

/// A half-sent request that creates a post.
pub(crate) struct Unfinished {
    stream: TcpStream,
    rest: String,
}

impl Unfinished {
    /// Sends the head and waits until the server reads the body.
    pub(crate) fn begin(server: &Server, author: &Client, post: &Value) -> Self {
        let body = post.to_string();
        let head = format!(
            "POST /v1/posts HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
            author.token(),
            body.len()
        );
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        // `100 Continue` shows that the server is handling the request.
        let mut go_on = [0; 25];
        tokio::task::block_in_place(|| stream.read_exact(&mut go_on)).unwrap();
        assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
        let (first, rest) = body.split_at(body.len() / 2);
        stream.write_all(first.as_bytes()).unwrap();
        Self {
            stream,
            rest: rest.to_owned(),
        }
    }

    /// Sends the rest of the body and reads the answer.
    pub(crate) fn finish(mut self) -> String {
        self.stream.write_all(self.rest.as_bytes()).unwrap();
        self.answer()
    }

    /// Reads the answer to the incomplete request.
    pub(crate) fn answer(mut self) -> String {
        let mut answer = String::new();
        tokio::task::block_in_place(|| self.stream.read_to_string(&mut answer)).unwrap();
        answer
    }
}
