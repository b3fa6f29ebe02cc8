//! `user list`

use chat_model::phrase;
use serde::Serialize;

use super::LastHere;
use crate::console::Console;
use crate::failure::Failure;
use crate::find::Location;
use crate::language::language;
use crate::when::rfc3339;

/// An account as `--json` prints it. `seen` is `null` while it is online, and if it never was.
#[derive(Debug, Serialize)]
struct Row<'a> {
    account: &'a str,
    created: String,
    online: bool,
    seen: Option<String>,
}

pub(crate) fn run(location: &Location, console: &mut Console) -> Result<(), Failure> {
    let accounts = location.reader()?.accounts()?;
    if console.json {
        return accounts.iter().try_for_each(|row| {
            let (online, seen) = LastHere::of(row).fields();
            let (account, created) = (row.account.as_str(), rfc3339(row.created));
            console.object(&Row { account, created, online, seen })
        });
    }
    let rows = accounts
        .iter()
        .map(|row| vec![row.account.to_string(), console.time(row.created), LastHere::of(row).shown(console)])
        .collect();
    let none = phrase!(
        language(),
        en = "there are no accounts yet; make one with: chat-admin user add NAME",
        zh = "还没有账号，可以这样创建：chat-admin user add 账号",
    );
    let l = language();
    let header = [
        phrase!(l, en = "ACCOUNT", zh = "账号"),
        phrase!(l, en = "CREATED", zh = "创建时间"),
        phrase!(l, en = "LAST HERE", zh = "上次在线"),
    ];
    Ok(console.table(&header, rows, none)?)
}
