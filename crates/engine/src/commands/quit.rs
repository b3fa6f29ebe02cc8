//! QUIT (Modern IRC).

use chat_model::call::Call;
use chat_model::reply::Farewell;

use crate::cx::{Cx, Outcome};
use crate::departure;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let reason = call.words().reason();
    departure::close(cx, cx.session, Farewell::Quit(reason));
    Ok(())
}
