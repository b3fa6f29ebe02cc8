//! One person, several connections; and what waits for somebody who is not there.

use crate::harness::{Config, IrcClient, JsonClient, PlainClient, Server, admin_with_input};

const CAPABILITIES: &str = "echo-message server-time message-tags";

fn with_account(nick: &str) -> Server {
    let server = Server::start();
    admin_with_input(&server, &["user", "add", nick], "secret\n").expect_status(0);
    server
}

#[test]
fn sessions_of_one_account_are_one_user_and_see_what_each_other_sends() {
    let server = with_account("alice");
    let mut laptop = IrcClient::owner(server.irc(), "alice", "secret", CAPABILITIES);
    let mut phone = IrcClient::owner(server.irc(), "alice", "secret", CAPABILITIES);
    let mut shell = PlainClient::owner(server.plain(), "alice", "secret");
    let mut script = JsonClient::login(server.json(), "alice", Some("secret"));
    let mut bob = IrcClient::guest(server.irc(), "bob", CAPABILITIES);

    laptop.say("#lobby", "from the laptop");
    phone.expect("from the laptop");
    phone.say("bob", "whispered from the phone");
    bob.expect("whispered from the phone");
    shell.send("from the shell");
    laptop.expect("from the shell");
    script.say("from the script");
    laptop.expect("from the script");
    for text in ["from the laptop", "whispered from the phone", "from the shell", "from the script"] {
        assert_eq!(laptop.count(text), 1, "{text}");
        assert_eq!(phone.count(text), 1, "{text}");
        assert_eq!(shell.count(text), 1, "{text}");
        assert_eq!(script.count(&format!("\"text\":\"{text}\"")), 1, "{text}");
        assert_eq!(bob.count(text), 1, "{text}");
    }
    assert_eq!(script.users(), ["alice", "bob"]);
}

#[test]
fn a_user_leaves_with_the_last_session_and_joins_with_all() {
    let server = with_account("alice");
    let mut bob = IrcClient::guest(server.irc(), "bob", "");
    let mut laptop = IrcClient::owner(server.irc(), "alice", "secret", "");
    let mut phone = IrcClient::owner(server.irc(), "alice", "secret", "");
    laptop.send("JOIN #den");
    phone.expect("JOIN #den");
    laptop.send("QUIT :gone");
    laptop.expect_end();
    assert_eq!(bob.count(" QUIT "), 0, "the phone is still there");
    phone.send("QUIT :gone, too");
    bob.expect("QUIT :");
    assert_eq!(bob.count("alice!"), 2, "bob saw one JOIN and one QUIT");
}

#[test]
fn a_whisper_to_an_account_that_is_away_is_kept_and_delivered_once() {
    let server = with_account("alice");
    let mut bob = IrcClient::guest(server.irc(), "bob", CAPABILITIES);
    bob.say("alice", "are you there?");
    bob.expect("NOTICE bob :alice is not");
    let mut alice = IrcClient::owner(server.irc(), "alice", "secret", CAPABILITIES);
    let whispers = alice.shown("are you there?");
    let [whisper] = whispers.as_slice() else { panic!("it comes once: {whispers:?}") };
    assert!(whisper.source.starts_with("bob!") && whisper.tag("msgid").is_some(), "{whisper:?}");
    alice.send("QUIT");
    alice.expect_end();
    let mut again = PlainClient::owner(server.plain(), "alice", "secret");
    assert_eq!(again.count("are you there?"), 0, "it was delivered before");
    bob.say("nobody", "are you there?");
    bob.expect(" 401 bob nobody ");
}

#[test]
fn nobody_takes_the_nickname_of_an_account_without_its_password() {
    let server = with_account("alice");
    let mut thief = IrcClient::raw(server.irc(), "thief");
    thief.send("NICK alice\r\nUSER t 0 * :t");
    thief.expect(" 433 * alice ");
    let mut thief = PlainClient::raw(server.plain(), "thief");
    thief.send("ALICE");
    thief.send("guess");
    thief.expect("not the password of ALICE");
}

#[test]
fn what_an_account_missed_is_shown_to_a_client_that_knows_no_history() {
    let server = with_account("alice");
    let mut bob = IrcClient::guest(server.irc(), "bob", CAPABILITIES);
    let mut alice = IrcClient::owner(server.irc(), "alice", "secret", "");
    bob.say("#lobby", "while she is here");
    alice.expect("while she is here");
    alice.send("QUIT");
    alice.expect_end();
    bob.say("#lobby", "while she is away");
    bob.expect("while she is away");
    let mut alice = IrcClient::owner(server.irc(), "alice", "secret", "");
    let missed = alice.shown("while she is away");
    let [missed] = missed.as_slice() else { panic!("it comes once: {missed:?}") };
    assert!(missed.text().starts_with('['), "the time stands before it: {missed:?}");
    assert_eq!(alice.count("while she is here"), 0, "she has seen that");
}

#[test]
fn a_listener_for_guests_asks_nothing_and_says_no_command() {
    let listener = "[[listen]]\nprotocol = \"plain\"\naddress = \"127.0.0.1:0\"\nguest = true\n";
    let more = format!("{listener}{}", Config::default().more);
    // The last plain listener is the one that `plain` tells of.
    let server = Server::with(Config { more, ..Config::default() });
    let mut bob = IrcClient::guest(server.irc(), "bob", CAPABILITIES);
    let mut script = PlainClient::raw(server.plain(), "script");
    script.send("the build is done");
    bob.expect("the build is done");
    script.send("/register hunter2");
    script.expect("Guests have /ls");
    script.send("and so is this");
    bob.expect("and so is this");
    assert!(bob.shown("hunter2").is_empty());
}
