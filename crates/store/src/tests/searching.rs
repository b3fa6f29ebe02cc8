//! What an operator finds.

use chat_model::change::Change;
use chat_model::id::{MsgId, Time};

use super::{Room, account, at, channel, new_account, new_channel, nick, said};
use crate::stream::ROWS_AT_ONCE_MAX;
use crate::{HistoryFilter, Reader, StoreError, StoredRow};

fn room() -> Room {
    let mut room = Room::with(&[
        new_channel("#old"),
        said(at(1), "bob", "#old", "Ältere ZEIT"),
        Change::ChannelEnded { channel: channel("#old") },
        said(at(2), "Alice*", "#old", "new life"),
        said(at(3), "bob", "#lobby", "hello"),
        said(at(4), "alice*", "#lobby", "Hello Bob"),
        said(at(5), "alice*", "bob", "whispered hello"),
    ]);
    room.save(&[said(at(6), "carol*", "#lobby", "100% _sure_")]);
    room
}

#[test]
fn each_filter_narrows_and_whispers_are_not_shown_unless_asked_for() {
    let all = HistoryFilter::default;
    let cases = [
        (all(), "1- 2 3 4 6"),
        (HistoryFilter { whispers: true, ..all() }, "1- 2 3 4 5 6"),
        (HistoryFilter { channels: vec![channel("#OLD")], ..all() }, "1- 2"),
        (HistoryFilter { channels: vec![channel("#old"), channel("#none")], last: Some(1), ..all() }, "2"),
        (HistoryFilter { from: Some(nick("ALICE")), ..all() }, "2 4"),
        (HistoryFilter { from: Some(nick("ａｌｉｃｅ")), ..all() }, "2 4"),
        (HistoryFilter { since: Some(Time(2)), until: Some(Time(4)), ..all() }, "2 3 4"),
        (HistoryFilter { grep: Some("hello".into()), ..all() }, "3 4"),
        (HistoryFilter { grep: Some("ältere zeit".into()), ..all() }, "1-"),
        (HistoryFilter { grep: Some("% _s".into()), ..all() }, "6"),
        (HistoryFilter { grep: Some("hello".into()), whispers: true, last: Some(2), ..all() }, "4 5"),
        (HistoryFilter { after: Some(MsgId(4)), ..all() }, "6"),
        (HistoryFilter { after: Some(MsgId(2)), last: Some(2), ..all() }, "4 6"),
    ];
    let room = room();
    let reader = room.reader();
    for (filter, expected) in cases {
        let rows = reader.search(&filter).expect("searched");
        let found: Vec<_> = rows
            .iter()
            .map(|row| format!("{}{}", row.message.at.time.0, if row.ended { "-" } else { "" }))
            .collect();
        assert_eq!(found.join(" "), expected, "{filter:?}");
        let mut streamed = Vec::new();
        stream(&reader, &filter, |row| streamed.push(row.clone()));
        let newest = streamed.split_off(streamed.len() - rows.len());
        assert_eq!(newest, rows, "{filter:?}");
        assert!(streamed.is_empty() || filter.last.is_some(), "{filter:?}");
    }
}

fn stream(reader: &Reader, filter: &HistoryFilter, mut next: impl FnMut(&StoredRow)) {
    let streamed: Result<(), StoreError> = reader.stream(filter, |row| {
        next(row);
        Ok(())
    });
    streamed.expect("streamed");
}

#[test]
fn what_is_streamed_comes_in_pages_that_keep_nobody_waiting() {
    let many = ROWS_AT_ONCE_MAX as i64 * 3;
    let target = |n: i64| ["#lobby", "#old", "alice*"][n as usize % 3];
    let changes: Vec<_> = (1..=many).map(|n| said(at(n), "bob", target(n), &n.to_string())).collect();
    let mut room = Room::with(&changes);
    let reader = room.reader();
    let filter = HistoryFilter { whispers: true, ..HistoryFilter::default() };
    let (mut found, mut newer) = (Vec::new(), many);
    stream(&reader, &filter, |row| {
        found.push(row.message.at);
        newer += 1;
        room.save(&[said(at(newer), "bob", "#lobby", "meanwhile")]);
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        let busy: i64 = room.store.connection.query_row(checkpoint, [], |row| row.get(0)).expect("tried");
        assert_eq!(busy, 0, "nobody keeps the log from being brought into the file");
    });
    assert_eq!(found, (1..=many).map(at).collect::<Vec<_>>());
}

#[test]
fn channels_are_known_that_live_or_left_something() {
    let mut room = room();
    room.save(&[
        new_channel("#quiet"),
        new_channel("#gone"),
        Change::ChannelEnded { channel: channel("#gone") },
    ]);
    let cases = [("#LOBBY", true), ("#old", true), ("#quiet", true), ("#gone", false), ("#none", false)];
    for (name, expected) in cases {
        assert_eq!(room.reader().knows_channel(&channel(name)).expect("read"), expected, "{name}");
    }
}

#[test]
fn accounts_are_shown_with_their_channels() {
    let mut room = Room::with(&[new_account("Bob"), new_account("alice"), new_channel("#lobby")]);
    room.save(&[Change::Presence { account: account("bob"), last_here: None }]);
    let reader = room.reader();
    let accounts = reader.accounts().expect("read");
    assert_eq!(accounts.iter().map(|row| row.account.as_str()).collect::<Vec<_>>(), ["alice", "Bob"]);
    let details = reader.account(&account("BOB")).expect("read").expect("there");
    assert_eq!((details.row.last_here, details.channels.len()), (None, 0));
    assert_eq!(reader.account(&account("nobody")).expect("read"), None);
}

#[test]
fn the_data_version_changes_with_a_commit_and_not_without() {
    let mut room = room();
    let reader = room.reader();
    let first = reader.data_version().expect("read");
    assert_eq!(reader.data_version().expect("read"), first);
    room.save(&[said(at(9), "bob", "#lobby", "more")]);
    assert_ne!(reader.data_version().expect("read"), first);
}
