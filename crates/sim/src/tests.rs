//! What takes too many lines to be a transcript.

use std::net::IpAddr;

use chat_model::limits::Limits;
use chat_wire::Face;

use crate::client::Line;
use crate::setting::Setting;
use crate::world::{Joining, World};

fn comes(world: &mut World, name: &str) -> usize {
    let client = world.connect(name, &Joining { face: Face::Irc, guest: false, address: None, certfp: None });
    world.settle();
    for line in [format!("NICK {name}"), format!("USER {name} 0 * :{name}")] {
        does(world, client, &line);
    }
    client
}

fn does(world: &mut World, client: usize, line: &str) {
    world.send(client, format!("{line}\r\n").as_bytes());
    world.settle();
}

fn sees(world: &mut World, client: usize) -> String {
    String::from_utf8_lossy(&world.outside_mut().clients[client].look()).into_owned()
}

#[test]
fn calls_wait_while_their_answers_are_not_taken_and_none_is_lost() {
    let mut world = World::new(Setting::default());
    let (alice, bob) = (comes(&mut world, "alice"), comes(&mut world, "bob"));
    sees(&mut world, alice);
    world.takes(alice, Some(0));
    for _ in 0..100 {
        does(&mut world, alice, "HELP");
    }
    does(&mut world, alice, "TOPIC #lobby");
    does(&mut world, alice, "JOIN #later");
    sees(&mut world, bob);
    does(&mut world, bob, "LIST #later");
    assert!(!sees(&mut world, bob).contains("#later"), "the call waits behind answers that nobody takes");
    assert!(world.outside().clients[alice].waiting() < 100_000, "and so do most of those answers");

    world.takes(alice, None);
    world.settle();
    let seen = sees(&mut world, alice);
    assert_eq!(seen.matches(" 706 ").count(), 100, "each is answered");
    assert!(seen.ends_with("#later :End of /NAMES list\r\n"), "in its order: {seen:.200}");
}

/// Comes in with an account, which is there already, in a client that asks for no history.
fn comes_back(world: &mut World, name: &str, takes: Option<usize>) -> usize {
    let client = world.connect(name, &Joining { face: Face::Irc, guest: false, address: None, certfp: None });
    world.takes(client, takes);
    world.settle();
    for line in [format!("PASS {name}:secret"), format!("NICK {name}"), format!("USER {name} 0 * :{name}")] {
        does(world, client, &line);
    }
    client
}

#[test]
fn who_comes_back_to_more_than_may_wait_is_shown_all_of_it_as_it_takes_it() {
    let mut setting = Setting::default();
    for line in ["account alice secret", "chathistory_max 500", "send_queue_bytes_max 10000"] {
        setting.set(line).expect("these settings are there");
    }
    let mut world = World::new(setting);
    let alice = comes_back(&mut world, "alice", None);
    let bob = comes(&mut world, "bob");
    let channels: Vec<_> = (0..10).map(|number| format!("#c{number}")).collect();
    does(&mut world, alice, &format!("JOIN {}", channels.join(",")));
    does(&mut world, bob, &format!("JOIN {}", channels.join(",")));
    does(&mut world, alice, "QUIT");
    for number in 0..60 {
        does(&mut world, bob, &format!("PRIVMSG {} :{number:0>380}", channels.join(",")));
    }
    does(&mut world, bob, "PRIVMSG alice :dinner is at eight");

    let alice = comes_back(&mut world, "alice", Some(0));
    assert!(
        world.outside().clients[alice].waiting() < 150_000,
        "one piece waits, and the rest is not even read"
    );
    does(&mut world, bob, "PRIVMSG #c0 :said while it is read");
    world.takes(alice, None);
    world.settle();
    let seen = sees(&mut world, alice);
    let shown = seen.lines().filter(|line| line.contains(" PRIVMSG #c")).count();
    assert_eq!(shown, 601, "nothing is missed");
    let whisper = seen.find("dinner is at eight").expect("the whisper is there");
    assert!(
        whisper < seen.find("said while it is read").expect("and what came since"),
        "the past comes first"
    );
}

#[test]
fn there_is_help_on_every_command_in_every_language() {
    for verb in chat_engine::verbs() {
        assert!(chat_wire::sentences::knows_help_on(verb), "{verb} has no row in the table of help");
    }
    for verb in chat_engine::nickserv_verbs() {
        assert!(chat_wire::sentences::knows_nickserv_help_on(verb), "{verb} has no row in the table of help");
    }
}

/// A world with so many channels that its lists come in pieces, and who made them.
fn with_many_channels() -> (World, usize) {
    let mut setting = Setting::default();
    for line in ["channels_per_user_max 1000", "channels_per_address_max 1000"] {
        setting.set(line).expect("these settings are there");
    }
    let mut world = World::new(setting);
    let alice = comes(&mut world, "alice");
    let channels: Vec<_> = (0..700).map(|number| format!("#c{number:0>60}")).collect();
    channels.chunks(7).for_each(|some| does(&mut world, alice, &format!("JOIN {}", some.join(","))));
    (world, alice)
}

#[test]
fn a_long_list_comes_in_pieces_as_it_is_taken_and_is_whole() {
    let (mut world, _) = with_many_channels();
    let bob = comes(&mut world, "bob");
    sees(&mut world, bob);
    world.takes(bob, Some(0));
    does(&mut world, bob, "LIST");
    does(&mut world, bob, "PING after");
    assert!(world.outside().clients[bob].waiting() < 50_000, "the rest is not made before it can be sent");
    world.takes(bob, None);
    world.settle();
    let seen = sees(&mut world, bob);
    let of = |numeric: &str| seen.matches(&format!(" {numeric} bob ")).count();
    assert_eq!((of("321"), of("322"), of("323")), (1, 701, 1));
    assert!(seen.ends_with("PONG chat.test :after\r\n"), "the next call waits: {seen:.300}");
}

#[test]
fn many_who_are_told_long_lists_take_turns_and_hold_nobody_up() {
    let (mut world, alice) = with_many_channels();
    let readers: Vec<_> = (0..20).map(|number| comes(&mut world, &format!("reader{number}"))).collect();
    let rows = |world: &mut World| -> usize {
        readers.iter().map(|reader| sees(world, *reader).matches(" 322 ").count()).sum()
    };
    for reader in &readers {
        world.send(*reader, b"LIST\r\n");
    }
    world.turn(usize::MAX);
    let mut total = rows(&mut world);
    world.send(alice, b"PING soon\r\n");
    world.turn(usize::MAX);
    assert!(sees(&mut world, alice).contains("PONG chat.test :soon"));
    let meanwhile = rows(&mut world);
    assert!(meanwhile <= 500, "a batch goes on with {meanwhile} rows");
    world.settle();
    total += meanwhile + rows(&mut world);
    assert_eq!(total, 701 * readers.len(), "each is told all in the end");
}

#[test]
fn a_labelled_list_in_pieces_is_one_batch() {
    let (mut world, _) = with_many_channels();
    let bob = comes(&mut world, "bob");
    does(&mut world, bob, "CAP REQ :batch labeled-response");
    sees(&mut world, bob);
    does(&mut world, bob, "@label=l1 LIST");
    let seen = sees(&mut world, bob);
    let lines: Vec<_> = seen.lines().collect();
    assert!(lines[0].starts_with("@label=l1 :chat.test BATCH +") && lines[0].ends_with(" labeled-response"));
    let batch = lines[0].split('+').nth(1).and_then(|rest| rest.split(' ').next()).expect("it has a name");
    let is_inside = |line: &&str| line.starts_with(&format!("@batch={batch} "));
    assert!(lines[1..lines.len() - 1].iter().all(is_inside));
    assert_eq!(lines.last(), Some(&&*format!(":chat.test BATCH -{batch}")));
    assert_eq!(lines.len(), 2 + 701 + 2);
}

#[test]
fn who_goes_while_a_list_is_being_told_is_forgotten_like_anybody() {
    let (mut world, alice) = with_many_channels();
    let bob = comes(&mut world, "bob");
    world.takes(bob, Some(0));
    does(&mut world, bob, "LIST");
    sees(&mut world, alice);
    world.hang_up(bob);
    world.settle();
    assert!(!sees(&mut world, alice).contains("QUIT"), "it may have closed its end and read on");
    world.takes(bob, None);
    world.settle();
    assert!(sees(&mut world, bob).contains(" 323 "), "so it is told all");
    assert!(sees(&mut world, alice).contains(":bob!bob@192.0.2.2 QUIT"));
}

#[test]
fn a_storm_of_guests_is_shown_as_a_number_and_has_no_last_words() {
    let mut world = World::new(Setting::default());
    let alice = comes(&mut world, "alice");
    let nora =
        world.connect("nora", &Joining { face: Face::Plain, guest: false, address: None, certfp: None });
    world.settle();
    world.send(nora, b"nora\n");
    world.settle();
    for number in 0..200 {
        let guest = comes(&mut world, &format!("storm{number}"));
        does(&mut world, guest, "QUIT :buy this");
    }
    let seen = sees(&mut world, alice);
    let (came, went) = (seen.matches(" JOIN #lobby").count(), seen.matches(" QUIT :").count());
    assert!(came < 50, "{came} of 202 are shown one by one");
    assert_eq!(went, came - 2, "and whoever was shown to come is shown to go");
    assert!(seen.matches("buy this").count() <= 40, "the last words are lost in the storm");
    sees(&mut world, nora);
    world.wait(10_000);
    world.settle();
    assert!(sees(&mut world, nora).contains("people came and went"), "people are told how many");
}

/// What a line of 2 Mbit/s takes in a tenth of a second.
const SLOW_BYTES: usize = 25_000;

/// Somebody on the lobby at the end of such a line.
struct SlowReader {
    client: usize,
    waiting_most: usize,
}

impl SlowReader {
    fn comes(world: &mut World, face: Face) -> Self {
        let client = world.connect("slow", &Joining { face, guest: true, address: None, certfp: None });
        world.settle();
        if face == Face::Irc {
            let capabilities = "server-time message-tags account-tag extended-join away-notify setname";
            does(world, client, &format!("CAP REQ :{capabilities}"));
            does(world, client, "NICK slow");
            does(world, client, "USER slow 0 * :slow");
            does(world, client, "CAP END");
        }
        world.takes(client, Some(0));
        Self { client, waiting_most: 0 }
    }

    /// A tenth of a second goes by.
    fn reads(&mut self, world: &mut World) {
        self.waiting_most = self.waiting_most.max(world.outside().clients[self.client].waiting());
        world.takes(self.client, Some(SLOW_BYTES));
        world.wait(100);
        world.settle();
    }

    fn survives(&self, world: &World) {
        let (line, most) = (world.outside().clients[self.client].line, self.waiting_most);
        assert_eq!(line, Line::Open, "it is not closed");
        assert!(most < Limits::default().send_queue_bytes_max / 2, "{most} bytes waited for it");
    }
}

/// From the address of everybody in a storm.
fn visits(world: &mut World, name: &str) -> usize {
    let address: IpAddr = "198.51.100.7".parse().expect("an address");
    let client =
        world.connect(name, &Joining { face: Face::Irc, guest: false, address: Some(address), certfp: None });
    world.send(client, format!("NICK {name}\r\n").as_bytes());
    world.settle();
    world.send(client, format!("USER {name} 0 * :{:r<150}\r\n", "").as_bytes());
    world.settle();
    client
}

#[test]
fn who_reads_slowly_survives_any_number_of_visits_from_one_address() {
    for face in [Face::Irc, Face::Plain, Face::Json] {
        let mut world = World::new(Setting::default());
        let mut slow = SlowReader::comes(&mut world, face);
        // Faster than any address gets through the door. After the first few dozen each is like the one before.
        for number in 0..500 {
            let guest = visits(&mut world, &format!("storm{number}"));
            does(&mut world, guest, &format!("AWAY :{:a<200}", ""));
            does(&mut world, guest, &format!("QUIT :{:b<220}", "buy this "));
            if number % 40 == 0 {
                slow.reads(&mut world);
            }
        }
        slow.survives(&world);
    }
}

#[test]
fn who_reads_slowly_survives_guests_that_change_all_they_can_and_come_and_go() {
    for face in [Face::Irc, Face::Plain, Face::Json] {
        let mut world = World::new(Setting::default());
        let mut slow = SlowReader::comes(&mut world, face);
        let guests: Vec<_> = (0..64).map(|number| visits(&mut world, &format!("storm{number}"))).collect();
        // A burst of as many lines as each may send at once.
        for round in 0..5 {
            for (number, guest) in guests.iter().enumerate() {
                does(&mut world, *guest, &format!("NICK s{number}r{round}{:x<20}", ""));
                does(&mut world, *guest, &format!("AWAY :{round}{:a<199}", ""));
                does(&mut world, *guest, &format!("PART #lobby :{:p<220}", ""));
                does(&mut world, *guest, "JOIN #lobby");
            }
        }
        slow.reads(&mut world);
        slow.survives(&world);
    }
}

/// Whatever goes into the engine is for all machines to have, and for a log.
#[test]
fn no_password_gets_into_the_engine() {
    let mut setting = Setting::default();
    for line in ["account alice hunter2", "operator boss hunter2", "registration open"] {
        setting.set(line).expect("these settings are there");
    }
    let mut world = World::new(setting);
    let irc = comes(&mut world, "bob");
    for line in [
        "PASS hunter2",
        "OPER boss hunter2",
        "PRIVMSG NickServ :IDENTIFY alice hunter2",
        "NS LOGOUT hunter2",
        "NOTICE NickServ :IDENTIFY alice hunter2",
        "PRIVMSG #lobby,NickServ :IDENTFY alice hunter2",
        "REGISTER * * hunter2",
        "LOGN alice hunter2",
        "AUTHENTICATE PLAIN",
        "AUTHENTICATE AGFsaWNlAGh1bnRlcjI=",
    ] {
        does(&mut world, irc, line);
    }
    comes_back_with(&mut world, "alice:hunter2");
    let faces = [
        (
            Face::Plain,
            vec!["alice", "hunter2", "/msg nickserv set password hunter2", "/register hunter2 hunter2"],
        ),
        (Face::Plain, vec!["carl", "/login alice hunter2", "@nickserv hunter2", "/lgoin alice hunter2"]),
        (Face::Json, vec![r#"{"type":"login","msg":"alice","password":"hunter2"}"#]),
        (Face::Admin, vec!["USERADD dora hunter2", "PASSWD dora hunter2 keep", "USERAD dora hunter2"]),
    ];
    for (face, lines) in faces {
        let client = world.connect("eve", &Joining { face, guest: false, address: None, certfp: None });
        world.settle();
        for line in lines {
            does(&mut world, client, line);
        }
    }
    let recording = &world.outside().recording;
    assert!(recording.lines.contains("IDENTIFY alice ***"), "{}", recording.lines);
    for text in recording.lines.lines().chain(recording.effects.iter().map(String::as_str)) {
        assert!(!text.contains("hunter2"), "{text}");
    }
}

fn comes_back_with(world: &mut World, pass: &str) {
    let client =
        world.connect("alice", &Joining { face: Face::Irc, guest: false, address: None, certfp: None });
    world.settle();
    for line in [&format!("PASS {pass}"), "NICK alice", "USER alice 0 * :alice"] {
        does(world, client, line);
    }
    assert!(sees(world, client).contains(" 900 "), "it is logged in");
}
