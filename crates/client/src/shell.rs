//! Terminal, network and clock around the session: brings it what happens and does what it says.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use chat_model::id::Time;
use chat_model::secret::Secret;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{Receiver, Sender, UnboundedSender, channel, unbounded_channel};

use crate::cli::Plan;
use crate::editor::{Recall, Terminal, Typed};
use crate::net::{Event, Server};
use crate::output::{Output, is_dumb, no_colour};
use crate::restore::Restore;
use crate::session::{Effect, Input, Session};
use crate::state::{SeenFile, history_file};
use crate::tls;

/// How long the last lines may take to leave when the program ends.
const LAST_LINES: Duration = Duration::from_secs(1);
/// How often the session is told that time went by.
const TICK: Duration = Duration::from_secs(1);
/// How far back whispers are looked for on the first run, in milliseconds: a week.
const FIRST_LOOK_BACK_MS: i64 = 7 * 86_400_000;
/// Lines from the server, and typed ones, that may wait here.
const EVENTS_MAX: usize = 256;

/// The program while it runs.
struct Shell {
    server: Server,
    session: Arc<Mutex<Session>>,
    output: Output,
    /// To the connection, while there is one or one is being made.
    lines: Option<UnboundedSender<String>>,
    /// Whether there is one.
    connected: bool,
    /// From the connection. A new one has a new channel, so the last words of an old one go unheard.
    events: Receiver<Event>,
    restore: Option<Restore>,
    /// Where to note what was seen; a script notes nothing.
    seen_file: Option<SeenFile>,
    /// Whether the next plain line is the answer to a question.
    answer_next: bool,
}

/// Runs until the user leaves. The exit status.
///
/// # Errors
/// When the terminal or the certificates cannot be used.
pub(crate) async fn run(mut plan: Plan, json: bool) -> Result<u8> {
    let language = plan.options.language.unwrap_or_default();
    let tls = match plan.address.tls {
        true => Some(tls::client_config(plan.tls_ca.as_deref(), language)?),
        false => None,
    };
    let interactive = plan.options.interactive;
    let history = history_file(&plan.options.server);
    let seen_file = if interactive { SeenFile::of(&plan.options.server, &plan.options.nick) } else { None };
    let seen = |file: &SeenFile| file.read().unwrap_or_else(|| now().plus(-FIRST_LOOK_BACK_MS));
    plan.options.seen = seen_file.as_ref().map(seen);
    let session = Arc::new(Mutex::new(Session::new(plan.options)));
    let (typed, typed_here) = channel(EVENTS_MAX);
    let mut restore = if interactive { Restore::remember() } else { None };
    let mut output = open_output(&session, history, typed, interactive, json)?;
    output.speak(language);
    if let (Output::Terminal(..), Some(restore)) = (&output, &mut restore) {
        restore.edited = true;
    }
    let (_, events) = channel(1);
    let server = Server { address: plan.address, tls };
    let mut shell = Shell {
        server,
        session,
        output,
        lines: None,
        connected: false,
        events,
        restore,
        seen_file,
        answer_next: false,
    };
    shell.connect(Duration::ZERO);
    shell.work(typed_here).await
}

/// An editor where there is a terminal for one, else plain reading and printing.
fn open_output(
    session: &Arc<Mutex<Session>>,
    history: Option<PathBuf>,
    typed: Sender<Typed>,
    interactive: bool,
    json: bool,
) -> Result<Output> {
    let on_terminal = std::io::stdout().is_terminal();
    let colours = on_terminal && !is_dumb() && !no_colour();
    if interactive && on_terminal && !is_dumb() && !json {
        let terminal = Terminal::open(session.clone(), Recall::open(history), colours, typed)?;
        return Ok(Output::terminal(terminal, colours));
    }
    std::thread::spawn(move || read_plainly(&typed));
    Ok(if json { Output::json(interactive) } else { Output::plain(interactive, colours) })
}

fn read_plainly(typed: &Sender<Typed>) {
    let mut bytes = Vec::new();
    let mut stdin = std::io::stdin().lock();
    while let Ok(count) = stdin.read_until(b'\n', &mut bytes) {
        if count == 0 {
            break;
        }
        let line = String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned();
        if typed.blocking_send(Typed::Line(line)).is_err() {
            return;
        }
        bytes.clear();
    }
    // Where nobody listens any more the program is about to end.
    let _ = typed.blocking_send(Typed::End);
}

impl Shell {
    async fn work(&mut self, mut typed: Receiver<Typed>) -> Result<u8> {
        let mut ticks = tokio::time::interval(TICK);
        let mut terminated = signal(SignalKind::terminate())?;
        let mut hung_up = signal(SignalKind::hangup())?;
        let mut interrupted = signal(SignalKind::interrupt())?;
        loop {
            let has_room = self.session().has_room();
            let exit = tokio::select! {
                Some(event) = self.events.recv() => self.heard(event),
                Some(typed) = typed.recv(), if has_room => self.typed(typed),
                _ = ticks.tick() => self.apply(Input::Tick),
                _ = terminated.recv() => self.apply(Input::Terminated),
                _ = hung_up.recv() => self.apply(Input::Terminated),
                _ = interrupted.recv() => self.interrupted(),
            };
            if let Some(status) = exit {
                self.remember();
                self.hang_up().await;
                self.output.finish();
                self.restore = None;
                return Ok(status);
            }
        }
    }

    /// Closes the connection when the last lines are on their way: without QUIT others are told of an error.
    async fn hang_up(&mut self) {
        // Without a sender the other end ends as soon as everything is written.
        if self.lines.take().is_some() && self.connected {
            // Until it does, it must not be kept up by what it has to tell.
            let ended = async { while self.events.recv().await.is_some() {} };
            let _ = tokio::time::timeout(LAST_LINES, ended).await;
        }
    }

    /// Notes up to when everything was seen, for the next run.
    fn remember(&self) {
        if let (Some(file), Some(seen)) = (&self.seen_file, self.session().seen()) {
            file.write(seen);
        }
    }

    fn heard(&mut self, event: Event) -> Option<u8> {
        match event {
            Event::Connected { secure, local } => {
                self.connected = true;
                self.apply(Input::Connected { secure, local })
            }
            Event::Line(line) => self.apply(Input::Line(&line)),
            Event::Lost(why) => {
                self.lines = None;
                self.connected = false;
                self.remember();
                let why = why.in_words(self.session().language());
                self.apply(Input::Lost(&why))
            }
        }
    }

    fn typed(&mut self, typed: Typed) -> Option<u8> {
        let exit = match typed {
            Typed::Line(line) if std::mem::take(&mut self.answer_next) => {
                self.echo(true);
                self.apply(Input::Answer(Some(Secret::new(line))))
            }
            Typed::Line(line) => self.apply(Input::Typed(&line)),
            Typed::Secret(answer) => self.apply(Input::Answer(answer)),
            Typed::Interrupt => self.apply(Input::Interrupt),
            Typed::End => self.apply(Input::End),
        };
        if !self.session().is_asking() {
            self.output.asked();
        }
        exit
    }

    /// Ctrl-C where there is no editor to read it.
    fn interrupted(&mut self) -> Option<u8> {
        if !std::mem::take(&mut self.answer_next) {
            return self.apply(Input::Terminated);
        }
        self.echo(true);
        eprintln!();
        self.apply(Input::Answer(None))
    }

    /// Gives the session an input and does what it wants done. `Some` when that is to end.
    fn apply(&mut self, input: Input<'_>) -> Option<u8> {
        let (effects, welcomed) = {
            let mut session = self.session();
            (session.apply(now(), input), session.is_online())
        };
        let mut exit = None;
        for effect in effects {
            match effect {
                Effect::Send(line) => {
                    // Without a connection the session sends nothing that must arrive.
                    let _ = self.lines.as_ref().map(|lines| lines.send(line));
                }
                Effect::Show(line) => self.output.show(&line, welcomed),
                Effect::Connect { after_ms } => self.connect(Duration::from_millis(after_ms)),
                Effect::Disconnect => {
                    if self.lines.take().is_some() && exit.is_none() {
                        exit = self.disconnected();
                    }
                }
                Effect::Ask(question) => self.ask(&question),
                Effect::Speak(language) => self.output.speak(language),
                Effect::Exit(status) => exit = exit.or(Some(status)),
            }
        }
        exit
    }

    fn disconnected(&mut self) -> Option<u8> {
        // The connection ends with the channel; what it still has to say is about itself.
        let (_, events) = channel(1);
        self.events = events;
        self.connected = false;
        self.apply(Input::Lost("closed"))
    }

    fn connect(&mut self, after: Duration) {
        let (lines, to_server) = unbounded_channel();
        let (from_server, events) = channel(EVENTS_MAX);
        self.lines = Some(lines);
        self.events = events;
        tokio::spawn(self.server.clone().run(after, to_server, from_server));
    }

    fn ask(&mut self, question: &str) {
        if !self.output.ask(question) {
            self.answer_next = true;
            self.echo(false);
        }
    }

    fn echo(&self, on: bool) {
        if let Some(restore) = &self.restore {
            restore.echo(on);
        }
    }

    fn session(&self) -> MutexGuard<'_, Session> {
        // A completion that failed half-way has changed nothing.
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
