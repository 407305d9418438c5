//! `mlatho verify`, `backup`, `restore`, `tidy`; full and read-only disks; several programs at once.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::stocked::{done, link, project, run};
use crate::world::{Ran, World, program, ran};

fn verify(world: &World) -> Ran {
    ran(world.mlatho().args(["--project", "p", "--format", "json", "--quiet", "verify"]))
}

/// Verifies, and gives the codes of what is broken.
fn faults(world: &World) -> Vec<String> {
    let told: Value = serde_json::from_str(&verify(world).out).unwrap();
    told["faults"].as_array().unwrap().iter().map(|fault| fault["code"].as_str().unwrap().to_owned()).collect()
}

/// Every table, in an order of its own.
fn tables(world: &World) -> Vec<String> {
    let tables = ["observations", "observations_log", "findings", "org_units", "items", "links", "runs"];
    let all = tables.map(|table| done(world, ["sql", &format!("SELECT * FROM {table}"), "--format", "csv"]));
    all.map(|rows| {
        let mut rows: Vec<&str> = rows.lines().collect();
        rows.sort_unstable();
        rows.join("\n")
    })
    .to_vec()
}

#[test]
fn all_that_is_decided_is_in_the_audit_log_and_a_copy_restores_it() {
    let world = World::new();
    let _server = project(&world);
    link(&world, 1, &[]); // before there is a repository: the first run takes it in
    done(&world, ["run"]);
    link(&world, 3, &["--from", "2026-03-01"]);
    done(&world, ["run"]);
    done(&world, ["publish", "--confirm"]);
    let told: Value = serde_json::from_str(&verify(&world).out).unwrap();
    // Settings once; two links; the plan and what came of it.
    assert_eq!((&told["entries"], told["faults"].as_array().unwrap().len()), (&5.into(), 0), "{told}");
    world.write("p/mlatho.toml", world.read("p/mlatho.toml") + "\n# a word\n");
    done(&world, ["run"]);
    let told: Value = serde_json::from_str(&verify(&world).out).unwrap();
    assert_eq!(told["entries"], 6, "settings that changed");

    let whole = tables(&world);
    done(&world, ["backup", &world.path("copy").display().to_string()]);
    std::fs::remove_dir_all(world.path("p/data")).unwrap();
    let gone = run(&world, ["verify"]);
    assert!(gone.code == 1 && gone.messages.contains("[repository-missing]"), "{}", gone.messages);
    done(&world, ["restore", &world.path("copy").display().to_string()]);
    assert_eq!(tables(&world), whole);
    assert_eq!(faults(&world), [] as [&str; 0]);
    assert!(run(&world, ["publish"]).messages.contains("Nothing") || done(&world, ["publish"]).contains('0'));
    let again = run(&world, ["restore", &world.path("copy").display().to_string()]);
    assert!(again.code == 1 && again.messages.contains("[repository-not-empty]"), "{}", again.messages);
    done(&world, ["tidy", "--keep-days", "0"]);
    assert_eq!(tables(&world), whole);
    assert_eq!(faults(&world), [] as [&str; 0]);

    let decisions = world.read("p/mappings/decisions.csv");
    let shorter: Vec<&str> = decisions.lines().take(2).collect();
    world.write("p/mappings/decisions.csv", shorter.join("\n") + "\n");
    assert_eq!(faults(&world), ["verify-link-lost"]);
    assert_eq!(verify(&world).code, 1);
}

/// A month of a few hundred lines.
fn many(world: &World) {
    let rows: Vec<String> = (0..4000).map(|number| format!("S1,D7-{number},202601,{number}\n")).collect();
    world.write("p/inbox/many.csv", format!("site,product,month,used\n{}", rows.concat()));
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let world = World::new();
    let _server = project(&world);
    link(&world, 1, &[]);
    done(&world, ["run"]);
    many(&world);
    // Files of more than some kilobytes cannot be written, as on a full disk, at several places of the run.
    for kilobytes in [8, 24, 48, 96] {
        let limited = format!("trap '' XFSZ; ulimit -f {}; exec {} --project p run", kilobytes * 2, program());
        let mut full = assert_cmd::Command::new("sh");
        full.current_dir(world.path("")).env("MLATHO_LANGUAGE", "en").args(["-c", &limited]);
        let full = ran(&mut full);
        if full.code != 0 {
            assert!(full.code == 1 && full.messages.contains("[disk-unwritable]"), "{} {}", full.code, full.messages);
        }
    }
    done(&world, ["run"]);
    let count = done(&world, ["sql", "SELECT count(*) AS n FROM observations", "--format", "csv"]);
    assert_eq!(count, "n\n4004\n");
    assert_eq!(faults(&world), [] as [&str; 0]);
}

#[test]
fn a_read_only_disk_is_told() {
    let world = World::new();
    let _server = project(&world);
    done(&world, ["run"]);
    let before = tables(&world);
    world.write("p/inbox/b.csv", "site,product,month,used\nS2,D7,202602,7\n");
    let rights = |mode| {
        let everything = Command::new("chmod").args(["-R", mode]).arg(world.path("p/data")).status().unwrap();
        assert!(everything.success());
    };
    rights("a-w,a+rX");
    std::fs::set_permissions(world.path(""), std::fs::Permissions::from_mode(0o755)).unwrap();
    // The program may lie in a folder that only its owner enters.
    let here = world.path("mlatho");
    if std::fs::hard_link(program(), &here).is_err() {
        std::fs::copy(program(), &here).unwrap();
    }
    let mut refused = Command::new(here);
    refused.current_dir(world.path("")).env("MLATHO_LANGUAGE", "en").args(["--project", "p", "run"]);
    if is_root() {
        refused.uid(65534); // nobody: root may write everywhere
    }
    let output = refused.output().unwrap();
    let messages = String::from_utf8_lossy(&output.stderr).into_owned();
    rights("u+w");
    assert_eq!(output.status.code(), Some(1), "{messages}");
    assert!(messages.contains("[disk-unwritable]") || messages.contains("[file-unusable]"), "{messages}");
    assert_eq!(tables(&world), before);
    done(&world, ["run"]);
    assert_eq!(faults(&world), [] as [&str; 0]);
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

#[test]
fn a_damaged_file_is_named_and_nothing_else_is_lost() {
    let world = World::new();
    let _server = project(&world);
    done(&world, ["run"]);
    let file = world.path("p/data/warehouse/observations/ym=202601/part-1.parquet");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(faults(&world), ["verify-file-changed"]);
    world.write("p/inbox/b.csv", "site,product,month,used\nS2,D8,202601,7\n");
    let refused = run(&world, ["run"]);
    assert_eq!(refused.code, 1, "{}", refused.messages);
    assert!(
        refused.messages.contains("[repository-damaged]") && refused.messages.contains("part-1"),
        "{}",
        refused.messages
    );
    std::fs::write(&file, whole).unwrap();
    done(&world, ["run"]);
    let count = done(&world, ["sql", "SELECT count(*) AS n FROM observations", "--format", "csv"]);
    assert_eq!(count, "n\n5\n");
    assert_eq!(faults(&world), [] as [&str; 0]);
}

#[test]
fn several_programs_at_once_lose_and_double_nothing() {
    let world = World::new();
    let _server = project(&world);
    link(&world, 1, &[]);
    done(&world, ["run"]);
    many(&world);
    let line = {
        let args =
            ["--project", "p", "explain", "--format", "json", &crate::stocked::unit(1), "P1", "consumed", "202601"];
        ran(world.mlatho().args(args)).json()["rows"][0]["line"].as_str().unwrap().to_owned()
    };
    let start = |args: &[&str]| {
        let mut command = Command::new(program());
        command.current_dir(world.path("")).env("MLATHO_LANGUAGE", "en").args(["--project", "p"]).args(args);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let ask =
        |number: usize| start(&["review", "ask", &line, &format!("Question {number}"), "--reason", "r", "--by", "A"]);
    let runs = [start(&["run"]), start(&["run"])];
    let questions: Vec<_> = (0..6).map(ask).collect();
    for child in questions {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    for child in runs {
        let output = child.wait_with_output().unwrap();
        let messages = String::from_utf8_lossy(&output.stderr);
        // One of the two may have come while the other wrote; it says so.
        assert!(output.status.success() || messages.contains("[repository-busy]"), "{messages}");
    }
    done(&world, ["run"]);
    let count = done(&world, ["sql", "SELECT count(*) AS n FROM observations_log", "--format", "csv"]);
    assert_eq!(count, "n\n4004\n", "every line once");
    let list = ran(world.mlatho().args(["--project", "p", "--format", "json", "review", "follow-up"])).json();
    assert_eq!(list.as_array().unwrap().len(), 6);
    assert_eq!(faults(&world), [] as [&str; 0]);
}
