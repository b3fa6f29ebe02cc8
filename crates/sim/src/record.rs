//! What went into an engine, written down so that it can go into another one.

use chat_engine::Engine;
use chat_engine::effect::Effect;
use chat_engine::input::Envelope;
use serde::{Deserialize, Serialize};

/// One thing that was done to an engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entry {
    /// [`Engine::checkpoint`]
    Checkpoint,
    /// [`Engine::rollback`]
    Rollback,
    /// [`Engine::apply`]
    Input(Box<Envelope>),
}

/// All that was done to an engine, and what came of it.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    /// In order, as JSON lines.
    pub lines: String,
    /// The effects of each input, as JSON.
    pub effects: Vec<String>,
}

impl Recording {
    /// Notes what was done, and its effects if it was an input.
    pub fn note(&mut self, entry: &Entry, effects: &[Effect]) {
        self.lines.push_str(&json(entry));
        self.lines.push('\n');
        if matches!(entry, Entry::Input(..)) {
            self.effects.push(json(&effects));
        }
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("everything that goes in and out of an engine can be written down")
}

/// Whether a fresh engine does the same with the same inputs.
///
/// # Errors
/// That it does not, or what cannot be read.
pub(crate) fn check(recording: &Recording) -> Result<(), String> {
    match replay(&recording.lines)? == recording.effects {
        true => Ok(()),
        false => Err("the same inputs had other effects".to_owned()),
    }
}

/// Does to a fresh engine what the lines tell. Returns the effects of each input, as [`Recording::effects`].
///
/// # Errors
/// The line that cannot be read.
pub fn replay(lines: &str) -> Result<Vec<String>, String> {
    let mut engine = Engine::new();
    let mut all = Vec::new();
    for line in lines.lines() {
        let entry: Entry = serde_json::from_str(line).map_err(|error| format!("{error} in {line}"))?;
        match entry {
            Entry::Checkpoint => engine.checkpoint(),
            Entry::Rollback => engine.rollback(),
            Entry::Input(envelope) => {
                let mut effects = Vec::new();
                let applied = engine.apply(&envelope, &mut effects);
                applied.map_err(|why| format!("{why:?}: {line}"))?;
                all.push(json(&effects));
            }
        }
    }
    Ok(all)
}
