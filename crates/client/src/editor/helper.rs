//! What rustyline asks while a line is typed: completions, how it looks, and what Enter does.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};

use chat_model::secret::Secret;
use rustyline::completion::Completer;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter};
use rustyline::validate::Validator;
use rustyline::{Cmd, ConditionalEventHandler, Context, Event, EventContext, Helper, RepeatCount};
use tokio::sync::mpsc::Sender;
use unicode_width::UnicodeWidthStr as _;

use super::{Recall, Typed};
use crate::output::columns;
use crate::screen::{Look, sanitize};
use crate::session::Session;
use crate::session::commands::{aims_at, asks_for_secret, may_be_kept};

/// In front of a line that is hidden; as wide as the usual prompt.
const HIDDEN_PROMPT: &str = "* ";
/// Empties the line by taking back everything that was done to it. Killing it instead would leave it, even when it
/// is a password, where ctrl-y and ctrl-_ bring it back.
const EMPTY: Cmd = Cmd::Undo(RepeatCount::MAX);
/// Columns that the name behind an empty prompt may take, and that must be left around it: it must not wrap, for
/// rustyline does not know how long it is.
const CONVERSATION_COLUMNS_MAX: usize = 40;
const AROUND_CONVERSATION: usize = 4;

/// What the editor's thread and the others share.
pub(super) struct Shared {
    session: Arc<Mutex<Session>>,
    recall: Recall,
    colours: bool,
    /// Whether what is typed is a password.
    hidden: AtomicBool,
    /// The last target that the user chose.
    aim: Mutex<Option<String>>,
    /// The number of the entry that the editor shows, see [`super::recall`].
    at: AtomicUsize,
    typed: Sender<Typed>,
    drawn: SyncSender<()>,
}

impl Shared {
    pub(super) fn new(
        session: Arc<Mutex<Session>>,
        recall: Recall,
        colours: bool,
        typed: Sender<Typed>,
        drawn: SyncSender<()>,
    ) -> Self {
        let at = AtomicUsize::new(rustyline::history::History::len(&recall));
        Self {
            session,
            recall,
            colours,
            hidden: AtomicBool::new(false),
            aim: Mutex::new(None),
            at,
            typed,
            drawn,
        }
    }

    pub(super) fn hide(&self, hidden: bool) {
        self.hidden.store(hidden, Ordering::SeqCst);
    }

    pub(super) fn send(&self, typed: Typed) {
        // Where nobody listens any more the program is about to end.
        let _ = self.typed.blocking_send(typed);
    }

    fn is_hidden(&self) -> bool {
        self.hidden.load(Ordering::SeqCst)
    }

    /// Enter: takes the line and leaves an empty one.
    fn enter(&self, line: &str) -> Cmd {
        let at = self.at.load(Ordering::SeqCst);
        self.recall.rewind(at);
        // A paste may have several lines.
        for line in line.split('\n') {
            if self.is_hidden() {
                // What comes next stays hidden until the session has looked at this.
                self.send(Typed::Secret(Some(Secret::new(line))));
            } else if !line.trim().is_empty() {
                self.hidden.store(asks_for_secret(line), Ordering::SeqCst);
                if self.may_be_kept(line) {
                    self.recall.push(line, at);
                }
                self.send(Typed::Line(line.to_owned()));
            }
        }
        EMPTY
    }

    /// Whether a line has no password in it, wherever it goes: the session may not have seen the `/to` before it yet.
    fn may_be_kept(&self, line: &str) -> bool {
        let mut aim = self.aim.lock().unwrap_or_else(PoisonError::into_inner);
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = may_be_kept(line, session.active()) && may_be_kept(line, aim.as_deref());
        if let Some(target) = aims_at(line) {
            *aim = Some(target.to_owned());
        }
        kept
    }

    fn interrupt(&self, line: &str) -> Cmd {
        if self.is_hidden() {
            self.send(Typed::Secret(None));
        } else if line.is_empty() {
            self.send(Typed::Interrupt);
        }
        EMPTY
    }
}

/// Keys that mean something else here than in a shell.
#[derive(Clone, Copy, Debug)]
pub(super) enum Key {
    /// Takes the line.
    Enter,
    /// Empties the line, or interrupts.
    Interrupt,
    /// Ends the input, where the line is empty.
    End,
}

/// One of them, on its way to what it does.
pub(super) struct Binding(pub(super) Key, pub(super) Arc<Shared>);

impl ConditionalEventHandler for Binding {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext<'_>) -> Option<Cmd> {
        let Self(key, shared) = self;
        match key {
            Key::Enter => Some(shared.enter(context.line())),
            Key::Interrupt => Some(shared.interrupt(context.line())),
            Key::End if context.line().is_empty() => {
                shared.send(Typed::End);
                Some(Cmd::Noop)
            }
            Key::End => None,
        }
    }
}

/// Answers rustyline's questions.
pub(super) struct Assistant(pub(super) Arc<Shared>);

impl Helper for Assistant {}
impl Validator for Assistant {}

impl Completer for Assistant {
    type Candidate = String;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        if self.0.is_hidden() {
            return Ok((pos, Vec::new()));
        }
        let session = self.0.session.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(session.complete(&line[..pos]))
    }
}

/// Holds the place for what [`Highlighter::highlight_hint`] says, which may change while the line stays empty.
pub(super) struct Placeholder;

impl Hint for Placeholder {
    fn display(&self) -> &str {
        " "
    }

    fn completion(&self) -> Option<&str> {
        None
    }
}

impl Hinter for Assistant {
    type Hint = Placeholder;

    fn hint(&self, line: &str, _: usize, context: &Context<'_>) -> Option<Placeholder> {
        self.0.at.store(context.history_index(), Ordering::SeqCst);
        (line.is_empty() && self.0.colours).then_some(Placeholder)
    }
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if self.0.is_hidden() { Cow::Owned(" ".repeat(line.width())) } else { Cow::Borrowed(line) }
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        // What is hidden must never be written as it is typed.
        self.0.is_hidden() && kind != CmdKind::MoveCursor
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, default: bool) -> Cow<'b, str> {
        // The receiver only needs to know that something was drawn since it last looked.
        let _ = self.0.drawn.try_send(());
        Cow::Borrowed(if default && self.0.is_hidden() { HIDDEN_PROMPT } else { prompt })
    }

    fn highlight_hint<'h>(&self, _: &'h str) -> Cow<'h, str> {
        if self.0.is_hidden() {
            return Cow::Borrowed("");
        }
        let session = self.0.session.lock().unwrap_or_else(PoisonError::into_inner);
        let conversation = session.active().map(sanitize).unwrap_or_default();
        let room = columns().saturating_sub(AROUND_CONVERSATION).min(CONVERSATION_COLUMNS_MAX);
        let conversation = if conversation.width() > room { "" } else { &*conversation };
        Cow::Owned(Look::Quiet.paint(true, conversation))
    }
}
