//! What is older than it may be.

use chat_model::change::Change;
use rusqlite::named_params;

use super::{Room, at, channel, conversation, new_account, new_channel, said};
use crate::store::EXPIRE;

#[test]
fn what_is_older_than_it_may_be_goes_and_the_rest_stays() {
    let mut changes: Vec<_> = (1..=9).map(|n| said(at(n), "bob", "#lobby", &n.to_string())).collect();
    changes.push(said(at(6), "bob", "#other", "elsewhere"));
    let mut room = Room::with(&changes);
    assert_eq!(room.store.expire(at(5)).expect("deleted"), 4);
    assert_eq!(room.store.expire(at(5)).expect("nothing left"), 0);
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
    assert_eq!(room.store.expire(at(5)).expect("deleted"), 4);
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
    assert_eq!(room.store.expire(at(5)).expect("deleted"), 1);
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
        let parameters = named_params! { ":before": 5, ":limit": 9 };
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
