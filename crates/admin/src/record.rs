//! What this program does by itself, in the audit log before it is done: through the server, else straight into the
//! file.

use chat_model::change::{AuditRow, Change};
use chat_model::id::{Stamp, Time};
use chat_store::Store;

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Location;

/// Writes the line of this action, its target and its detail.
pub(crate) fn write(location: &Location, line: [&str; 3], console: &Console) -> Result<(), Failure> {
    match location.server() {
        Ok(mut server) => server.order("AUDIT", &line).map(drop),
        Err(Failure::NoServer { .. }) => write_into_file(location, line, console),
        Err(failure) => Err(failure),
    }
}

fn write_into_file(
    location: &Location,
    [action, target, detail]: [&str; 3],
    console: &Console,
) -> Result<(), Failure> {
    let now = Time(console.now().timestamp().as_millisecond());
    let row = AuditRow {
        at: Stamp { id: location.reader()?.last_id()?.next(), time: now },
        actor: format!("admin {}", user_name()).into(),
        action: action.into(),
        target: target.into(),
        detail: detail.into(),
    };
    let mut store = Store::open(&location.database()?)?;
    store.save(&[Change::Audit(row)])?;
    Ok(store.close()?)
}

/// Who runs this, by what the system knows and not by what the environment says.
fn user_name() -> String {
    let number = rustix::process::getuid().as_raw().to_string();
    let known = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    // name:password:uid:…
    let entry = known.lines().find(|line| line.split(':').nth(2) == Some(&number));
    match entry.and_then(|line| line.split(':').next()) {
        Some(name) => name.to_owned(),
        None => format!("uid {number}"),
    }
}
