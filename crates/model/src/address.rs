//! Addresses, as far as they stand for somebody.

use std::net::IpAddr;

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
}
