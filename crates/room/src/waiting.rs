//! What waits for a client that does not take it as fast as it comes. Whoever carries the bytes, sockets or the simulator,
//! keeps them in here.

use std::collections::VecDeque;

/// Bytes on their way out of one connection.
#[derive(Debug, Default)]
pub struct Waiting {
    /// In order.
    pub bytes: VecDeque<u8>,
    /// The loop wants to know when no more than so many are left.
    wanted: Option<usize>,
    closing: bool,
}

impl Waiting {
    /// See [`crate::Outbox::is_drained`].
    pub fn is_drained(&mut self, bytes_max: usize) -> bool {
        if self.closing || self.bytes.len() <= bytes_max {
            return true;
        }
        self.wanted = Some(bytes_max);
        false
    }

    /// Some have left. Whether the loop wants to know: then [`crate::Item::Drained`] is for it.
    pub fn took(&mut self) -> bool {
        let left = self.bytes.len();
        self.wanted.take_if(|wanted| left <= *wanted).is_some()
    }

    /// See [`crate::Outbox::close`].
    pub fn close(&mut self) {
        self.closing = true;
    }

    /// Whether nothing more is sent.
    pub fn is_closing(&self) -> bool {
        self.closing
    }

    /// See [`crate::Outbox::give_up`].
    pub fn give_up(&mut self, last_words: &[u8]) {
        let line = self.bytes.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        self.bytes.truncate(line);
        self.bytes.extend(last_words);
        self.bytes.shrink_to_fit();
        self.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_given_up_is_sent_the_line_under_way_and_the_last_words() {
        let mut waiting =
            Waiting { bytes: b"of a line\nnever\nsent\n".to_vec().into(), ..Waiting::default() };
        waiting.give_up(b"ERROR\n");
        assert_eq!(waiting.bytes, b"of a line\nERROR\n");
        assert!(waiting.is_closing() && waiting.is_drained(0));
    }

    #[test]
    fn the_loop_is_told_once_and_only_if_it_asked() {
        let mut waiting = Waiting { bytes: vec![b'x'; 10].into(), ..Waiting::default() };
        assert!(!waiting.took() && !waiting.is_drained(4));
        waiting.bytes.truncate(5);
        assert!(!waiting.took());
        waiting.bytes.truncate(4);
        assert!(waiting.took() && !waiting.took() && waiting.is_drained(4));
    }
}
