//! argon2id, with the crate's recommended parameters.

use std::sync::{Mutex, PoisonError};

use argon2::password_hash::phc::{self, Output, ParamsString, Salt};
use argon2::password_hash::try_generate_salt;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use chat_model::secret::{PasswordHash, Secret};

/// Password hashes at once. Each takes a core and 19 MiB for some ten milliseconds; the room must not starve.
pub(crate) const HASHES_MAX: usize = 2;

/// What hashes are made in. It is used again: if each took its own memory, the system's allocator would keep as much
/// for every thread that ever hashed, which came to hundreds of MiB after a hundred logins.
#[derive(Default)]
struct Memory {
    /// At most [`HASHES_MAX`] pieces, in which no hash is being made.
    free: Mutex<Vec<Vec<Block>>>,
}

impl Memory {
    fn output(&self, argon2: &Argon2<'_>, password: &Secret, salt: &[u8]) -> Option<Output> {
        let mut blocks = self.take();
        blocks.resize(argon2.params().block_count(), Block::default());
        let mut output = [0; Output::MAX_LENGTH];
        let length = argon2.params().output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let output = output.get_mut(..length)?;
        let password = password.expose().as_bytes();
        let done = argon2.hash_password_into_with_memory(password, salt, output, &mut blocks);
        self.give_back(blocks);
        done.ok().and_then(|()| Output::new(output).ok())
    }

    fn take(&self) -> Vec<Block> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// Hashes of the configuration may want more than is worth keeping.
    fn give_back(&self, blocks: Vec<Block>) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() < HASHES_MAX && blocks.len() <= Params::DEFAULT.block_count() {
            free.push(blocks);
        }
    }
}

/// A new hash in PHC string form, with a salt of its own. `None` when there is no randomness to be had.
pub(crate) fn hash(password: &Secret) -> Option<PasswordHash> {
    hash_in(&Memory::default(), password)
}

fn hash_in(memory: &Memory, password: &Secret) -> Option<PasswordHash> {
    let salt = try_generate_salt().ok()?;
    let hash = phc::PasswordHash {
        algorithm: Algorithm::default().ident(),
        version: Some(Version::default().into()),
        params: ParamsString::try_from(&Params::DEFAULT).ok()?,
        salt: Some(Salt::new(&salt).ok()?),
        hash: Some(memory.output(&Argon2::default(), password, &salt)?),
    };
    Some(PasswordHash::new(hash.to_string()))
}

/// Whether this is the password. Takes as long for a wrong one as for the right one. `None` when the hash is none.
fn verify_in(memory: &Memory, password: &Secret, hash: &PasswordHash) -> Option<bool> {
    let hash = phc::PasswordHash::new(hash.expose()).ok()?;
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
    let version = hash.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
    let argon2 = Argon2::new(algorithm, version, Params::try_from(&hash).ok()?);
    let output = memory.output(&argon2, password, hash.salt.as_ref()?)?;
    // Outputs are compared in constant time.
    Some(hash.hash? == output)
}

/// What the loop's questions about passwords are answered with.
pub(crate) struct Passwords {
    memory: Memory,
    /// What a password of an account that there is not is held against, so that it takes as long.
    nobody: PasswordHash,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        // A server that nobody logs in to needs no memory for it.
        let nobody = hash(&Secret::new("nobody")).expect("the system has random numbers");
        Self { memory: Memory::default(), nobody }
    }
}

impl chat_room::Hasher for Passwords {
    fn hash(&self, password: &Secret) -> Option<PasswordHash> {
        hash_in(&self.memory, password)
    }

    fn verify(&self, password: &Secret, hash: Option<&PasswordHash>) -> bool {
        let fits = verify_in(&self.memory, password, hash.unwrap_or(&self.nobody));
        fits == Some(true) && hash.is_some()
    }
}

/// Whether this is a hash at all.
pub(crate) fn is_hash(text: &PasswordHash) -> bool {
    phc::PasswordHash::new(text.expose()).is_ok()
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHasher, PasswordVerifier};
    use chat_room::Hasher;

    use super::*;

    #[test]
    fn only_the_password_fits_its_hash() {
        let passwords = Passwords::new();
        let (right, wrong) = (Secret::new("correct horse"), Secret::new("wrong horse"));
        let hash = passwords.hash(&right).expect("there is randomness");
        assert!(is_hash(&hash) && hash.expose().starts_with("$argon2id$"));
        // In memory that is not empty any more, too.
        for _ in 0..2 {
            assert!(passwords.verify(&right, Some(&hash)));
            assert!(!passwords.verify(&wrong, Some(&hash)));
            assert!(!passwords.verify(&right, None));
            assert!(!passwords.verify(&Secret::new("nobody"), None));
            assert!(!passwords.verify(&Secret::new(""), Some(&PasswordHash::new(""))));
        }
        assert_eq!(passwords.memory.free.lock().expect("no panic").len(), 1);
    }

    #[test]
    fn hashes_are_those_of_the_crate() {
        let passwords = Passwords::new();
        let ours = passwords.hash(&Secret::new("correct horse")).expect("there is randomness");
        let parsed = phc::PasswordHash::new(ours.expose()).expect("a hash");
        assert!(Argon2::default().verify_password(b"correct horse", &parsed).is_ok());
        let theirs =
            Argon2::default().hash_password(b"correct horse").expect("there is randomness").to_string();
        assert_eq!(theirs.split('$').nth(3), ours.expose().split('$').nth(3));
        assert!(passwords.verify(&Secret::new("correct horse"), Some(&PasswordHash::new(theirs))));
    }

    #[test]
    fn a_hash_that_takes_more_memory_is_checked_and_its_memory_not_kept() {
        let params = Params::new(2 * Params::DEFAULT_M_COST, 1, 1, None).expect("parameters");
        let large = Argon2::new(Algorithm::default(), Version::default(), params);
        let hash = large.hash_password(b"correct horse").expect("there is randomness").to_string();
        let passwords = Passwords::new();
        assert!(passwords.verify(&Secret::new("correct horse"), Some(&PasswordHash::new(hash))));
        assert_eq!(passwords.memory.free.lock().expect("no panic").len(), 0);
    }
}
