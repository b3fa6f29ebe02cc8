//! What is told in a sentence, with no more to it than that.

use serde::{Deserialize, Serialize};

use super::HelpRow;
use crate::Text;
use crate::mode::Ranks;
use crate::name::{Account, ChannelName, Nick};

/// What NickServ and the server say in sentences. The faces have the words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// What NickServ can do.
    NickServHelp {
        /// A row each.
        rows: Vec<HelpRow>,
    },
    /// The session is logged in no more.
    LoggedOut {
        /// To which account it was.
        account: Account,
        /// `nick!user@host`, as others see it now.
        mask: Text,
    },
    /// The account has another password.
    PasswordChanged {
        /// Which account.
        account: Account,
        /// How many of its sessions were closed.
        closed: usize,
    },
    /// Other sessions of the account were closed.
    GhostsClosed {
        /// Which account.
        account: Account,
        /// How many.
        closed: usize,
    },
    /// All about an account that the asker may know.
    AccountInfo {
        /// Which account.
        account: Account,
        /// Whether it is here.
        online: bool,
        /// Where, if it is the asker's own.
        channels: Vec<(ChannelName, Ranks)>,
    },
    /// How far somebody is the owner of its nickname, as Anope's bots read it.
    Status {
        /// As asked for.
        nick: Text,
        /// 0 is nobody's, 1 somebody else's, 3 its owner's.
        level: u8,
        /// The account that it is logged in to.
        account: Option<Account>,
    },
    /// The same, as Atheme's bots read it.
    Acc {
        /// As asked for.
        nick: Text,
        /// As in [`Notice::Status`].
        level: u8,
    },
    /// NickServ does not know the word that it was told. It is not repeated: it may be a password.
    NickServUnknown,
    /// The nickname is taken from a guest because it is registered now.
    NickTakenBack {
        /// Which.
        nick: Nick,
    },
    /// The recipient is not online; the whisper was stored.
    WhisperStored {
        /// For whom.
        nick: Nick,
    },
    /// A channel that the account had founded has ended, because nobody used it.
    ChannelExpired {
        /// Which.
        channel: ChannelName,
    },
    /// More was missed than is shown now.
    MoreMissed {
        /// Where; `None` is in whispers.
        channel: Option<ChannelName>,
    },
    /// What was missed could not be read.
    PastUnavailable {
        /// Whether it is shown another time.
        comes_later: bool,
    },
}
