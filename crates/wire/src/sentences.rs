//! What the server says in sentences, one row each: refusals, farewells and notices, for every face but IRC,
//! whose clients know numerics. Each refusal says what to do about it.

use chat_model::limits::MODES_MAX;
use chat_model::mode::{ChannelModes, Rank};
use chat_model::name::ChannelName;
use chat_model::refusal::Refusal;
use chat_model::reply::{Farewell, Notice, OtherProtocol};

use crate::Face;

/// Why nothing was done, and what to do, in the words of this face.
///
/// The sentence repeats what the client typed, so it needs [`crate::screen::sanitize`] before it is shown.
#[expect(clippy::too_many_lines, reason = "a table: one row for each refusal")]
pub fn refusal(refusal: &Refusal, face: Face) -> String {
    use Refusal as R;
    match refusal {
        R::NeedMoreWords { verb } => needs_words(verb, face),
        R::UnknownCommand { verb, nearest } => unknown_command(verb, nearest.as_deref(), face),
        R::BadWord { word, expected } => format!("\"{word}\" does not fit there; it should be {expected}."),
        R::NotRegistered => not_registered(face).into(),
        R::AlreadyRegistered => {
            "You are logged in already; that is possible only once on a connection.".into()
        }
        R::NoNicknameGiven => "A nickname is needed: one word, beginning with a letter.".into(),
        R::BadNick { nick, why } => format!("\"{nick}\" cannot be a nickname: {why}."),
        R::NickInUse { nick } => format!("The nickname {nick} is taken at the moment; choose another one."),
        R::NickOwned { nick } => {
            format!("The nickname {nick} is registered; give its password, or choose another one.")
        }
        R::NickLooksLike { nick, other } => {
            format!("The nickname {nick} looks just like {other}, who is known here; choose another one.")
        }
        R::ServerPassword => server_password(face).into(),
        R::GuestsNotAllowed { .. } => {
            "This server has no guests: log in with an account and its password.".into()
        }
        R::Banned { reason } => {
            format!("You are banned from this server: {reason}. Its operator can lift that.")
        }
        R::LoginFailed => "The nickname and the password do not fit together; try again.".into(),
        R::TooManyAttempts => {
            "Too many passwords are being tried from your address; try again in some seconds.".into()
        }
        R::AlreadyLoggedIn { account } => format!("You are logged in as {account} already."),
        R::AccountExists { account } => format!("The account {account} exists already; choose another name."),
        R::NoSuchAccount { account } => format!("There is no account {account}; check the spelling."),
        R::AccountNameMustBeNick { account } => {
            format!("You can register only the nickname that you have, and that is not {account}.")
        }
        R::BadAccountName { name, why } => format!("\"{name}\" cannot be the name of an account: {why}."),
        R::RegistrationClosed => "This server takes no new accounts; ask its operator for one.".into(),
        R::InvitationNeeded => invitation_needed(face).into(),
        R::CompleteConnectionRequired => "Choose a nickname first, then register it.".into(),
        R::BadPassword => {
            "That cannot be a password: it must not be empty, and not longer than 1024 bytes.".into()
        }
        R::NoSuchNick { nick } => no_such_nick(nick, face),
        R::NoSuchChannel { channel } => format!("There is no channel {channel}; check the spelling."),
        R::BadChannelName { channel, why } => format!("\"{channel}\" cannot be a channel: {why}."),
        R::NotOnChannel { channel } => format!("You are not on {channel}; join it first."),
        R::TheyAreNotOnChannel { nick, channel } => format!("{nick} is not on {channel}."),
        R::AlreadyOnChannel { nick, channel } => format!("{nick} is on {channel} already."),
        R::NotChannelOperator { channel, needs: Rank::Founder | Rank::Protected, anybody: true } => {
            format!("Only the founder of {channel} can do that; ask.")
        }
        R::NotChannelOperator { channel, anybody: true, .. } => {
            format!("Only an operator of {channel} can do that; ask one.")
        }
        R::NotChannelOperator { channel, .. } => {
            format!(
                "Only an operator of {channel} can do that, and it has none; ask those who run this server."
            )
        }
        R::NotOperator => "Only an operator of the server can do that.".into(),
        R::OperFailed => "That is no operator's name and password.".into(),
        R::InviteOnly { channel } => format!("{channel} is for the invited; ask one of its operators."),
        R::BannedFromChannel { channel } => {
            format!("You are banned from {channel}; ask one of its operators.")
        }
        R::BadChannelKey { channel } => {
            format!("{channel} needs its key after its name, and this is not it.")
        }
        R::ChannelFull { channel } => format!("{channel} is full; try again later."),
        R::TooManyChannels { channel } => {
            format!("There is no room for {channel}; leave another channel first.")
        }
        R::CannotSendOutside { channel } => cannot_send_outside(channel, face),
        R::CannotSendModerated { channel } => {
            format!("On {channel} only those with a voice can speak; ask one of its operators.")
        }
        R::CannotSendBanned { channel } => format!("You are banned from speaking on {channel}."),
        R::CannotRenameBanned { channel, .. } => {
            format!("You are banned on {channel}, and cannot change your nickname there; leave it first.")
        }
        R::CannotSendMuted { .. } => muted(face).into(),
        R::NoRecipient { .. } => "It does not say to whom; name a channel or a nickname.".into(),
        R::NoText => "There is no text to send; write something after it.".into(),
        R::NoOrigin => "PING needs a word to send back.".into(),
        R::TooManyTargets { target } => {
            format!("Those are too many at once, so {target} was left out; send that again.")
        }
        R::UnknownMode { letter, channel } => {
            format!("{channel} has no mode {letter}; there are i k l m n s t, and o v b.")
        }
        R::TooManyModes { letter, .. } => format!(
            "At most {MODES_MAX} mode changes go into one command, so nothing was done from {letter} on; send that again."
        ),
        R::UnknownUserMode => "There is no such mode; you can set i, d and B, and drop o.".into(),
        R::BadModeParameter { channel, letter, parameter, expected } => {
            format!("\"{parameter}\" does not fit mode {letter} of {channel}; it should be {expected}.")
        }
        R::BanListFull { channel, mask } => {
            format!("{channel} has as many bans as it can; lift one before you set {mask}.")
        }
        R::UsersDontMatch => "You can do that for yourself only.".into(),
        R::NoHelp { subject } => {
            format!("There is no help on \"{subject}\"; leave the word out to see all there is.")
        }
        R::HistoryTarget { target, .. } => format!("You cannot read the history of {target}; join it first."),
        R::HistoryWords { problem, .. } => format!("That question for the history does not work: {problem}."),
        R::HistoryFailed { target, .. } => {
            format!("The history of {target} cannot be read at the moment; try again later.")
        }
        R::BanTooWide { mask } => format!(
            "{mask} covers everybody; ban fewer, or say guests = false under [accounts] to let in accounts only."
        ),
        R::NoSuchBan { mask } => format!("There is no ban of {mask}; see the list for the spelling."),
        R::BadRealname => {
            "That cannot be a real name: it must not be empty, nor longer than 150 bytes.".into()
        }
        R::StorageUnavailable => {
            "The server cannot store anything at the moment, so nothing was sent or changed; try again later."
                .into()
        }
        R::LineTooLong { bytes_max } => {
            format!("That was longer than {bytes_max} bytes and was not read; send less at once.")
        }
        R::BadCharacter { character } => {
            format!("There was a {character} in that, so it was not read; leave it out.")
        }
        R::NotUtf8 => "That was not UTF-8 and was not read; set your terminal or program to UTF-8.".into(),
        R::NotJson { problem } => format!("That was not a JSON object and was not read: {problem}."),
    }
}

fn needs_words(verb: &str, face: Face) -> String {
    match face {
        Face::Irc | Face::Plain => {
            let verb = verb.to_lowercase();
            format!("/{verb} needs more words; /help {verb} shows them.")
        }
        Face::Json | Face::Admin => format!("{verb} needs more words."),
    }
}

fn unknown_command(verb: &str, nearest: Option<&str>, face: Face) -> String {
    match (face, nearest) {
        (Face::Irc | Face::Plain, Some(nearest)) => {
            format!("There is no /{verb}; did you mean /{}? Nothing was sent.", nearest.to_lowercase())
        }
        (Face::Irc | Face::Plain, None) => {
            format!("There is no /{verb}; /help shows what there is. Nothing was sent.")
        }
        (Face::Json, _) => {
            format!("There is no type \"{verb}\"; the types are {}.", crate::json::TYPES.join(", "))
        }
        (Face::Admin, Some(nearest)) => format!("There is no verb {verb}; did you mean {nearest}?"),
        (Face::Admin, None) => format!("There is no verb {verb}."),
    }
}

fn not_registered(face: Face) -> &'static str {
    match face {
        Face::Irc | Face::Plain | Face::Admin => "You have no nickname yet; choose one first.",
        Face::Json => r#"You are not logged in yet; send {"type":"login","msg":"NICKNAME"} first."#,
    }
}

fn server_password(face: Face) -> &'static str {
    match face {
        Face::Irc | Face::Plain | Face::Admin => "This server has a password of its own; give it first.",
        Face::Json => r#"This server has a password of its own; add "server_password" to the login."#,
    }
}

fn invitation_needed(face: Face) -> &'static str {
    match face {
        Face::Irc | Face::Plain => {
            "A new account needs an invitation code that is unused and in time; ask an administrator for one, \
             then /register PASSWORD CODE."
        }
        Face::Json | Face::Admin => {
            "A new account needs an invitation code that is unused and in time; ask an administrator for one."
        }
    }
}

fn no_such_nick(nick: &str, face: Face) -> String {
    match face {
        Face::Irc | Face::Plain => format!("Nobody here is called {nick}; /ls shows who is here."),
        Face::Json => format!("Nobody here is called {nick}; the type ls tells who is here."),
        Face::Admin => format!("Nobody is called {nick}."),
    }
}

fn cannot_send_outside(channel: &ChannelName, face: Face) -> String {
    let how = match face {
        Face::Irc | Face::Plain => format!("/join {channel} first"),
        Face::Json | Face::Admin => "connect again to come back into it".into(),
    };
    format!("Only members can speak on {channel}; {how}. Nothing was sent.")
}

fn muted(face: Face) -> &'static str {
    match face {
        Face::Irc | Face::Plain => {
            "You muted the room, so you cannot send to it; /i opens it again. Nothing was sent."
        }
        Face::Json | Face::Admin => {
            r#"Muted people cannot send; {"type":"ignore","msg":null} ends the mute. Nothing was sent."#
        }
    }
}

/// Why a session ends, as its client is told.
pub fn farewell(farewell: &Farewell) -> String {
    match farewell {
        Farewell::Quit(Some(reason)) => format!("Goodbye ({reason})."),
        Farewell::Quit(None) => "Goodbye.".into(),
        Farewell::Closed => "The connection was closed.".into(),
        Farewell::Failed(problem) => format!("The connection failed: {problem}."),
        Farewell::PingTimeout { seconds } => format!("Nothing came for {seconds} seconds; connect again."),
        Farewell::RegisterTimeout => "That took too long; connect again and choose a nickname.".into(),
        Farewell::Flood => "You sent far too much at once; connect again and send more slowly.".into(),
        Farewell::SendQueueFull => "You read too slowly; connect again and read faster.".into(),
        Farewell::Killed { by, reason } => format!("You were put out by {by}: {reason}"),
        Farewell::Banned { reason } => format!("You are banned from this server: {reason}"),
        Farewell::ServerPassword => "That is not the password of this server.".into(),
        Farewell::LineTooLong { bytes_max } => {
            format!(
                "That was longer than {bytes_max} bytes and was not read; connect again and send less at once."
            )
        }
        Farewell::WrongProtocol(protocol) => format!("{}.", wrong_protocol(*protocol)),
        Farewell::Stopping => "The server is going down; connect again later.".into(),
        Farewell::TooManyConnections => {
            "There are too many connections; close one or try again later.".into()
        }
    }
}

/// What somebody is told who takes this server for something else.
pub(crate) fn wrong_protocol(protocol: OtherProtocol) -> &'static str {
    match protocol {
        OtherProtocol::Http => "This is a chat server and not a web server: connect with a chat client",
        OtherProtocol::Tls => "This port does not speak TLS: turn it off, or use the port that does",
        OtherProtocol::Ssh => "This is a chat server and does not speak SSH: connect with a chat client",
        OtherProtocol::Proxy => "This port does not take the PROXY protocol: turn it off for this server",
    }
}

/// What the server and its services tell somebody.
pub fn notice(notice: &Notice) -> String {
    match notice {
        Notice::NickServHelp => {
            "NickServ knows REGISTER password [code], IDENTIFY [account] password, and HELP.".into()
        }
        Notice::NickServUnknown { verb } => {
            format!("NickServ does not know \"{verb}\"; it knows REGISTER, IDENTIFY and HELP.")
        }
        Notice::NickTakenBack { nick } => {
            format!("The nickname {nick} is registered now by somebody else; choose another one.")
        }
        Notice::WhisperStored { nick } => {
            format!("{nick} is not here; your whisper is kept and delivered when {nick} comes.")
        }
        Notice::MoreMissed { channel: Some(channel) } => {
            format!("There is more that you missed on {channel} than is shown here.")
        }
        Notice::MoreMissed { channel: None } => "You have more whispers than are shown here.".into(),
    }
}

/// A channel's modes with what they need, `nt`, `kl 5`; the key itself is not told.
pub(crate) fn channel_modes(modes: &ChannelModes) -> String {
    let key = if modes.key.is_some() { "k" } else { "" };
    match modes.limit {
        Some(limit) => format!("{}{key}l {limit}", modes.letters()),
        None => format!("{}{key}", modes.letters()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_face_is_told_the_way_out_in_its_own_words() {
        let lobby = chat_model::name::ChannelName::new("#lobby").expect("valid");
        let muted = Refusal::CannotSendMuted { channel: lobby };
        let unknown = Refusal::UnknownCommand { verb: "lss".into(), nearest: Some("LS".into()) };
        let cases = [
            (&muted, Face::Plain, "/i opens"),
            (&muted, Face::Json, r#"{"type":"ignore","msg":null}"#),
            (&unknown, Face::Plain, "did you mean /ls?"),
            (&unknown, Face::Json, "the types are login, broadcast, sendto, ls, help, ignore, quit."),
            (&unknown, Face::Admin, "did you mean LS?"),
            (&Refusal::NotRegistered, Face::Json, r#"{"type":"login""#),
            (&Refusal::InvitationNeeded, Face::Plain, "/register PASSWORD CODE"),
        ];
        for (what, face, part) in cases {
            let sentence = refusal(what, face);
            assert!(sentence.contains(part), "{sentence}");
        }
    }
}
