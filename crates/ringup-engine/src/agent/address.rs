use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// Network addresses that begin alike: one address, or the beginning of many such as `192.0.2.0/24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressRule {
    address: IpAddr,
    bits: u32,
}

/// The text is no address, and no beginning of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an address is written 192.0.2.7, 192.0.2.0/24, 2001:db8::7 or 2001:db8::/32")]
pub struct ParseAddressRuleError;

impl AddressRule {
    /// Whether this address is one of them. An IPv4 address that came in the form of IPv6 is the IPv4 address.
    #[must_use]
    pub fn allows(self, address: IpAddr) -> bool {
        let (ours, width) = whole(self.address);
        let (theirs, other_width) = whole(address.to_canonical());
        let unread = width.saturating_sub(self.bits);
        // Shifted by all its bits nothing is left to compare.
        width == other_width && ours.checked_shr(unread).unwrap_or(0) == theirs.checked_shr(unread).unwrap_or(0)
    }
}

/// An address as a number of so many bits.
fn whole(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    }
}

impl FromStr for AddressRule {
    type Err = ParseAddressRuleError;

    fn from_str(text: &str) -> Result<Self, ParseAddressRuleError> {
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u32>().map_err(|_| ParseAddressRuleError)?)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| ParseAddressRuleError)?;
        let address = address.to_canonical();
        let (_, width) = whole(address);
        let bits = bits.unwrap_or(width);
        if bits <= width { Ok(Self { address, bits }) } else { Err(ParseAddressRuleError) }
    }
}

impl fmt::Display for AddressRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}
