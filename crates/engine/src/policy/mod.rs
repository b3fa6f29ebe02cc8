//! Who may see, come in, say and change what. Handlers ask here, and decide nothing by themselves.
//!
//! A question is answered with yes and by what right, or with the refusal that says why not.

pub(crate) mod channel;
pub(crate) mod ranks;
pub(crate) mod sight;

/// By what right somebody acts on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Right {
    /// Like anybody in the same position.
    Own,
    /// Only as operator of the server, which goes on record.
    Server,
}

impl Right {
    pub(crate) fn is_override(self) -> bool {
        self == Self::Server
    }
}
