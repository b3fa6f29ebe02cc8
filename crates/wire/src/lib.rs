//! Sans-I/O translators between bytes and the model, one folder a face.
//!
//! A connection has two halves here. Its [`Framer`] lives with the socket and cuts bytes into [`Frame`]s; its
//! [`Session`] lives with the engine loop and turns frames into calls, and events and replies into bytes. Nothing
//! in this crate opens a socket, reads a clock or knows who is on.

pub mod admin;
pub mod clock;
mod framer;
pub mod irc;
pub mod json;
mod opening;
pub mod plain;
pub mod screen;
pub mod sentences;

#[cfg(test)]
mod testing;

use chat_model::call::Call;
use chat_model::close_reason::CloseReason;
use chat_model::event::Event;
use chat_model::id::Time;
use chat_model::invitation::Registration;
use chat_model::language::Language;
use chat_model::name::ChannelName;
use chat_model::refusal::Refusal;
use chat_model::reply::Reply;
use chat_model::sent::Sent;
use chat_model::who::Source;
use chat_model::{Text, limits};
use serde::{Deserialize, Serialize};

pub use framer::Framer;

/// A way of speaking to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Face {
    /// IRC.
    Irc,
    /// Plain text, for `nc` and telnet.
    Plain,
    /// JSON objects, for scripts.
    Json,
    /// JSON lines of an administrator on the admin socket.
    Admin,
}

impl Face {
    /// What the log and administrators call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Irc => "irc",
            Self::Plain => "plain",
            Self::Json => "json",
            Self::Admin => "admin",
        }
    }

    /// Whether its clients can be asked if they are there: by [`Session::ping`].
    pub fn can_be_asked(self) -> bool {
        self == Self::Irc
    }

    /// Whether its clients are shown what they send to themselves once more, as they receive it.
    pub fn hears_itself(self) -> bool {
        self == Self::Irc
    }

    /// Whether its clients may read the server's own log, by LOG.
    pub fn reads_log(self) -> bool {
        self == Self::Admin
    }
}

/// What faces say about the server itself, and in which language.
#[derive(Clone, Debug)]
pub struct Context {
    /// The language of whoever is told; of the shell's own, the one for all who chose none.
    pub language: Language,
    /// The server's name, as in numerics: `chat.example.org`.
    pub server: Text,
    /// The network's name (ISUPPORT `NETWORK`).
    pub network: Text,
    /// One line on what this is.
    pub description: Text,
    /// The program's name and version: `chat-server-0.1.0`.
    pub version: Text,
    /// The room that everybody is put in.
    pub lobby: Option<ChannelName>,
    /// Where `[HH:MM]` and ctime are told.
    pub zone: jiff::tz::TimeZone,
    /// Who may make an account.
    pub registration: Registration,
    /// Whether one may be here without an account.
    pub guests: bool,
    /// Messages in one answer to CHATHISTORY (ISUPPORT `CHATHISTORY`).
    pub chathistory_max: u32,
    /// Limits that clients are told of.
    pub limits: limits::Limits,
    /// Absolute path of the database, for administrators.
    pub database: Text,
}

impl Context {
    /// Who speaks or does something: a nickname, or the server.
    fn speaker<'a>(&'a self, source: &'a Source) -> &'a str {
        source.nick().map_or(&*self.server, |nick| nick.as_str())
    }
}

/// A [`Context`] for each language.
#[derive(Clone, Debug)]
pub struct Contexts {
    /// For those who chose no language.
    default: Language,
    each: Vec<Context>,
}

impl Contexts {
    /// The same in every language. `context` is in the one for all who chose none.
    pub fn new(context: &Context) -> Self {
        let each = Language::ALL.into_iter().map(|language| Context { language, ..context.clone() });
        Self { default: context.language, each: each.collect() }
    }

    /// For whoever chose this language, or none.
    pub fn of(&self, language: Option<Language>) -> &Context {
        let language = language.unwrap_or(self.default);
        self.each
            .iter()
            .find(|context| context.language == language)
            .expect("there is one for every language")
    }
}

/// What is the same for all sessions that are shown the same bytes: an event is encoded once for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Viewer {
    /// The way of speaking.
    pub face: Face,
    /// The language that was chosen, if any.
    pub language: Option<Language>,
    /// For IRC, the capabilities that change bytes; else 0.
    pub capabilities: u32,
}

/// A piece that a framer cut out of what a client sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A whole line or object that makes sense as one.
    Call(Call),
    /// A whole one that does not; it was left out and the connection goes on.
    Bad(Refusal),
    /// The same, where it could be read what the client asked for and how it wants the answer marked.
    BadCall {
        /// As typed.
        verb: Text,
        /// As in [`Call::label`].
        label: Option<Text>,
        /// What is wrong with it.
        refusal: Refusal,
    },
    /// Something after which nothing can be read any more: the connection ends, and this is why.
    Broken(CloseReason),
}

/// What a session makes of frames.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// For the engine, in order.
    pub sent: Vec<Sent>,
    /// What the face itself said no to, for the server's log: [`Refusal::code`], or the like.
    pub refused: Vec<&'static str>,
}

impl Accepted {
    /// The client asks for something.
    fn call(&mut self, call: Call) {
        self.sent.push(Sent::Call(call));
    }

    /// Bytes for the client, after the answers to all that it sent before.
    fn answer(&mut self, bytes: Vec<u8>) {
        self.sent.push(Sent::Answered(bytes.into()));
    }

    /// The client was told no, for a reason with this code.
    fn refuse(&mut self, code: &'static str) {
        self.refused.push(code);
    }

    /// The client is to be told so, and its connection closed.
    fn end(&mut self, reason: CloseReason) {
        self.sent.push(Sent::End(reason));
    }
}

/// One connection as its face sees it: how far the registration is, which capabilities it has, what it is called.
#[derive(Debug)]
pub struct Session {
    /// The language that was chosen, if any.
    language: Option<Language>,
    side: Side,
}

/// What a session is in its own face. All of them are boxed, so that none pays for the largest.
#[derive(Debug)]
enum Side {
    Irc(Box<irc::Session>),
    Plain(Box<plain::Session>),
    Json(Box<json::Session>),
    Admin(admin::Session),
}

impl Session {
    /// A new connection. `guest` is for listeners that ask nothing.
    pub fn new(face: Face, guest: bool) -> Self {
        let side = match face {
            Face::Irc => Side::Irc(Box::default()),
            Face::Plain => Side::Plain(Box::new(plain::Session::new(guest))),
            Face::Json => Side::Json(Box::new(json::Session::new(guest))),
            Face::Admin => Side::Admin(admin::Session {}),
        };
        Self { language: None, side }
    }

    /// What is said before the client says anything, and for a guest the call that lets it in.
    pub fn greet(&mut self, cx: &Contexts, out: &mut Vec<u8>) -> Option<Call> {
        let cx = cx.of(self.language);
        match &mut self.side {
            Side::Irc(_) => None,
            Side::Plain(session) => session.greet(cx, out),
            Side::Json(session) => session.greet(cx, out),
            Side::Admin(session) => {
                session.greet(cx, out);
                None
            }
        }
    }

    /// Which face it is.
    pub fn face(&self) -> Face {
        match &self.side {
            Side::Irc(_) => Face::Irc,
            Side::Plain(_) => Face::Plain,
            Side::Json(_) => Face::Json,
            Side::Admin(_) => Face::Admin,
        }
    }

    /// What this session has in common with all that are shown the same bytes.
    pub fn viewer(&self) -> Viewer {
        let capabilities = match &self.side {
            Side::Irc(session) => session.capabilities(),
            Side::Plain(_) | Side::Json(_) | Side::Admin(_) => 0,
        };
        Viewer { face: self.face(), language: self.language, capabilities }
    }

    /// From now on things are told in this way: what came of a [`Sent::View`].
    pub fn view_as(&mut self, capabilities: u32) {
        if let Side::Irc(session) = &mut self.side {
            session.view_as(capabilities);
        }
    }

    /// From now on everything is told in this language.
    pub fn speak(&mut self, language: Language) {
        self.language = Some(language);
    }

    /// Takes a frame from the client and appends what is to be done about it.
    pub fn accept(&mut self, frame: Frame, cx: &Contexts, accepted: &mut Accepted) {
        let cx = cx.of(self.language);
        match &mut self.side {
            Side::Irc(session) => session.accept(frame, cx, accepted),
            Side::Plain(session) => session.accept(frame, cx, accepted),
            Side::Json(session) => session.accept(frame, cx, accepted),
            Side::Admin(session) => session.accept(frame, cx, accepted),
        }
    }

    /// From here to [`Session::end`] everything that is said to this session answers one call with this label.
    pub fn begin(&mut self, label: &Text) {
        if let Side::Irc(session) = &mut self.side {
            session.begin(label);
        }
    }

    /// What was said of the answer to a labelled call may go; more of it comes, after another [`Session::begin`].
    pub fn goes_on(&mut self, cx: &Contexts, out: &mut Vec<u8>) {
        if let Side::Irc(session) = &mut self.side {
            session.goes_on(cx.of(self.language), out);
        }
    }

    /// The answer to a labelled call is complete.
    pub fn end(&mut self, cx: &Contexts, out: &mut Vec<u8>) {
        if let Side::Irc(session) = &mut self.side {
            session.end(cx.of(self.language), out);
        }
    }

    /// An answer to this session, at `now`.
    pub fn reply(&mut self, reply: &Reply, now: Time, cx: &Contexts, out: &mut Vec<u8>) {
        let cx = cx.of(self.language);
        match &mut self.side {
            Side::Irc(session) => session.reply(reply, now, cx, out),
            Side::Plain(session) => session.reply(reply, now, cx, out),
            Side::Json(session) => session.reply(reply, now, cx, out),
            Side::Admin(session) => session.reply(reply, now, cx, out),
        }
    }

    /// An event that this session caused itself, as the answer to its call.
    pub fn own(&mut self, event: &Event, cx: &Contexts, out: &mut Vec<u8>) {
        let cx = cx.of(self.language);
        match &mut self.side {
            Side::Irc(session) => session.own(event, cx, out),
            Side::Plain(session) => session.own(event, cx, out),
            Side::Json(session) => session.own(event, cx, out),
            // An administrator's acts are answered by Done.
            Side::Admin(_) => {}
        }
    }

    /// What faces say about the server was changed by a reload; tells a client that wants to know.
    pub fn context_changed(&mut self, old: &Contexts, new: &Contexts, out: &mut Vec<u8>) {
        if let Side::Irc(session) = &mut self.side {
            session.context_changed(old.of(self.language), new.of(self.language), out);
        }
    }

    /// Asks the client whether it is still there, where [`Face::can_be_asked`] holds.
    pub fn ping(&mut self, token: &str, cx: &Contexts, out: &mut Vec<u8>) {
        if let Side::Irc(session) = &mut self.side {
            session.ping(token, cx.of(self.language), out);
        }
    }
}

/// An event as all sessions of this viewer are shown it. Appends nothing where it is not shown.
pub fn encode(viewer: Viewer, event: &Event, cx: &Contexts, out: &mut Vec<u8>) {
    let cx = cx.of(viewer.language);
    match viewer.face {
        Face::Irc => irc::encode(viewer.capabilities, event, cx, out),
        Face::Plain => plain::encode(event, cx, out),
        Face::Json => json::encode(event, cx, out),
        // An administrator is in no room.
        Face::Admin => {}
    }
}
