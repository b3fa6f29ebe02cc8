//! Stands in for argon2, which is slow on purpose.

use chat_model::secret::{PasswordHash, Secret};
use chat_room::Hasher;

/// A password's "hash" is the password backwards, which is enough to see whether the right one is stored.
#[derive(Debug)]
pub(crate) struct Backwards;

impl Hasher for Backwards {
    fn hash(&self, password: &Secret) -> Option<PasswordHash> {
        Some(hash(password))
    }

    fn verify(&self, password: &Secret, wanted: Option<&PasswordHash>) -> bool {
        wanted.is_some_and(|wanted| *wanted == hash(password))
    }
}

pub(crate) fn hash(password: &Secret) -> PasswordHash {
    PasswordHash::new(password.expose().chars().rev().collect::<String>())
}
