//! How rows become values of the model again.

use std::str::FromStr;
use std::sync::Arc;

use chat_model::Text;
use chat_model::change::{BanTarget, ServerBan, StoredMember};
use chat_model::id::{MsgId, Stamp, Time};
use chat_model::mask::NickMask;
use chat_model::message::{ClientTags, Message, MessageKind, Party, Target};
use chat_model::mode::{Rank, Ranks};
use chat_model::name::{Account, ChannelName, Nick};
use chat_model::who::{Source, Who};
use rusqlite::types::Type;
use rusqlite::{Error, Result, Row};

/// The columns that [`message`] reads, from `messages AS m JOIN targets AS t`.
macro_rules! message_columns {
    () => {
        "m.id, m.kind, m.nick, m.username, m.host, m.account, m.bot, m.rank, m.to_nick, m.to_account, m.text, \
         m.tags, t.shown, m.time"
    };
}
pub(crate) use message_columns;

/// A message from [`message_columns`].
pub(crate) fn message(row: &Row<'_>) -> Result<Arc<Message>> {
    let target = match optional_name(row, 8, Nick::stored)? {
        Some(nick) => Target::User(Party { nick, account: optional_name(row, 9, Account::stored)? }),
        None => Target::Channel { name: name(row, 12, ChannelName::stored)?, rank: rank(row, 7)? },
    };
    Ok(Arc::new(Message {
        at: stamp(row, 0, 13)?,
        from: source(row)?,
        target,
        kind: kind(row, 1)?,
        text: row.get(10)?,
        tags: row.get::<_, Option<Text>>(11)?.map(ClientTags),
    }))
}

/// When something happened, from two columns.
pub(crate) fn stamp(row: &Row<'_>, id: usize, time: usize) -> Result<Stamp> {
    Ok(Stamp { id: MsgId(row.get(id)?), time: Time(row.get(time)?) })
}

fn source(row: &Row<'_>) -> Result<Source> {
    let Some(nick) = optional_name(row, 2, Nick::stored)? else { return Ok(Source::Server) };
    Ok(Source::User(Arc::new(Who {
        nick,
        username: row.get(3)?,
        host: row.get(4)?,
        account: optional_name(row, 5, Account::stored)?,
        realname: "".into(),
        bot: row.get(6)?,
    })))
}

fn kind(row: &Row<'_>, column: usize) -> Result<MessageKind> {
    let word = row.get_ref(column)?.as_str()?;
    MessageKind::from_command(word)
        .ok_or_else(|| unreadable(column, format!("{word:?} is no kind of message")))
}

fn rank(row: &Row<'_>, column: usize) -> Result<Option<Rank>> {
    let Some(letter) = row.get_ref(column)?.as_str_or_null()? else { return Ok(None) };
    let found = letter.chars().next().and_then(Rank::from_letter);
    found.map(Some).ok_or_else(|| unreadable(column, format!("{letter:?} is no rank")))
}

/// Ties of accounts to channels, as [`member`] reads them; what is to be said of which and in what order follows it.
macro_rules! select_members {
    () => {
        "SELECT channels.shown, accounts.shown, joined, ranks, members.delivered
         FROM members
         JOIN channels ON channels.name = members.channel
         JOIN accounts ON accounts.name = members.account "
    };
}
pub(crate) use select_members;

/// A tie from [`select_members`].
pub(crate) fn member(row: &Row<'_>) -> Result<StoredMember> {
    Ok(StoredMember {
        channel: name(row, 0, ChannelName::stored)?,
        account: name(row, 1, Account::stored)?,
        joined: row.get(2)?,
        ranks: Ranks::from_letters(row.get_ref(3)?.as_str()?),
        delivered: MsgId(row.get(4)?),
    })
}

/// A ban of the server from `kind, shown, reason, setter, created, expires`; `None` for a mask that covers nobody.
pub(crate) fn server_ban(row: &Row<'_>) -> Result<Option<ServerBan>> {
    let target = match row.get_ref(0)?.as_str()? {
        "account" => BanTarget::Account(name(row, 1, Account::stored)?),
        "address" => BanTarget::Network(parsed(row, 1)?),
        _ => match NickMask::new(row.get_ref(1)?.as_str()?) {
            Ok(mask) => BanTarget::Nick(mask),
            Err(_) => return Ok(None),
        },
    };
    Ok(Some(ServerBan {
        target,
        reason: row.get(2)?,
        setter: row.get(3)?,
        created: Time(row.get(4)?),
        expires: row.get::<_, Option<i64>>(5)?.map(Time),
    }))
}

/// A text column as what it names.
fn parsed<T>(row: &Row<'_>, column: usize) -> Result<T>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    let text = row.get_ref(column)?.as_str()?;
    text.parse().map_err(|error: T::Err| unreadable(column, format!("{text:?}: {error}")))
}

/// A text column as the name that was stored there.
pub(crate) fn name<T>(row: &Row<'_>, column: usize, stored: fn(&str) -> T) -> Result<T> {
    Ok(stored(row.get_ref(column)?.as_str()?))
}

/// As [`name`], for a column that may be NULL.
fn optional_name<T>(row: &Row<'_>, column: usize, stored: fn(&str) -> T) -> Result<Option<T>> {
    Ok(row.get_ref(column)?.as_str_or_null()?.map(stored))
}

fn unreadable(column: usize, why: String) -> Error {
    Error::FromSqlConversionFailure(column, Type::Text, why.into())
}
