//! CLOCK of administrators: the clock that was set is right, and what it has held up may go on.

use chat_model::call::Call;
use chat_model::reply::AdminReply;

use crate::cx::{Cx, Outcome};
use crate::effect::Effect;

pub(super) fn run(cx: &mut Cx<'_>, _call: &Call) -> Outcome {
    if !cx.state.clock_doubted {
        cx.reply(AdminReply::Done { count: 0 });
        return Ok(());
    }
    cx.audit("clock accept", "clock", "")?;
    cx.effects.push(Effect::BelieveClock);
    cx.reply(AdminReply::Done { count: 1 });
    Ok(())
}
