//! A PostgreSQL server for one run: own folder, own port, own password; gone afterwards.

use std::env;
use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::machine;

const START_LIMIT: Duration = Duration::from_mins(1);

/// A running server; dropping it ends it and removes its folder.
pub(crate) struct Server {
    process: Child,
    folder: Folder,
    /// Address with user and password.
    pub(crate) url: String,
}

impl Server {
    /// Makes and starts a server with the program `postgres` at `program`.
    pub(crate) fn start(program: &Path) -> Result<Self> {
        let programs = program.parent().context("the folder of postgres")?;
        let account = Account::find()?;
        let folder = Folder::make(account)?;
        let password = random_word()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();

        let (data, secret) = (folder.0.join("data"), folder.0.join("password"));
        fs::write(&secret, &password)?;
        account.own(&secret)?;
        let mut initdb = account.command(&programs.join("initdb"), &folder);
        initdb.args(["--username=mlatho", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        initdb.arg("--pgdata").arg(&data).arg("--pwfile").arg(&secret).stdout(Stdio::null());
        machine::run(&mut initdb)?;

        let mut server = account.command(program, &folder);
        server.arg("-D").arg(&data).arg("-k").arg(&folder.0).args(["-p", &port.to_string()]);
        for setting in ["listen_addresses=127.0.0.1", "fsync=off", "full_page_writes=off", "max_connections=200"] {
            server.args(["-c", setting]);
        }
        let log = fs::File::create(folder.0.join("log"))?;
        let process = server.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        let url = format!("postgres://mlatho:{password}@127.0.0.1:{port}/postgres");
        let mut server = Self { process, folder, url };
        server.wait_until_ready(&programs.join("pg_isready"), port)?;
        Ok(server)
    }

    fn wait_until_ready(&mut self, probe: &Path, port: u16) -> Result<()> {
        let started = Instant::now();
        while started.elapsed() < START_LIMIT {
            let mut ask = Command::new(probe);
            ask.args(["--quiet", "--host=127.0.0.1", "--port", &port.to_string()]);
            if ask.status().with_context(|| probe.display().to_string())?.success() {
                return Ok(());
            }
            if self.process.try_wait()?.is_some() {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("PostgreSQL did not start:\n{}", fs::read_to_string(self.folder.0.join("log"))?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGINT asks for a fast, orderly end; a server that cannot be asked is killed.
        let asked = Command::new("kill").args(["-INT", &self.process.id().to_string()]).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

/// The account that the server runs under; PostgreSQL refuses root.
#[derive(Clone, Copy)]
struct Account(Option<u32>);

impl Account {
    fn find() -> Result<Self> {
        if !machine::is_root() {
            return Ok(Self(None));
        }
        let other = ["postgres", "nobody"].into_iter().find_map(|name| machine::user_id(Some(name)));
        ensure!(other.is_some(), "PostgreSQL refuses to run as root, and there is no user postgres or nobody");
        Ok(Self(other))
    }

    fn own(self, path: &Path) -> Result<()> {
        Ok(chown(path, self.0, None)?)
    }

    fn command(self, program: &Path, folder: &Folder) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&folder.0);
        if let Some(id) = self.0 {
            command.uid(id);
        }
        command
    }
}

/// A folder that only the server's account can enter, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn make(account: Account) -> Result<Self> {
        let folder = Self(env::temp_dir().join(format!("mlatho-postgres-{}", random_word()?)));
        fs::DirBuilder::new().mode(0o700).create(&folder.0)?;
        account.own(&folder.0)?;
        Ok(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// 16 random bytes in hexadecimal.
fn random_word() -> Result<String> {
    let mut bytes = [0; 16];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_le_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_answers_and_leaves_nothing() {
        let Some(program) = machine::POSTGRES.find() else { return };
        let server = Server::start(&program).unwrap();
        let folder = server.folder.0.clone();
        let ask = |url: &str| {
            let mut psql = Command::new(program.with_file_name("psql"));
            psql.args(["--no-align", "--tuples-only", "--command", "SELECT 6 * 7", url]).output().unwrap()
        };
        assert_eq!(ask(&server.url).stdout, b"42\n");
        assert!(!ask(&server.url.replace("mlatho:", "mlatho:x")).status.success(), "any password is taken");
        let url = server.url.clone();
        drop(server);
        assert!(!folder.exists() && !ask(&url).status.success());
    }
}
