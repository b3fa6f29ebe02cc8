//! Commits that fail leave nothing behind, and the store goes on.

use std::fs;

use chat_model::change::Loaded;
use chat_model::history::Select;
use chat_model::id::MsgId;
use rusqlite::Connection;

use super::{Room, at, conversation, new_channel, query, said};
use crate::{Reader, StoreError};

/// Lets the file grow by that many pages more, as on a disk that is nearly full; `None` is no limit.
fn limit_growth(room: &Room, pages: Option<i64>) {
    let connection = &room.store.connection;
    let now: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0)).expect("counted");
    let limit = pages.map_or(i64::from(u32::MAX) - 1, |more| now + more);
    connection.query_row(&format!("PRAGMA max_page_count = {limit}"), [], |_| Ok(())).expect("limited");
}

#[test]
fn a_full_disk_rolls_everything_back_and_saving_works_again_with_room() {
    let mut room = Room::with(&[new_channel("#lobby"), said(at(1), "bob", "#lobby", "before")]);
    let load = |room: &mut Room| Loaded { last_id: MsgId::MIN, ..room.store.load().expect("loaded") };
    let before = load(&mut room);
    let mut batch = vec![new_channel("#new"), said(at(2), "bob", "#new", "first there")];
    batch.extend((3..400).map(|n| said(at(n), "bob", "#lobby", &"long ".repeat(100))));

    limit_growth(&room, Some(3));
    let error = room.store.save(&batch).expect_err("full");
    assert!(matches!(error, StoreError::Full), "{error:?}");
    assert_eq!(error.to_string(), "the disk is full: nothing can be stored until there is room");
    assert!(room.store.connection.is_autocommit());
    assert_eq!(load(&mut room), before);
    assert_eq!(room.texts(conversation("#lobby")), ["before"]);
    assert!(room.texts(conversation("#new")).is_empty());
    room.store.probe().expect("a trifle fits");

    limit_growth(&room, None);
    room.save(&batch);
    assert_eq!(room.texts(conversation("#new")), ["first there"]);
    assert!(room.store.load().expect("loaded").last_id > at(399).id);
}

#[test]
fn a_batch_with_one_impossible_change_is_refused_whole() {
    let mut room = Room::with(&[said(at(1), "bob", "#lobby", "before")]);
    let error =
        room.store.save(&[said(at(2), "bob", "#lobby", "good"), said(at(1), "bob", "#lobby", "again")]);
    assert!(matches!(error, Err(StoreError::Sqlite(_))), "{error:?}");
    assert_eq!(room.texts(conversation("#lobby")), ["before"]);
    room.save(&[said(at(2), "bob", "#lobby", "after")]);
    assert_eq!(room.texts(conversation("#lobby")), ["before", "after"]);
}

#[test]
fn a_disk_that_was_made_read_only_is_told_from_a_bad_request_and_works_again_later() {
    let mut room = Room::new();
    room.store.connection.pragma_update(None, "query_only", true).expect("set");
    assert!(matches!(room.store.probe(), Err(StoreError::Disk(_))));
    assert!(matches!(room.store.save(&[new_channel("#lobby")]), Err(StoreError::Disk(_))));
    room.store.connection.pragma_update(None, "query_only", false).expect("set");
    room.store.probe().expect("works again");
    room.save(&[new_channel("#lobby")]);
}

#[test]
fn a_lock_of_another_program_is_waited_for_but_not_by_who_only_asks() {
    let mut room = Room::new();
    let timeout = |room: &Room| -> i64 {
        room.store.connection.query_row("PRAGMA busy_timeout", [], |row| row.get(0)).expect("read")
    };
    assert_eq!(timeout(&room), 1000);
    let other = Connection::open(room.path()).expect("another program");
    other.execute_batch("BEGIN IMMEDIATE").expect("locked");
    assert!(matches!(room.store.probe(), Err(StoreError::Busy)));
    assert!(matches!(room.store.save(&[new_channel("#lobby")]), Err(StoreError::Busy)));
    assert_eq!(timeout(&room), 1000, "asking has changed nothing");
    other.execute_batch("ROLLBACK").expect("unlocked");
    room.store.probe().expect("works again");
    room.save(&[new_channel("#lobby")]);
}

#[test]
fn what_would_be_written_into_a_file_that_is_gone_is_refused_until_it_is_back() {
    for name in ["chat.db", "chat.db-wal"] {
        let mut room = Room::with(&[said(at(1), "bob", "#lobby", "before")]);
        let (file, away) = (room.directory.path().join(name), room.directory.path().join("away"));
        fs::rename(&file, &away).expect("renamed");
        for _ in ["gone", "replaced"] {
            let refused = room.store.save(&[said(at(2), "bob", "#lobby", "lost")]);
            assert!(matches!(refused, Err(StoreError::Replaced { .. })), "{name}: {refused:?}");
            assert!(matches!(room.store.probe(), Err(StoreError::Replaced { .. })), "{name}");
            fs::copy(&away, &file).expect("another file of that name");
        }
        fs::rename(&away, &file).expect("put back");
        room.store.probe().expect("works again");
        room.save(&[said(at(2), "bob", "#lobby", "after")]);
        assert_eq!(room.texts(conversation("#lobby")), ["before", "after"], "{name}");
    }
}

#[test]
fn a_damaged_page_is_found_and_called_by_its_name() {
    let texts: Vec<_> = (1..500).map(|n| said(at(n), "bob", "#lobby", &"long ".repeat(100))).collect();
    let Room { directory, store } = Room::with(&texts);
    Reader::open(&directory.path().join("chat.db")).expect("opened").check().expect("nothing is wrong");
    store.close().expect("closed");
    let path = directory.path().join("chat.db");
    let mut bytes = fs::read(&path).expect("read");
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xff);
    fs::write(&path, &bytes).expect("written");
    let reader = Reader::open(&path).expect("the beginning is whole");
    assert!(matches!(reader.check(), Err(StoreError::Damaged(_))));
    let query = query(conversation("#lobby"), Select::Latest(None), 1000);
    let error = reader.history(&query).expect_err("damaged");
    assert!(matches!(error, StoreError::Damaged(_)), "{error:?}");
    assert!(error.to_string().contains("restore a backup"), "{error}");
}
