//! The administrator's face: requests and answers as JSON lines on the admin socket.
//!
//! A request is `{"verb":"KICK","words":["bob","spamming"]}`. Its answer is any number of rows and then one line of
//! type `done` or `refused`.

mod framer;
mod rows;

#[cfg(test)]
mod tests;

use chat_model::close_reason::CloseReason;
use chat_model::id::Time;
use chat_model::name::Nick;
use chat_model::refusal::Refusal;
use chat_model::reply::{AdminReply, Reply};
use serde::Serialize;

pub use framer::Framer;
use rows::Line;

use crate::{Accepted, Context, Face, Frame, sentences};

/// One connection.
#[derive(Debug)]
pub struct Session {}

impl Session {
    /// See [`crate::Session::greet`].
    pub fn greet(&mut self, cx: &Context, out: &mut Vec<u8>) {
        write(&Line::Hello { server: &cx.server, version: &cx.version, database: &cx.database }, out);
    }

    /// See [`crate::Session::accept`].
    pub fn accept(&mut self, frame: Frame, cx: &Context, accepted: &mut Accepted) {
        match frame {
            Frame::Call(call) => accepted.call(call),
            Frame::Broken(farewell) => accepted.end(farewell),
            Frame::Bad(refusal) | Frame::BadCall { refusal, .. } => {
                let mut out = Vec::new();
                refused(&refusal, cx, &mut out);
                accepted.answer(out);
                accepted.refuse(sentences::code(&refusal));
            }
        }
    }

    /// See [`crate::Session::reply`].
    pub fn reply(&mut self, reply: &Reply, _now: Time, cx: &Context, out: &mut Vec<u8>) {
        match reply {
            Reply::Refused { refusal, .. } => refused(refusal, cx, out),
            Reply::Administrator(reply) => answer(reply, out),
            Reply::Language { .. } => write(&Line::done(1), out),
            Reply::Notice(notice) => {
                let (_, text) = sentences::notice(notice, Face::Admin, cx.language);
                write(&Line::Notice { msg: &text }, out);
            }
            Reply::ServerNotice { text } => write(&Line::Notice { msg: text }, out),
            Reply::Closing(CloseReason::Closed | CloseReason::Failed(_)) => {}
            Reply::Closing(reason) => {
                let row = sentences::close_reason(reason, cx.language);
                write(&Line::Farewell { msg: &row.sentence }, out);
            }
            // An administrator has no nickname and is in no room, so none of these is ever for one.
            Reply::Welcome { .. }
            | Reply::LoggedIn { .. }
            | Reply::Topic { .. }
            | Reply::Names { .. }
            | Reply::UserModeChanged { .. }
            | Reply::Muted { .. }
            | Reply::TheyAreAway { .. }
            | Reply::People { .. }
            | Reply::Missed { .. }
            | Reply::Command(_)
            | Reply::Irc(_) => {}
        }
    }
}

fn answer(reply: &AdminReply, out: &mut Vec<u8>) {
    match reply {
        AdminReply::Online { rows, part } => {
            rows.iter().for_each(|row| write(&rows::online(row), out));
            part.total.iter().for_each(|count| write(&Line::done(*count), out));
        }
        AdminReply::Channels { rows, part } => {
            rows.iter().for_each(|row| write(&rows::channel(row), out));
            part.total.iter().for_each(|count| write(&Line::done(*count), out));
        }
        AdminReply::Done { count } => write(&Line::done(*count), out),
        AdminReply::LoggedOut { count, guests } => {
            let guests = guests.iter().map(Nick::as_str).collect();
            write(&Line::Done { count: *count, guests }, out);
        }
    }
}

fn refused(refusal: &Refusal, cx: &Context, out: &mut Vec<u8>) {
    let row = sentences::refusal(refusal, "", Face::Admin, cx.language);
    write(&Line::Refused { code: row.code, msg: &row.sentence(cx.language) }, out);
}

fn write(line: &impl Serialize, out: &mut Vec<u8>) {
    serde_json::to_writer(&mut *out, line).expect("writing strings and numbers to memory cannot fail");
    out.push(b'\n');
}
