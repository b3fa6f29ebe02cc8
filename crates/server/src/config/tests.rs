//! The documented file, the table of keys and the code that reads them are one; and what is wrong is named.

use std::path::Path;

use super::Config;
use super::file::File;
use super::keys::{self, KEYS, Key, Range};

#[test]
fn the_documented_file_is_the_table_of_keys() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/chat-server.toml");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, keys::document()).expect("config/ can be written");
    }
    let shipped = std::fs::read_to_string(&path).expect("config/chat-server.toml is there");
    assert_eq!(shipped, keys::document(), "run the tests once with UPDATE_DOCS=1");
}

#[test]
fn the_documented_defaults_are_the_defaults() {
    let documented: File = toml::from_str(&keys::document()).expect("it parses");
    assert_eq!(format!("{documented:?}"), format!("{:?}", File::default()));
}

#[test]
fn every_documented_key_is_one_that_the_code_reads() {
    let commented = keys::document().replace("# [[", "[[");
    let mut text = String::new();
    for line in commented.lines() {
        let bare = line.strip_prefix("# ").unwrap_or(line);
        let is_key = KEYS.iter().any(|key| bare.starts_with(&format!("{} = ", key.name)));
        text.push_str(if is_key { bare } else { line });
        text.push('\n');
    }
    let file: File = toml::from_str(&text).expect("every key is known");
    assert_eq!(file.listen.map(|all| all.len()), Some(1));
    assert_eq!(file.operator.len(), 1);
}

#[test]
fn what_is_wrong_is_named_with_what_to_do() {
    let cases = [
        ("[server]\nnmae = \"x.y\"", "unknown key \"nmae\" under [server]: did you mean \"name\"?"),
        ("[sever]\nname = \"x.y\"", "unknown table \"sever\": did you mean \"server\"?"),
        ("[server]\nname = 3", "line 2, column 8: name: invalid type: integer `3`, expected a string"),
        ("[server]\nlobby = \"lobby\"", "lobby under [server] is \"lobby\": a channel name begins with #"),
        (
            "[limits]\nline = \"long\"",
            "line 2, column 8: line: \"long\" is not a size: write \"16 KiB\" or \"1 MiB\"",
        ),
        (
            "[limits]\nping_timeout = \"soon\"",
            "line 2, column 16: ping_timeout: \"soon\" is not a duration: write \"90d\", \"2m\" or \"1h 30m\"",
        ),
        (
            "[metrics]\naddress = \"9100\"",
            "address under [metrics] is \"9100\": it must be an IP address and a port, such as 127.0.0.1:9100",
        ),
        (
            "[[operator]]\nname = \"a\"\npassword_hash = \"hunter2\"",
            "password_hash of operator \"a\" is no password hash: take what chat-server --hash-password prints",
        ),
    ];
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("chat-server.toml");
    for (text, expected) in cases {
        std::fs::write(&path, text).expect("written");
        let error = Config::load(Some(&path), Some(dir.path())).expect_err(text).to_string();
        assert_eq!(error, format!("{}: {expected}", path.display()));
    }
}

/// What the configuration says to a file with one key in it; nothing when it is right.
fn verdict(key: &Key, value: &str) -> Option<String> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("chat-server.toml");
    let mut text = format!("[{}]\n{} = {value}\n", key.table, key.name);
    if key.name == "line" {
        text.push_str("send_queue = \"1 GiB\"\n");
    } else if key.name == "send_queue" {
        text.push_str("line = \"512 B\"\n");
    }
    std::fs::write(&path, text).expect("written");
    Config::load(Some(&path), Some(dir.path())).err().map(|error| error.to_string())
}

#[test]
fn every_limit_has_a_floor_and_a_ceiling_and_says_so() {
    let in_table = |key: &&Key| key.table == "limits" && key.default != "true";
    assert!(KEYS.iter().filter(in_table).all(|key| !matches!(key.range, Range::Any)));
    for key in KEYS {
        let (floor, ceiling, inside, outside) = match key.range {
            Range::Any => continue,
            Range::Count(floor, ceiling) => (
                floor.to_string(),
                ceiling.to_string(),
                [floor.to_string(), ceiling.to_string()],
                vec![
                    (i64::from(floor) - 1).to_string(),
                    (i64::from(ceiling) + 1).to_string(),
                    i64::MAX.to_string(),
                ],
            ),
            Range::Size(floor, ceiling) => (
                floor.to_owned(),
                ceiling.to_owned(),
                [format!("{floor:?}"), format!("{ceiling:?}")],
                ["0 B", "1 B", "64", "9999 PiB"].map(|text| format!("{text:?}")).to_vec(),
            ),
            Range::Length(floor, ceiling) => (
                floor.to_owned(),
                ceiling.to_owned(),
                [format!("{floor:?}"), format!("{ceiling:?}")],
                if ceiling == "forever" { vec!["1ns"] } else { vec!["0s", "1ns", "90d", "forever"] }
                    .into_iter()
                    .map(|text| format!("{text:?}"))
                    .collect(),
            ),
        };
        for value in inside {
            assert_eq!(verdict(key, &value), None, "{} = {value}", key.name);
        }
        for value in outside {
            let why = verdict(key, &value).unwrap_or_default();
            let expected = format!(
                "{} under [{}] is {value}: it must be at least {floor} and at most {ceiling}",
                key.name, key.table
            );
            assert!(why.ends_with(&expected), "{why:?} should be {expected:?}");
        }
    }
}

#[test]
fn a_send_queue_holds_what_one_person_says() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("chat-server.toml");
    std::fs::write(&path, "[limits]\nline = \"64 KiB\"\nsend_queue = \"128 KiB\"\n").expect("written");
    let error = Config::load(Some(&path), Some(dir.path())).expect_err("too small").to_string();
    let expected =
        "send_queue under [limits] is 131072 bytes: it must be at least 4 times line, which is 65536 bytes";
    assert!(error.ends_with(expected), "{error}");
}
