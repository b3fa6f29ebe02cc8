//! What the engine starts with.

use chat_model::change::{Loaded, ServerBan, StoredAccount, StoredChannel, StoredDevice, StoredMember};
use chat_model::id::{MsgId, Time};
use chat_model::invitation::{Invitation, InvitationCode};
use chat_model::language::Language;
use chat_model::mask::Mask;
use chat_model::mode::ChannelModes;
use chat_model::name::{Account, ChannelName};
use chat_model::reply::{ChannelBan, Topic};
use rusqlite::types::Type;
use rusqlite::{Connection, Error, Result, Row, named_params};

use crate::row;
use crate::row::select_members;

/// Accounts that were on when the last server ended without saying so were here until then.
pub(crate) fn repair_presence(connection: &Connection) -> Result<()> {
    connection.execute(
        "UPDATE accounts SET last_here = (SELECT coalesce(last_time, created) FROM meta) WHERE last_here IS NULL",
        [],
    )?;
    Ok(())
}

/// Not everything that happens is stored (somebody came, somebody went), but its id may have been shown, and is not given
/// again. No server gives so many that are not stored: at a million a second they would last an hour.
pub(crate) const IDS_OF_ONE_SERVER: i64 = 1 << 32;

/// Begins above all ids that the server before may have given.
pub(crate) fn begin_ids(connection: &Connection) -> Result<()> {
    connection
        .prepare_cached("UPDATE meta SET last_id = last_id + :ids")?
        .execute(named_params! { ":ids": IDS_OF_ONE_SERVER })?;
    Ok(())
}

pub(crate) fn load(connection: &Connection) -> Result<Loaded> {
    Ok(Loaded {
        last_id: last_id(connection)?,
        last_time: last_time(connection)?,
        accounts: accounts(connection)?,
        devices: devices(connection)?,
        channels: channels(connection)?,
        members: members(connection)?,
        expired_channels: expired_channels(connection)?,
        channel_bans: channel_bans(connection)?,
        server_bans: server_bans(connection)?,
        invitations: invitations(connection)?,
    })
}

/// The highest id that was ever stored.
pub(crate) fn last_id(connection: &Connection) -> Result<MsgId> {
    connection.prepare_cached("SELECT last_id FROM meta")?.query_row([], |row| row.get(0).map(MsgId))
}

/// What the clock showed when something was stored last.
fn last_time(connection: &Connection) -> Result<Option<Time>> {
    connection
        .query_row("SELECT last_time FROM meta", [], |row| row.get(0))
        .map(|time: Option<i64>| time.map(Time))
}

fn all<T>(connection: &Connection, sql: &str, read: fn(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
    connection.prepare(sql)?.query_map([], read)?.collect()
}

fn accounts(connection: &Connection) -> Result<Vec<StoredAccount>> {
    all(connection, "SELECT shown, created, delivered, language, bot FROM accounts ORDER BY name", |row| {
        Ok(StoredAccount {
            account: row::name(row, 0, Account::stored)?,
            created: Time(row.get(1)?),
            delivered: MsgId(row.get(2)?),
            // A language that a later version spoke is that of the server.
            language: row.get::<_, Option<String>>(3)?.and_then(|code| Language::new(&code)),
            bot: row.get(4)?,
        })
    })
}

fn devices(connection: &Connection) -> Result<Vec<StoredDevice>> {
    all(
        connection,
        "SELECT accounts.shown, device, devices.delivered, devices.last_here
         FROM devices JOIN accounts ON accounts.name = devices.account
         ORDER BY devices.account, device",
        |row| {
            Ok(StoredDevice {
                account: row::name(row, 0, Account::stored)?,
                device: row.get(1)?,
                delivered: MsgId(row.get(2)?),
                last_here: Time(row.get(3)?),
            })
        },
    )
}

fn channels(connection: &Connection) -> Result<Vec<StoredChannel>> {
    all(
        connection,
        "SELECT shown, created, modes, key, member_limit, topic, topic_setter, topic_time, last_used
         FROM channels ORDER BY name",
        |row| {
            let mut modes = ChannelModes::from_letters(row.get_ref(2)?.as_str()?);
            modes.key = row.get(3)?;
            modes.limit = row.get(4)?;
            let topic = match row.get(5)? {
                Some(text) => Some(Topic { text, setter: row.get(6)?, time: Time(row.get(7)?) }),
                None => None,
            };
            Ok(StoredChannel {
                name: row::name(row, 0, ChannelName::stored)?,
                created: Time(row.get(1)?),
                modes,
                topic,
                last_used: Time(row.get(8)?),
            })
        },
    )
}

fn members(connection: &Connection) -> Result<Vec<StoredMember>> {
    let sql = concat!(select_members!(), "ORDER BY members.channel, members.account");
    all(connection, sql, row::member)
}

fn expired_channels(connection: &Connection) -> Result<Vec<(Account, ChannelName)>> {
    all(
        connection,
        "SELECT accounts.shown, expired_channels.channel
         FROM expired_channels JOIN accounts ON accounts.name = expired_channels.account
         ORDER BY expired_channels.account, expired_channels.channel",
        |row| Ok((row::name(row, 0, Account::stored)?, row::name(row, 1, ChannelName::stored)?)),
    )
}

/// A mask that covers nobody was once taken, and is as if it were not there.
fn channel_bans(connection: &Connection) -> Result<Vec<(ChannelName, ChannelBan)>> {
    let rows = all(
        connection,
        "SELECT channels.shown, channel_bans.shown, setter, time
         FROM channel_bans JOIN channels ON channels.name = channel_bans.channel
         ORDER BY time, channel_bans.id",
        |row| {
            let Ok(mask) = Mask::new(row.get_ref(1)?.as_str()?) else { return Ok(None) };
            let ban = ChannelBan { mask, setter: row.get(2)?, time: Time(row.get(3)?) };
            Ok(Some((row::name(row, 0, ChannelName::stored)?, ban)))
        },
    )?;
    Ok(rows.into_iter().flatten().collect())
}

/// Bans of the server, oldest first, but for such a mask.
pub(crate) fn server_bans(connection: &Connection) -> Result<Vec<ServerBan>> {
    let rows = all(
        connection,
        "SELECT kind, shown, reason, setter, created, expires FROM server_bans ORDER BY created, id",
        row::server_ban,
    )?;
    Ok(rows.into_iter().flatten().collect())
}

fn invitations(connection: &Connection) -> Result<Vec<Invitation>> {
    all(connection, "SELECT code, created, expires FROM invitations ORDER BY code", |row| {
        let code = InvitationCode::new(row.get_ref(0)?.as_str()?).ok_or_else(|| {
            Error::FromSqlConversionFailure(0, Type::Text, "that is no invitation code".into())
        })?;
        Ok(Invitation { code, created: Time(row.get(1)?), expires: row.get::<_, Option<i64>>(2)?.map(Time) })
    })
}
