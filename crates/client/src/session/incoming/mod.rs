//! What the server sends: THE table of its commands and numerics, and what holds for all of them.

mod account;
mod batch;
mod channels;
mod messages;
mod numerics;
mod people;

use chat_model::id::Time;
use chat_wire::irc::message::Message;

use super::Session;
pub(super) use batch::Batches;

/// A line of the server with what belongs to it.
#[derive(Debug)]
pub(super) struct Incoming<'a> {
    message: Message<'a>,
    /// The label of the line that this answers.
    label: Option<String>,
    /// When, by the server's clock if it tells it.
    time: Time,
}

impl Incoming<'_> {
    fn nick(&self) -> &str {
        self.message.nick().unwrap_or_default()
    }

    fn param(&self, index: usize) -> &str {
        self.message.param(index)
    }

    /// The parameters from `first` on, as a sentence: context words, a colon, and the text.
    ///
    /// A server that names in its sentence what it is about has said it.
    fn sentence(&self, first: usize) -> String {
        let words = self.message.params.get(first..).unwrap_or_default();
        match words.split_last() {
            Some((text, [])) => (*text).to_owned(),
            Some((text, context)) if context.iter().all(|word| names(text, word)) => (*text).to_owned(),
            Some((text, context)) => format!("{}: {text}", context.join(" ")),
            None => String::new(),
        }
    }
}

/// Whether a text has this word in it, and not only as a part of another one. Han characters stand beside without a space.
fn names(text: &str, word: &str) -> bool {
    let apart = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(word)
        .any(|(at, _)| apart(text[..at].chars().next_back()) && apart(text[at + word.len()..].chars().next()))
}

type Handler = fn(&mut Session, &Incoming<'_>);

/// What is done about a line. Numerics that are not here are shown as the server worded them.
static TABLE: &[(&str, Handler)] = &[
    ("PING", numerics::ping),
    ("PONG", numerics::pong),
    ("ERROR", numerics::error),
    ("KILL", ignore),
    ("CAP", account::cap),
    ("AUTHENTICATE", account::authenticate),
    ("ACCOUNT", ignore),
    ("REGISTER", account::registered),
    ("PRIVMSG", messages::privmsg),
    ("NOTICE", messages::notice),
    ("TAGMSG", ignore),
    ("BATCH", batch::batch),
    ("ACK", ignore),
    ("CHATHISTORY", ignore),
    ("JOIN", channels::join),
    ("PART", channels::part),
    ("KICK", channels::kick),
    ("TOPIC", channels::topic),
    ("INVITE", channels::invite),
    ("MODE", channels::mode),
    ("QUIT", people::quit),
    ("NICK", people::nick),
    ("AWAY", people::away),
    ("CHGHOST", people::chghost),
    ("SETNAME", ignore),
    ("FAIL", numerics::fail),
    ("WARN", numerics::remark),
    ("NOTE", numerics::remark),
    ("001", numerics::welcome),
    ("002", ignore),
    ("003", ignore),
    ("004", ignore),
    ("005", numerics::support),
    ("221", channels::own_modes),
    ("250", ignore),
    ("251", ignore),
    ("252", ignore),
    ("253", ignore),
    ("254", ignore),
    ("255", ignore),
    ("265", ignore),
    ("266", ignore),
    ("301", people::whois),
    ("311", people::whois),
    ("312", people::whois),
    ("313", people::whois),
    ("315", numerics::end_of_who),
    ("317", people::whois),
    ("318", ignore),
    ("319", people::whois),
    ("330", people::whois),
    ("331", channels::no_topic),
    ("332", channels::topic_is),
    ("333", ignore),
    ("335", people::whois),
    ("338", people::whois),
    ("352", people::who_row),
    ("353", channels::names),
    ("366", channels::names_end),
    ("372", numerics::motd),
    ("375", ignore),
    ("376", numerics::motd_end),
    ("378", people::whois),
    ("379", people::whois),
    ("396", ignore),
    ("410", ignore),
    ("421", numerics::unknown_command),
    ("422", numerics::motd_end),
    ("432", numerics::bad_nick),
    ("433", numerics::nick_in_use),
    ("437", numerics::nick_in_use),
    ("501", numerics::unknown_mode),
    ("671", people::whois),
    ("900", account::logged_in),
    ("901", numerics::remark),
    ("902", account::login_failed),
    ("903", account::login_done),
    ("904", account::login_failed),
    ("905", account::login_failed),
    ("906", account::login_failed),
    ("907", account::login_needless),
    ("908", ignore),
];

/// Says nothing: the line needs no answer and tells the user nothing new.
fn ignore(_: &mut Session, _: &Incoming<'_>) {}

impl Session {
    /// A line came from the server.
    pub(super) fn heard_line(&mut self, line: &str) {
        self.heard = self.now;
        self.pinged = false;
        let Some(message) = Message::parse(line) else { return };
        let Some(label) = self.batches.sort(&message, line) else {
            self.past.heard = self.now;
            return;
        };
        let incoming = incoming(message, label, self.now);
        if incoming.message.tag("time").is_some() {
            self.note_moment(incoming.time);
        }
        let command = incoming.message.command;
        if self.vouched(command, incoming.param(1)) {
            return;
        }
        let whole = incoming.message.tag("label").filter(|_| !command.eq_ignore_ascii_case("BATCH"));
        match TABLE.iter().find(|(name, _)| name.eq_ignore_ascii_case(command)) {
            Some((_, handler)) => handler(self, &incoming),
            None => numerics::other(self, &incoming),
        }
        // An answer that is no batch has no second line (IRCv3 labeled-response).
        batch::done(self, whole.as_deref());
    }
}

/// Reads what the tags say.
fn incoming(message: Message<'_>, label: Option<String>, now: Time) -> Incoming<'_> {
    let time = message.tag("time").and_then(|time| time.parse::<jiff::Timestamp>().ok());
    let time = time.map_or(now, |time| Time(time.as_millisecond()));
    Incoming { message, label, time }
}
