//! The sentences of the server and of NickServ, and the last one of all.

use chat_model::name::Account;
use chat_model::reply::{Farewell, Notice};
use chat_model::who::Who;

use super::capability::Capability;
use super::line::Line;
use super::pen::{NICKSERV, Pen};
use crate::sentences;

/// What NickServ can do, by line.
const NICKSERV_HELP: [&str; 6] = [
    "NickServ keeps nicknames for their owners. What it understands:",
    "REGISTER password [invitation code] - make the nickname that you have yours",
    "IDENTIFY [nickname] password - log in as its owner",
    "HELP - this text",
    "With a client that knows SASL you need none of this: give it your nickname and password.",
    "Others can log in while they connect, with the server password nickname:password.",
];

/// A sentence of a fixed kind.
pub(super) fn notice(pen: &mut Pen<'_>, notice: &Notice) {
    match notice {
        Notice::NickServHelp => NICKSERV_HELP.iter().for_each(|line| pen.nickserv(line)),
        Notice::NickServUnknown { verb } => {
            pen.nickserv(&format!("I do not know {verb}. Try /msg NickServ HELP"));
        }
        Notice::NickTakenBack { nick } => pen.nickserv(&format!(
            "The nickname {nick} belongs to somebody who has registered it, so you have another one now"
        )),
        Notice::WhisperStored { nick } => pen.notice(&format!(
            "{nick} is not online. Your message is stored and will be delivered when {nick} comes"
        )),
        Notice::MoreMissed { channel: Some(channel) } => pen.notice(&format!(
            "You missed more in {channel} than is shown here. A client with draft/chathistory can fetch the rest"
        )),
        Notice::MoreMissed { channel: None } => pen.notice(
            "You missed more private messages than are shown here. \
             A client with draft/chathistory can fetch the rest",
        ),
    }
}

/// What the client said to NickServ, for those who are shown what they say.
pub(super) fn nickserv_echo(pen: &mut Pen<'_>, who: &Who, text: &str) {
    if pen.capabilities.has(Capability::EchoMessage) {
        pen.timed().who(who).command("PRIVMSG").name(NICKSERV).text(text);
    }
}

/// A new account, for clients that asked with REGISTER and for those that asked NickServ.
pub(super) fn account_made(pen: &mut Pen<'_>, account: &Account) {
    if pen.capabilities.has(Capability::AccountRegistration) {
        let line = pen.server("REGISTER").word("SUCCESS").word(account.as_str());
        line.text("Account created; you are logged in to it");
    } else {
        pen.nickserv(&format!(
            "The nickname {account} is yours now. Next time log in with SASL or /msg NickServ IDENTIFY password"
        ));
    }
}

/// The room is muted, or no longer.
pub(super) fn muted(pen: &mut Pen<'_>, muted: bool) {
    if muted {
        pen.notice(
            "You have muted the room: no channel message comes or goes. Private messages still arrive",
        );
        pen.notice(&format!("To hear the room again: /quote i, or /mode {} -d", pen.nick));
    } else {
        pen.notice("You hear the room again, and it hears you");
    }
}

/// ERROR, the last line of all.
pub(super) fn farewell(pen: &mut Pen<'_>, farewell: &Farewell) {
    let reason = match farewell {
        Farewell::Quit(Some(text)) => format!("Quit: {text}"),
        Farewell::Quit(None) => "Quit".to_owned(),
        Farewell::Closed => "Connection closed".to_owned(),
        Farewell::Failed(why) => format!("Connection failed: {why}"),
        Farewell::PingTimeout { seconds } => format!("Ping timeout: {seconds} seconds"),
        Farewell::RegisterTimeout => "No NICK and USER in time".to_owned(),
        Farewell::Flood => "Too many lines at once (flood)".to_owned(),
        Farewell::SendQueueFull => {
            "You read more slowly than you are written to (send queue full)".to_owned()
        }
        Farewell::Killed { by, reason } => format!("Killed by {by}: {reason}"),
        Farewell::Banned { reason } => format!("You are banned from this server: {reason}"),
        Farewell::ServerPassword => "This server needs a password: send PASS before NICK and USER".to_owned(),
        Farewell::LineTooLong { bytes_max } => format!("A line of more than {bytes_max} bytes"),
        Farewell::WrongProtocol(protocol) => sentences::wrong_protocol(*protocol).to_owned(),
        Farewell::Stopping => "The server is going down".to_owned(),
        Farewell::TooManyConnections => "Too many connections; try again later".to_owned(),
    };
    Line::new(pen.out).command("ERROR").text_of(&["Closing link: ", &reason]);
}
