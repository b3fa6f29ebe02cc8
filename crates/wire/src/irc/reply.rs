//! Which function says which reply.

use chat_model::reply::{CommandReply, IrcReply, Part, Reply};
use chat_model::{phrase, sentence};

use super::numerics::{RPL_LOGGEDIN, RPL_NOWAWAY, RPL_TIME, RPL_UNAWAY, RPL_VERSION, RPL_YOUREOPER};
use super::pen::Pen;
use super::{channel, clock, history, notice, people, refusal, welcome};

/// Appends a reply as lines.
pub(super) fn render(pen: &mut Pen<'_>, reply: &Reply) {
    let l = pen.cx.language;
    match reply {
        Reply::Refused { verb, refusal } => refusal::render(pen, verb, refusal),
        Reply::Welcome { who, modes, counts, motd, started, muted: _, attached: _ } => {
            welcome::welcome(pen, who, *started);
            welcome::lusers(pen, counts);
            welcome::motd(pen, motd);
            welcome::own_modes(pen, *modes);
        }
        Reply::LoggedIn { account, mask, made } => {
            if *made {
                notice::account_made(pen, account);
            }
            let line = pen.numeric(RPL_LOGGEDIN).word(mask).word(account.as_str());
            line.text(&sentence!(
                l,
                en = "You are now logged in as {account}",
                zh = "你已登录账号 {account}"
            ));
        }
        Reply::Topic { channel, topic } => channel::topic(pen, channel, topic.as_ref()),
        Reply::Names { channel, secret, members, part } => {
            channel::names(pen, channel, *secret, members, *part);
        }
        Reply::UserModeChanged { changes } => welcome::user_mode_changed(pen, changes),
        Reply::Muted { muted } => notice::muted(pen, *muted),
        Reply::TheyAreAway { nick, message } => people::away(pen, nick, message),
        Reply::Language { changed } => notice::language(pen, *changed),
        Reply::People { channel, people } => people::people(pen, channel, people),
        Reply::Missed { channel, messages } => history::missed(pen, channel.as_ref(), messages),
        Reply::Notice(sentence) => notice::notice(pen, sentence),
        Reply::ServerNotice { text } => pen.notice(text),
        Reply::Closing(reason) => notice::closing(pen, reason),
        Reply::Command(reply) => command(pen, reply),
        Reply::Irc(reply) => irc(pen, reply),
        // It answers what cannot be asked here.
        Reply::Administrator(_) => {}
    }
}

fn command(pen: &mut Pen<'_>, reply: &CommandReply) {
    let l = pen.cx.language;
    match reply {
        CommandReply::Pong { token } => {
            let server = &pen.cx.server;
            pen.server("PONG").word(server).text(token);
        }
        CommandReply::NoNames => channel::names(pen, "*", false, &[], Part::whole(0)),
        CommandReply::ChannelModes { channel, modes, created } => {
            channel::modes(pen, channel, modes, *created)
        }
        CommandReply::ChannelBans { channel, bans } => channel::bans(pen, channel, bans),
        CommandReply::UserModes { modes } => welcome::user_modes(pen, *modes),
        CommandReply::List { channels, part } => channel::list(pen, channels, *part),
        CommandReply::Inviting { nick, channel } => channel::inviting(pen, nick, channel),
        CommandReply::Invitations { channels } => channel::invitations(pen, channels),
        CommandReply::NowAway { away: true } => {
            let text = phrase!(l, en = "You have been marked as being away", zh = "已设为暂时离开");
            pen.numeric(RPL_NOWAWAY).text(text);
        }
        CommandReply::NowAway { away: false } => {
            let text = phrase!(l, en = "You are no longer marked as being away", zh = "你回来了");
            pen.numeric(RPL_UNAWAY).text(text);
        }
        CommandReply::Who { mask, rows, part } => people::who(pen, mask, rows, *part),
        CommandReply::Whois(whois) => people::whois(pen, whois),
        CommandReply::Whowas { nick, rows } => people::whowas(pen, nick, rows),
        CommandReply::Ison { nicks } => people::ison(pen, nicks),
        CommandReply::Userhost { rows } => people::userhost(pen, rows),
        CommandReply::Motd { lines } => welcome::motd(pen, lines),
        CommandReply::Version => {
            let cx = pen.cx;
            pen.numeric(RPL_VERSION).word(&cx.version).word(&cx.server).text(&cx.description);
            welcome::isupport(pen);
        }
        CommandReply::Time { now } => {
            let (server, time) = (&pen.cx.server, clock::in_words(*now, &pen.cx.zone));
            pen.numeric(RPL_TIME).word(server).text(&time);
        }
        CommandReply::Admin => welcome::admin(pen),
        CommandReply::Info { started } => welcome::info(pen, *started),
        CommandReply::Lusers { counts } => welcome::lusers(pen, counts),
        CommandReply::Help { subject, rows } => welcome::help(pen, subject, rows),
        CommandReply::YouAreOperator => {
            let text = phrase!(l, en = "You are now an IRC operator", zh = "你现在是服务器管理员了");
            pen.numeric(RPL_YOUREOPER).text(text);
        }
        CommandReply::History { target, messages } => history::history(pen, target, messages),
        CommandReply::HistoryTargets { targets } => history::targets(pen, targets),
    }
}

fn irc(pen: &mut Pen<'_>, reply: &IrcReply) {
    match reply {
        IrcReply::NickServEcho { who, text } => notice::nickserv_echo(pen, who, text),
        IrcReply::EndOfWhois { mask } => people::end_of_whois(pen, mask),
        // It is for the session alone.
        IrcReply::YouAre { .. } => {}
    }
}
