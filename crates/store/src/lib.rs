//! The one SQLite file that everything is kept in: one writer ([`Store`]), any number of readers ([`Reader`]).
//!
//! What [`Store::save`] has returned from is on the disk. Nothing here knows a session, a socket or a clock.

mod backup;
mod error;
mod expire;
mod file;
mod identity;
mod layout;
mod listing;
mod load;
mod moments;
mod reader;
mod row;
mod save;
mod search;
mod store;
mod stream;
#[cfg(test)]
mod tests;

pub use backup::backup;
pub use error::StoreError;
pub use listing::{AccountDetails, AccountRow};
pub use reader::Reader;
pub use search::{HistoryFilter, StoredRow};
pub use store::Store;
