//! The message text that the load generator sends and recognises: fixed width, so that reading it is cheap.

use std::io::Write as _;
use std::time::Duration;

/// Bytes in each message text, as docs/performance.md defines the loads.
pub(crate) const TEXT_BYTES: usize = 80;

/// What stands before the target in a delivered message. The text has no spaces like these.
pub(crate) const MESSAGE_MARK: &[u8] = b" PRIVMSG ";

/// Who sent a message, which of theirs it is, and when (since the start of the load).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) sender: usize,
    pub(crate) sequence: usize,
    pub(crate) sent: Duration,
}

/// Appends one whole PRIVMSG line.
pub(crate) fn write(out: &mut Vec<u8>, channel: &str, stamp: Stamp) {
    let Stamp { sender, sequence, sent } = stamp;
    write!(out, "PRIVMSG {channel} :").expect("a Vec takes every byte");
    let text_start = out.len();
    write!(out, "{sender:06} {sequence:010} {:016} ", sent.as_nanos()).expect("a Vec takes every byte");
    out.resize(text_start + TEXT_BYTES, b'x');
    out.extend_from_slice(b"\r\n");
}

/// Reads the stamp of a delivered line, or nothing where the line is not of this load.
pub(crate) fn read(line: &[u8]) -> Option<Stamp> {
    let text_start = line.trim_ascii_end().len().checked_sub(TEXT_BYTES)?;
    let text = &line[text_start..];
    Some(Stamp {
        sender: number(&text[..6])?,
        sequence: number(&text[7..17])?,
        sent: Duration::from_nanos(number(&text[18..34])? as u64),
    })
}

fn number(digits: &[u8]) -> Option<usize> {
    digits.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + usize::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_survives_the_way_through_a_server() {
        let stamp = Stamp { sender: 39, sequence: 123_456, sent: Duration::from_nanos(9_876_543_210) };
        let mut sent = Vec::new();
        write(&mut sent, "#bench", stamp);
        assert_eq!(sent.len(), "PRIVMSG #bench :".len() + TEXT_BYTES + 2);
        let delivered = [b":nick!user@host ", sent.as_slice()].concat();
        assert_eq!(read(&delivered), Some(stamp));
        assert_eq!(read(b":nick!user@host PRIVMSG #bench :hello\r\n"), None);
    }
}
