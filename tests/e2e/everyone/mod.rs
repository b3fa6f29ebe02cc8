//! Everyone in one room: chat-client and irssi in terminals, and IRC, plain text and JSON by hand.

mod people;

use crate::harness::{Config, IrcClient, JsonClient, PlainClient, Server, admin, admin_with_input};
use people::{Client, Irssi, Person};
use std::net::TcpListener;

const NICKS: [&str; 5] = ["alice", "bob", "carol", "dave", "erin"];

/// In the order of their nicknames.
fn everyone(server: &Server) -> [Box<dyn Person>; 5] {
    [
        Box::new(IrcClient::guest(server.irc(), NICKS[0], "echo-message server-time message-tags")),
        Box::new(Client::start(server, NICKS[1])),
        Box::new(Irssi::start(server, NICKS[2])),
        Box::new(PlainClient::guest(server.plain(), NICKS[3])),
        Box::new(JsonClient::login(server.json(), NICKS[4], None)),
    ]
}

/// Says something that all are to see, and waits until they do: then all that came before is there, too.
fn say_to_all(people: &mut [Box<dyn Person>], speaker: usize, text: &str) {
    people[speaker].say(text);
    for person in people {
        person.wait_for(text);
    }
}

fn check_counts(people: &mut [Box<dyn Person>], text: &str, expected: impl Fn(usize) -> usize) {
    for (index, person) in people.iter_mut().enumerate() {
        assert_eq!(person.count(text), expected(index), "how often {} is shown \"{text}\"", NICKS[index]);
    }
}

#[test]
fn each_sees_what_the_others_say_once_and_whispers_reach_their_two_ends() {
    let server = Server::start();
    let mut people = everyone(&server);
    for (speaker, nick) in NICKS.iter().enumerate() {
        say_to_all(&mut people, speaker, &format!("the room hears {nick} — größe 日本"));
    }
    for speaker in 0..NICKS.len() {
        let listener = (speaker + 1) % NICKS.len();
        let text = format!("psst from {}", NICKS[speaker]);
        people[speaker].whisper(NICKS[listener], &text);
        people[listener].wait_for(&text);
        people[speaker].wait_for(&text);
    }
    say_to_all(&mut people, 0, "that was all");
    for (speaker, nick) in NICKS.iter().enumerate() {
        check_counts(&mut people, &format!("the room hears {nick} — größe 日本"), |_| 1);
        let ends = [speaker, (speaker + 1) % NICKS.len()];
        check_counts(&mut people, &format!("psst from {nick}"), |index| ends.contains(&index).into());
    }
}

#[test]
fn mute_silences_the_room_and_not_whispers() {
    let server = Server::start();
    let mut people = everyone(&server);
    for muted in 0..NICKS.len() {
        let nick = NICKS[muted];
        let other = (muted + 1) % NICKS.len();
        people[muted].mute();
        people[other].say(&format!("not for {nick}"));
        people[other].wait_for(&format!("not for {nick}"));
        people[muted].say_muted(&format!("unheard words of {nick}"));
        people[other].whisper(nick, &format!("psst {nick}"));
        people[muted].wait_for(&format!("psst {nick}"));
        people[muted].whisper(NICKS[other], &format!("aye from {nick}"));
        people[other].wait_for(&format!("aye from {nick}"));
        people[muted].open();
    }
    say_to_all(&mut people, 0, "that was all");
    for (muted, nick) in NICKS.iter().enumerate() {
        check_counts(&mut people, &format!("not for {nick}"), |index| usize::from(index != muted));
        // Those who type into a terminal see there what they typed.
        for other in (0..NICKS.len()).filter(|other| *other != muted) {
            assert_eq!(people[other].count(&format!("unheard words of {nick}")), 0);
        }
    }
    let stored = admin(&server, &["history", "--json", "--grep", "unheard", "-n", "10"]).expect_status(0);
    assert_eq!(stored.rows().len(), 0, "what was refused is not in the history");
}

#[test]
fn the_list_of_who_is_here_agrees_everywhere() {
    let server = Server::start();
    let mut people = everyone(&server);
    // Whoever has seen this has seen all of them come.
    say_to_all(&mut people, 0, "all here");
    for (person, nick) in people.iter_mut().zip(NICKS) {
        assert_eq!(person.list(), NICKS, "what {nick} is told");
    }
    let rows = admin(&server, &["list", "--json"]).expect_status(0).rows();
    let mut nicks: Vec<_> = rows.iter().filter_map(|row| row["nick"].as_str()).collect();
    nicks.sort_unstable();
    assert_eq!(nicks, NICKS, "what chat-admin is told");
}

#[test]
fn kick_removes_one_and_everybody_is_shown_why() {
    let server = Server::start();
    let mut people = everyone(&server);
    say_to_all(&mut people, 0, "all here");
    admin(&server, &["kick", "dave", "spilled", "the", "tea"]).expect_status(0);
    for person in &mut people {
        person.wait_for("spilled the tea");
    }
    let rows = admin(&server, &["list", "--json"]).expect_status(0).rows();
    assert!(rows.iter().all(|row| row["nick"] != "dave"), "dave is gone: {rows:?}");
    let finished = admin(&server, &["kick", "dave"]).expect_status(1);
    assert!(finished.stderr.contains("dave"), "{finished:?}");
    let audit = admin(&server, &["audit", "--json"]).expect_status(0);
    assert!(audit.stdout.contains("spilled the tea"), "{audit:?}");
}

#[test]
fn a_restart_keeps_history_topic_bans_and_accounts() {
    let mut server = Server::start();
    register_everyone(&server);
    admin(&server, &["ban", "mallory", "knows", "why"]).expect_status(0);
    let before = admin(&server, &["history", "--json", "-n", "1000"]).expect_status(0).stdout;
    server.stop();
    server.start_again();

    let mut alice = IrcClient::owner(
        server.irc(),
        "alice",
        "pw-alice",
        "draft/chathistory batch server-time message-tags",
    );
    alice.send("TOPIC #den");
    alice.expect(" 332 alice #den :tea at five");
    alice.send("MODE #den +b");
    alice.expect(" 367 alice #den *!*@192.0.2.7 ");
    let said: Vec<String> = alice
        .whole_history("#lobby", None)
        .iter()
        .filter(|line| line.command == "PRIVMSG")
        .map(|line| line.text().to_owned())
        .collect();
    assert_eq!(said, NICKS.map(|nick| format!("I am {nick}")));
    let after = admin(&server, &["history", "--json", "-n", "1000"]).expect_status(0).stdout;
    assert_eq!(before, after, "the same ids, times and texts");
    let bans = admin(&server, &["bans", "--json"]).expect_status(0);
    assert!(bans.stdout.contains("mallory"), "{bans:?}");
    check_passwords(&server);
}

/// Each makes an account the way that people do there, and says something.
fn register_everyone(server: &Server) {
    let mut alice = IrcClient::guest(server.irc(), "alice", "echo-message");
    alice.send("REGISTER * * pw-alice");
    alice.expect(" 900 ");
    alice.send("JOIN #den\r\nTOPIC #den :tea at five\r\nMODE #den +b *!*@192.0.2.7");
    alice.expect("MODE #den +b");
    Person::say(&mut alice, "I am alice");
    alice.wait_for("I am alice");

    let mut bob = Client::start(server, "bob");
    bob.register("pw-bob");
    bob.say("I am bob");
    alice.wait_for("I am bob");

    let mut carol = Irssi::start(server, "carol");
    carol.register("pw-carol");
    carol.say("I am carol");
    alice.wait_for("I am carol");

    let mut dave = PlainClient::guest(server.plain(), "dave");
    dave.send("/register pw-dave");
    dave.expect("dave is yours");
    dave.say("I am dave");
    alice.wait_for("I am dave");

    // The JSON protocol has no word for it.
    admin_with_input(server, &["user", "add", "erin"], "pw-erin\n").expect_status(0);
    let mut erin = JsonClient::login(server.json(), "erin", Some("pw-erin"));
    Person::say(&mut erin, "I am erin");
    alice.wait_for("I am erin");
}

fn check_passwords(server: &Server) {
    for nick in &NICKS[1..3] {
        IrcClient::owner(server.irc(), nick, &format!("pw-{nick}"), "");
    }
    PlainClient::owner(server.plain(), "dave", "pw-dave");
    JsonClient::login(server.json(), "erin", Some("pw-erin"));
    let mut thief = PlainClient::raw(server.plain(), "thief");
    thief.send("bob");
    thief.send("pw-alice");
    thief.expect("not the password of bob");
    let rows = admin(server, &["user", "list", "--json"]).expect_status(0).rows();
    let mut accounts: Vec<_> = rows.iter().filter_map(|row| row["account"].as_str()).collect();
    accounts.sort_unstable();
    assert_eq!(accounts, NICKS);
}

#[test]
fn the_client_comes_back_by_itself_and_misses_nothing() {
    let port = free_port();
    let mut server = Server::with(Config { ports: [port, 0, 0], ..Config::default() });
    let mut bob = Client::start(&server, "bob");
    bob.register("pw-bob");
    let mut alice = IrcClient::guest(server.irc(), "alice", "echo-message");
    say_and_wait(&mut alice, "before");
    bob.wait_for("before");
    server.kill();
    bob.wait_for("the connection is lost");
    bob.say("typed while it was away");
    server.start_again();
    let mut alice = IrcClient::guest(server.irc(), "alice", "echo-message");
    for number in 0..20 {
        say_and_wait(&mut alice, &format!("meanwhile {number} of 20"));
    }
    alice.wait_for("typed while it was away");
    say_and_wait(&mut alice, "and after");
    bob.wait_for("and after");
    for number in 0..20 {
        assert_eq!(bob.count(&format!("meanwhile {number} of 20")), 1);
    }
    assert_eq!(bob.count("before"), 1);
    assert_eq!(alice.count("typed while it was away"), 1);
}

fn say_and_wait(client: &mut IrcClient, text: &str) {
    Person::say(client, text);
    client.wait_for(text);
}

/// A port that nothing else takes while the server is away: below those that connections are given.
fn free_port() -> u16 {
    let first = 20_000 + (std::process::id() % 10_000) as u16;
    (first..32_000)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("some port of thousands is free")
}
