//! What Tab completes: commands, their words, nicknames, `@nick` and channels.

use std::collections::BTreeSet;

use super::Session;
use super::commands::{COMMANDS, Complete, find};

/// Candidates that Tab goes through at most.
const CANDIDATES_MAX: usize = 200;

impl Session {
    /// Where the word before the cursor begins, and what could stand there.
    pub(crate) fn complete(&self, before: &str) -> (usize, Vec<String>) {
        let start = before.rfind(' ').map_or(0, |space| space + 1);
        let word = &before[start..];
        let mut candidates = match self.wanted(before, start) {
            Complete::Nothing => Vec::new(),
            Complete::Command => commands(word, start == 0),
            Complete::Channel => self.known_channels(word),
            Complete::Target => [self.known_channels(word), self.known_nicks(word, start)].concat(),
            Complete::Nick if word.starts_with('#') => self.known_channels(word),
            Complete::Nick => self.known_nicks(word, start),
        };
        candidates.truncate(CANDIDATES_MAX);
        (start, candidates)
    }

    /// What the word that begins at `start` can be.
    fn wanted(&self, before: &str, start: usize) -> Complete {
        let Some(line) = before.strip_prefix('/') else { return Complete::Nick };
        if start == 0 {
            return Complete::Command;
        }
        let name = line.split(' ').next().unwrap_or_default();
        let kinds = find(name).map_or(&[][..], |command| command.complete);
        let index = before[..start].split_whitespace().count().saturating_sub(1);
        kinds.get(index).or(kinds.last()).copied().unwrap_or(Complete::Nothing)
    }

    fn known_channels(&self, word: &str) -> Vec<String> {
        let word = self.support.fold(word);
        let fits = |(key, _): &(&String, &super::Channel)| key.starts_with(&word);
        self.channels.iter().filter(fits).map(|(_, channel)| format!("{} ", channel.name)).collect()
    }

    /// Nicknames, those of the active channel and who spoke last first; at the start of a line with what belongs behind.
    fn known_nicks(&self, word: &str, start: usize) -> Vec<String> {
        let (sign, part) = match word.strip_prefix('@') {
            Some(part) if start == 0 => ("@", part),
            _ => ("", word),
        };
        let end = if start == 0 && sign.is_empty() { ": " } else { " " };
        let part = self.support.fold(part);
        let active = self.active.as_deref().map(|active| self.support.fold(active)).unwrap_or_default();
        let (here, elsewhere): (Vec<_>, Vec<_>) = self.channels.iter().partition(|(key, _)| **key == active);
        let nicks = here.into_iter().chain(elsewhere).flat_map(|(_, channel)| channel.nicks_by_speech());
        let fits = |nick: &&str| !self.is_me(nick) && self.support.fold(nick).starts_with(&part);
        let mut met = BTreeSet::new();
        let once = nicks.filter(fits).filter(|nick| met.insert(self.support.fold(nick)));
        once.map(|nick| format!("{sign}{nick}{end}")).collect()
    }
}

fn commands(word: &str, with_slash: bool) -> Vec<String> {
    let part = word.trim_start_matches('/').to_ascii_lowercase();
    let slash = if with_slash { "/" } else { "" };
    let fits = COMMANDS.iter().filter(|command| command.name.starts_with(&part));
    fits.map(|command| format!("{slash}{} ", command.name)).collect()
}
