//! A folder of its own for each story, and the program run in it.

use tempfile::TempDir;

pub(crate) struct World(TempDir);

impl World {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).unwrap()
    }

    /// Runs the program, which must do what was asked.
    #[track_caller]
    pub(crate) fn run<const N: usize>(&self, args: [&str; N]) {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_mlatho"));
        command.current_dir(self.0.path()).env("MLATHO_LANGUAGE", "en").env_remove("MLATHO_LOG");
        command.args(args).assert().success();
    }
}
