//! Puts what reads private things into the audit log, before it is done.

use std::path::Path;

use chat_model::change::{AuditRow, Change};
use chat_model::id::Time;
use chat_store::{Reader, Store};

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Place;

/// Through the server, else straight into the file.
pub(crate) fn audit(
    [action, target, detail]: [&str; 3],
    place: &Place,
    (reader, database): (&Reader, &Path),
    console: &Console,
) -> Result<(), Failure> {
    match place.server() {
        Ok(mut server) => {
            server.order("AUDIT", &[action, target, detail])?;
        }
        Err(Failure::NoServer { .. }) => {
            let now = Time(console.now().timestamp().as_millisecond());
            let row = AuditRow {
                id: reader.last_id()?.next(now),
                actor: format!("admin {}", user_name()).into(),
                action: action.into(),
                target: target.into(),
                detail: detail.into(),
            };
            let mut store = Store::open(database)?;
            store.save(&[Change::Audit(row)])?;
            store.close()?;
        }
        Err(failure) => return Err(failure),
    }
    Ok(())
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
