//! Which function says which reply.

use chat_model::reply::Reply;
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
        Reply::LoggedIn { account, mask } => {
            let line = pen.numeric(RPL_LOGGEDIN).word(mask).word(account.as_str());
            line.text(&sentence!(
                l,
                en = "You are now logged in as {account}",
                zh = "你已登录账号 {account}"
            ));
        }
        Reply::NickServEcho { who, text } => notice::nickserv_echo(pen, who, text),
        Reply::AccountMade { account } => notice::account_made(pen, account),
        Reply::Pong { token } => {
            let server = &pen.cx.server;
            pen.server("PONG").word(server).text(token);
        }
        Reply::Topic { channel, topic } => channel::topic(pen, channel, topic.as_ref()),
        Reply::Names { channel, secret, members } => channel::names(pen, channel, *secret, members),
        Reply::NoNames => channel::names(pen, "*", false, &[]),
        Reply::ChannelModes { channel, modes, created } => channel::modes(pen, channel, modes, *created),
        Reply::ChannelBans { channel, bans } => channel::bans(pen, channel, bans),
        Reply::UserModes { modes } => welcome::user_modes(pen, *modes),
        Reply::UserModeChanged { changes } => welcome::user_mode_changed(pen, changes),
        Reply::Muted { muted } => notice::muted(pen, *muted),
        Reply::List { channels, part } => channel::list(pen, channels, *part),
        Reply::Inviting { nick, channel } => channel::inviting(pen, nick, channel),
        Reply::Invitations { channels } => channel::invitations(pen, channels),
        Reply::NowAway { away: true } => {
            let text = phrase!(l, en = "You have been marked as being away", zh = "已设为暂时离开");
            pen.numeric(RPL_NOWAWAY).text(text);
        }
        Reply::NowAway { away: false } => {
            let text = phrase!(l, en = "You are no longer marked as being away", zh = "你回来了");
            pen.numeric(RPL_UNAWAY).text(text);
        }
        Reply::TheyAreAway { nick, message } => people::away(pen, nick, message),
        Reply::Who { mask, rows, part } => people::who(pen, mask, rows, *part),
        Reply::Whois(whois) => people::whois(pen, whois),
        Reply::EndOfWhois { mask } => people::end_of_whois(pen, mask),
        Reply::Whowas { nick, rows } => people::whowas(pen, nick, rows),
        Reply::Ison { nicks } => people::ison(pen, nicks),
        Reply::Userhost { rows } => people::userhost(pen, rows),
        Reply::Motd { lines } => welcome::motd(pen, lines),
        Reply::Version => {
            let cx = pen.cx;
            pen.numeric(RPL_VERSION).word(&cx.version).word(&cx.server).text(&cx.description);
            welcome::isupport(pen);
        }
        Reply::Time { now } => {
            let (server, time) = (&pen.cx.server, clock::in_words(*now, &pen.cx.zone));
            pen.numeric(RPL_TIME).word(server).text(&time);
        }
        Reply::Admin => welcome::admin(pen),
        Reply::Info { started } => welcome::info(pen, *started),
        Reply::Lusers { counts } => welcome::lusers(pen, counts),
        Reply::Help { subject, rows } => welcome::help(pen, subject, rows),
        Reply::Language { changed } => notice::language(pen, *changed),
        Reply::YouAreOperator => {
            let text = phrase!(l, en = "You are now an IRC operator", zh = "你现在是服务器管理员了");
            pen.numeric(RPL_YOUREOPER).text(text);
        }
        Reply::People { channel, people } => people::people(pen, channel, people),
        Reply::History { target, messages } => history::history(pen, target, messages),
        Reply::HistoryTargets { targets } => history::targets(pen, targets),
        Reply::Missed { channel, messages } => history::missed(pen, channel.as_ref(), messages),
        Reply::Notice(sentence) => notice::notice(pen, sentence),
        Reply::ServerNotice { text } => pen.notice(text),
        Reply::Closing(reason) => notice::closing(pen, reason),
        // The first is for the session alone; the second answers what cannot be asked here.
        Reply::YouAre { .. } | Reply::Administrator(_) => {}
    }
}
