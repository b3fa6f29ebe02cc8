//! What some tests need of the machine: programs, and the right to mount a file system. No test passes without
//! what it needs: it fails, and `./test` knows by name which tests to leave out.

use std::env;
use std::thread;

/// One need and one test a line; `./test` reads it, too.
const NEEDS: &str = include_str!("../needs");

/// Fails where a program is missing.
pub(crate) fn require_program(program: &str) {
    let found = env::var_os("PATH")
        .is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()));
    require(program, found);
}

/// Fails where a need is not met, and where the list does not say that this test has it.
pub(crate) fn require(need: &str, met: bool) {
    let current = thread::current();
    // Where tests run one at a time they run in the main thread, which does not know which test it is.
    let test = current.name().filter(|name| *name != "main");
    let named = test.is_none_or(|test| pairs().any(|pair| pair == (need, test)));
    assert!(named, "tests/e2e/needs has to say that this test needs {need}");
    assert!(met, "this test needs {need}: ./test installs it, or leaves this test out and says so");
}

fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = NEEDS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| {
        let (need, test) = line.split_once(' ').expect("a line has a need and a test");
        (need, test.trim())
    })
}

#[test]
fn every_test_that_the_list_of_needs_names_is_there() {
    let this = env::current_exe().expect("a running program has a path");
    let listed = std::process::Command::new(this).arg("--list").output().expect("it can run again");
    let listed = String::from_utf8(listed.stdout).expect("names are UTF-8");
    for (_, test) in pairs() {
        assert!(listed.lines().any(|line| line == format!("{test}: test")), "there is no {test}");
    }
}
