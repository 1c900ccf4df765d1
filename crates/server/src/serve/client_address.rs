//! Determines the client address of a request behind proxies.

use std::net::IpAddr;

use hyper::HeaderMap;

use crate::config::TrustedProxies;

/// The header to which each proxy appends the address of its client.
pub(crate) const FORWARDED_FOR: &str = "x-forwarded-for";

/// Returns the last address that is not a trusted proxy. Earlier addresses may be forged.
pub(crate) fn client_address(
    peer: IpAddr,
    headers: &HeaderMap,
    proxies: &TrustedProxies,
) -> IpAddr {
    let mut client = peer.to_canonical();
    if !proxies.contains(client) {
        return client;
    }
    let fields = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|field| field.to_str().ok());
    let hops: Vec<_> = fields
        .flat_map(|field| field.split(','))
        .map(|hop| hop.trim().parse())
        .collect();
    for hop in hops.into_iter().rev() {
        let (true, Ok(hop)) = (proxies.contains(client), hop) else {
            break;
        };
        client = IpAddr::to_canonical(&hop);
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SettingValue as _;

    fn address(peer: &str, forwarded: &str) -> String {
        let proxies = TrustedProxies::parse("10.0.0.0/8").unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(FORWARDED_FOR, forwarded.parse().unwrap());
        client_address(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn only_headers_of_trusted_proxies_are_used() {
        assert_eq!(
            address("192.0.2.1", "203.0.113.9"),
            "192.0.2.1",
            "the peer is not a trusted proxy"
        );
        assert_eq!(address("10.0.0.1", "203.0.113.9"), "203.0.113.9");
        assert_eq!(
            address("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2"),
            "203.0.113.9"
        );
        assert_eq!(address("10.0.0.1", "nonsense"), "10.0.0.1");
    }
}
