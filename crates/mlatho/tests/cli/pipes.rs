//! Whoever reads our output may stop reading.

use std::io::Read;
use std::process::{Command, Stdio};

use crate::world::{World, program};

/// Runs the program, reads ten bytes of what it prints and closes the pipe. Gives exit code and messages.
fn head(world: &World, args: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(program());
    command.current_dir(world.path(".")).args(args).env("MLATHO_LANGUAGE", "en");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut some = [0; 10];
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut some).unwrap();
    drop(out);
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_closed_pipe_is_no_error() {
    let world = World::new();
    // More than any pipe holds, so that the program is still writing when the pipe is closed.
    let rows: Vec<String> = (0..20_000).map(|n| format!("F{n},ACT,202601,10,0,4,0,0,3\n")).collect();
    let rows = rows.concat();
    let header = "facility,product,period,beginning_balance,received,consumed,adjustments,losses,closing_balance\n";
    world.write("ledger.csv", format!("{header}{rows}"));
    let points = |item: &str| {
        let rows: Vec<String> = (0..20_000).map(|n| format!("F{n},{item},202601,100\n")).collect();
        let rows = rows.concat();
        format!("org_unit,item,period,value\n{rows}")
    };
    world.write("c.csv", points("act"));
    world.write("s.csv", points("cases"));
    world.write("rule.toml", crate::comparing::RULE);
    for format in ["text", "csv", "json"] {
        let compare =
            ["compare", "--consumption", "c.csv", "--services", "s.csv", "--rule", "rule.toml", "--format", format];
        for args in [
            &["read", "c.csv", "--as", "csv", "--format", format][..],
            &["quality", "--ledger", "ledger.csv", "--format", format],
            &compare,
        ] {
            assert_eq!(head(&world, args), (Some(0), String::new()), "{args:?}");
        }
    }
}

#[test]
fn a_long_answer_may_be_cut_off() {
    let world = World::new();
    assert_eq!(world.run(["init", "p"]).code, 0);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let data = world.path("p/data");
    runtime.block_on(async {
        let repository = mlatho_pipeline::repository::Repository::open(&data, None).await.unwrap();
        repository.close().await.unwrap();
    });
    for format in ["text", "csv", "json"] {
        let args = ["sql", "SELECT * FROM range(0, 200000)", "--project", "p", "--format", format];
        assert_eq!(head(&world, &args), (Some(0), String::new()), "{format}");
    }
}
