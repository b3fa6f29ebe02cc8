//! `user list`

use serde::Serialize;

use super::seen;
use crate::console::Console;
use crate::failure::Failure;
use crate::find::Place;
use crate::when::rfc3339;

/// An account as `--json` prints it. `seen` is `null` while it is on.
#[derive(Debug, Serialize)]
struct Row<'a> {
    account: &'a str,
    created: String,
    seen: Option<String>,
}

pub(crate) fn run(place: &Place, console: &mut Console) -> Result<(), Failure> {
    let accounts = place.reader()?.accounts()?;
    if console.json {
        return accounts.iter().try_for_each(|row| {
            let (created, seen) = (rfc3339(row.created), row.seen.map(|seen| rfc3339(seen.time())));
            console.object(&Row { account: row.account.as_str(), created, seen })
        });
    }
    let rows = accounts
        .iter()
        .map(|row| {
            vec![row.account.to_string(), console.time(row.created), seen(row.seen, row.created, console)]
        })
        .collect();
    let none = "there are no accounts yet; make one with: chat-admin user add NAME";
    Ok(console.table(&["ACCOUNT", "CREATED", "LAST HERE"], rows, none)?)
}
