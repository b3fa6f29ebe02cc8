//! Answers: what one session is told because of what it asked, or because of what it is.

mod admin;

use std::net::IpAddr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::close_reason::CloseReason;
use crate::id::Time;
use crate::mask::Mask;
use crate::message::Message;
use crate::mode::{ChannelModes, Ranks, UserMode, UserModes};
use crate::name::{Account, ChannelName, Nick};
use crate::refusal::Refusal;
use crate::who::{Source, Who};

pub use admin::{AdminReply, ChannelRow, OnlineRow};

/// How many of what there are (RPL_LUSERCLIENT and its kin).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Registered users that are not invisible.
    pub visible: usize,
    /// Registered users that are.
    pub invisible: usize,
    /// Server operators.
    pub operators: usize,
    /// Connections without a nickname yet.
    pub unregistered: usize,
    /// Channels.
    pub channels: usize,
    /// The most users there were at once since the start.
    pub most: usize,
}

impl Counts {
    /// Registered users in all.
    pub fn users(&self) -> usize {
        self.visible + self.invisible
    }
}

/// A member as NAMES lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub who: Arc<Who>,
    /// With which ranks.
    pub ranks: Ranks,
}

/// Somebody in the room as `/ls` lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The nickname.
    pub nick: Nick,
    /// Whether it is logged in (and so the nickname's owner or at least no guest).
    pub account: Option<Account>,
    /// Whether it has muted the room.
    pub muted: bool,
    /// Whether it is away.
    pub away: bool,
    /// Ranks in the room that was asked for.
    pub ranks: Ranks,
}

/// One row of WHO (RPL_WHOREPLY).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhoRow {
    /// Who.
    pub who: Arc<Who>,
    /// The channel it is shown for, with the ranks there.
    pub channel: Option<(ChannelName, Ranks)>,
    /// Whether it is away.
    pub away: bool,
    /// Whether it is a server operator.
    pub operator: bool,
}

/// All that WHOIS tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whois {
    /// Who.
    pub who: Arc<Who>,
    /// Where, of the channels that the asker may know of.
    pub channels: Vec<(ChannelName, Ranks)>,
    /// The away message.
    pub away: Option<Text>,
    /// Whether it is a server operator.
    pub operator: bool,
    /// Whether every session is encrypted.
    pub secure: bool,
    /// Seconds since it last said something.
    pub idle_s: i64,
    /// When it came.
    pub since: Time,
    /// Its address, for itself and for server operators.
    pub address: Option<IpAddr>,
}

/// Somebody who was here (RPL_WHOWASUSER).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whowas {
    /// Who.
    pub who: Arc<Who>,
    /// Until when.
    pub left: Time,
}

/// One channel in LIST.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its name.
    pub channel: ChannelName,
    /// How many are on it.
    pub members: usize,
    /// What it is about.
    pub topic: Text,
}

/// A topic and who set it when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// The text; never empty.
    pub text: Text,
    /// `nick!user@host` of who set it, or the server's name.
    pub setter: Text,
    /// When.
    pub time: Time,
}

/// One ban of a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelBan {
    /// Whom it covers.
    pub mask: Mask,
    /// `nick!user@host` of who set it.
    pub setter: Text,
    /// When.
    pub time: Time,
}

/// One command in HELP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpRow {
    /// The verb in capitals: `"JOIN"`.
    pub verb: Text,
    /// Its words: `"#channel[,…] [key[,…]]"`.
    pub words: Text,
    /// Whether people type it with a slash in the plain face.
    pub typed: bool,
}

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
    /// NickServ does not know this word.
    NickServUnknown {
        /// As typed.
        verb: Text,
    },
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
}

/// Which part of an answer that lists more than fits into one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Whether it is the first.
    pub is_first: bool,
    /// With the last one, how many rows there were in all.
    pub total: Option<usize>,
}

/// An answer to one session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// Nothing was done, because.
    Refused {
        /// The verb of the call, in capitals.
        verb: Text,
        /// Why.
        refusal: Refusal,
    },
    /// The session is registered: it has a nickname and is in the room.
    Welcome {
        /// Who it is now.
        who: Arc<Who>,
        /// Its modes.
        modes: UserModes,
        /// Whether the room is muted, by another session of the user.
        muted: bool,
        /// How many there are.
        counts: Counts,
        /// Message of the day, by line.
        motd: Arc<Vec<Text>>,
        /// When the server was started.
        started: Time,
        /// Whether other sessions were there under this nickname already.
        attached: bool,
    },
    /// The session's nickname is now this one (its first, or after NICK); for the face's own records.
    YouAre {
        /// Which, and how others see who has it.
        who: Arc<Who>,
    },
    /// Logged in (RPL_LOGGEDIN).
    LoggedIn {
        /// To which account.
        account: Account,
        /// `nick!user@host`, with `*` for what is not known yet.
        mask: Text,
    },
    /// A new account was made.
    AccountMade {
        /// Which.
        account: Account,
    },
    /// What the client said to NickServ, without the secrets in it: its receipt, for those who want echoes.
    NickServEcho {
        /// Who said it.
        who: Arc<Who>,
        /// What may be shown of it.
        text: Text,
    },
    /// PONG.
    Pong {
        /// As it came.
        token: Text,
    },
    /// The topic, on joining or when asked for.
    Topic {
        /// Where.
        channel: ChannelName,
        /// `None` where there is none.
        topic: Option<Topic>,
    },
    /// Who is on a channel; also ends the answer to JOIN.
    Names {
        /// As asked for.
        channel: Text,
        /// Whether it is `+s`.
        secret: bool,
        /// Empty where there is no such channel, or none to see.
        members: Vec<Member>,
    },
    /// NAMES without a channel: nothing, said politely.
    NoNames,
    /// Channel modes (RPL_CHANNELMODEIS, RPL_CREATIONTIME).
    ChannelModes {
        /// Where.
        channel: ChannelName,
        /// Which. The key is left out for those who are not on it.
        modes: ChannelModes,
        /// When the channel was made.
        created: Time,
    },
    /// Bans of a channel.
    ChannelBans {
        /// Where.
        channel: ChannelName,
        /// Oldest first.
        bans: Vec<ChannelBan>,
    },
    /// One's own modes.
    UserModes {
        /// Which.
        modes: UserModes,
    },
    /// One's own modes were changed.
    UserModeChanged {
        /// What, in order. Never empty.
        changes: Vec<(UserMode, bool)>,
    },
    /// The room is muted in both directions, or no longer: told to all sessions of the user. User mode `d` came or went
    /// with it.
    Muted {
        /// Which of the two.
        muted: bool,
    },
    /// LIST.
    List {
        /// By name.
        channels: Vec<Listed>,
        /// Which part of the answer.
        part: Part,
    },
    /// INVITE was sent (RPL_INVITING).
    Inviting {
        /// Who.
        nick: Nick,
        /// Where to.
        channel: ChannelName,
    },
    /// INVITE without words: where one is invited to.
    Invitations {
        /// By name.
        channels: Vec<ChannelName>,
    },
    /// AWAY was set (`true`) or removed.
    NowAway {
        /// Which of the two.
        away: bool,
    },
    /// The recipient of a whisper is away (RPL_AWAY).
    TheyAreAway {
        /// Who.
        nick: Nick,
        /// In their words.
        message: Text,
    },
    /// WHO.
    Who {
        /// As asked for.
        mask: Text,
        /// Whom it found.
        rows: Vec<WhoRow>,
        /// Which part of the answer.
        part: Part,
    },
    /// WHOIS, for one nickname.
    Whois(Box<Whois>),
    /// The end of WHOIS.
    EndOfWhois {
        /// As asked for.
        mask: Text,
    },
    /// WHOWAS.
    Whowas {
        /// As asked for.
        nick: Text,
        /// Newest first; empty where none is remembered.
        rows: Vec<Whowas>,
    },
    /// ISON: those of the nicknames that are on.
    Ison {
        /// As they spell themselves.
        nicks: Vec<Nick>,
    },
    /// USERHOST: of each, whether an operator and whether away.
    Userhost {
        /// In the order asked for.
        rows: Vec<(Arc<Who>, bool, bool)>,
    },
    /// MOTD.
    Motd {
        /// By line; empty where there is none.
        lines: Arc<Vec<Text>>,
    },
    /// VERSION.
    Version,
    /// TIME.
    Time {
        /// Now.
        now: Time,
    },
    /// ADMIN.
    Admin,
    /// INFO.
    Info {
        /// When the server was started.
        started: Time,
    },
    /// LUSERS.
    Lusers {
        /// How many there are.
        counts: Counts,
    },
    /// HELP. One row where a subject was asked for, else all that the asker may use.
    Help {
        /// As asked for; empty for none.
        subject: Text,
        /// In the order of the table.
        rows: Vec<HelpRow>,
    },
    /// LANG: in which language the session is told this.
    Language {
        /// Whether that is new.
        changed: bool,
    },
    /// OPER.
    YouAreOperator,
    /// LS: who is in the room.
    People {
        /// The room.
        channel: ChannelName,
        /// By nickname.
        people: Vec<Person>,
    },
    /// CHATHISTORY: messages of one conversation.
    History {
        /// As asked for.
        target: Text,
        /// Ascending.
        messages: Vec<Arc<Message>>,
    },
    /// CHATHISTORY TARGETS.
    HistoryTargets {
        /// Name and latest message, ascending by it.
        targets: Vec<(Text, Time)>,
    },
    /// What was missed, shown without being asked for to a client that knows no history.
    Missed {
        /// Where; `None` is whispers.
        channel: Option<ChannelName>,
        /// Ascending.
        messages: Vec<Arc<Message>>,
    },
    /// A sentence from the server or its services.
    Notice(Notice),
    /// A topic, whisper or reason from an administrator's `say`, or a broadcast to all: from the server itself.
    ServerNotice {
        /// What is said.
        text: Text,
    },
    /// The session ends; the last thing it is told.
    Closing(CloseReason),
    /// What only administrators can ask for.
    Administrator(AdminReply),
}

/// The author of an act, in words: a nickname and account, or the administrator.
pub fn author(source: &Source, server: &str) -> Text {
    match source {
        Source::User(who) => who.to_string().into(),
        Source::Server => server.into(),
    }
}

/// What a row costs, about: a line of IRC, or an object, without long texts in it.
const ROW_BYTES: usize = 100;
/// The same for a name in a list of names.
const NAME_BYTES: usize = 16;

impl Reply {
    /// About how many bytes it is in the wordiest face: what tells a long answer from a short one.
    pub fn about_bytes(&self) -> usize {
        let messages = |messages: &[Arc<Message>]| messages.iter().map(|message| message.about_bytes()).sum();
        match self {
            Self::Names { members, .. } => ROW_BYTES + members.len() * NAME_BYTES,
            Self::Who { rows, .. } => ROW_BYTES + rows.len() * ROW_BYTES,
            Self::Whowas { rows, .. } => ROW_BYTES + rows.len() * 2 * ROW_BYTES,
            Self::People { people, .. } => ROW_BYTES + people.len() * ROW_BYTES,
            Self::List { channels, .. } => channels.iter().map(|row| ROW_BYTES + row.topic.len()).sum(),
            Self::Administrator(reply) => reply.about_bytes(),
            Self::History { messages: all, .. } | Self::Missed { messages: all, .. } => messages(all),
            Self::Help { rows, .. } => rows.len() * ROW_BYTES,
            Self::Welcome { motd, .. } => 20 * ROW_BYTES + motd.len() * ROW_BYTES,
            _ => ROW_BYTES,
        }
    }
}
