//! Clients that send or receive slowly, or not at all.

use std::{path::Path, time::Duration};

use anyhow::Result;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use super::Attacked;
use crate::{
    process::{Cache, Process},
    site::Site,
};

/// Bytes of the image that nobody reads.
const IMAGE: usize = 15_000_000;

/// Many clients that send the same bytes and then nothing, or a byte a second.
struct Crowd {
    name: &'static str,
    count: usize,
    sends: Vec<u8>,
    drips: bool,
}

/// Lets each crowd attack a server of its own.
pub(super) async fn measure(data: &Path) -> Result<Vec<[String; 6]>> {
    raise_file_limit()?;
    let (server, _) = Process::tintero(data, Cache::Off).await?;
    let image = Site::sign_in(&server, 2_000).await?.image(IMAGE).await?;
    server.stop()?;
    let mut rows = Vec::new();
    for crowd in crowds(&image) {
        rows.push(crowd.attack(data).await?);
    }
    Ok(rows)
}

fn crowds(image: &str) -> [Crowd; 5] {
    let crowd = |name, count, sends: String, drips| Crowd {
        name,
        count,
        sends: sends.into_bytes(),
        drips,
    };
    let login = |length: usize| {
        format!(
            "POST /v1/auth/login HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n{{"
        )
    };
    let large = login(2_000_000) + &" ".repeat(1_900_000);
    let head = "GET /v1/posts HTTP/1.1\r\nhost: a\r\nx-long: ".to_owned();
    let download = format!("GET {image} HTTP/1.1\r\nhost: a\r\n\r\n");
    [
        crowd("1,000 slow bodies", 1_000, login(1_000), true),
        crowd("200 bodies of 2 MB without an end", 200, large, true),
        crowd("1,030 downloads that nobody reads", 1_030, download, false),
        crowd("1,000 slow heads", 1_000, head.clone(), true),
        crowd(
            "200 heads of 1.9 MB",
            200,
            head + &"x".repeat(1_900_000),
            true,
        ),
    ]
}

impl Crowd {
    async fn attack(self, data: &Path) -> Result<[String; 6]> {
        let attacked = Attacked::start(data).await?;
        let address = attacked.server.address();
        let mut clients = Vec::new();
        clients.resize_with(self.count, || None);
        while !attacked.reader.is_finished() {
            for client in &mut clients {
                let alive = match client.as_mut() {
                    Some(stream) => !self.drips || drip(stream).await,
                    None => false,
                };
                if !alive {
                    *client = self.connect(address).await;
                }
                if attacked.reader.is_finished() {
                    break;
                }
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        attacked.row(self.name).await
    }

    /// Connects and sends. The server may disconnect before it has received everything.
    async fn connect(&self, address: std::net::SocketAddr) -> Option<TcpStream> {
        let mut stream = TcpStream::connect(address).await.ok()?;
        let write = stream.write_all(&self.sends);
        let written = tokio::time::timeout(Duration::from_millis(100), write).await;
        matches!(written, Ok(Ok(())) | Err(_)).then_some(stream)
    }
}

/// Sends one byte. Returns whether the connection is open.
async fn drip(stream: &mut TcpStream) -> bool {
    match stream.try_write(b" ") {
        Ok(_) => stream.flush().await.is_ok(),
        Err(error) => error.kind() == std::io::ErrorKind::WouldBlock,
    }
}

/// Each client is a socket of this process, too.
fn raise_file_limit() -> Result<()> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let current = maximum;
    setrlimit(Resource::Nofile, Rlimit { current, maximum })?;
    Ok(())
}
