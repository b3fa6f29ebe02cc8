//! `user list`

use serde::Serialize;

use super::LastHere;
use crate::console::Console;
use crate::failure::Failure;
use crate::find::Place;
use crate::when::rfc3339;

/// An account as `--json` prints it. `seen` is `null` while it is online, and if it never was.
#[derive(Debug, Serialize)]
struct Row<'a> {
    account: &'a str,
    created: String,
    online: bool,
    seen: Option<String>,
}

pub(crate) fn run(place: &Place, console: &mut Console) -> Result<(), Failure> {
    let accounts = place.reader()?.accounts()?;
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
    let none = "there are no accounts yet; make one with: chat-admin user add NAME";
    Ok(console.table(&["ACCOUNT", "CREATED", "LAST HERE"], rows, none)?)
}
