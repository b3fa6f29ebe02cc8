//! What takes too many lines to be a transcript.

use chat_wire::Face;

use crate::setting::Setting;
use crate::world::{Joining, World};

fn comes(world: &mut World, name: &str) -> usize {
    let client = world.connect(name, &Joining { face: Face::Irc, guest: false, address: None });
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
