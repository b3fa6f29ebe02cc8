//! The verb of a call that waits for an answer.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::TABLE;

/// A verb as it stands in the table.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Verb(pub(crate) &'static str);

impl<'de> Deserialize<'de> for Verb {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let verb = String::deserialize(deserializer)?;
        let known = TABLE.iter().find(|row| row.verb == verb).map(|row| Self(row.verb));
        known.ok_or_else(|| D::Error::custom(format!("{verb:?} is no command")))
    }
}
