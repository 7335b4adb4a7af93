//! What comes with a request besides its form: the session, the device's cookie, the address, what the browser says of
//! itself. Signing in looks at all of it.

use crate::devices::{Agent, DeviceCookie};
use core::fmt;
use domain::id::RequestId;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv6Addr};
use tower_sessions::Session;

/// Who calls, as far as anybody can tell before they have signed in. Cheap to clone.
#[derive(Clone)]
pub struct Caller {
    /// The session.
    pub session: Session,
    /// The id of the request.
    pub request: Option<RequestId>,
    /// The cookie of the device.
    pub device: DeviceCookie,
    /// The network the request came from.
    pub network: Option<Network>,
    /// What the browser says of itself.
    pub agent: Agent,
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Caller([redacted])")
    }
}

/// A network as small as one household or machine has: an IPv4 address, or 64 bits of an IPv6 address.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network(IpAddr);

impl Network {
    /// The network of an address.
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        })
    }

    /// Under what its tries are counted; the store keeps a keyed hash of it.
    pub(crate) fn key(self) -> String {
        self.0.to_string()
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Network([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    fn network(address: &str) -> Network {
        Network::of(address.parse().expect("an address"))
    }

    #[test]
    fn a_household_is_one_network() {
        assert_eq!(network("2001:db8:1:2::9"), network("2001:db8:1:2:aaaa::1"));
        assert_ne!(network("2001:db8:1:2::9"), network("2001:db8:1:3::9"));
        assert_eq!(network("::ffff:203.0.113.9"), network("203.0.113.9"));
        assert_ne!(network("203.0.113.8"), network("203.0.113.9"));
        assert_eq!(
            format!("{:?}", network("203.0.113.9")),
            "Network([redacted])"
        );
    }
}
