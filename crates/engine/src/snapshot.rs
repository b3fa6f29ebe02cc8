//! An engine written down and read back, so that another one can go on where it was: in another process, or on another
//! machine. What it was at its last checkpoint is not written; it cannot go back to that.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Engine;
use crate::state::State;

/// How the state is written. A program reads its own version and no other: it is not kept for long.
const VERSION: u32 = 1;

/// The one that this program reads.
struct Version;

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        VERSION.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            VERSION => Ok(Self),
            other => Err(D::Error::custom(format!("this is state of version {other}, and not {VERSION}"))),
        }
    }
}

#[derive(Serialize)]
struct Written<'a> {
    version: Version,
    state: &'a State,
}

#[derive(Deserialize)]
struct Read {
    /// Comes first, so that nothing of another version is looked at.
    #[expect(dead_code, reason = "that it could be read is all that it says")]
    version: Version,
    state: State,
}

impl Serialize for Engine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written { version: Version, state: &self.state }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Engine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Read { mut state, .. } = Read::deserialize(deserializer)?;
        state.share();
        state.checkpoint();
        Ok(Self { state })
    }
}
