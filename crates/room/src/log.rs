//! LOG of administrators: the server's own log, as it was and as it grows. It is the one command of the loop: the engine
//! knows of no log.

use chat_model::call::Call;
use chat_model::id::Time;
use chat_model::reply::Reply;
use chat_wire::Contexts;

use crate::connections::{Connection, Connections};
use crate::shell::{Outbox, Shell};

/// `LOG lines [follow]`
pub(crate) fn answer<S: Shell>(
    connection: &mut Connection<S::Outbox>,
    shell: &S,
    call: &Call,
    now: Time,
    cx: &Contexts,
) -> Vec<u8> {
    let mut words = call.words();
    let count = match words.number::<usize>() {
        Ok(count) => count,
        Err(refusal) => {
            let mut refused = Vec::new();
            connection.face.reply(&Reply::Refused { verb: "LOG".into(), refusal }, now, cx, &mut refused);
            return refused;
        }
    };
    let lines = shell.last_log_lines(count);
    let mut answer = String::new();
    for line in &lines {
        answer.push_str(line);
    }
    connection.follows_log = words.next_word().is_some_and(|word| word.eq_ignore_ascii_case("follow"));
    if !connection.follows_log {
        answer.push_str(&format!("{{\"type\":\"done\",\"count\":{}}}\n", lines.len()));
    }
    answer.into_bytes()
}

/// Shows a new line to those who follow.
pub(crate) fn show<O: Outbox>(connections: &mut Connections<O>, line: &str) {
    let following = connections.all().filter(|connection| connection.follows_log);
    let followers: Vec<_> = following.map(|connection| connection.id()).collect();
    for session in followers {
        connections.say(session, line.as_bytes());
    }
}
