//! Every way in which the server says no. What each is called, and the words, are a row in a table of the faces.

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::invitation::Registration;
use crate::mask::MaskError;
use crate::mode::Rank;
use crate::name::{Account, ChannelName, NameError, Nick};

/// What a word should have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expected {
    /// A number.
    Number,
    /// A number of lines.
    Lines,
    /// A number of members above zero.
    Members,
    /// The nickname of somebody who is logged in.
    LoggedInNick,
    /// A channel's key: up to [`crate::limits::KEY_BYTES_MAX`] bytes without spaces, commas and colons.
    ChannelKey,
    /// A mask such as `nick!user@host` that somebody can fit.
    Mask(MaskError),
    /// A nickname, or a mask that some can fit.
    NickMask(NameError),
    /// `nick`, `account` or `address`.
    BanKind,
    /// An address or a network.
    Address,
    /// A code with which one may make an account.
    InvitationCode,
    /// Text without a line end.
    OneLine,
    /// A string of JSON.
    JsonString,
    /// A whole number of JSON, from 0 on.
    JsonCount,
}

/// What does not fit in a question for the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HistoryProblem {
    /// The subcommand is none.
    Subcommand,
    /// The target is missing.
    NoTarget,
    /// A message or a time to go by is missing.
    NoReference,
    /// A time is missing.
    NoTimestamp,
    /// How many are wanted is missing.
    NoLimit,
    /// Neither a message nor a time.
    NotAReference {
        /// As typed.
        word: Text,
    },
    /// Not a time.
    NotATimestamp {
        /// As typed.
        word: Text,
    },
    /// Not a number of messages.
    NotALimit {
        /// As typed.
        word: Text,
    },
    /// Something behind the limit.
    OneWordTooMany {
        /// As typed.
        word: Text,
    },
}

/// What is wrong with something that should be a JSON object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum JsonProblem {
    /// It begins with something else than `{`.
    NoBrace,
    /// A string in it has no closing quote.
    OpenString,
    /// What the reader of JSON says, in its own words: whoever writes JSON knows them.
    Reader(Text),
}

/// Of which channels there are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChannelLimit {
    /// Those that the user is on.
    Joined,
    /// Those that its account, or guests of its address, have made.
    Made,
    /// Those that accounts have made from its address in a day.
    MadeInDay,
    /// All.
    All,
}

/// Why nothing was done. Words are given back as the client spelled them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Too few words for this verb.
    NeedMoreWords {
        /// In capitals.
        verb: Text,
    },
    /// No such command.
    UnknownCommand {
        /// As typed.
        verb: Text,
        /// The verb that it is nearest to.
        nearest: Option<Text>,
    },
    /// A word that should have been something else.
    BadWord {
        /// As typed.
        word: Text,
        /// What was wanted.
        expected: Expected,
    },
    /// The session has no nickname yet.
    NotRegistered,
    /// USER or PASS once more.
    AlreadyRegistered,
    /// NICK without a nickname.
    NoNicknameGiven,
    /// Not a nickname.
    BadNick {
        /// As typed.
        nick: Text,
        /// Why.
        why: NameError,
    },
    /// Somebody has it at the moment.
    NickInUse {
        /// Which.
        nick: Nick,
    },
    /// It belongs to an account, and its password was not given.
    NickOwned {
        /// Which.
        nick: Nick,
    },
    /// It looks like one that is taken or registered.
    NickLooksLike {
        /// Which.
        nick: Nick,
        /// What it looks like.
        other: Nick,
    },
    /// The server wants its own password.
    ServerPassword,
    /// This server has no guests.
    GuestsNotAllowed {
        /// Who may make an account instead.
        registration: Registration,
    },
    /// A ban of the server covers this nickname, account or address.
    Banned {
        /// In the operator's words; empty where there are none.
        reason: Text,
    },
    /// Wrong account or password; which of them is not said.
    LoginFailed,
    /// As many tries to log in are under way as may be after so many wrong ones. This one was not looked at.
    TooManyAttempts,
    /// Logged in to no account, where one is needed.
    NotLoggedIn,
    /// Already logged in to that account.
    AlreadyLoggedIn {
        /// Which.
        account: Account,
    },
    /// The account is there already.
    AccountExists {
        /// Which.
        account: Account,
    },
    /// There is no such account.
    NoSuchAccount {
        /// As typed.
        account: Text,
    },
    /// Only the nickname one has can be registered.
    AccountNameMustBeNick {
        /// As typed.
        account: Text,
    },
    /// Not a name for an account.
    BadAccountName {
        /// As typed.
        name: Text,
        /// Why.
        why: NameError,
    },
    /// This server takes no new accounts, or only by an administrator.
    RegistrationClosed,
    /// Too many accounts were made in a short time.
    TooManyAccounts {
        /// By anybody, and not by this address alone.
        everywhere: bool,
    },
    /// A new account needs an invitation code, and none was given, or one that is unknown, used or too old.
    InvitationNeeded,
    /// REGISTER before the connection is registered, where that is not possible.
    CompleteConnectionRequired,
    /// Not a password: empty, or longer than the limit.
    BadPassword,
    /// Nobody of that name.
    NoSuchNick {
        /// As typed.
        nick: Text,
    },
    /// No channel of that name.
    NoSuchChannel {
        /// As typed.
        channel: Text,
    },
    /// Not a name for a channel.
    BadChannelName {
        /// As typed.
        channel: Text,
        /// Why.
        why: NameError,
    },
    /// Not a member.
    NotOnChannel {
        /// Which.
        channel: ChannelName,
    },
    /// The other is not a member.
    TheyAreNotOnChannel {
        /// Who.
        nick: Nick,
        /// Where.
        channel: ChannelName,
    },
    /// The other is a member already.
    AlreadyOnChannel {
        /// Who.
        nick: Nick,
        /// Where.
        channel: ChannelName,
    },
    /// Only those with a higher rank on the channel may.
    NotChannelOperator {
        /// Where.
        channel: ChannelName,
        /// The lowest rank that may.
        needs: Rank,
        /// Whether anybody has it, who could be asked.
        anybody: bool,
    },
    /// Only server operators may.
    NotOperator,
    /// OPER with a wrong name or password.
    OperFailed,
    /// `+i` and no invitation.
    InviteOnly {
        /// Where.
        channel: ChannelName,
    },
    /// A ban of the channel covers the user.
    BannedFromChannel {
        /// Where.
        channel: ChannelName,
    },
    /// `+k` and a wrong key, or none.
    BadChannelKey {
        /// Where.
        channel: ChannelName,
    },
    /// `+l` and no room.
    ChannelFull {
        /// Where.
        channel: ChannelName,
    },
    /// There are as many channels as there may be.
    TooManyChannels {
        /// Where not.
        channel: ChannelName,
        /// Of which.
        limit: ChannelLimit,
    },
    /// Not a member of a `+n` channel.
    CannotSendOutside {
        /// Where.
        channel: ChannelName,
    },
    /// `+m` and no voice.
    CannotSendModerated {
        /// Where.
        channel: ChannelName,
    },
    /// Banned members may stay, but not speak.
    CannotSendBanned {
        /// Where.
        channel: ChannelName,
    },
    /// A ban of this channel, which covers the user, must not be got round with another nickname.
    CannotRenameBanned {
        /// What was asked for.
        nick: Nick,
        /// Where.
        channel: ChannelName,
    },
    /// The sender muted the room; undone with `/i` (IRC: `MODE nick -d`).
    CannotSendMuted {
        /// Where.
        channel: ChannelName,
    },
    /// PRIVMSG to nobody.
    NoRecipient {
        /// In capitals.
        verb: Text,
    },
    /// PRIVMSG of nothing.
    NoText,
    /// PING from nowhere.
    NoOrigin,
    /// More targets than one command may have.
    TooManyTargets {
        /// The first that is too much.
        target: Text,
    },
    /// A channel mode that there is not.
    UnknownMode {
        /// Its letter.
        letter: char,
        /// Where it was wanted.
        channel: ChannelName,
    },
    /// More mode changes than one command may have. Those before this one were made.
    TooManyModes {
        /// The letter of the first that is too much.
        letter: char,
        /// Where.
        channel: ChannelName,
    },
    /// A user mode that there is not.
    UnknownUserMode,
    /// A channel mode's parameter that does not fit.
    BadModeParameter {
        /// Where.
        channel: ChannelName,
        /// The mode's letter.
        letter: char,
        /// As typed; `*` for none.
        parameter: Text,
        /// What was wanted.
        expected: Expected,
    },
    /// As many bans as a channel may have.
    BanListFull {
        /// Where.
        channel: ChannelName,
        /// The one that is too much.
        mask: Text,
    },
    /// MODE or WHOIS of somebody else where only oneself is allowed.
    UsersDontMatch,
    /// HELP on something that there is not.
    NoHelp {
        /// As typed.
        subject: Text,
    },
    /// CHATHISTORY for a place that one may not read.
    HistoryTarget {
        /// The subcommand in capitals.
        subcommand: Text,
        /// As typed.
        target: Text,
    },
    /// CHATHISTORY with words that do not fit.
    HistoryWords {
        /// The subcommand in capitals.
        subcommand: Text,
        /// What does not fit, or what is missing.
        problem: HistoryProblem,
    },
    /// The past cannot be read at the moment.
    HistoryFailed {
        /// The subcommand in capitals.
        subcommand: Text,
        /// As typed.
        target: Text,
    },
    /// A ban of the server that would cover everybody.
    BanTooWide {
        /// Of whom it would be.
        mask: Text,
    },
    /// A language that nobody speaks here.
    UnknownLanguage {
        /// As typed.
        language: Text,
    },
    /// No ban of this description.
    NoSuchBan {
        /// As typed.
        mask: Text,
    },
    /// A name with which no SETNAME is possible: empty or too long.
    BadRealname,
    /// Nothing can be stored at the moment (the disk is full, or failing), so nothing was said or changed.
    StorageUnavailable,
    /// The sender's address, or its account, has had as much stored as it may in an hour.
    TooMuchStored,
    /// A line longer than the limit. It was not read.
    LineTooLong {
        /// The limit, in bytes.
        bytes_max: usize,
    },
    /// A text of which others could be shown only a part, because its sender stands before it in their line.
    TextTooLong {
        /// How long it may be, in bytes.
        bytes_max: usize,
    },
    /// A line with a character in it that no line can hold. It was not read.
    BadCharacter {
        /// What it is called: `"NUL"`.
        character: Text,
    },
    /// A line that is not UTF-8. It was not read.
    NotUtf8,
    /// Something that is not a JSON object. It was not read.
    NotJson {
        /// What is wrong with it.
        problem: JsonProblem,
    },
}
