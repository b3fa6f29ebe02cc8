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

/// Whether a fresh engine does the same with the same inputs and is the same in the end, though it is written down and
/// another one read in its place every now and then.
///
/// # Errors
/// That it does not or is not, or what cannot be read.
pub(crate) fn check(recording: &Recording, engine: &Engine) -> Result<(), String> {
    let (effects, replayed) = replay(&recording.lines)?;
    if effects != recording.effects {
        return Err("the same inputs had other effects".to_owned());
    }
    if json(&replayed) != json(engine) {
        return Err("the same inputs led to another state".to_owned());
    }
    Ok(())
}

/// After so many batches an engine is written down and another one read.
const BATCHES_AT_ONCE: usize = 7;

/// Does to a fresh engine what the lines tell. Returns the effects of each input, as [`Recording::effects`], and the engine.
///
/// # Errors
/// The line that cannot be read.
pub fn replay(lines: &str) -> Result<(Vec<String>, Engine), String> {
    let (mut engine, mut all, mut batches) = (Engine::new(), Vec::new(), 0);
    for line in lines.lines() {
        let entry: Entry = serde_json::from_str(line).map_err(|error| format!("{error} in {line}"))?;
        match entry {
            Entry::Checkpoint => {
                batches += 1;
                if batches % BATCHES_AT_ONCE == 0 {
                    engine = serde_json::from_str(&json(&engine)).map_err(|error| error.to_string())?;
                }
                engine.checkpoint();
            }
            Entry::Rollback => engine.rollback(),
            Entry::Input(envelope) => {
                let mut effects = Vec::new();
                let applied = engine.apply(&envelope, &mut effects);
                applied.map_err(|why| format!("{why:?}: {line}"))?;
                all.push(json(&effects));
            }
        }
    }
    Ok((all, engine))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_of_another_version_is_not_read() {
        let written = json(&Engine::new());
        assert!(serde_json::from_str::<Engine>(&written).is_ok());
        let other = written.replacen("{\"version\":1,", "{\"version\":2,\"more\":[],", 1);
        let error = serde_json::from_str::<Engine>(&other).expect_err("it is another version");
        assert!(error.to_string().starts_with("this is state of version 2, and not 1"), "{error}");
    }
}
