//! Whether a message fits into a line as others see it. That line has the sender before it, which the sender's own line
//! had not, so it is longer.

use chat_model::call::Call;
use chat_model::refusal::Refusal;

use super::line::BODY_BYTES_MAX;
use super::pen::NICKSERV;
use super::session::Session;

impl Session {
    /// Refuses a message of which others would be shown only a part. As far as it is known here, that is: what is sent
    /// right behind a change of nickname may be too long all the same, and is then shown in two lines.
    pub(super) fn check_length(&self, call: &Call) -> Result<(), Refusal> {
        let mut words = call.words();
        let targets = words.next_word().unwrap_or_default();
        if !call.is("PRIVMSG") || !self.registered || targets.eq_ignore_ascii_case(NICKSERV) {
            return Ok(());
        }
        let text = words.next_rest().unwrap_or_default();
        let target_bytes = targets.split(',').map(str::len).max().unwrap_or_default();
        let around = ": PRIVMSG  :".len() + self.source_bytes + target_bytes;
        let bytes_max = BODY_BYTES_MAX.saturating_sub(around);
        if text.len() > bytes_max { Err(Refusal::TextTooLong { bytes_max }) } else { Ok(()) }
    }
}
