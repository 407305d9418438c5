//! Lists the catalogue files, so that a new file needs no line of code.
#![expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through environment variables")]

use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    let here = env::var("CARGO_MANIFEST_DIR")?;
    let mut list = String::from("&[\n");
    for language in ["en", "fr", "pt", "sw"] {
        let folder = Path::new(&here).join("locales").join(language);
        let mut files =
            fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, Box<dyn Error>>>()?;
        files.retain(|path| path.extension().is_some_and(|extension| extension == "ftl"));
        files.sort();
        for path in files {
            // From the crate on: a target folder may be used by several checkouts.
            let name =
                path.file_name().and_then(|name| name.to_str()).ok_or("the name of a catalogue file is no UTF-8")?;
            let path = format!("/locales/{language}/{name}");
            writeln!(list, "    ({language:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),")?;
        }
    }
    list.push(']');
    fs::write(Path::new(&env::var("OUT_DIR")?).join("catalogue.rs"), list)?;
    Ok(())
}
