//! Who logs in, as the clients of bouncers write it: `account`, with `@device`, `/network`, or both behind it.

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::call::clip;
use crate::limits::DEVICE_BYTES_MAX;
use crate::name::{Account, NameError};

/// An account, and which of its owner's devices it is that logs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginName {
    /// Which account.
    pub account: Account,
    /// What the client calls itself, where it says so. An own name for each lets the server know them apart.
    pub device: Option<Text>,
}

impl LoginName {
    /// Reads what a client logs in as. The network is for bouncers, which have several, and is left out.
    ///
    /// # Errors
    /// As [`Account::new`].
    pub fn new(text: &str) -> Result<Self, NameError> {
        let (account, rest) = text.split_at(text.find(['/', '@']).unwrap_or(text.len()));
        let device = rest.split_once('@').map_or("", |(_, device)| device);
        let device = clip(device.split('/').next().unwrap_or_default(), DEVICE_BYTES_MAX);
        let device = (!device.is_empty()).then(|| device.into());
        Ok(Self { account: Account::new(account)?, device })
    }
}

impl From<Account> for LoginName {
    fn from(account: Account) -> Self {
        Self { account, device: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_read_in_every_form_that_bouncers_know() {
        let cases = [
            ("dora", Some(("dora", None))),
            ("dora/libera", Some(("dora", None))),
            ("dora@phone", Some(("dora", Some("phone")))),
            ("dora@phone/libera", Some(("dora", Some("phone")))),
            ("dora/libera@phone", Some(("dora", Some("phone")))),
            ("dora@", Some(("dora", None))),
            ("@phone", None),
            ("two words", None),
        ];
        for (text, expected) in cases {
            let found = LoginName::new(text).ok();
            let found = found.as_ref().map(|name| (name.account.as_str(), name.device.as_deref()));
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
