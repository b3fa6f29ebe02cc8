//! The line being typed, on a terminal. Incoming lines appear above it and leave it intact.
//!
//! rustyline's `readline` is called once and does not return while the program runs: Enter takes the line away
//! and empties it on the spot. So nothing typed ahead is lost, the terminal never leaves raw mode in between, and
//! a sent line is seen once, namely when the server has confirmed it.

mod helper;
mod recall;

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use chat_model::secret::Secret;
use rustyline::{CompletionType, Config, Editor, EventHandler, KeyCode, KeyEvent, Modifiers};
use tokio::sync::mpsc::Sender;

use crate::session::Session;
use helper::{Assistant, Binding, Key, Shared};
pub(crate) use recall::Recall;

/// What is in front of the line. Where lines go is told behind it as long as it is empty.
const PROMPT: &str = "> ";
/// How long leaving waits for the last lines to be drawn.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// What the user did.
#[derive(Debug)]
pub(crate) enum Typed {
    /// Typed a line.
    Line(String),
    /// Answered a question that nobody may see the answer to, or did not want to.
    Secret(Option<Secret>),
    /// Pressed ctrl-c on an empty line.
    Interrupt,
    /// Pressed ctrl-d on an empty line, or hung up.
    End,
}

/// Lines on their way to the screen.
enum Print {
    Text(String),
    /// Everything is said; the other end waits until it is drawn.
    Last(SyncSender<()>),
}

/// The editor, from outside.
pub(crate) struct Terminal {
    prints: std::sync::mpsc::Sender<Print>,
    shared: Arc<Shared>,
}

impl Terminal {
    /// Takes the terminal and begins to read keys.
    ///
    /// # Errors
    /// When the terminal does not let itself be used.
    pub(crate) fn open(
        session: Arc<Mutex<Session>>,
        recall: Recall,
        colours: bool,
        typed: Sender<Typed>,
    ) -> Result<Self> {
        let (drawn, redraws) = sync_channel(1);
        let shared = Arc::new(Shared::new(session, recall.clone(), colours, typed, drawn));
        // Hiding passwords needs the highlighter, which rustyline only uses with colours; ours obeys NO_COLOR itself.
        let config = Config::builder()
            .completion_type(CompletionType::Circular)
            .color_mode(rustyline::ColorMode::Forced)
            .build();
        let mut editor = Editor::with_history(config, recall).context("cannot use this terminal")?;
        editor.set_helper(Some(Assistant(shared.clone())));
        for (key, event) in [
            (Key::Enter, KeyEvent(KeyCode::Enter, Modifiers::NONE)),
            (Key::Enter, KeyEvent::ctrl('J')),
            (Key::Enter, KeyEvent::ctrl('M')),
            (Key::Interrupt, KeyEvent::ctrl('C')),
            (Key::End, KeyEvent::ctrl('D')),
        ] {
            editor.bind_sequence(event, EventHandler::Conditional(Box::new(Binding(key, shared.clone()))));
        }
        let printer = editor.create_external_printer().context("cannot print on this terminal")?;
        let reader = shared.clone();
        thread::spawn(move || {
            // Keys are dealt with as they come; a return means that the terminal is gone.
            let _ = editor.readline(PROMPT);
            reader.send(Typed::End);
        });
        let (prints, queue) = std::sync::mpsc::channel();
        thread::spawn(move || print(printer, &queue, &redraws));
        Ok(Self { prints, shared })
    }

    /// Shows rows above the line being typed.
    pub(crate) fn print(&self, rows: String) {
        // The thread at the other end only ends with the program.
        let _ = self.prints.send(Print::Text(rows));
    }

    /// From now on what is typed is hidden, or shown again. A line that makes the session ask for a password hides
    /// what follows by itself, so that it is hidden however fast it is typed.
    pub(crate) fn hide(&self, hidden: bool) {
        self.shared.hide(hidden);
    }

    /// Waits a little until everything is drawn.
    pub(crate) fn finish(&self) {
        let (done, wait) = sync_channel(1);
        if self.prints.send(Print::Last(done)).is_ok() {
            let _ = wait.recv_timeout(LAST_WORDS);
        }
    }
}

/// Hands lines to the editor one by one; while it is busy with a search they wait here.
fn print(mut printer: impl rustyline::ExternalPrinter, queue: &Receiver<Print>, redraws: &Receiver<()>) {
    while let Ok(print) = queue.recv() {
        match print {
            Print::Text(rows) => {
                // The next redraw is the one behind these rows.
                while redraws.try_recv().is_ok() {}
                if printer.print(rows).is_err() {
                    return;
                }
            }
            Print::Last(done) => {
                let _ = redraws.recv_timeout(LAST_WORDS / 2);
                let _ = done.send(());
            }
        }
    }
}
