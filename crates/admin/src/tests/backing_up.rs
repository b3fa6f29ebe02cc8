//! `backup`, with a server and without.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

use super::fake::FakeServer;
use super::offline::talk;
use super::{check, run};

/// What is in a folder, by name.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name in UTF-8"))
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_private_whole_and_on_record() {
    let (directory, copies) = (talk(), tempfile::tempdir().expect("a temporary directory"));
    let copy = copies.path().join("chat.db");
    let outcome = run(directory.path(), &format!("backup {}", copy.display()));
    assert_eq!(outcome.status, 0, "{}", outcome.output);
    let bytes = fs::metadata(&copy).expect("it is there").len();
    assert_eq!(outcome.output, format!("everything up to now is in {} ({bytes} bytes)\n", copy.display()));
    assert_eq!(fs::metadata(&copy).expect("it is there").permissions().mode() & 0o777, 0o600);
    assert_eq!(names(copies.path()), ["chat.db"]);
    for line in ["history --json", "user list", "bans", "audit --json"] {
        let (original, copied) = (run(directory.path(), line), run(copies.path(), line));
        assert_eq!((original.status, original.output), (copied.status, copied.output), "{line}");
    }
    let audit = run(copies.path(), "audit --json").output;
    let row: serde_json::Value = serde_json::from_str(&audit).expect("one row");
    assert_eq!((&row["kind"], &row["target"]), (&"backup".into(), &copy.display().to_string().into()));
}

#[test]
fn a_running_server_puts_the_backup_on_record() {
    let (directory, copies) = (talk(), tempfile::tempdir().expect("a temporary directory"));
    let server = FakeServer::start(directory.path(), &[&[r#"{"type":"done","count":1}"#]]);
    let copy = copies.path().join("copy.db");
    let outcome = run(directory.path(), &format!("backup --json {}", copy.display()));
    let file = copy.display();
    assert_eq!(server.requests(), [format!(r#"{{"verb":"AUDIT","words":["backup","{file}",""]}}"#)]);
    let bytes = fs::metadata(&copy).expect("it is there").len();
    let expected = format!("{{\"done\":true,\"count\":1,\"file\":\"{file}\",\"bytes\":{bytes}}}\n");
    assert_eq!((outcome.status, outcome.output), (0, expected));
}

#[test]
fn what_is_there_is_kept_unless_it_may_be_replaced() {
    let (directory, copies) = (talk(), tempfile::tempdir().expect("a temporary directory"));
    let copy = copies.path().join("copy.db");
    fs::write(&copy, "precious").expect("written");
    let line = format!("backup {}", copy.display());
    let refused = run(directory.path(), &line);
    let expected = format!(
        "chat-admin: {} is there already; nothing was done\n  hint: --force replaces it\n",
        copy.display()
    );
    assert_eq!((refused.status, refused.output), (1, expected));
    assert_eq!(fs::read(&copy).expect("read"), b"precious");
    check(directory.path(), "audit", 0, "the audit log is empty\n");
    assert_eq!(run(directory.path(), &format!("{line} --force")).status, 0);
    assert_eq!(names(copies.path()), ["copy.db"]);
    assert_eq!(fs::metadata(&copy).expect("it is there").permissions().mode() & 0o777, 0o600);
}

#[test]
fn only_an_ordinary_file_is_ever_replaced() {
    let (directory, copies) = (talk(), tempfile::tempdir().expect("a temporary directory"));
    let path = |name: &str| copies.path().join(name);
    fs::write(path("precious"), "precious").expect("written");
    symlink(path("precious"), path("link")).expect("linked");
    symlink("/nowhere", path("dangling")).expect("linked");
    fs::create_dir(path("folder")).expect("made");
    let _socket = UnixListener::bind(path("socket")).expect("bound");
    let before = names(copies.path());
    for name in ["link", "dangling", "folder", "socket", "/dev/null"] {
        for force in ["", "--force"] {
            let outcome = run(directory.path(), &format!("backup {force} {}", path(name).display()));
            assert_eq!(outcome.status, 1, "{name} {force}: {}", outcome.output);
            assert!(outcome.output.contains("is no ordinary file"), "{name} {force}: {}", outcome.output);
        }
    }
    assert_eq!(names(copies.path()), before);
    assert_eq!(fs::read(path("precious")).expect("read"), b"precious");
    let outcome = run(directory.path(), "backup -");
    assert_eq!(outcome.status, 2);
    assert!(outcome.output.contains("not on standard output"), "{}", outcome.output);
    check(directory.path(), "audit", 0, "the audit log is empty\n");
}

#[test]
fn a_backup_that_failed_is_on_record_as_failed() {
    let (directory, copies) = (talk(), tempfile::tempdir().expect("a temporary directory"));
    // The copy cannot be made: the page with the messages is damaged.
    let database = directory.path().join("chat.db");
    let mut bytes = fs::read(&database).expect("read");
    let text = bytes.windows(5).position(|piece| piece == b"hello").expect("it was said");
    let page = text / 4096 * 4096;
    bytes[page..page + 4096].fill(0xff);
    fs::write(&database, bytes).expect("written");
    let outcome = run(directory.path(), &format!("backup {}/copy.db", copies.path().display()));
    assert_eq!(outcome.status, 1, "{}", outcome.output);
    assert!(outcome.output.contains("damaged"), "{}", outcome.output);
    assert!(names(copies.path()).is_empty());
    let audit = run(directory.path(), "audit --json").output;
    let kinds: Vec<_> = audit
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a row")["kind"].clone())
        .collect();
    assert_eq!(kinds, ["backup", "backup failed"], "{audit}");
}

#[test]
fn the_files_of_the_server_are_never_replaced() {
    let directory = talk();
    let before = fs::read(directory.path().join("chat.db")).expect("read");
    for name in ["chat.db", "chat.db-wal", "chat.db-shm"] {
        let outcome = run(directory.path(), &format!("backup --force {}/{name}", directory.path().display()));
        assert_eq!(outcome.status, 1, "{name}");
        assert!(outcome.output.contains("is the server's own"), "{}", outcome.output);
    }
    assert_eq!(fs::read(directory.path().join("chat.db")).expect("read"), before);
}

#[test]
fn a_backup_that_fails_leaves_nothing_behind() {
    let (directory, copies) = (talk(), tempfile::tempdir().expect("a temporary directory"));
    fs::create_dir_all(copies.path().join("folder/full")).expect("made");
    let refusal = r#"{"type":"refused","code":"STORAGE_UNAVAILABLE","msg":"nothing can be stored now"}"#;
    let server = FakeServer::start(directory.path(), &[&[refusal]]);
    let unrecorded = run(directory.path(), &format!("backup {}/copy.db", copies.path().display()));
    server.requests();
    fs::remove_file(directory.path().join("admin.sock")).expect("removed");
    let onto_folder = run(directory.path(), &format!("backup --force {}/folder", copies.path().display()));
    let nowhere = run(directory.path(), &format!("backup {}/none/copy.db", copies.path().display()));
    for (outcome, expected) in [
        (unrecorded, "nothing can be stored now"),
        (onto_folder, "is no ordinary file"),
        (nowhere, "cannot write"),
    ] {
        assert_eq!(outcome.status, 1, "{}", outcome.output);
        assert!(outcome.output.contains(expected), "{}", outcome.output);
    }
    assert_eq!(names(copies.path()), ["folder"]);
    let empty = tempfile::tempdir().expect("a temporary directory");
    assert_eq!(run(empty.path(), &format!("backup {}/copy.db", copies.path().display())).status, 3);
    assert_eq!(names(copies.path()), ["folder"]);
    assert!(names(empty.path()).is_empty());
}
