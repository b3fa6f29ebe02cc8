//! Channel modes, ranks on a channel, and user modes.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::mask::Mask;
use crate::name::Nick;

/// Channel modes that are on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ChannelFlag {
    /// `i`: only the invited may join.
    InviteOnly,
    /// `m`: only operators and the voiced may speak.
    Moderated,
    /// `n`: only members may speak.
    NoExternal,
    /// `s`: not listed for those who are not on it.
    Secret,
    /// `t`: only operators change the topic.
    TopicLocked,
    /// `D`: nobody is told of who comes before it does something.
    DelayedJoin,
}

impl ChannelFlag {
    /// All of them, in the order of their letters.
    pub const ALL: [Self; 6] = [
        Self::DelayedJoin,
        Self::InviteOnly,
        Self::Moderated,
        Self::NoExternal,
        Self::Secret,
        Self::TopicLocked,
    ];

    /// The letter in MODE.
    pub fn letter(self) -> char {
        match self {
            Self::InviteOnly => 'i',
            Self::Moderated => 'm',
            Self::NoExternal => 'n',
            Self::Secret => 's',
            Self::TopicLocked => 't',
            Self::DelayedJoin => 'D',
        }
    }

    /// The flag of a letter.
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|flag| flag.letter() == letter)
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// The modes of one channel, its bans and ranks aside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelModes {
    flags: u8,
    /// `k`: the word that a joiner must know.
    pub key: Option<Text>,
    /// `l`: how many may be on it.
    pub limit: Option<u32>,
}

impl ChannelModes {
    /// What a new channel has: `+nt`.
    pub fn initial() -> Self {
        let mut modes = Self::default();
        modes.set(ChannelFlag::NoExternal, true);
        modes.set(ChannelFlag::TopicLocked, true);
        modes
    }

    /// Whether the flag is on.
    pub fn has(&self, flag: ChannelFlag) -> bool {
        self.flags & flag.bit() != 0
    }

    /// Sets or clears a flag. Whether that changed anything.
    pub fn set(&mut self, flag: ChannelFlag, on: bool) -> bool {
        let before = self.flags;
        self.flags = if on { before | flag.bit() } else { before & !flag.bit() };
        self.flags != before
    }

    /// The letters that are on, as stored: `"nt"`. The key and the limit have columns of their own.
    pub fn letters(&self) -> String {
        ChannelFlag::ALL.into_iter().filter(|flag| self.has(*flag)).map(ChannelFlag::letter).collect()
    }

    /// Reads [`ChannelModes::letters`]; letters that this version does not know are left out.
    pub fn from_letters(letters: &str) -> Self {
        let mut modes = Self::default();
        for flag in letters.chars().filter_map(ChannelFlag::from_letter) {
            modes.set(flag, true);
        }
        modes
    }
}

/// A rank that a member can have, the lowest first. What each may do is in the engine's `policy/ranks.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Rank {
    /// `v`, `+`
    Voice,
    /// `h`, `%`
    HalfOperator,
    /// `o`, `@`
    Operator,
    /// `a`, `&`
    Protected,
    /// `q`, `~`: an account's, and for good.
    Founder,
}

impl Rank {
    /// Highest first, as ISUPPORT `PREFIX` wants it.
    pub const ALL: [Self; 5] =
        [Self::Founder, Self::Protected, Self::Operator, Self::HalfOperator, Self::Voice];

    /// The letter in MODE.
    pub fn letter(self) -> char {
        match self {
            Self::Voice => 'v',
            Self::HalfOperator => 'h',
            Self::Operator => 'o',
            Self::Protected => 'a',
            Self::Founder => 'q',
        }
    }

    /// The rank of a letter.
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|rank| rank.letter() == letter)
    }

    /// The sign before a nickname.
    pub fn prefix(self) -> char {
        match self {
            Self::Voice => '+',
            Self::HalfOperator => '%',
            Self::Operator => '@',
            Self::Protected => '&',
            Self::Founder => '~',
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// The ranks of one member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranks(u8);

impl Ranks {
    /// Whether the member has this very rank.
    pub fn has(self, rank: Rank) -> bool {
        self.0 & rank.bit() != 0
    }

    /// Gives or takes a rank. Whether that changed anything.
    pub fn set(&mut self, rank: Rank, on: bool) -> bool {
        let before = self.0;
        self.0 = if on { before | rank.bit() } else { before & !rank.bit() };
        self.0 != before
    }

    /// The ranks, highest first.
    pub fn iter(self) -> impl Iterator<Item = Rank> {
        Rank::ALL.into_iter().filter(move |rank| self.has(*rank))
    }

    /// The highest of them.
    pub fn highest(self) -> Option<Rank> {
        self.iter().next()
    }

    /// Whether the member has this rank or a higher one.
    pub fn at_least(self, rank: Rank) -> bool {
        self.highest() >= Some(rank)
    }

    /// Those of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These without the others.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The letters of the ranks held and of all below them: `"ov"` for an operator.
    pub fn reach(self) -> String {
        Rank::ALL.into_iter().filter(|rank| self.at_least(*rank)).map(Rank::letter).collect()
    }

    /// The letters held, highest first, as stored: `"ov"`.
    pub fn letters(self) -> String {
        self.iter().map(Rank::letter).collect()
    }

    /// Reads [`Ranks::letters`]; letters that this version does not know are left out.
    pub fn from_letters(letters: &str) -> Self {
        letters.chars().filter_map(Rank::from_letter).collect()
    }

    /// The signs before the nickname, highest first: `"@+"`.
    pub fn prefixes(self) -> impl Iterator<Item = char> {
        self.iter().map(Rank::prefix)
    }
}

impl FromIterator<Rank> for Ranks {
    fn from_iter<T: IntoIterator<Item = Rank>>(ranks: T) -> Self {
        Self(ranks.into_iter().fold(0, |bits, rank| bits | rank.bit()))
    }
}

/// One change of a channel's modes, as everybody is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModeChange {
    /// `+i`, `-m` …
    Flag {
        /// Which.
        flag: ChannelFlag,
        /// On or off.
        on: bool,
    },
    /// `+k key` (`Some`) or `-k`.
    Key(Option<Text>),
    /// `+l 5` (`Some`) or `-l`.
    Limit(Option<u32>),
    /// `+o nick`
    Rank {
        /// Which.
        rank: Rank,
        /// Given or taken.
        on: bool,
        /// To or from whom.
        nick: Nick,
    },
    /// `+b mask`
    Ban {
        /// Set or lifted.
        on: bool,
        /// Whom it covers.
        mask: Mask,
    },
}

/// As people and records are told of it. A key is not.
impl fmt::Display for ModeChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = |on: bool| if on { '+' } else { '-' };
        match self {
            Self::Flag { flag, on } => write!(f, "{}{}", sign(*on), flag.letter()),
            Self::Key(key) => write!(f, "{}k", sign(key.is_some())),
            Self::Limit(Some(limit)) => write!(f, "+l {limit}"),
            Self::Limit(None) => write!(f, "-l"),
            Self::Rank { rank, on, nick } => write!(f, "{}{} {nick}", sign(*on), rank.letter()),
            Self::Ban { on, mask } => write!(f, "{}b {mask}", sign(*on)),
        }
    }
}

/// Modes of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum UserMode {
    /// `B`: a bot.
    Bot,
    /// `d`: deaf: gets no messages of channels, and may speak.
    Deaf,
    /// `i`: not shown to those who share no channel.
    Invisible,
    /// `o`: a server operator.
    Operator,
}

impl UserMode {
    /// All of them, in the order of their letters.
    pub const ALL: [Self; 4] = [Self::Bot, Self::Deaf, Self::Invisible, Self::Operator];

    /// The letter in MODE.
    pub fn letter(self) -> char {
        match self {
            Self::Bot => 'B',
            Self::Deaf => 'd',
            Self::Invisible => 'i',
            Self::Operator => 'o',
        }
    }

    /// The mode of a letter.
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.letter() == letter)
    }
}

/// The modes that one user has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserModes(u8);

impl UserModes {
    /// Whether the mode is on.
    pub fn has(self, mode: UserMode) -> bool {
        self.0 & (1 << mode as u8) != 0
    }

    /// Sets or clears a mode. Whether that changed anything.
    pub fn set(&mut self, mode: UserMode, on: bool) -> bool {
        let before = self.0;
        let bit = 1 << mode as u8;
        self.0 = if on { before | bit } else { before & !bit };
        self.0 != before
    }

    /// The letters that are on: `"Bi"`.
    pub fn letters(self) -> String {
        UserMode::ALL.into_iter().filter(|mode| self.has(*mode)).map(UserMode::letter).collect()
    }
}
