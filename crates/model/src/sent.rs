//! What a client sent, as its face reads it and the engine deals with it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::close_reason::CloseReason;

/// What comes of a client's connection. Each is dealt with when all that the same client sent before has been answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sent {
    /// It asks for something.
    Call(Call),
    /// It asked for something that the face answers by itself, in these bytes.
    Answered(Arc<[u8]>),
    /// It wants things told differently, from here on.
    View {
        /// The capabilities that are on: only its face knows what the bits mean.
        capabilities: u32,
        /// Whether it asks for its history itself, or wants to be shown what it missed.
        knows_history: bool,
    },
    /// The connection is gone, or must go.
    End(CloseReason),
}
