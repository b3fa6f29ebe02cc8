//! What the server tells about itself: VERSION, TIME, ADMIN, INFO, LUSERS (RFC 2812 section 3.4).

use chat_model::call::Call;
use chat_model::reply::CommandReply;

use crate::cx::{Cx, Outcome};

pub(super) fn version(cx: &mut Cx<'_>, _call: &Call) -> Outcome {
    cx.reply(CommandReply::Version);
    Ok(())
}

pub(super) fn time(cx: &mut Cx<'_>, _call: &Call) -> Outcome {
    let now = cx.now;
    cx.reply(CommandReply::Time { now });
    Ok(())
}

pub(super) fn admin(cx: &mut Cx<'_>, _call: &Call) -> Outcome {
    cx.reply(CommandReply::Admin);
    Ok(())
}

pub(super) fn info(cx: &mut Cx<'_>, _call: &Call) -> Outcome {
    let started = cx.state.started;
    cx.reply(CommandReply::Info { started });
    Ok(())
}

pub(super) fn lusers(cx: &mut Cx<'_>, _call: &Call) -> Outcome {
    let counts = cx.state.counts();
    cx.reply(CommandReply::Lusers { counts });
    Ok(())
}
