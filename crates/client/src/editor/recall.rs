//! The lines that were typed before: in a private file, and in the order that the up key shows them.
//!
//! rustyline notes the number of the entry after the newest when a line is begun, and ours is begun only once
//! (see [`super`]). So the numbers are moved instead: with every new entry, the number that rustyline is at becomes
//! the one after the newest again.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use rustyline::history::{History, SearchDirection, SearchResult};

use crate::state::{How, write};

/// Lines that are remembered.
const LINES_MAX: usize = 2_000;
/// The number after the newest entry at first: high enough to be lowered all day long.
const FIRST_END: usize = 1 << 30;

/// The lines. Clones are the same lines.
#[derive(Clone, Debug)]
pub(crate) struct Recall(Arc<Mutex<Lines>>);

#[derive(Debug)]
struct Lines {
    lines: Vec<String>,
    /// rustyline's number for the entry after the newest.
    end: usize,
    file: Option<PathBuf>,
}

impl Recall {
    /// The lines in a file, which new ones are added to. Without one, or where it cannot be used, the lines are
    /// remembered for this run only.
    pub(crate) fn open(file: Option<PathBuf>) -> Self {
        let text = file.as_ref().and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
        if let Some(path) = file.as_ref().filter(|path| path.exists()) {
            // Nothing is added, but from here on it is private.
            let _ = write(path, "", How::Append);
        }
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        if lines.len() > LINES_MAX {
            lines.drain(..lines.len() - LINES_MAX);
            if let Some(path) = &file {
                // Not being able to shorten the file costs nothing but its length.
                let _ = write(path, &format!("{}\n", lines.join("\n")), How::Anew);
            }
        }
        Self(Arc::new(Mutex::new(Lines { lines, end: FIRST_END, file })))
    }

    /// Adds a line, while rustyline is at entry number `at`.
    pub(crate) fn push(&self, line: &str, at: usize) {
        let mut lines = self.lock();
        if lines.lines.last().is_none_or(|last| last != line) {
            lines.lines.push(line.to_owned());
            if let Some(path) = &lines.file {
                // A full disk must not keep anybody from talking.
                let _ = write(path, &format!("{line}\n"), How::Append);
            }
        }
        lines.end = at.max(lines.lines.len());
    }

    /// Makes number `at` the one after the newest, without adding anything.
    pub(crate) fn rewind(&self, at: usize) {
        let mut lines = self.lock();
        lines.end = at.max(lines.lines.len());
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        // Nothing is ever left half done in there.
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Lines {
    fn get(&self, number: usize) -> Option<&String> {
        let back = self.end.checked_sub(number)?;
        self.lines.len().checked_sub(back).and_then(|index| self.lines.get(index))
    }

    /// The nearest line from `start` on for which `position` finds something.
    fn find(
        &self,
        start: usize,
        direction: SearchDirection,
        position: impl Fn(&str) -> Option<usize>,
    ) -> Option<SearchResult<'static>> {
        let first = self.end - self.lines.len();
        let found = |number: usize| {
            let line = self.get(number)?;
            let pos = position(line)?;
            Some(SearchResult { entry: Cow::Owned(line.clone()), idx: number, pos })
        };
        match direction {
            SearchDirection::Forward => (start.max(first)..self.end).find_map(found),
            SearchDirection::Reverse => (first..self.end.min(start.saturating_add(1))).rev().find_map(found),
        }
    }
}

impl History for Recall {
    fn get(&self, index: usize, _: SearchDirection) -> rustyline::Result<Option<SearchResult<'_>>> {
        let line = self.lock().get(index).cloned();
        Ok(line.map(|line| SearchResult { entry: Cow::Owned(line), idx: index, pos: 0 }))
    }

    fn add(&mut self, line: &str) -> rustyline::Result<bool> {
        let at = self.len();
        self.push(line, at);
        Ok(true)
    }

    fn add_owned(&mut self, line: String) -> rustyline::Result<bool> {
        self.add(&line)
    }

    fn len(&self) -> usize {
        self.lock().end
    }

    fn is_empty(&self) -> bool {
        self.lock().lines.is_empty()
    }

    fn set_max_len(&mut self, _: usize) -> rustyline::Result<()> {
        Ok(())
    }

    fn ignore_dups(&mut self, _: bool) -> rustyline::Result<()> {
        Ok(())
    }

    fn ignore_space(&mut self, _: bool) {}

    fn save(&mut self, _: &Path) -> rustyline::Result<()> {
        Ok(())
    }

    fn append(&mut self, _: &Path) -> rustyline::Result<()> {
        Ok(())
    }

    fn load(&mut self, _: &Path) -> rustyline::Result<()> {
        Ok(())
    }

    fn clear(&mut self) -> rustyline::Result<()> {
        self.lock().lines.clear();
        Ok(())
    }

    fn search(
        &self,
        term: &str,
        start: usize,
        direction: SearchDirection,
    ) -> rustyline::Result<Option<SearchResult<'_>>> {
        Ok(self.lock().find(start, direction, |line| line.find(term)))
    }

    fn starts_with(
        &self,
        term: &str,
        start: usize,
        direction: SearchDirection,
    ) -> rustyline::Result<Option<SearchResult<'_>>> {
        Ok(self.lock().find(start, direction, |line| line.starts_with(term).then_some(term.len())))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn at(recall: &Recall, number: usize) -> Option<String> {
        let found = recall.get(number, SearchDirection::Reverse).expect("no error");
        found.map(|found| found.entry.into_owned())
    }

    #[test]
    fn the_newest_line_is_always_one_before_where_the_editor_is() {
        let recall = Recall::open(None);
        let mut number = recall.len();
        recall.push("one", number);
        recall.push("two", number);
        recall.push("two", number);
        number -= 1;
        assert_eq!(at(&recall, number).as_deref(), Some("two"));
        number -= 1;
        assert_eq!(at(&recall, number).as_deref(), Some("one"));
        assert_eq!(at(&recall, number - 1), None);
        // Sent again from there: it is the newest now, and the editor is at the end of the list.
        recall.push("one", number);
        assert_eq!(recall.len(), number);
        assert_eq!(at(&recall, number - 1).as_deref(), Some("one"));
        assert_eq!(at(&recall, number - 2).as_deref(), Some("two"));
    }

    #[test]
    fn a_search_goes_both_ways() {
        let recall = Recall::open(None);
        let end = recall.len();
        for line in ["/join #a", "hi", "/join #b"] {
            recall.push(line, end);
        }
        let search = |term, start, direction| {
            recall.search(term, start, direction).expect("no error").map(|found| found.entry.into_owned())
        };
        assert_eq!(search("join", end - 1, SearchDirection::Reverse).as_deref(), Some("/join #b"));
        assert_eq!(search("join", end - 2, SearchDirection::Reverse).as_deref(), Some("/join #a"));
        assert_eq!(search("join", end - 2, SearchDirection::Forward).as_deref(), Some("/join #b"));
        assert_eq!(search("nothing", end - 1, SearchDirection::Reverse), None);
    }

    #[test]
    fn the_file_is_private_and_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("chat-client/history/irc.test");
        let recall = Recall::open(Some(path.clone()));
        recall.push("one", recall.len());
        let mode = std::fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        // Whoever made it open to others did not know what is in it.
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("the file is ours");
        let again = Recall::open(Some(path.clone()));
        assert_eq!(at(&again, again.len() - 1).as_deref(), Some("one"));
        let mode = std::fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
