//! How IRC says no: a numeric, a standard reply, or a sentence of NickServ; and the sentences.

use std::borrow::Cow;

use chat_model::invitation::Registration;
use chat_model::limits::MODES_MAX;
use chat_model::mode::Rank;
use chat_model::refusal::Refusal;

use super::capability::Capability;
use super::numerics as n;
use super::pen::Pen;

/// In what form a refusal is told.
#[derive(Clone, Copy)]
enum Form {
    /// A numeric.
    Numeric(&'static str),
    /// FAIL, for whatever has no numeric, to all: what it is about came with standard replies.
    Fail,
    /// FAIL for those who know standard replies, else a sentence of the server.
    FailOrNotice,
    /// About accounts: FAIL REGISTER to those who know it, else a sentence of NickServ.
    Account,
}

/// A form, and the parameters before the sentence.
type Shape<'a> = (Form, [Option<&'a str>; 3]);

/// Appends a refusal of a call with this verb.
pub(super) fn render(pen: &mut Pen<'_>, verb: &str, refusal: &Refusal) {
    // A mode is a letter; it has to live somewhere while it is a word.
    let mut buffer = [0; 4];
    let (form, words) = shape(verb, refusal, &mut buffer);
    let (code, text) = (refusal.code(), sentence(refusal));
    match form {
        Form::Numeric(numeric) => put(pen.numeric(numeric), words, &text),
        Form::Fail => put(pen.fail(verb, code), words, &text),
        Form::FailOrNotice if pen.capabilities.has(Capability::StandardReplies) => {
            put(pen.fail(verb, code), words, &text);
        }
        Form::FailOrNotice => pen.notice(&text),
        Form::Account if verb == "REGISTER" && pen.capabilities.has(Capability::AccountRegistration) => {
            let words = [words[0].or(Some("*")), None, None];
            put(pen.fail(verb, register_code(refusal)), words, &text);
        }
        Form::Account => pen.nickserv(&text),
    }
}

fn put(line: super::line::Line<'_>, words: [Option<&str>; 3], text: &str) {
    words.into_iter().flatten().fold(line, |line, word| line.word(word)).text(text);
}

/// The codes of draft/account-registration, where they are other than ours.
fn register_code(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::AlreadyLoggedIn { .. } => "ALREADY_AUTHENTICATED",
        Refusal::NickInUse { .. } => "ACCOUNT_EXISTS",
        Refusal::RegistrationClosed | Refusal::StorageUnavailable => "TEMPORARILY_UNAVAILABLE",
        other => other.code(),
    }
}

fn none<'a>(form: Form) -> Shape<'a> {
    (form, [None; 3])
}

fn one(form: Form, word: &str) -> Shape<'_> {
    (form, [Some(word), None, None])
}

fn two<'a>(form: Form, first: &'a str, second: &'a str) -> Shape<'a> {
    (form, [Some(first), Some(second), None])
}

fn bare<'a>(numeric: &'static str) -> Shape<'a> {
    none(Form::Numeric(numeric))
}

fn about<'a>(numeric: &'static str, word: &'a str) -> Shape<'a> {
    one(Form::Numeric(numeric), word)
}

/// In what form, and with which parameters.
fn shape<'a>(verb: &'a str, refusal: &'a Refusal, letter_buffer: &'a mut [u8; 4]) -> Shape<'a> {
    use Refusal as R;
    match refusal {
        R::NeedMoreWords { verb } => about(n::ERR_NEEDMOREPARAMS, verb),
        R::UnknownCommand { verb, .. } => about(n::ERR_UNKNOWNCOMMAND, verb),
        R::BadWord { .. } | R::BadCharacter { .. } => about(n::ERR_UNKNOWNERROR, verb),
        R::NotRegistered => bare(n::ERR_NOTREGISTERED),
        R::AlreadyRegistered => bare(n::ERR_ALREADYREGISTERED),
        R::NoNicknameGiven => bare(n::ERR_NONICKNAMEGIVEN),
        R::BadNick { nick, .. } => about(n::ERR_ERRONEUSNICKNAME, nick),
        R::NickInUse { nick } if verb == "REGISTER" => one(Form::Account, nick.as_str()),
        R::NickInUse { nick } | R::NickOwned { nick } | R::NickLooksLike { nick, .. } => {
            about(n::ERR_NICKNAMEINUSE, nick.as_str())
        }
        R::ServerPassword | R::GuestsNotAllowed { .. } | R::OperFailed => bare(n::ERR_PASSWDMISMATCH),
        R::LoginFailed if verb == "PASS" => bare(n::ERR_PASSWDMISMATCH),
        R::TooManyAttempts if matches!(verb, "PASS" | "OPER") => bare(n::ERR_PASSWDMISMATCH),
        R::Banned { .. } => bare(n::ERR_YOUREBANNEDCREEP),
        R::AlreadyLoggedIn { account } | R::AccountExists { account } => one(Form::Account, account.as_str()),
        R::NoSuchAccount { account } | R::AccountNameMustBeNick { account } => one(Form::Account, account),
        R::BadAccountName { name, .. } => one(Form::Account, name),
        R::LoginFailed
        | R::TooManyAttempts
        | R::RegistrationClosed
        | R::InvitationNeeded
        | R::CompleteConnectionRequired
        | R::BadPassword => none(Form::Account),
        R::StorageUnavailable if verb == "REGISTER" => none(Form::Account),
        R::BanTooWide { .. } | R::NoSuchBan { .. } | R::StorageUnavailable => none(Form::FailOrNotice),
        R::NoSuchNick { nick } => about(n::ERR_NOSUCHNICK, nick),
        R::NoSuchChannel { channel } => about(n::ERR_NOSUCHCHANNEL, channel),
        R::BadChannelName { channel, .. } => about(n::ERR_BADCHANMASK, channel),
        R::NotOnChannel { channel } => about(n::ERR_NOTONCHANNEL, channel.as_str()),
        R::TheyAreNotOnChannel { nick, channel } => {
            two(Form::Numeric(n::ERR_USERNOTINCHANNEL), nick.as_str(), channel.as_str())
        }
        R::AlreadyOnChannel { nick, channel } => {
            two(Form::Numeric(n::ERR_USERONCHANNEL), nick.as_str(), channel.as_str())
        }
        R::NotChannelOperator { channel, .. } => about(n::ERR_CHANOPRIVSNEEDED, channel.as_str()),
        R::NotOperator => bare(n::ERR_NOPRIVILEGES),
        R::InviteOnly { channel } => about(n::ERR_INVITEONLYCHAN, channel.as_str()),
        R::BannedFromChannel { channel } => about(n::ERR_BANNEDFROMCHAN, channel.as_str()),
        R::BadChannelKey { channel } => about(n::ERR_BADCHANNELKEY, channel.as_str()),
        R::ChannelFull { channel } => about(n::ERR_CHANNELISFULL, channel.as_str()),
        R::TooManyChannels { channel } => about(n::ERR_TOOMANYCHANNELS, channel.as_str()),
        R::CannotSendOutside { channel }
        | R::CannotSendModerated { channel }
        | R::CannotSendBanned { channel }
        | R::CannotSendMuted { channel } => about(n::ERR_CANNOTSENDTOCHAN, channel.as_str()),
        R::CannotRenameBanned { nick, channel } => {
            two(Form::Numeric(n::ERR_BANNICKCHANGE), nick.as_str(), channel.as_str())
        }
        R::NoRecipient { .. } => bare(n::ERR_NORECIPIENT),
        R::NoText => bare(n::ERR_NOTEXTTOSEND),
        R::NoOrigin => bare(n::ERR_NOORIGIN),
        R::TooManyTargets { target } => about(n::ERR_TOOMANYTARGETS, target),
        R::UnknownMode { letter, .. } => about(n::ERR_UNKNOWNMODE, letter.encode_utf8(letter_buffer)),
        R::TooManyModes { channel, letter } => {
            two(Form::FailOrNotice, channel.as_str(), letter.encode_utf8(letter_buffer))
        }
        R::UnknownUserMode => bare(n::ERR_UMODEUNKNOWNFLAG),
        R::BadModeParameter { channel, letter, parameter, .. } => {
            // A parameter with a space in it cannot be given back in this place.
            let parameter = if parameter.is_empty() || parameter.contains(' ') { "*" } else { parameter };
            let letter = letter.encode_utf8(letter_buffer);
            (Form::Numeric(n::ERR_INVALIDMODEPARAM), [Some(channel.as_str()), Some(letter), Some(parameter)])
        }
        R::BanListFull { channel, mask } => two(Form::Numeric(n::ERR_BANLISTFULL), channel.as_str(), mask),
        R::UsersDontMatch => bare(n::ERR_USERSDONTMATCH),
        R::NoHelp { subject } => about(n::ERR_HELPNOTFOUND, subject),
        R::HistoryTarget { subcommand, target } | R::HistoryFailed { subcommand, target } => {
            two(Form::Fail, subcommand, target)
        }
        R::HistoryWords { subcommand, .. } => one(Form::Fail, subcommand),
        R::BadRealname | R::NotUtf8 | R::NotJson { .. } => none(Form::Fail),
        R::LineTooLong { .. } => bare(n::ERR_INPUTTOOLONG),
    }
}

/// What went wrong, and what to do about it.
#[expect(clippy::too_many_lines, reason = "a table: one row for each refusal")]
pub(super) fn sentence(refusal: &Refusal) -> Cow<'static, str> {
    use Refusal as R;
    let sentence = match refusal {
        R::NotJson { problem } => return format!("Not JSON: {problem}").into(),
        R::NeedMoreWords { verb } => return format!("Not enough parameters; see HELP {verb}").into(),
        R::UnknownCommand { nearest: None, .. } => "Unknown command; HELP lists all",
        R::UnknownCommand { nearest: Some(it), .. } => {
            return format!("Unknown command; did you mean {it}?").into();
        }
        R::BadWord { word, expected } => {
            return format!("{word} is not what was expected: {expected}").into();
        }
        R::NotRegistered => "You have not registered: send NICK and USER first",
        R::AlreadyRegistered => "You are registered already; reconnect to do it again",
        R::NoNicknameGiven => "No nickname given: NICK nickname",
        R::BadNick { why, .. } => return why.to_string().into(),
        R::BadAccountName { why, .. } => return why.to_string().into(),
        R::BadChannelName { why, .. } => return why.to_string().into(),
        R::NickInUse { .. } => "Nickname is already in use; choose another one",
        R::NickOwned { .. } => {
            "Nickname is registered: log in (SASL, or PASS nickname:password) or take another one"
        }
        R::NickLooksLike { other, .. } => {
            return format!("Nickname looks like {other}; take another one").into();
        }
        R::ServerPassword => "Password incorrect: this server needs PASS before NICK and USER",
        R::GuestsNotAllowed { registration: Registration::Closed } => {
            "This server has no guests: log in with SASL, or PASS nickname:password"
        }
        R::GuestsNotAllowed { registration: Registration::Open } => {
            "This server has no guests: log in with SASL or PASS nickname:password, \
             or make an account with REGISTER nickname * password"
        }
        R::GuestsNotAllowed { registration: Registration::Invite } => {
            "This server has no guests: log in with SASL or PASS nickname:password, \
             or make an account with REGISTER nickname invitation-code password"
        }
        R::Banned { reason } => return format!("You are banned from this server: {reason}").into(),
        R::LoginFailed => "Account or password is wrong",
        R::TooManyAttempts => {
            "Too many passwords are being tried from your address; try again in some seconds"
        }
        R::AlreadyLoggedIn { account } => return format!("You are already logged in as {account}").into(),
        R::AccountExists { account } => {
            return format!("{account} is registered already; log in to it").into();
        }
        R::NoSuchAccount { account } => return format!("{account} is not registered").into(),
        R::AccountNameMustBeNick { .. } => {
            "Only the nickname that you have can be registered; change it with NICK"
        }
        R::RegistrationClosed => "New accounts are made by the people who run this server; ask one of them",
        R::InvitationNeeded => {
            "A new account needs an invitation code that is unused and in time: ask an administrator for one, \
             then /register PASSWORD CODE, or /msg NickServ REGISTER PASSWORD CODE"
        }
        R::CompleteConnectionRequired => "Finish connecting before you register",
        R::BadPassword => "That cannot be a password: it is empty or too long",
        R::NoSuchNick { .. } => "No such nickname; LS lists who is here",
        R::NoSuchChannel { .. } => "No such channel; LIST lists them",
        R::NotOnChannel { .. } => "You are not on that channel; JOIN it first",
        R::TheyAreNotOnChannel { .. } => "They are not on that channel",
        R::AlreadyOnChannel { .. } => "is already on channel",
        R::NotChannelOperator { needs: Rank::Founder | Rank::Protected, anybody: true, .. } => {
            "Only the founder of the channel may do that; ask one of those with ~"
        }
        R::NotChannelOperator { anybody: true, .. } => {
            "You are not a channel operator; ask one of those with @"
        }
        R::NotChannelOperator { .. } => {
            "You are not a channel operator, and there is none here; ask the people who run this server"
        }
        R::NotOperator => "Permission denied: you are not an IRC operator",
        R::OperFailed => "Name or password is wrong",
        R::InviteOnly { .. } => "Cannot join channel (+i): ask one of its operators to invite you",
        R::BannedFromChannel { .. } => "Cannot join channel (+b): you are banned",
        R::BadChannelKey { .. } => "Cannot join channel (+k): JOIN #channel key",
        R::ChannelFull { .. } => "Cannot join channel (+l): it is full; try again later",
        R::TooManyChannels { .. } => "You are on too many channels, or there are too many; PART one first",
        R::CannotSendOutside { .. } => "Cannot send to channel (+n): JOIN it first",
        R::CannotSendModerated { .. } => "Cannot send to channel (+m): only those with voice may",
        R::CannotSendBanned { .. } => "Cannot send to channel (+b): you are banned",
        R::CannotRenameBanned { .. } => {
            "Cannot change nickname while you are banned on that channel (+b): PART it first"
        }
        R::CannotSendMuted { .. } => {
            "You have muted the room: to speak, undo it with /i or, where that is unknown, /quote i"
        }
        R::NoRecipient { verb } => return format!("No recipient given ({verb})").into(),
        R::NoText => "No text to send",
        R::NoOrigin => "No origin specified: PING token",
        R::TooManyTargets { .. } => {
            "Too many targets in one command: this one was left out; send it in another"
        }
        R::UnknownMode { channel, .. } => return format!("is not a mode of {channel}").into(),
        R::TooManyModes { letter, .. } => {
            return format!(
                "At most {MODES_MAX} mode changes go into one command: nothing was done from {letter} on; send that again"
            )
            .into();
        }
        R::UnknownUserMode => "Unknown user mode; there are B, d, i and o",
        R::BadModeParameter { expected, .. } => return format!("Invalid mode parameter: {expected}").into(),
        R::BanListFull { .. } => "Channel ban list is full; remove one first",
        R::UsersDontMatch => "You can do that only to yourself",
        R::NoHelp { .. } => "There is no help on that; HELP alone lists all",
        R::HistoryTarget { .. } => "There is no history that you may read there; JOIN the channel first",
        R::HistoryWords { problem, .. } => return problem.to_string().into(),
        R::HistoryFailed { .. } => "Messages could not be retrieved; try again later",
        R::BanTooWide { mask } => return format!("{mask} covers everybody; name fewer").into(),
        R::NoSuchBan { mask } => return format!("There is no ban on {mask}").into(),
        R::BadRealname => "That cannot be a real name: it is empty or too long",
        R::StorageUnavailable => {
            "Nothing can be stored just now, so nothing was sent or changed; try again later"
        }
        R::LineTooLong { bytes_max } => {
            return format!("Input line was too long: at most {bytes_max} bytes").into();
        }
        R::BadCharacter { character } => {
            return format!("Message rejected: there is a {character} in the middle of the line").into();
        }
        R::NotUtf8 => "Message rejected: this server speaks UTF-8 only; set your client to it",
    };
    sentence.into()
}
