//! Lets a test stop the process at a step of the ingest protocol, as a power cut would.

/// The steps of the ingest protocol, in order. `month-*` come once for each touched month.
pub const STEPS: [&str; 11] = [
    "run-begun",
    "rows-spilled",
    "terms-saved",
    "log-committed",
    "log-recorded",
    "month-merged",
    "month-file-written",
    "month-observations-committed",
    "month-findings-committed",
    "month-recorded",
    "run-finished",
];

/// Ends the process if the environment variable `MLATHO_TEST_KILL_AT` names this step, or `<step>:<n>` its n-th
/// passage (from 1). Does nothing in builds without debug assertions.
pub(crate) fn step(name: &'static str) {
    if !cfg!(debug_assertions) {
        return;
    }
    debug_assert!(STEPS.contains(&name), "{name} is a listed step");
    #[expect(clippy::disallowed_methods, reason = "set by a test for one process; never in a release build")]
    let Ok(wanted) = std::env::var("MLATHO_TEST_KILL_AT") else { return };
    let (step, passage) = wanted.split_once(':').unwrap_or((&wanted, "1"));
    if step == name {
        static PASSAGES: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let now = PASSAGES.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        if passage.parse() == Ok(now) {
            std::process::abort();
        }
    }
}
