//! Every transcript in `tests/transcripts`, run as it stands, and once more with every batch applied, taken back and
//! applied again. With `UPDATE=1` the files are written as they would have to be.

use std::path::{Path, PathBuf};

use chat_sim::transcript::check;

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    let entries = std::fs::read_dir(folder).expect("the folder of transcripts is beside this file");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("readable").path()).collect();
    files.sort();
    files
}

fn check_all(doubles: bool) {
    let mut problems = String::new();
    for file in files() {
        let text = std::fs::read_to_string(&file).expect("a transcript is text");
        let outcome = check(&text, doubles);
        let wrong = outcome.text != text || !outcome.problems.is_empty();
        if !doubles && outcome.text != text && std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, outcome.text).expect("the transcript can be written");
        }
        if wrong {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            problems.push_str(&format!("{name}:\n{}\n", outcome.problems.join("\n")));
        }
    }
    assert!(problems.is_empty(), "\n{problems}");
}

#[test]
fn everybody_sees_what_the_transcripts_say() {
    check_all(false);
}

#[test]
fn nobody_notices_batches_that_were_taken_back() {
    check_all(true);
}

#[test]
fn a_transcript_that_is_wrong_is_told_so() {
    let cases = [
        ("bob ! plain\nbob > hi\n    bob | [14:02] <bob> hello\n", "    + bob | [14:02] <bob> hi\n"),
        ("bob ! plain\nbob > hi\n", "    + bob | [14:02] <bob> hi\n"),
        ("bob ! plain\nbob > /i\n    bob | *** One\n    bob | *** Two\n", "    - bob | *** Two\n"),
        ("bob > hi\n", "line 1: bob has not come yet"),
        ("bob ! morse\n", "line 1: nobody speaks Some(\"morse\")"),
        ("@ colour blue\n", "line 1: colour blue: there is no such setting"),
    ];
    for (text, problem) in cases {
        let problems = check(text, false).problems.join("\n");
        assert!(problems.contains(problem), "{text:?} gives:\n{problems}");
    }
}
