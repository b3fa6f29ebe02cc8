//! What is older than it may be.

use std::fs;

use chat_model::change::Change;
use chat_model::id::Time;
use rusqlite::named_params;

use super::{Room, at, channel, conversation, new_account, new_channel, said};
use crate::Store;
use crate::expire::EXPIRE;

#[test]
fn what_is_older_than_it_may_be_goes_and_the_rest_stays() {
    let mut changes: Vec<_> = (1..=9).map(|n| said(at(n), "bob", "#lobby", &n.to_string())).collect();
    changes.push(said(at(6), "bob", "#other", "elsewhere"));
    let mut room = Room::with(&changes);
    assert_eq!(room.store.expire(Time(5)).expect("deleted"), 4);
    assert_eq!(room.store.expire(Time(5)).expect("nothing left"), 0);
    assert_eq!(room.texts(conversation("#lobby")).join(" "), "5 6 7 8 9");
    assert_eq!(room.texts(conversation("#other")), ["elsewhere"]);
}

/// The names of all conversations that the file knows of.
fn targets(room: &Room) -> Vec<String> {
    let mut select = room.store.connection.prepare("SELECT name FROM targets ORDER BY name").expect("valid");
    select.query_map([], |row| row.get(0)).expect("read").collect::<Result<_, _>>().expect("names")
}

#[test]
fn who_spoke_with_whom_is_forgotten_with_what_was_said() {
    let mut room = Room::with(&[
        new_account("alice"),
        new_account("bob"),
        new_channel("#living"),
        new_channel("#ended"),
        said(at(1), "alice*", "bob*", "old"),
        said(at(1), "guest", "alice*", "old"),
        said(at(2), "bob", "#living", "old"),
        said(at(3), "bob", "#ended", "old"),
        Change::ChannelEnded { channel: channel("#ended") },
        said(at(9), "guest", "alice*", "new"),
    ]);
    assert_eq!(room.store.expire(Time(5)).expect("deleted"), 4);
    assert_eq!(targets(&room), ["#living", "alice ~guest"]);
    // The writer knows no number any more that now may be another conversation's.
    room.save(&[
        said(at(10), "x", "#first", "hello"),
        said(at(11), "alice*", "bob*", "hi again"),
        said(at(12), "bob", "#living", "still here"),
        said(at(13), "x", "#ended", "another life"),
    ]);
    for (name, expected) in [
        ("#first", "hello"),
        ("alice* bob*", "hi again"),
        ("#living", "still here"),
        ("#ended", "another life"),
        ("alice* guest", "new"),
    ] {
        assert_eq!(room.texts(conversation(name)), [expected], "{name}");
    }
}

#[test]
fn a_channel_that_ends_with_nothing_left_in_it_is_forgotten() {
    let mut room = Room::with(&[new_channel("#quiet"), said(at(1), "bob", "#quiet", "old")]);
    assert_eq!(room.store.expire(Time(5)).expect("deleted"), 1);
    assert_eq!(targets(&room), ["#quiet"]);
    room.save(&[Change::ChannelEnded { channel: channel("#quiet") }]);
    assert!(targets(&room).is_empty());
    room.save(&[said(at(6), "bob", "#quiet", "new")]);
    assert_eq!(room.texts(conversation("#quiet")), ["new"]);
}

#[test]
fn old_messages_are_found_without_reading_the_others() {
    let room = Room::with(&[said(at(1), "bob", "#lobby", "old"), said(at(2), "alice*", "bob*", "old")]);
    let plan = || -> Vec<String> {
        let mut explain =
            room.store.connection.prepare(&format!("EXPLAIN QUERY PLAN {EXPIRE}")).expect("valid");
        let parameters = named_params! { ":end": 5, ":before": 5, ":limit": 9 };
        explain
            .query_map(parameters, |row| row.get(3))
            .expect("read")
            .collect::<Result<_, _>>()
            .expect("steps")
    };
    let check = |plan: Vec<String>| {
        let scans: Vec<_> = plan.iter().filter(|step| step.starts_with("SCAN")).collect();
        assert!(scans.iter().all(|step| step.starts_with("SCAN t")), "{plan:?}");
        assert!(
            plan.iter().any(|step| step.starts_with("SEARCH m USING PRIMARY KEY (target=? AND id<?)")),
            "{plan:?}"
        );
    };
    check(plan());
    // Whatever somebody's ANALYZE may have left behind.
    room.store.connection.execute_batch("ANALYZE").expect("analysed");
    check(plan());
}

/// Everything that is in the file and in its log.
fn all_of_it(room: &Room) -> String {
    let log = room.path().with_extension("db-wal");
    let bytes = [fs::read(room.path()).expect("read"), fs::read(log).expect("read")].concat();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn what_was_deleted_is_in_no_file_any_more_and_the_file_is_smaller() {
    let secret = |n: i64| format!("the secret number {n} {}", "and more of it ".repeat(40));
    let old: Vec<_> = (1..=4000).map(|n| said(at(n), "bob", "#lobby", &secret(n))).collect();
    let mut room = Room::with(&old);
    room.save(&[said(at(5000), "bob", "#lobby", "this one stays")]);
    room.store.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("in the file");
    let before = fs::metadata(room.path()).expect("there").len();
    assert!(all_of_it(&room).contains("the secret number 17 "));
    assert_eq!(room.store.older_than(Time(5000)).expect("counted"), 4000);
    while room.store.expire(Time(5000)).expect("deleted") > 0 {}
    for _ in 0..10 {
        room.store.tidy().expect("tidied");
    }
    let left = all_of_it(&room);
    assert!(!left.contains("the secret number"), "not a word of it");
    assert!(left.contains("this one stays"));
    assert!(fs::metadata(room.path()).expect("there").len() < before / 2, "of {before}");
    assert_eq!(room.store.older_than(Time(5000)).expect("counted"), 0);
}

#[test]
fn a_file_from_before_learns_to_shrink_once() {
    let room = Room::with(&[said(at(1), "bob", "#lobby", "hello")]);
    room.store.connection.execute_batch("PRAGMA auto_vacuum = NONE; VACUUM;").expect("as it was before");
    let mode = |store: &Store| -> i64 {
        store.connection.query_row("PRAGMA auto_vacuum", [], |row| row.get(0)).expect("read")
    };
    assert_eq!(mode(&room.store), 0);
    let Room { directory, store } = room;
    store.close().expect("closed");
    let store = Store::open(&directory.path().join("chat.db")).expect("opened");
    assert_eq!(mode(&store), 2);
    assert_eq!(Room { directory, store }.texts(conversation("#lobby")), ["hello"]);
}
