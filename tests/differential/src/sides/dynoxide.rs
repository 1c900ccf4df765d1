use std::net::{Ipv4Addr, TcpListener};
use std::thread;

use anyhow::Result;
use dynoxide::Database;

use super::HttpSide;

/// Starts dynoxide's server with a database in memory on a free port. It ends with this process.
pub(crate) fn start() -> Result<HttpSide> {
    serve(Database::memory()?)
}

/// Starts the server for a database on a free port.
pub(crate) fn serve(database: Database) -> Result<HttpSide> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    thread::spawn(move || {
        runtime.block_on(async {
            let listener =
                tokio::net::TcpListener::from_std(listener).expect("the listener does not block");
            dynoxide::server::serve_on(listener, database).await;
        });
    });
    Ok(HttpSide::new("dynoxide", endpoint))
}
