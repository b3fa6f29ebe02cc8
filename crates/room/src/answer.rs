//! How the engine's questions are answered, wherever that is done.

use chat_engine::input::{Credential, Lookup};
use chat_model::limits::HISTORY_BYTES_MAX;
use chat_model::secret::{PasswordHash, Secret};
use chat_store::{Reader, StoreError};

use crate::found::Found;

/// Makes and checks passwords' hashes.
pub trait Hasher {
    /// A new hash; `None` when there is no randomness to be had.
    fn hash(&self, password: &Secret) -> Option<PasswordHash>;

    /// Whether this is the password. Takes as long for a wrong one as for the right one; where there is no hash it is
    /// held against one that is nobody's.
    fn verify(&self, password: &Secret, hash: Option<&PasswordHash>) -> bool;
}

/// A question as it is put to whoever finds the answer: with the password in it that it is about.
#[derive(Clone, Debug)]
pub enum Work {
    /// Is this the password?
    Verify {
        /// Against what.
        credential: Credential,
        /// What was given.
        password: Secret,
        /// Wait that long first.
        delay_ms: u64,
    },
    /// The hash of a new password.
    Hash {
        /// What was given.
        password: Secret,
    },
    /// What is stored.
    Lookup(Lookup),
}

/// Finds the answer, which may take long.
///
/// # Errors
/// [`StoreError`], which is [`Found::Failed`] to the loop.
pub fn answer(reader: &Reader, hasher: &impl Hasher, work: Work) -> Result<Found, StoreError> {
    Ok(match work {
        Work::Verify { credential, password, .. } => {
            let hash = match credential {
                Credential::Account(account) => reader.password_hash(&account)?,
                Credential::Hash(hash) => Some(hash),
                Credential::Nobody => None,
            };
            Found::Verified(hasher.verify(&password, hash.as_ref()))
        }
        Work::Hash { password } => hasher.hash(&password).map_or(Found::Failed, Found::Hashed),
        Work::Lookup(Lookup::History { query }) => Found::Messages(reader.history(&query)?),
        Work::Lookup(Lookup::Whispers { account, after, until, limit }) => {
            Found::Messages(reader.whispers(&account, after, until, limit, HISTORY_BYTES_MAX)?)
        }
        Work::Lookup(Lookup::Targets { account, channels, from, to, limit }) => {
            Found::Targets(reader.targets(account.as_ref(), &channels, from, to, limit)?)
        }
    })
}
