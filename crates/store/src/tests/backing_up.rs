//! A copy of the file that is taken while somebody writes.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::thread;

use chat_model::history::Select;

use super::{Room, at, conversation, query, said};
use crate::{Reader, Store, StoreError, backup};

/// Messages in the file before anybody makes a copy: it has to take a while.
const BEFORE: i64 = 2000;

fn count(path: &Path) -> i64 {
    let query = query(conversation("#lobby"), Select::Latest(None), u32::MAX);
    let found = Reader::open(path).expect("a reader").history(&query).expect("history").messages;
    let ids: Vec<_> = found.iter().map(|message| message.at).collect();
    let expected: Vec<_> = (1..).take(ids.len()).map(at).collect();
    assert_eq!(ids, expected, "one moment of it, without a gap");
    ids.len() as i64
}

#[test]
fn a_copy_of_a_busy_file_holds_all_that_was_stored_before() {
    let first: Vec<_> = (1..=BEFORE).map(|n| said(at(n), "bob", "#lobby", &"long ".repeat(100))).collect();
    let mut room = Room::with(&first);
    let (stored, enough) = (AtomicI64::new(BEFORE), AtomicBool::new(false));
    let (path, copies) = (room.path(), tempfile::tempdir().expect("a temporary directory"));
    let store: &mut Store = &mut room.store;
    thread::scope(|scope| {
        scope.spawn(|| {
            for n in BEFORE + 1.. {
                store.save(&[said(at(n), "bob", "#lobby", "more")]).expect("nobody is in the writer's way");
                stored.store(n, Ordering::SeqCst);
                if enough.load(Ordering::SeqCst) {
                    break;
                }
            }
        });
        while stored.load(Ordering::SeqCst) == BEFORE {
            thread::yield_now();
        }
        for n in 0..5 {
            let before = stored.load(Ordering::SeqCst);
            let copy = copies.path().join(format!("{n}.db"));
            backup(&path, &copy).expect("copied");
            let copied = count(&copy);
            assert!(copied >= before, "{copied} of {before}");
        }
        enough.store(true, Ordering::SeqCst);
    });
    let copy = copies.path().join("4.db");
    let mut copied = Store::open(&copy).expect("a database");
    let check: String =
        copied.connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
    assert_eq!(check, "ok");
    let next = copied.load().expect("loaded").last_id.0 + 1;
    copied.save(&[said(at(next), "bob", "#lobby", "it goes on")]).expect("saved");
}

#[test]
fn nothing_is_written_over_and_nothing_is_made_of_nothing() {
    let room = Room::with(&[said(at(1), "bob", "#lobby", "hello")]);
    let taken = room.directory.path().join("taken");
    fs::write(&taken, "precious").expect("written");
    assert!(backup(&room.path(), &taken).is_err());
    assert_eq!(fs::read(&taken).expect("read"), b"precious");
    let none = room.directory.path().join("none.db");
    assert!(matches!(backup(&none, &room.directory.path().join("copy")), Err(StoreError::Missing { .. })));
    assert!(!none.exists());
}
