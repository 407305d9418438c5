//! Tests on real data. It stands beside the checkout and never in it: some of it has no licence to be passed on.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test says what it does and fails by panicking"
)]

mod civ;
mod cstock;
mod dhis2;
mod faults;
mod malaria;
mod matching;
mod openlmis;
mod openlmis_api;
mod openlmis_orders;
mod openlmis_tables;
mod products;
mod reconciling;
mod rows;
mod scm;

use std::path::{Path, PathBuf};

/// The folder of a data set: below `$MLATHO_SHARED`, else below `../shared` beside the checkout. Nothing, where it is
/// not there; then it says so, and on a build server fails.
#[expect(clippy::disallowed_methods, reason = "where the data stands, and whether this is a build server")]
fn data_set(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("MLATHO_SHARED").map_or_else(beside, PathBuf::from);
    let folder = shared.join("data").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    let ci = std::env::var("CI").as_deref() == Ok("true");
    assert!(!ci, "{} must be there on a build server", folder.display());
    eprintln!("SKIPPED: put the shared material at ../shared or MLATHO_SHARED to test on {name}");
    None
}
