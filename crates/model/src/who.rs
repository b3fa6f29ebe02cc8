//! Who did something, as others see it.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::name::{Account, Nick};

/// A user as an event's source: IRC's `nick!user@host`, and what the tags tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The nickname.
    pub nick: Nick,
    /// What IRC calls the user name.
    pub username: Text,
    /// The address or name the user connects from, as shown to others.
    pub host: Text,
    /// The account that the user is logged in to.
    pub account: Option<Account>,
    /// The real name (GECOS).
    pub realname: Text,
    /// Whether the user says that it is a bot (user mode `B`).
    pub bot: bool,
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}!{}@{}", self.nick, self.username, self.host)
    }
}

/// The source of an event: somebody, or the server itself (an administrator acts in its name).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// A user.
    User(Arc<Who>),
    /// The server.
    Server,
}

impl Source {
    /// The user's nickname.
    pub fn nick(&self) -> Option<&Nick> {
        match self {
            Self::User(who) => Some(&who.nick),
            Self::Server => None,
        }
    }
}
