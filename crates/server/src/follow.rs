//! LOG of administrators: the server's own log, as it was and as it grows. It is the one command of the shell: the
//! engine knows of no log.

use chat_model::call::Call;

use crate::logs::Ring;
use crate::seats::{Seat, Seats};

/// `LOG lines [follow]`
pub(crate) fn answer(seat: &mut Seat, ring: &Ring, call: &Call) -> Vec<u8> {
    let mut words = call.words();
    let Ok(count) = words.number::<usize>() else {
        let refused = r#"{"type":"refused","code":"INVALID_PARAMS","msg":"LOG needs a number of lines: LOG 100, or LOG 100 follow"}"#;
        return format!("{refused}\n").into_bytes();
    };
    let lines = ring.last(count);
    let mut answer = String::new();
    for line in &lines {
        answer.push_str(line);
    }
    seat.follows_log = words.next_word().is_some_and(|word| word.eq_ignore_ascii_case("follow"));
    if !seat.follows_log {
        answer.push_str(&format!("{{\"type\":\"done\",\"count\":{}}}\n", lines.len()));
    }
    answer.into_bytes()
}

/// Shows a new line to those who follow.
pub(crate) fn tell(seats: &mut Seats, line: &str) {
    let followers: Vec<_> = seats.all().filter(|seat| seat.follows_log).map(|seat| seat.id()).collect();
    for session in followers {
        seats.say(session, line.as_bytes());
    }
}
