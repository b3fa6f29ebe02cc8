//! Killed at a moment when the file has no write-ahead log yet: at the first start, after a backup was restored, at an
//! upgrade. Each image of the disk is made by SQLite itself.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, ffi};
use tempfile::TempDir;

use super::{Room, at, conversation, said};
use crate::{Reader, Store, StoreError, backup};

const FIRST_LAYOUT: &str = include_str!("../../../../migrations/0001_initial.sql");

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

fn database(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("chat.db")
}

/// What is left of `before` when the power goes after SQLite has changed it to a write-ahead log, and before it has
/// taken away the rollback journal: it must not be believed.
fn killed_while_changing_to_wal(before: &Path) -> TempDir {
    let (work, image) = (folder(), folder());
    fs::copy(before, database(&work)).expect("copied");
    let connection = Connection::open(database(&work)).expect("a database");
    // A journal that nobody waits for counts from its first byte.
    connection.execute_batch("PRAGMA synchronous = OFF; BEGIN IMMEDIATE;").expect("begun");
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).expect("read");
    connection.pragma_update(None, "user_version", version).expect("the first page is in the journal");
    let journal = work.path().join("chat.db-journal");
    fs::copy(journal, image.path().join("chat.db-journal")).expect("there is a journal");
    connection.execute_batch("ROLLBACK").expect("rolled back");
    let mode: String =
        connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).expect("changed");
    assert_eq!(mode, "wal");
    connection.close().expect("closed");
    fs::copy(database(&work), database(&image)).expect("copied");
    check_is_unfinished(&image);
    image
}

/// The image is what it should be: whoever may not write cannot read it.
fn check_is_unfinished(image: &TempDir) {
    let look = Connection::open_with_flags(database(image), OpenFlags::SQLITE_OPEN_READ_ONLY)
        .and_then(|connection| connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0)));
    let code = look.expect_err("a hot journal").sqlite_error().map(|error| error.extended_code);
    assert_eq!(code, Some(ffi::SQLITE_READONLY_ROLLBACK));
}

/// A file as an older program left it: of the first layout, without a write-ahead log.
fn of_the_first_layout() -> TempDir {
    let old = folder();
    let connection = Connection::open(database(&old)).expect("a new database");
    connection.execute_batch(FIRST_LAYOUT).expect("valid");
    let rows = "
        INSERT INTO targets (id, name, channel, shown) VALUES (1, '#lobby', '#lobby', '#lobby');
        INSERT INTO messages (target, id, kind, nick, username, host, bot, text)
        VALUES (1, 1048576, 'PRIVMSG', 'bob', 'user', 'host.example', 0, 'before');
        UPDATE meta SET last_id = 1048576;
        PRAGMA user_version = 1;";
    connection.execute_batch(rows).expect("valid");
    old
}

fn copy_of(room: &Room) -> TempDir {
    let copy = folder();
    backup(&room.path(), &database(&copy)).expect("copied");
    copy
}

/// The server starts from there, and all is as it was.
#[track_caller]
fn check_starts(directory: TempDir, texts: &[&str]) {
    let mut store = Store::open(&database(&directory)).expect("opened");
    let last_id = store.load().expect("loaded").last_id.0;
    let mut room = Room { directory, store };
    assert_eq!(room.texts(conversation("#lobby")), texts);
    room.save(&[said(at(last_id + 1), "bob", "#lobby", "it goes on")]);
    assert_eq!(room.texts(conversation("#lobby")).len(), texts.len() + 1);
    let check: String =
        room.store.connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
    assert_eq!(check, "ok");
}

#[test]
fn a_first_start_that_was_killed_is_a_first_start_again() {
    let empty = folder();
    fs::write(database(&empty), "").expect("written");
    let image = killed_while_changing_to_wal(&database(&empty));
    let error = Reader::open(&database(&image)).map(|_| ()).expect_err("nothing in it");
    assert!(matches!(error, StoreError::Empty { .. }), "{error:?}");
    check_starts(killed_while_changing_to_wal(&database(&empty)), &[]);
}

#[test]
fn a_restored_backup_whose_first_start_was_killed_is_whole() {
    let room = Room::with(&[said(at(1), "bob", "#lobby", "before")]);
    let copy = copy_of(&room);
    // As a backup was before it was brought to the write-ahead log at once.
    let connection = Connection::open(database(&copy)).expect("a database");
    connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).expect("changed");
    connection.close().expect("closed");
    check_starts(killed_while_changing_to_wal(&database(&copy)), &["before"]);
    let image = killed_while_changing_to_wal(&database(&copy));
    Reader::open(&database(&image)).expect("who only reads takes back what was not finished, too");
}

#[test]
fn an_upgrade_that_was_killed_is_made_again() {
    let old = of_the_first_layout();
    check_starts(killed_while_changing_to_wal(&database(&old)), &["before"]);
    check_starts(old, &["before"]);
}

#[test]
fn a_backup_has_its_write_ahead_log_and_passes_no_such_moment() {
    let copy = copy_of(&Room::with(&[said(at(1), "bob", "#lobby", "before")]));
    // File format, section 1.3: the versions for writing and reading are 2 with a write-ahead log.
    assert_eq!(fs::read(database(&copy)).expect("read")[18..20], [2, 2]);
    let names: Vec<_> = fs::read_dir(copy.path()).expect("a directory").collect();
    assert_eq!(names.len(), 1, "no side files");
    check_starts(copy, &["before"]);
}
