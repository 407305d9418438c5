//! Where things stand: the checkout, the shared material, what is built and downloaded.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The top of the checkout.
pub(crate) fn checkout() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(here.ancestors().nth(2).context("the checkout of xtask")?.to_path_buf())
}

/// The shared material: `$MLATHO_SHARED`, else `../shared` beside the checkout; none, where neither is there.
pub(crate) fn shared() -> Result<Option<PathBuf>> {
    let folder = match env::var_os("MLATHO_SHARED") {
        Some(folder) => PathBuf::from(folder),
        None => checkout()?.with_file_name("shared"),
    };
    Ok(folder.is_dir().then(|| folder.canonicalize()).transpose()?)
}

/// Downloaded tools and data: `$XDG_CACHE_HOME/mlatho`, else `~/.cache/mlatho`.
pub(crate) fn cache() -> Result<PathBuf> {
    let caches = env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let caches = caches.or_else(|| Some(env::home_dir()?.join(".cache")));
    Ok(caches.context("neither XDG_CACHE_HOME nor HOME is set")?.join("mlatho"))
}

/// What cargo builds: `$MLATHO_TARGET_DIR`, else a folder of the cache, so that the checkout stays clean.
pub(crate) fn target() -> Result<PathBuf> {
    match env::var_os("MLATHO_TARGET_DIR") {
        Some(folder) => Ok(folder.into()),
        None => Ok(cache()?.join("target")),
    }
}
