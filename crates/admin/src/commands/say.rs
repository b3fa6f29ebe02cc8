//! `say TARGET TEXT`

use chat_model::sentence;

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Location;
use crate::language::language;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A channel or a nickname; a shell wants the # in quotes: '#lobby'
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    target: String,
    /// What is said
    #[arg(required = true)]
    text: Vec<String>,
}

pub(crate) fn run(args: &Args, location: &Location, console: &mut Console) -> Result<(), Failure> {
    let count = location.server()?.order("SAY", &[&args.target, &args.text.join(" ")])?;
    let text = sentence!(language(), en = "said to {target}", zh = "已发到 {target}", target = args.target);
    console.done(&text, count)
}
