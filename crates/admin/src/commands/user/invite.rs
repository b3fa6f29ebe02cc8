//! `user invite [--for 7d]`

use std::io;

use chat_model::id::Time;
use chat_model::invitation::InvitationCode;
use chat_model::sentence;
use serde_json::json;

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Location;
use crate::language::language;
use crate::when::{self, rfc3339};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How long the code can be used: "12 hours", "7d", "2 weeks"
    #[arg(long = "for", value_name = "TIME", default_value = "7d")]
    length: String,
}

pub(crate) fn run(args: &Args, location: &Location, console: &mut Console) -> Result<(), Failure> {
    let seconds = when::duration_s(&args.length, &console.now())?;
    let Ok(seconds) = u32::try_from(seconds) else {
        let length = &args.length;
        let text = sentence!(
            language(),
            en = "{length:?} is too long; a century is enough",
            zh = "{length:?} 太长了，一百年就够了",
        );
        return Err(Failure::Usage(text));
    };
    let code = InvitationCode::from_random(getrandom::u64().map_err(io::Error::from)?);
    location.server()?.order("INVITATION", &[code.expose(), &seconds.to_string()])?;
    let expires = Time(console.now().timestamp().as_millisecond()).plus(i64::from(seconds) * 1000);
    let code = code.expose();
    if console.json {
        return console.object(&json!({ "code": code, "expires": rfc3339(expires) }));
    }
    let text = sentence!(
        language(),
        en = "{code} makes one account, until {until}. Whoever you give it to types\n  \
              /register PASSWORD {code}\n\
              or, in IRC clients that do not know /register,\n  \
              /msg NickServ REGISTER PASSWORD {code}",
        zh = "{code} 可以注册一个账号，有效期到 {until}。把它交给对方，对方输入\n  \
              /register 密码 {code}\n\
              不支持 /register 的 IRC 客户端则输入\n  \
              /msg NickServ REGISTER 密码 {code}",
        until = console.time(expires),
    );
    Ok(console.line(&text)?)
}
