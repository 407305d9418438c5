//! A folder of its own for each test, and the program run in it.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

pub(crate) struct World {
    folder: TempDir,
}

/// How the program ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) messages: String,
}

impl World {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The program in this folder, speaking English.
    pub(crate) fn mlatho(&self) -> assert_cmd::Command {
        let mut command = assert_cmd::Command::new(program());
        command.current_dir(self.folder.path()).env("MLATHO_LANGUAGE", "en").env_remove("MLATHO_LOG");
        command
    }

    /// Runs the program with these arguments.
    pub(crate) fn run<const N: usize>(&self, args: [&str; N]) -> Ran {
        ran(self.mlatho().args(args))
    }
}

pub(crate) fn program() -> &'static str {
    env!("CARGO_BIN_EXE_mlatho")
}

pub(crate) fn ran(command: &mut assert_cmd::Command) -> Ran {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), out: text(output.stdout), messages: text(output.stderr) }
}

impl Ran {
    /// The output of a run that did what was asked and had nothing to say about it.
    #[track_caller]
    pub(crate) fn well(self) -> String {
        assert_eq!((self.code, self.messages.as_str()), (0, ""), "{}", self.out);
        self.out
    }

    /// The output as JSON.
    #[track_caller]
    pub(crate) fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.well()).unwrap()
    }
}
