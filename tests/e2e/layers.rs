//! The arrows between the crates, read from their manifests: who may name whom.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Each crate and the crates of ours that it may depend on.
const ARROWS: &[(&str, &[&str])] = &[
    ("chat-model", &[]),
    ("chat-cli", &["chat-model"]),
    ("chat-engine", &["chat-model"]),
    ("chat-wire", &["chat-model"]),
    ("chat-store", &["chat-model"]),
    ("chat-room", &["chat-model", "chat-engine", "chat-wire", "chat-store"]),
    ("chat-server", &["chat-model", "chat-engine", "chat-wire", "chat-store", "chat-room", "chat-cli"]),
    ("chat-client", &["chat-model", "chat-wire", "chat-cli"]),
    ("chat-admin", &["chat-model", "chat-wire", "chat-store", "chat-cli"]),
    ("chat-sim", &["chat-model", "chat-engine", "chat-wire", "chat-store", "chat-room"]),
    ("chat-bench", &[]),
];

/// Tables of a manifest that name dependencies. What only tests need makes an arrow, too.
const DEPENDENCY_TABLES: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

#[test]
fn crates_depend_only_along_the_arrows() {
    let arrows: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates");
    for folder in fs::read_dir(crates).expect("the crates are there") {
        let manifest = folder.expect("it can be read").path().join("Cargo.toml");
        let Ok(text) = fs::read_to_string(&manifest) else { continue };
        let table: toml::Table = text.parse().expect("cargo has read it before");
        let name = table["package"]["name"].as_str().expect("a package has a name");
        let allowed = arrows.get(name).unwrap_or_else(|| panic!("{name} has no row among the arrows"));
        for dependency in ours(&table) {
            assert!(allowed.contains(&dependency), "{name} must not depend on {dependency}");
        }
    }
}

fn ours(manifest: &toml::Table) -> Vec<&str> {
    DEPENDENCY_TABLES
        .iter()
        .filter_map(|table| manifest.get(*table)?.as_table())
        .flat_map(|table| table.keys())
        .map(String::as_str)
        .filter(|name| name.starts_with("chat-"))
        .collect()
}
