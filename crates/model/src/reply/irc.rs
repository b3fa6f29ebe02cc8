//! What only IRC clients are told.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Reply;
use crate::Text;
use crate::who::Who;

/// What IRC clients wait for, or keep a record by. People are told it in other ways, or need not know it, so that a numeric
/// which comes to these touches no face but IRC's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IrcReply {
    /// The session's nickname is now this one (its first, or after NICK); for the face's own records.
    YouAre {
        /// Which, and how others see who has it.
        who: Arc<Who>,
    },
    /// What the client said to NickServ, without the secrets in it: its receipt, for those who want echoes.
    NickServEcho {
        /// Who said it.
        who: Arc<Who>,
        /// What may be shown of it.
        text: Text,
    },
    /// The end of WHOIS.
    EndOfWhois {
        /// As asked for.
        mask: Text,
    },
}

impl From<IrcReply> for Reply {
    fn from(reply: IrcReply) -> Self {
        Self::Irc(reply)
    }
}
