//! Refusals: in which form each is told.

use chat_model::close_reason::CloseReason;
use chat_model::invitation::Registration;
use chat_model::mode::Rank;
use chat_model::name::NameError;
use chat_model::refusal::Refusal::{self, *};
use chat_model::refusal::{ChannelLimit, Expected, HistoryProblem};
use chat_model::reply::Reply;

use super::{Client, In, channel, nick};

/// The line that a session with these capabilities is told, up to its sentence, which must say something.
fn rendered(capabilities: &str, verb: &str, refusal: &Refusal) -> String {
    let reply = Reply::Refused { verb: verb.into(), refusal: refusal.clone() };
    let lines = Client::with(capabilities).play(In::Reply(reply));
    assert_eq!(lines.len(), 1, "{lines:?}");
    let (start, sentence) = lines[0].split_once(" :").expect("a sentence");
    assert!(sentence.len() > 8, "{refusal:?}");
    start.strip_prefix(":chat.test ").unwrap_or(start).to_owned()
}

fn check(capabilities: &str, rows: &[(&str, Refusal, &str)]) {
    for (verb, refusal, expected) in rows {
        assert_eq!(rendered(capabilities, verb, refusal), *expected, "{refusal:?}");
    }
}

const WHY: NameError = NameError::Empty;

#[test]
fn of_connecting() {
    let (bob, other) = (nick("bob"), nick("bob2"));
    check(
        "",
        &[
            ("TOPIC", NeedMoreWords { verb: "TOPIC".into() }, "461 me TOPIC"),
            ("?", UnknownCommand { verb: "jion".into(), nearest: Some("JOIN".into()) }, "421 me jion"),
            ("?", UnknownCommand { verb: "x".into(), nearest: None }, "421 me x"),
            ("WHOWAS", BadWord { word: "x".into(), expected: Expected::Number }, "400 me WHOWAS"),
            ("JOIN", NotRegistered, "451 me"),
            ("USER", AlreadyRegistered, "462 me"),
            ("NICK", NoNicknameGiven, "431 me"),
            ("NICK", BadNick { nick: "a b".into(), why: WHY }, "432 me a"),
            ("NICK", BadNick { nick: "".into(), why: WHY }, "432 me *"),
            ("NICK", BadNick { nick: "root".into(), why: NameError::Reserved }, "433 me root"),
            ("NICK", NickInUse { nick: bob.clone() }, "433 me bob"),
            ("NICK", NickOwned { nick: bob.clone() }, "433 me bob"),
            ("NICK", NickLooksLike { nick: bob, other }, "433 me bob"),
            ("USER", ServerPassword, "464 me"),
            ("USER", GuestsNotAllowed { registration: Registration::Open }, "464 me"),
            ("USER", Banned { reason: "spam".into() }, "465 me"),
            ("PASS", LoginFailed, "464 me"),
            ("OPER", TooManyAttempts, "464 me"),
            ("OPER", OperFailed, "464 me"),
        ],
    );
}

#[test]
fn of_people_and_channels() {
    let (bob, a) = (nick("bob"), channel("#a"));
    let at = || channel("#a");
    check(
        "standard-replies",
        &[
            ("PRIVMSG", NoSuchNick { nick: "x".into() }, "401 me x"),
            ("JOIN", NoSuchChannel { channel: "x".into() }, "403 me x"),
            ("JOIN", BadChannelName { channel: "inv@lid".into(), why: WHY }, "476 me inv@lid"),
            ("PART", NotOnChannel { channel: at() }, "442 me #a"),
            ("KICK", TheyAreNotOnChannel { nick: bob.clone(), channel: at() }, "441 me bob #a"),
            ("INVITE", AlreadyOnChannel { nick: bob, channel: at() }, "443 me bob #a"),
            (
                "TOPIC",
                NotChannelOperator { channel: at(), needs: Rank::Operator, anybody: true },
                "482 me #a",
            ),
            ("KILL", NotOperator, "481 me"),
            ("JOIN", InviteOnly { channel: at() }, "473 me #a"),
            ("JOIN", BannedFromChannel { channel: at() }, "474 me #a"),
            ("JOIN", BadChannelKey { channel: at() }, "475 me #a"),
            ("JOIN", ChannelFull { channel: at() }, "471 me #a"),
            ("JOIN", TooManyChannels { channel: at(), limit: ChannelLimit::Joined }, "405 me #a"),
            ("PRIVMSG", CannotSendOutside { channel: at() }, "404 me #a"),
            ("PRIVMSG", CannotSendModerated { channel: at() }, "404 me #a"),
            ("PRIVMSG", CannotSendBanned { channel: at() }, "404 me #a"),
            ("PRIVMSG", CannotSendMuted { channel: at() }, "404 me #a"),
            ("PRIVMSG", NoRecipient { verb: "PRIVMSG".into() }, "411 me"),
            ("PRIVMSG", NoText, "412 me"),
            ("PING", NoOrigin, "409 me"),
            ("NICK", CannotRenameBanned { nick: nick("bob2"), channel: at() }, "435 me bob2 #a"),
            ("REGISTER", NickInUse { nick: nick("bob") }, ":NickServ!NickServ@chat.test NOTICE me"),
            ("MODE", TooManyModes { letter: 'v', channel: at() }, "FAIL MODE TOO_MANY_MODES #a v"),
            ("PRIVMSG", TooManyTargets { target: "#z".into() }, "407 me #z"),
            ("MODE", UnknownMode { letter: 'Z', channel: at() }, "472 me Z"),
            ("MODE", UnknownUserMode, "501 me"),
            ("MODE", UsersDontMatch, "502 me"),
            ("MODE", BanListFull { channel: a, mask: "x!*@*".into() }, "478 me #a x!*@*"),
            ("HELP", NoHelp { subject: "x".into() }, "524 me x"),
        ],
    );
    let parameter = |parameter: &str| BadModeParameter {
        channel: at(),
        letter: 'l',
        parameter: parameter.into(),
        expected: Expected::Number,
    };
    check(
        "",
        &[
            ("MODE", parameter("abc"), "696 me #a l abc"),
            ("MODE", parameter(""), "696 me #a l *"),
            ("MODE", parameter("a b"), "696 me #a l *"),
        ],
    );
}

#[test]
fn of_what_has_standard_replies() {
    let target = |code: fn(chat_model::Text, chat_model::Text) -> Refusal| code("LATEST".into(), "#a".into());
    let refused = target(|subcommand, target| HistoryTarget { subcommand, target });
    let failed = target(|subcommand, target| HistoryFailed { subcommand, target });
    let words = HistoryWords { subcommand: "LATEST".into(), problem: HistoryProblem::NoLimit };
    check(
        "",
        &[
            ("CHATHISTORY", refused, "FAIL CHATHISTORY INVALID_TARGET LATEST #a"),
            ("CHATHISTORY", failed, "FAIL CHATHISTORY MESSAGE_ERROR LATEST #a"),
            ("CHATHISTORY", words, "FAIL CHATHISTORY INVALID_PARAMS LATEST"),
            ("SETNAME", BadRealname, "FAIL SETNAME INVALID_REALNAME"),
            ("*", NotUtf8, "FAIL * INVALID_UTF8"),
            ("*", LineTooLong { bytes_max: 512 }, "417 me"),
            ("PRIVMSG", TextTooLong { bytes_max: 400 }, "417 me"),
            ("PRIVMSG", StorageUnavailable, "NOTICE me"),
            ("PRIVMSG", TooMuchStored, "NOTICE me"),
        ],
    );
    check("standard-replies", &[("PRIVMSG", StorageUnavailable, "FAIL PRIVMSG STORAGE_UNAVAILABLE")]);
}

#[test]
fn of_accounts() {
    let account = || nick("bob").to_account();
    let all = [
        (AccountExists { account: account() }, "ACCOUNT_EXISTS bob"),
        (AlreadyLoggedIn { account: account() }, "ALREADY_AUTHENTICATED bob"),
        (NoSuchAccount { account: "x".into() }, "NO_SUCH_ACCOUNT x"),
        (AccountNameMustBeNick { account: "x".into() }, "ACCOUNT_NAME_MUST_BE_NICK x"),
        (BadAccountName { name: "".into(), why: WHY }, "BAD_ACCOUNT_NAME *"),
        (LoginFailed, "LOGIN_FAILED *"),
        (TooManyAttempts, "TOO_MANY_ATTEMPTS *"),
        (RegistrationClosed, "TEMPORARILY_UNAVAILABLE *"),
        (TooManyAccounts { everywhere: false }, "TEMPORARILY_UNAVAILABLE *"),
        (InvitationNeeded, "INVITATION_REQUIRED *"),
        (CompleteConnectionRequired, "COMPLETE_CONNECTION_REQUIRED *"),
        (BadPassword, "UNACCEPTABLE_PASSWORD *"),
        (StorageUnavailable, "TEMPORARILY_UNAVAILABLE *"),
    ];
    let nickserv = ":NickServ!NickServ@chat.test NOTICE me";
    for (refusal, code) in all {
        let expected = format!("FAIL REGISTER {code}");
        assert_eq!(rendered("draft/account-registration", "REGISTER", &refusal), expected);
        assert_eq!(rendered("", "REGISTER", &refusal), nickserv);
        if refusal != StorageUnavailable {
            assert_eq!(rendered("draft/account-registration", "PRIVMSG", &refusal), nickserv);
        }
    }
}

#[test]
fn a_farewell_is_told_even_in_the_middle_of_a_labelled_answer() {
    let mut client = Client::with("batch labeled-response");
    client.play(In::Begin("x"));
    let farewell = Reply::Closing(CloseReason::Flood);
    let expected = ["@label=x ERROR :Closing link: Too many lines at once (flood)"];
    assert_eq!(client.play(In::Reply(farewell)), expected);
    assert_eq!(client.play(In::End), [""; 0]);
}
