//! Where lines are shown: above the editor's line, plainly, or as JSON.

use std::io::{IsTerminal as _, Write as _};

use chat_model::language::Language;
use chat_model::sentence;
use jiff::tz::TimeZone;

use crate::editor::Terminal;
use crate::screen::{Text, json_row, sanitize};
use crate::session::line::{Line, What};

/// Columns where the terminal does not tell.
const COLUMNS: usize = 80;

/// A place to show lines.
pub(crate) enum Output {
    /// Above the line being typed.
    Terminal(Terminal, Text),
    /// On standard output, for a simple terminal or for a script.
    Plain {
        /// How lines look.
        text: Text,
        /// Whether a person reads along.
        interactive: bool,
    },
    /// As JSON on standard output.
    Json {
        /// Whether a person types.
        interactive: bool,
    },
}

impl Output {
    /// Above the line being typed.
    pub(crate) fn terminal(terminal: Terminal, colours: bool) -> Self {
        Self::Terminal(terminal, Text::new(colours, true, COLUMNS, TimeZone::system()))
    }

    /// On standard output.
    pub(crate) fn plain(interactive: bool, colours: bool) -> Self {
        // A bell in a file is heard by nobody and is in everybody's way.
        let attended = interactive && std::io::stdout().is_terminal();
        Self::Plain { text: Text::new(colours, attended, COLUMNS, TimeZone::system()), interactive }
    }

    /// As JSON.
    pub(crate) fn json(interactive: bool) -> Self {
        Self::Json { interactive }
    }

    /// Shows a line. A script is spared what the server says by way of welcome.
    pub(crate) fn show(&mut self, line: &Line, welcomed: bool) {
        match self {
            Self::Terminal(terminal, text) => {
                text.columns = columns();
                terminal.print(text.rows(line));
            }
            Self::Plain { interactive: false, .. } | Self::Json { interactive: false } if is_error(line) => {
                complain(line);
                if matches!(self, Self::Json { .. }) {
                    write(&json_row(line));
                }
            }
            Self::Plain { interactive: false, .. } if !welcomed && is_welcome(line) => {}
            Self::Plain { text, .. } => {
                text.columns = columns();
                write(&text.rows(line));
            }
            Self::Json { .. } => write(&json_row(line)),
        }
    }

    /// Asks for something that must not be seen. Whether what is typed then is the answer all by itself.
    pub(crate) fn ask(&mut self, question: &str) -> bool {
        match self {
            Self::Terminal(terminal, text) => {
                terminal.hide(true);
                let question = sanitize(question);
                let row = sentence!(
                    text.language,
                    en = "-- {question}, not shown as you type:\n",
                    zh = "-- {question}，输入时不显示：\n",
                );
                terminal.print(row);
                true
            }
            Self::Plain { .. } | Self::Json { .. } => {
                eprint!("{}: ", sanitize(question));
                false
            }
        }
    }

    /// Nothing is asked any more: what is typed is shown.
    pub(crate) fn asked(&self) {
        if let Self::Terminal(terminal, _) = self {
            terminal.hide(false);
        }
    }

    /// From now on lines are shown in this language.
    pub(crate) fn speak(&mut self, language: Language) {
        match self {
            Self::Terminal(_, text) | Self::Plain { text, .. } => text.language = language,
            Self::Json { .. } => {}
        }
    }

    /// Waits until the last lines are seen.
    pub(crate) fn finish(&self) {
        if let Self::Terminal(terminal, _) = self {
            terminal.finish();
        }
    }
}

fn is_error(line: &Line) -> bool {
    matches!(line.what, What::Error { .. })
}

fn is_welcome(line: &Line) -> bool {
    !matches!(line.what, What::Message(_) | What::Whisper(_) | What::Error { .. })
}

fn complain(line: &Line) {
    if let What::Error { text, .. } = &line.what {
        eprintln!("chat-client: {}", sanitize(text));
    }
}

fn write(rows: &str) {
    let mut stdout = std::io::stdout().lock();
    // A reader that went away, as `head` does, is no reason to stop sending.
    let _ = stdout.write_all(rows.as_bytes()).and_then(|()| stdout.flush());
}

/// Columns of the terminal.
pub(crate) fn columns() -> usize {
    let size = rustix::termios::tcgetwinsize(std::io::stdout());
    size.ok().map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0).unwrap_or(COLUMNS)
}

/// Whether the terminal can do nothing but print.
pub(crate) fn is_dumb() -> bool {
    std::env::var("TERM").is_ok_and(|term| ["dumb", "cons25", "emacs"].contains(&term.as_str()))
}

/// Whether the user wants no colours (no-color.org).
pub(crate) fn no_colour() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}
