//! Losing the connection, getting it back, and leaving for good.

use chat_model::id::Time;
use chat_model::phrase;
use chat_model::sentence;

use super::line::What;
use super::{Effect, Phase, Session};

/// Seconds between two tries to connect, at most.
const PAUSE_S_MAX: u64 = 60;
/// Tries in a row that a script makes.
const SCRIPT_TRIES_MAX: u32 = 8;
/// Milliseconds of silence after which the server is asked whether it is there, and again until it is given up.
const SILENCE_MS_MAX: i64 = 45_000;
/// Milliseconds that confirmations may still take when the user wants to leave.
const GOODBYE_MS_MAX: i64 = 5_000;

/// Exit status: everything asked for was done.
const EXIT_DONE: u8 = 0;
/// Exit status: something was refused or could not be sent.
const EXIT_REFUSED: u8 = 1;
/// Exit status: what was asked for cannot be meant.
const EXIT_USAGE: u8 = 2;
/// Exit status: there is no connection to be had.
const EXIT_NO_CONNECTION: u8 = 3;

/// How far the user is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Leaving {
    /// Stays.
    No,
    /// Ctrl-C was pressed once.
    Hinted,
    /// Wants to go, once everything is confirmed.
    Wanted { since: Time, reason: Option<String>, asked: bool },
    /// QUIT is sent.
    Quit { since: Time },
}

impl Session {
    /// Goes on as soon as everything is sent and confirmed.
    pub(super) fn leave(&mut self, reason: Option<String>) {
        match self.leaving {
            Leaving::No | Leaving::Hinted => {
                self.leaving = Leaving::Wanted { since: self.now, reason, asked: false };
            }
            // Asked for twice: at once.
            Leaving::Wanted { .. } | Leaving::Quit { .. } if self.options.interactive => self.exit(),
            Leaving::Wanted { .. } | Leaving::Quit { .. } => {}
        }
    }

    pub(super) fn interrupted(&mut self) {
        if self.question.is_some() {
            self.answered(None);
        } else if self.leaving == Leaving::No {
            self.leaving = Leaving::Hinted;
            let text = phrase!(
                self.language(),
                en = "ctrl-c once more, ctrl-d or /quit to leave",
                zh = "再按一次 Ctrl-C，或按 Ctrl-D，或输入 /quit 退出",
            );
            self.info(text);
        } else {
            self.leave(None);
        }
    }

    /// The user does something else, so the last ctrl-c was not meant.
    pub(super) fn stays(&mut self) {
        if self.leaving == Leaving::Hinted {
            self.leaving = Leaving::No;
        }
    }

    /// Whether the user has said goodbye.
    pub(super) fn is_leaving(&self) -> bool {
        matches!(self.leaving, Leaving::Wanted { .. } | Leaving::Quit { .. })
    }

    /// Sends QUIT when nothing is left to wait for.
    pub(super) fn leave_when_done(&mut self) {
        let Leaving::Wanted { since, reason, asked } = self.leaving.clone() else { return };
        if self.phase == Phase::Offline && self.options.interactive {
            self.exit();
        } else if self.phase != Phase::Online
            || self.stepping
            || !self.outbox.is_empty()
            || !self.kept.is_empty()
        {
            // A script's lines are worth waiting for.
        } else if !asked {
            // The PONG comes behind the answers to everything before, also to commands that have no receipt.
            self.call("PING", &["goodbye"]);
            self.leaving = Leaving::Wanted { since, reason, asked: true };
        }
    }

    /// The server has answered everything.
    pub(super) fn answered_all(&mut self) {
        if let Leaving::Wanted { reason, asked: true, .. } = self.leaving.clone() {
            self.quit(reason.as_deref());
        }
    }

    fn quit(&mut self, reason: Option<&str>) {
        self.call("QUIT", &[reason.unwrap_or("leaving")]);
        self.leaving = Leaving::Quit { since: self.now };
    }

    /// Whether the last thing to be said is said.
    pub(super) fn is_quitting(&self) -> bool {
        matches!(self.leaving, Leaving::Quit { .. })
    }

    /// Ends the program without waiting for anything.
    pub(super) fn exit_now(&mut self) {
        // A script may have had more to say.
        self.refused |= !self.is_leaving();
        // The server may have taken us already, and shown us to others, when we do not know yet.
        if self.phase > Phase::Offline {
            self.quit(None);
        }
        self.exit();
    }

    /// Ends the program. What was not sent is told.
    pub(super) fn exit(&mut self) {
        let unsent = self.outbox.len() + self.kept.len();
        if unsent > 0 {
            let text = sentence!(
                self.language(),
                en = "{unsent} of your lines could not be sent or confirmed",
                zh = "有 {unsent} 行没能发出，或没有得到确认",
            );
            self.error(text);
        }
        let refused = unsent > 0 || (self.refused && !self.options.interactive);
        self.out.push(Effect::Exit(if refused { EXIT_REFUSED } else { EXIT_DONE }));
    }

    /// Ends the program because there is no way to go on.
    pub(super) fn give_up(&mut self, why: impl Into<String>) {
        self.end(why, EXIT_NO_CONNECTION);
    }

    /// Ends the program because the server refused what was essential.
    pub(super) fn give_up_refused(&mut self, why: impl Into<String>) {
        self.end(why, EXIT_REFUSED);
    }

    /// Ends the program because it was not told what it needs.
    pub(super) fn give_up_usage(&mut self, why: impl Into<String>) {
        self.end(why, EXIT_USAGE);
    }

    fn end(&mut self, why: impl Into<String>, status: u8) {
        self.error(why);
        self.leaving = Leaving::Quit { since: self.now };
        self.out.push(Effect::Exit(status));
    }

    pub(super) fn lost(&mut self, why: &str) {
        let was = std::mem::replace(&mut self.phase, Phase::Offline);
        if self.is_quitting() {
            self.exit();
            return;
        }
        let said = self.last_error.take();
        let denied = said.is_some() && self.own_reason.is_none();
        let why = self.own_reason.take().or(said).unwrap_or_else(|| why.to_owned());
        self.outbox.doubt();
        self.past.interrupted();
        for channel in self.channels.values_mut() {
            channel.joined = false;
            channel.clear();
        }
        self.failures += 1;
        let (l, server) = (self.language(), &self.options.server);
        if !self.welcomed && denied {
            let text =
                sentence!(l, en = "{server} does not let you in: {why}", zh = "{server} 不让你进：{why}");
            self.give_up_refused(text);
        } else if !self.welcomed {
            self.give_up(sentence!(
                l,
                en = "cannot connect to {server}: {why}",
                zh = "无法连接 {server}：{why}"
            ));
        } else if !self.options.interactive && self.failures > SCRIPT_TRIES_MAX {
            self.give_up(sentence!(l, en = "gave up on {server}: {why}", zh = "放弃连接 {server}：{why}"));
        } else {
            self.try_again(was, &why);
        }
    }

    fn try_again(&mut self, was: Phase, why: &str) {
        let pause_s =
            1_u64.checked_shl(self.failures - 1).map_or(PAUSE_S_MAX, |pause| pause.min(PAUSE_S_MAX));
        let l = self.language();
        let what = match was {
            Phase::Offline => phrase!(l, en = "still no connection", zh = "仍未连上"),
            _ => phrase!(l, en = "the connection is lost", zh = "连接断开了"),
        };
        let text = sentence!(
            l,
            en = "{what} ({why}); next try in {pause_s} s, what you type is kept",
            zh = "{what}（{why}），{pause_s} 秒后重试，你输入的会先留着",
        );
        self.show(What::Connection { online: false, text });
        self.out.push(Effect::Connect { after_ms: pause_s * 1000 });
    }

    pub(super) fn tick(&mut self) {
        match self.leaving {
            Leaving::Wanted { since, .. } if self.options.interactive && self.late(since) => self.quit(None),
            Leaving::Quit { since } if self.late(since) => self.exit(),
            _ => {}
        }
        self.identifying_late();
        self.history_late();
        if self.phase == Phase::Offline || self.now.since(self.heard) < SILENCE_MS_MAX {
            return;
        }
        if self.pinged {
            let why =
                phrase!(self.language(), en = "the server does not answer any more", zh = "服务器不再回应");
            self.own_reason = Some(why.to_owned());
            self.out.push(Effect::Disconnect);
        } else {
            self.pinged = true;
            self.call("PING", &["there"]);
        }
        self.heard = self.now;
    }

    fn late(&self, since: Time) -> bool {
        self.now.since(since) >= GOODBYE_MS_MAX
    }
}
