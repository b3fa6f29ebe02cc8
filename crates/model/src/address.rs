//! Addresses, as far as they stand for somebody.

use std::net::IpAddr;

use ipnet::IpNet;

/// What counts as one address: for IPv6 the /64 that one customer has, out of which every try could have its own.
pub fn block(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let network = u128::from(address) & (u128::MAX << 64);
            IpAddr::V6(network.into())
        }
    }
}

/// Reads an address or a network in CIDR notation. Whatever the spelling, one network has one value: bits behind its
/// length are none of it, and IPv4 is not written as IPv6.
pub fn network(text: &str) -> Option<IpNet> {
    let single = || text.parse::<IpAddr>().map(IpNet::from);
    let network = text.parse::<IpNet>().or_else(|_| single()).ok()?.trunc();
    // `::ffff:0:0/96` holds the IPv4 addresses (RFC 4291 section 2.5.5.2).
    let mapped = network.prefix_len().checked_sub(96).zip(mapped(network.addr()));
    match mapped {
        Some((length, address)) => IpNet::new(address, length).ok(),
        None => Some(network),
    }
}

fn mapped(address: IpAddr) -> Option<IpAddr> {
    match address {
        IpAddr::V4(_) => None,
        IpAddr::V6(address) => address.to_ipv4_mapped().map(IpAddr::V4),
    }
}

/// A network as people write it: a single address has no length behind it.
pub fn network_text(network: &IpNet) -> String {
    match network.prefix_len() == network.max_prefix_len() {
        true => network.addr().to_string(),
        false => network.to_string(),
    }
}

/// An address as the host that others see. It never begins with a colon, with which an IRC parameter would end.
pub fn host_text(address: IpAddr) -> String {
    let text = address.to_string();
    if text.starts_with(':') { format!("0{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_one_address() {
        let block_of = |text: &str| block(text.parse().expect("an address")).to_string();
        assert_eq!(block_of("192.0.2.7"), "192.0.2.7");
        assert_eq!(block_of("2001:db8:0:1:2:3:4:5"), "2001:db8:0:1::");
        assert_eq!(block_of("2001:db8:0:2::1"), "2001:db8:0:2::");
    }

    #[test]
    fn one_network_has_one_value_however_it_is_written() {
        let cases = [
            ("192.0.2.7", "192.0.2.7"),
            ("192.0.2.7/32", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7/120", "192.0.2.0/24"),
            ("::ffff:0:0/96", "0.0.0.0/0"),
            ("192.0.2.7/24", "192.0.2.0/24"),
            ("0:0:0:0:0:0:0:1", "::1"),
            ("2001:DB8:0::/32", "2001:db8::/32"),
            ("::/0", "::/0"),
        ];
        for (text, shown) in cases {
            let network = network(text).expect(text);
            assert_eq!(network_text(&network), shown, "{text}");
        }
        for text in ["", "192.0.2", "192.0.2.*", "192.0.2.0/33", "bob", "::1%eth0", "[::1]"] {
            assert_eq!(network(text), None, "{text}");
        }
    }

    #[test]
    fn a_host_can_be_an_irc_parameter() {
        let host = |text: &str| host_text(text.parse().expect("an address"));
        assert_eq!(host("::1"), "0::1");
        assert_eq!(host("2001:db8::1"), "2001:db8::1");
        assert_eq!(host("192.0.2.7"), "192.0.2.7");
    }
}
