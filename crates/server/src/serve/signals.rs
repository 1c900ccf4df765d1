use std::io;

use tokio::sync::mpsc;

/// Sends a message for every SIGTERM or SIGINT (Ctrl-C).
pub fn signals() -> io::Result<mpsc::Receiver<()>> {
    let (sender, receiver) = mpsc::channel(2);
    spawn_listener(sender)?;
    Ok(receiver)
}

#[cfg(unix)]
fn spawn_listener(sender: mpsc::Sender<()>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if sender.send(()).await.is_err() {
                break;
            }
        }
    });
    Ok(())
}

#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "the signature of the Unix function"
)]
fn spawn_listener(sender: mpsc::Sender<()>) -> io::Result<()> {
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            if sender.send(()).await.is_err() {
                break;
            }
        }
        // Keeps the channel open: a closed channel would stop the server.
        std::future::pending::<()>().await;
    });
    Ok(())
}
