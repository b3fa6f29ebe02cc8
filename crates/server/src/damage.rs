//! A damaged database: looked for at the start, and said loudly whoever finds it.

use std::path::Path;
use std::sync::Arc;

use chat_store::{Reader, StoreError};
use tracing::{debug, error, warn};

use crate::metrics::Metrics;

/// Looks through the whole database, beside everything else. The disk may have lost something however the last server
/// ended, and whoever reads it one day should not be the first to know.
///
/// # Errors
/// The system has no thread for it.
pub(crate) fn look_for(database: &Path, metrics: Arc<Metrics>) -> std::io::Result<()> {
    let database = database.to_owned();
    let look = move || match Reader::open(&database).and_then(|reader| reader.check()) {
        Ok(()) => debug!("the database was looked through, and nothing is wrong with it"),
        Err(error) => note(&error, &metrics, "the database could not be looked through"),
    };
    // Nobody waits for it: it changes nothing, and may end with the program.
    std::thread::Builder::new().name("check".into()).spawn(look).map(drop)
}

/// Logs what went wrong with the database. Damage is an error, once: what everybody runs into need not fill the log.
pub(crate) fn note(error: &StoreError, metrics: &Metrics, what: &'static str) {
    let is_damage = matches!(error, StoreError::Damaged(_));
    if is_damage && metrics.damaged.set(1) == 0 {
        error!(%error, "{what}");
    } else {
        warn!(%error, "{what}");
    }
}
