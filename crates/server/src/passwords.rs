//! argon2id, with the crate's recommended parameters.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use chat_model::secret::Secret;

/// A new hash in PHC string form, with a salt of its own. `None` when there is no randomness to be had.
pub(crate) fn hash(password: &Secret) -> Option<Secret> {
    let hash = Argon2::default().hash_password(password.expose().as_bytes()).ok()?;
    Some(Secret::new(hash.to_string()))
}

/// Whether this is the password. Takes as long for a wrong one as for the right one.
pub(crate) fn verify(password: &Secret, hash: &Secret) -> bool {
    let Ok(hash) = PasswordHash::new(hash.expose()) else { return false };
    Argon2::default().verify_password(password.expose().as_bytes(), &hash).is_ok()
}

/// What the loop's questions about passwords are answered with.
#[derive(Debug)]
pub(crate) struct Passwords {
    /// What a password of an account that there is not is held against, so that it takes as long.
    nobody: Secret,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self { nobody: hash(&Secret::new("nobody")).expect("the system has random numbers") }
    }
}

impl chat_room::Hasher for Passwords {
    fn hash(&self, password: &Secret) -> Option<Secret> {
        hash(password)
    }

    fn verify(&self, password: &Secret, hash: Option<&Secret>) -> bool {
        verify(password, hash.unwrap_or(&self.nobody)) && hash.is_some()
    }
}

/// Whether this is a hash at all.
pub(crate) fn is_hash(text: &Secret) -> bool {
    PasswordHash::new(text.expose()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_fits_its_hash() {
        let hash = hash(&Secret::new("correct horse")).expect("there is randomness");
        assert!(is_hash(&hash) && hash.expose().starts_with("$argon2id$"));
        assert!(verify(&Secret::new("correct horse"), &hash));
        assert!(!verify(&Secret::new("wrong horse"), &hash));
        assert!(!verify(&Secret::new(""), &Secret::new("")));
    }
}
