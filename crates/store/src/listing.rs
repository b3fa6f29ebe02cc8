//! What an operator lists: accounts, bans of the server, the audit log.

use chat_model::change::{AuditRow, ServerBan, StoredMember};
use chat_model::id::Time;
use chat_model::name::Account;
use rusqlite::{OptionalExtension, Row, named_params};

use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::select_members;
use crate::{load, moments, row};

/// An account as an operator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Its name.
    pub account: Account,
    /// When it was made.
    pub created: Time,
    /// When it was here last; `None` while it is on.
    pub last_here: Option<Time>,
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
            self.connection.prepare_cached("SELECT shown, created, last_here FROM accounts ORDER BY name")?;
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
            .prepare_cached("SELECT shown, created, last_here FROM accounts WHERE name = :name")?
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
            "SELECT id, time, actor, action, target, detail FROM audit
             WHERE id >= :first AND time >= :since ORDER BY id DESC LIMIT :limit",
        )?;
        let since = since.unwrap_or(Time(i64::MIN));
        let first = moments::first_after(&self.connection, since.plus(-1))?;
        let parameters = named_params! { ":first": first.0, ":since": since.0, ":limit": limit };
        let rows = select.query_map(parameters, |row| {
            Ok(AuditRow {
                at: row::stamp(row, 0, 1)?,
                actor: row.get(2)?,
                action: row.get(3)?,
                target: row.get(4)?,
                detail: row.get(5)?,
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
        last_here: row.get::<_, Option<i64>>(2)?.map(Time),
    })
}
