//! Which files are opened, and what opening leaves behind.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rusqlite::Connection;

use super::{Room, at, said};
use crate::{Reader, Store, StoreError};

fn files(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(directory)
        .expect("a directory")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| (path.display().to_string(), fs::read(&path).expect("a file")))
        // SQLite's shared memory is scratch space for whoever is there, and an empty log says nothing.
        .filter(|(name, bytes)| !(name.ends_with("-shm") || name.ends_with("-wal") && bytes.is_empty()))
        .collect();
    files.sort();
    files
}

#[track_caller]
fn check_newer_is_refused_untouched(directory: &Path) {
    let path = directory.join("chat.db");
    let before = files(directory);
    let (writer, reader) = (Store::open(&path).map(|_| ()), Reader::open(&path).map(|_| ()));
    for error in [writer.expect_err("newer"), reader.expect_err("newer")] {
        assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error:?}");
        assert!(error.to_string().contains("written by a newer version"), "{error}");
        assert!(error.to_string().contains("was not touched"), "{error}");
    }
    assert!(files(directory) == before, "nothing was written");
}

#[test]
fn a_newer_database_is_refused_untouched() {
    let room = Room::with(&[said(at(1), "bob", "#lobby", "hi")]);
    room.store.connection.pragma_update(None, "user_version", 99).expect("set");
    room.store.close().expect("closed");
    check_newer_is_refused_untouched(room.directory.path());
}

#[test]
fn a_newer_database_that_crashed_is_refused_untouched() {
    let room = Room::with(&[said(at(1), "bob", "#lobby", "hi")]);
    room.store.connection.pragma_update(None, "user_version", 99).expect("set");
    let copy = tempfile::tempdir().expect("a temporary directory");
    for name in ["chat.db", "chat.db-wal"] {
        fs::copy(room.directory.path().join(name), copy.path().join(name)).expect("copied");
    }
    check_newer_is_refused_untouched(copy.path());
}

#[test]
fn a_file_that_is_no_database_is_refused_untouched() {
    for content in ["this is a shopping list, and not a short one: ".repeat(9), "short".to_owned()] {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("chat.db");
        fs::write(&path, &content).expect("written");
        let error = Store::open(&path).map(|_| ()).expect_err("no database");
        assert!(matches!(error, StoreError::NotADatabase { .. }), "{error:?}");
        assert_eq!(fs::read_to_string(&path).expect("read"), content);
    }
}

#[test]
fn a_database_of_another_program_is_refused_untouched() {
    let foreign = [
        "CREATE TABLE notes (text TEXT)",
        "PRAGMA user_version = 1",
        "PRAGMA application_id = 77",
        "CREATE TABLE meta (one); CREATE TABLE messages (x); PRAGMA user_version = 1",
        "PRAGMA application_id = 77; CREATE TABLE notes (text); PRAGMA user_version = 99",
    ];
    for statements in foreign {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("chat.db");
        Connection::open(&path).expect("new").execute_batch(statements).expect("valid");
        let before = files(directory.path());
        let (writer, reader) = (Store::open(&path).map(|_| ()), Reader::open(&path).map(|_| ()));
        for error in [writer.expect_err("foreign"), reader.expect_err("foreign")] {
            assert!(matches!(error, StoreError::Foreign { .. }), "{statements}: {error:?}");
            assert!(error.to_string().contains("of another program, and was not touched"), "{error}");
        }
        assert!(files(directory.path()) == before, "{statements}: nothing was written");
    }
}

#[test]
fn the_header_says_whose_the_file_is() {
    let room = Room::new();
    room.store.close().expect("closed");
    // Where SQLite keeps `application_id`: file format, section 1.3.
    let bytes = fs::read(room.directory.path().join("chat.db")).expect("read");
    assert_eq!(&bytes[68..72], b"CHAT");
}

#[test]
fn the_files_are_their_owners_alone() {
    let room = Room::with(&[said(at(1), "bob", "#lobby", "hi")]);
    let _reader = room.reader();
    for entry in fs::read_dir(room.directory.path()).expect("a directory") {
        let entry = entry.expect("an entry");
        let mode = entry.metadata().expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", entry.path().display());
    }
}

#[test]
fn errors_of_opening_say_what_to_do() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let missing = directory.path().join("chat.db");
    let error = Reader::open(&missing).map(|_| ()).expect_err("missing");
    assert!(error.to_string().contains("chat-server makes it"), "{error}");
    assert!(!missing.exists());

    let nowhere = directory.path().join("no/such/chat.db");
    let error = Store::open(&nowhere).map(|_| ()).expect_err("no directory");
    assert!(error.to_string().contains("check that its directory exists"), "{error}");

    fs::write(&missing, "").expect("written");
    let error = Reader::open(&missing).map(|_| ()).expect_err("empty");
    assert!(error.to_string().contains("there is nothing in"), "{error}");
}

#[test]
fn closing_leaves_one_file_with_everything_in_it() {
    let room = Room::with(&[said(at(1), "bob", "#lobby", "hi")]);
    let reader = room.reader();
    drop(reader);
    room.store.close().expect("closed");
    let names: Vec<_> = fs::read_dir(room.directory.path()).expect("a directory").collect();
    assert_eq!(names.len(), 1);
}

#[test]
fn what_crashed_is_there_after_it() {
    let room = Room::with(&[said(at(1), "bob", "#lobby", "hi")]);
    let copy = tempfile::tempdir().expect("a temporary directory");
    for name in ["chat.db", "chat.db-wal"] {
        fs::copy(room.directory.path().join(name), copy.path().join(name)).expect("copied");
    }
    let mut store = Store::open(&copy.path().join("chat.db")).expect("opened");
    let last_ids = [0; 2].map(|_| store.load().expect("loaded").last_id);
    assert!(last_ids[0] > at(1_000_000).id, "the server that crashed may have given more than it stored");
    assert!(last_ids[1] > last_ids[0], "and the next one may have stored nothing at all");
}

#[test]
fn a_reader_cannot_write() {
    let room = Room::new();
    let error = room.reader().connection.execute("DELETE FROM meta", []).expect_err("read-only");
    assert_eq!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::ReadOnly));
}
