//! What an operator lists: accounts, bans of the server, the audit log.

use chat_model::change::{AuditRow, ServerBan, StoredMember};
use chat_model::id::{MsgId, Time};
use chat_model::name::Account;
use rusqlite::{OptionalExtension, Row, named_params};

use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::select_members;
use crate::{load, row};

/// An account as an operator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Its name.
    pub account: Account,
    /// When it was made.
    pub created: Time,
    /// Up to where it has seen everything; `None` while it is on.
    pub seen: Option<MsgId>,
}

/// All about one account but its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountDetails {
    /// The account.
    pub row: AccountRow,
    /// Its ties to channels, by name.
    pub channels: Vec<StoredMember>,
}

impl Reader {
    /// Accounts by name.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn accounts(&self) -> Result<Vec<AccountRow>, StoreError> {
        let mut select =
            self.connection.prepare_cached("SELECT shown, created, seen FROM accounts ORDER BY name")?;
        let rows = select.query_map([], account_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// One account; `None` where there is none of that name.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn account(&self, account: &Account) -> Result<Option<AccountDetails>, StoreError> {
        let name = named_params! { ":name": account.folded() };
        let found = self
            .connection
            .prepare_cached("SELECT shown, created, seen FROM accounts WHERE name = :name")?
            .query_row(name, account_row)
            .optional()?;
        let Some(row) = found else { return Ok(None) };
        let mut select = self.connection.prepare_cached(concat!(
            select_members!(),
            "WHERE members.account = :name ORDER BY members.channel"
        ))?;
        let channels = select.query_map(name, row::member)?.collect::<rusqlite::Result<_>>()?;
        Ok(Some(AccountDetails { row, channels }))
    }

    /// Bans of the server, oldest first, those that ran out included.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn server_bans(&self) -> Result<Vec<ServerBan>, StoreError> {
        Ok(load::server_bans(&self.connection)?)
    }

    /// The newest `limit` lines of the audit log since then, ascending.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn audit(&self, since: Option<Time>, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT id, actor, action, target, detail FROM audit WHERE id >= :first ORDER BY id DESC LIMIT :limit",
        )?;
        let first = since.map_or(MsgId::MIN, MsgId::first_at);
        let rows = select.query_map(named_params! { ":first": first.0, ":limit": limit }, |row| {
            Ok(AuditRow {
                id: MsgId(row.get(0)?),
                actor: row.get(1)?,
                action: row.get(2)?,
                target: row.get(3)?,
                detail: row.get(4)?,
            })
        })?;
        let mut rows: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
        rows.reverse();
        Ok(rows)
    }
}

fn account_row(row: &Row<'_>) -> rusqlite::Result<AccountRow> {
    Ok(AccountRow {
        account: row::name(row, 0, Account::stored)?,
        created: Time(row.get(1)?),
        seen: row.get::<_, Option<i64>>(2)?.map(MsgId),
    })
}
