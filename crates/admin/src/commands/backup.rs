//! `backup FILE`: a whole copy of the database, also of one that is in use.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;
use tempfile::Builder;

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Place;
use crate::record;
use crate::text::visible;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file to make, for your eyes only: it holds whispers and the hashes of passwords
    file: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(args: &Args, place: &Place, console: &mut Console) -> Result<(), Failure> {
    let database = place.database()?;
    let reader = chat_store::Reader::open(&database)?;
    let shown = args.file.display().to_string();
    // Once more when it is put in its place; but nobody should wait for a large copy to learn this.
    if !args.force && args.file.symlink_metadata().is_ok() {
        return Err(exists(&shown));
    }
    let folder = match args.file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let failed = |error: io::Error| Failure::refused("IO", format!("cannot write {shown}: {error}"));
    // Readable by its owner alone from the beginning, and gone if anything goes wrong.
    let copy = Builder::new().prefix(".chat-backup-").tempfile_in(folder).map_err(failed)?;
    record::audit(["backup", &shown, ""], place, (&reader, &database), console)?;
    reader.copy_into(copy.path())?;
    copy.as_file().sync_all().map_err(failed)?;
    let placed = if args.force { copy.persist(&args.file) } else { copy.persist_noclobber(&args.file) };
    placed.map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => exists(&shown),
        _ => failed(error.error),
    })?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
    let bytes = fs::metadata(&args.file).map_err(failed)?.len();
    if console.json {
        return console.object(&json!({ "done": true, "file": shown, "bytes": bytes }));
    }
    Ok(console.line(&format!("{} holds everything until now ({})", visible(&shown), size(bytes)))?)
}

fn exists(shown: &str) -> Failure {
    Failure::refused("FILE_EXISTS", format!("{shown} is there already"))
}

/// In the unit that makes it a short number.
fn size(bytes: u64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"];
    let mut amount = bytes as f64 / 1024.0;
    let mut unit = 0;
    while amount >= 1000.0 && unit + 1 < units.len() {
        (amount, unit) = (amount / 1024.0, unit + 1);
    }
    format!("{amount:.1} {}", units[unit])
}
