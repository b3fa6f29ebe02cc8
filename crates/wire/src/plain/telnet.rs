//! What is said to telnet alone: answers to its negotiation, and that a password is not to be seen.

use chat_model::call::Call;
use chat_model::phrase;

use super::{Session, framer};
use crate::{Accepted, Context};

// RFC 857: a server that says it will echo, and does not, is how a password stays off the screen.
const ECHO_OFF: &[u8] = b"\xff\xfb\x01\r";
const ECHO_ON: &[u8] = b"\r\n\xff\xfc\x01\r";
/// The option that these are about.
const ECHO: u8 = 1;

impl Session {
    /// Says no to every option: who offers or asks for one may be waiting for the answer, with the output held back.
    pub(super) fn telnet(&mut self, call: &Call, cx: &Context, accepted: &mut Accepted) {
        self.telnet = true;
        let mut words = call.words();
        let mut number = || words.number::<u8>().ok();
        let answer = match (number(), number()) {
            // The answer to our own offer.
            (Some(framer::DO), Some(ECHO)) | (None, _) => return,
            (Some(framer::DO), Some(option)) => vec![framer::IAC, framer::WONT, option],
            (Some(framer::WILL), Some(option)) => vec![framer::IAC, framer::DONT, option],
            (Some(framer::INTERRUPT), _) => {
                let text = phrase!(cx.language, en = "/quit leaves.", zh = "/quit 退出。");
                return self.say_and_prompt(Some(text), cx, accepted);
            }
            (Some(_), _) => {
                let text = phrase!(cx.language, en = "Yes, the server is there.", zh = "服务器在。");
                return self.say_and_prompt(Some(text), cx, accepted);
            }
        };
        accepted.answer(answer);
    }

    /// What is typed next is not to be seen, where the client can see to that.
    pub(super) fn hide(&mut self, out: &mut Vec<u8>) {
        if self.telnet {
            out.extend_from_slice(ECHO_OFF);
            self.hides = true;
        }
    }

    /// What is typed may be seen again.
    pub(super) fn unhide(&mut self, out: &mut Vec<u8>) {
        if std::mem::take(&mut self.hides) {
            out.extend_from_slice(ECHO_ON);
        }
    }
}
