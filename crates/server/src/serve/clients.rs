//! All open connections, and which of them is closed when there are too many.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

use super::{client::ConnectedClient, counters::ConnectionCounters};

/// Limits of open connections.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClientLimits {
    /// Maximum number of connections.
    pub(super) total: usize,
    /// Maximum number of connections from one address.
    pub(super) per_address: usize,
    /// Maximum number of bytes of responses that clients do not receive at the moment.
    pub(super) unsent: usize,
    /// Time without progress after which such a response can be given up.
    pub(super) stalled: Duration,
}

/// Size of a response in bytes that does not cause a check of the unsent ones.
const SMALL: usize = 16 * 1024;

/// The open connections.
pub(super) struct ConnectedClients {
    limits: ClientLimits,
    counters: ConnectionCounters,
    open: Mutex<OpenClients>,
    freed: Notify,
}

#[derive(Default)]
struct OpenClients {
    next: u64,
    clients: HashMap<u64, Arc<ConnectedClient>>,
    addresses: HashMap<IpAddr, usize>,
}

/// Whether a connection is accepted.
pub(super) enum Admission {
    /// It is. It counts until the value is dropped.
    Admitted(AdmittedClient),
    /// All connections of its address are in use by requests that the server processes.
    TooManyOfAddress,
}

/// An accepted connection.
pub(super) struct AdmittedClient {
    id: u64,
    client: Arc<ConnectedClient>,
    clients: Arc<ConnectedClients>,
}

impl ConnectedClients {
    pub(super) fn new(limits: ClientLimits, counters: ConnectionCounters) -> Arc<Self> {
        Arc::new(Self {
            limits,
            counters,
            open: Mutex::default(),
            freed: Notify::new(),
        })
    }

    /// Returns the number of open connections.
    pub(super) fn open(&self) -> usize {
        self.lock().clients.len()
    }

    /// Waits until a further connection can be admitted: until there is a free place, or a connection
    /// whose client is waited for.
    pub(super) async fn wait(&self) {
        loop {
            let freed = self.freed.notified();
            {
                let open = self.lock();
                if open.clients.len() < self.limits.total || open.stalest(|_| true).is_some() {
                    return;
                }
            }
            // A connection may become one that is waited for without a notification.
            drop(tokio::time::timeout(Duration::from_millis(50), freed).await);
        }
    }

    /// Admits a connection. If its address or the server has too many, closes the one whose client has
    /// made the server wait the longest. `is_counted` tells whether the address has a limit.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr, is_counted: bool) -> Admission {
        let mut open = self.lock();
        let of_address = open.addresses.get(&address).copied().unwrap_or_default();
        if is_counted && of_address >= self.limits.per_address {
            let Some(stalest) = open.stalest(|client| client.address == address) else {
                self.counters.count_refused();
                return Admission::TooManyOfAddress;
            };
            self.replace(&mut open, stalest);
        }
        if open.clients.len() >= self.limits.total
            && let Some(stalest) = open.stalest(|_| true)
        {
            self.replace(&mut open, stalest);
        }
        let client = Arc::new(ConnectedClient::new(address));
        let id = open.insert(Arc::clone(&client));
        self.counters.set_open(open.clients.len());
        Admission::Admitted(AdmittedClient {
            id,
            client,
            clients: Arc::clone(self),
        })
    }

    /// Closes stalled connections until the unsent responses are within their limit.
    pub(super) fn limit_unsent(&self) {
        let mut open = self.lock();
        let stalled = |client: &ConnectedClient| {
            client.unsent() > 0 && client.last_progress().elapsed() >= self.limits.stalled
        };
        let mut unsent: usize = open.clients.values().map(|client| client.unsent()).sum();
        while unsent > self.limits.unsent {
            let Some(stalest) = open.stalest(stalled) else {
                break;
            };
            let closed = self.replace(&mut open, stalest);
            unsent -= closed.map_or(0, |client| client.unsent());
        }
    }

    fn replace(&self, open: &mut OpenClients, id: u64) -> Option<Arc<ConnectedClient>> {
        self.counters.count_replaced();
        let closed = open.close(id);
        self.counters.set_open(open.clients.len());
        closed
    }

    fn remove(&self, id: u64) {
        let mut open = self.lock();
        open.remove(id);
        self.counters.set_open(open.clients.len());
        drop(open);
        self.freed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, OpenClients> {
        // No code panics while it holds the lock, and the maps are valid after each statement.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OpenClients {
    fn insert(&mut self, client: Arc<ConnectedClient>) -> u64 {
        let id = self.next;
        self.next += 1;
        *self.addresses.entry(client.address).or_default() += 1;
        self.clients.insert(id, client);
        id
    }

    fn remove(&mut self, id: u64) -> Option<Arc<ConnectedClient>> {
        let client = self.clients.remove(&id)?;
        if let Some(count) = self.addresses.get_mut(&client.address) {
            *count -= 1;
            if *count == 0 {
                self.addresses.remove(&client.address);
            }
        }
        Some(client)
    }

    fn close(&mut self, id: u64) -> Option<Arc<ConnectedClient>> {
        let client = self.remove(id)?;
        client.close();
        tracing::debug!(client = %client.address, "connection closed in favour of another one");
        Some(client)
    }

    /// Returns the connection that the server has waited for the longest, among those that `matches`.
    fn stalest(&self, matches: impl Fn(&ConnectedClient) -> bool) -> Option<u64> {
        let waiting = self
            .clients
            .iter()
            .filter(|(_, client)| client.is_waited_for() && matches(client));
        waiting
            .min_by_key(|(_, client)| client.last_progress())
            .map(|(id, _)| *id)
    }
}

impl AdmittedClient {
    pub(super) fn client(&self) -> &Arc<ConnectedClient> {
        &self.client
    }

    /// Records the size of a response that is being sent.
    pub(super) fn responds(&self, bytes: usize) {
        self.client.response(bytes);
        if bytes > SMALL {
            self.clients.limit_unsent();
        }
    }
}

impl Drop for AdmittedClient {
    fn drop(&mut self) {
        self.clients.remove(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const TWO: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    fn clients(total: usize, per_address: usize) -> Arc<ConnectedClients> {
        let limits = ClientLimits {
            total,
            per_address,
            unsent: 1000,
            stalled: Duration::ZERO,
        };
        ConnectedClients::new(limits, ConnectionCounters::default())
    }

    fn counted(clients: &ConnectedClients) -> [u64; 3] {
        let counters = &clients.counters;
        [counters.open(), counters.refused(), counters.replaced()]
    }

    fn admitted(clients: &Arc<ConnectedClients>, address: IpAddr) -> AdmittedClient {
        match clients.admit(address, true) {
            Admission::Admitted(client) => client,
            Admission::TooManyOfAddress => panic!("not admitted"),
        }
    }

    /// Whether the server closes the connection.
    async fn is_closed(client: &AdmittedClient) -> bool {
        tokio::select! {
            biased;
            () = client.client().closed() => true,
            () = std::future::ready(()) => false,
        }
    }

    #[tokio::test]
    async fn the_stalest_connection_makes_room() {
        let clients = clients(2, 2);
        let first = admitted(&clients, ONE);
        let second = admitted(&clients, TWO);
        first.client().progress();
        let _third = admitted(&clients, ONE);
        assert!(!is_closed(&first).await && is_closed(&second).await);
        assert_eq!(clients.open(), 2);
        drop(second);
        assert_eq!(clients.open(), 2, "a closed connection is counted out once");
        assert_eq!(counted(&clients), [2, 0, 1]);
    }

    #[tokio::test]
    async fn a_request_in_progress_is_never_closed_for_another_connection() {
        let clients = clients(8, 1);
        let busy = admitted(&clients, ONE);
        let request = busy.client().request(false);
        assert!(matches!(
            clients.admit(ONE, true),
            Admission::TooManyOfAddress
        ));
        assert!(
            matches!(clients.admit(ONE, false), Admission::Admitted(_)),
            "a proxy has no limit"
        );
        busy.client().awaited();
        let _other = admitted(&clients, ONE);
        assert!(is_closed(&busy).await, "its body does not arrive");
        assert_eq!(counted(&clients), [1, 1, 1]);
        drop(request);
    }

    #[tokio::test]
    async fn a_full_server_waits_until_a_client_is_waited_for() {
        let clients = clients(1, 1);
        let busy = admitted(&clients, ONE);
        let request = busy.client().request(false);
        let waiting = tokio::spawn({
            let clients = Arc::clone(&clients);
            async move { clients.wait().await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(request);
        waiting.await.unwrap();
    }

    #[tokio::test]
    async fn responses_that_nobody_receives_are_limited() {
        let clients = clients(8, 8);
        let [stalled, fresh, idle] = [(); 3].map(|()| admitted(&clients, ONE));
        stalled.responds(900);
        stalled.client().awaited();
        fresh.client().progress();
        fresh.responds(900);
        fresh.client().awaited();
        idle.responds(0);
        clients.limit_unsent();
        assert!(is_closed(&stalled).await);
        assert!(!is_closed(&fresh).await && !is_closed(&idle).await);
    }
}
