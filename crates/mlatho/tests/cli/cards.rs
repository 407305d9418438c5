//! Cards on a terminal: keys are typed into a pseudo-terminal, and the file of decisions is looked at.

use crate::reviewing::{run, world};
use crate::world::{Ran, World, program};

/// Types keys into the cards, through `script` of util-linux.
fn typed(world: &World, arguments: &str, keys: &str) -> Ran {
    let command = format!("{} --project p review links --interactive {arguments}", program());
    let mut script = assert_cmd::Command::new("script");
    script.current_dir(world.path("")).args(["--quiet", "--return", "--command", &command, "/dev/null"]);
    script.env("MLATHO_LANGUAGE", "en").env("NO_COLOR", "1").env("TERM", "xterm").env_remove("MLATHO_LOG");
    script.timeout(std::time::Duration::from_mins(2));
    crate::world::ran(script.write_stdin(keys.to_owned()))
}

#[cfg(target_os = "linux")]
#[test]
fn cards_are_decided_by_keys() {
    let world = world();
    // S1 with most records is not sure, then come the others; which one, the code in the file says.
    let ran = typed(&world, "--kind org-unit --by Officer", "nnot one of ours\rsn\rq");
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("Card 1 of 3") && ran.out.contains("Reason [Enter: not one of ours]:"), "{}", ran.out);
    assert!(ran.out.contains("2 decisions were kept"), "{}", ran.out);
    let kept = world.read("p/mappings/decisions.csv");
    let rows: Vec<&str> = kept.lines().skip(1).collect();
    assert_eq!(rows.len(), 2, "{kept}");
    for row in rows {
        assert!(
            row.contains(",Officer,,org-unit,accept,lmis,S") && row.ends_with(",,none,1,1,,,,not one of ours,person"),
            "{row}"
        );
    }
    // What was decided waits no longer, although nothing was run.
    let again = typed(&world, "--kind org-unit --by Officer", "q");
    assert!(again.out.contains("Card 1 of 1") && again.out.contains("0 decisions were kept"), "{}", again.out);
    assert_eq!(world.read("p/mappings/decisions.csv"), kept);
}

#[cfg(target_os = "linux")]
#[test]
fn an_item_is_accepted_with_the_factor_that_was_typed() {
    let world = world();
    let ran = typed(&world, "--kind item --by Officer", "1540\rpacks counted\rq");
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("The names suggest the factor 540"), "{}", ran.out);
    let kept = world.read("p/mappings/decisions.csv");
    assert!(kept.contains(",accept,lmis,D7,") && kept.contains(",equal,1,540,,,,packs counted"), "{kept}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_decision_that_cannot_hold_is_told_on_the_card() {
    let world = world();
    // A list that names the code too, but something else.
    world.write("p/mappings/items.csv", "source,source_id,item\nlmis,D7,P9\n");
    let ran = typed(&world, "--kind item --by Officer", "1540\rpacks counted\rsq");
    assert!(ran.out.contains("Not saved."), "{}", ran.out);
    assert!(!world.path("p/mappings/decisions.csv").exists());
}

#[test]
fn without_a_terminal_the_list_is_shown() {
    let world = world();
    let ran = run(&world, ["review", "links", "--interactive"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    assert!(ran.messages.contains("Cards need a terminal") && ran.out.contains("Kasolwe HC III"), "{}", ran.messages);
    let both = run(&world, ["review", "links", "--interactive", "--out", "sheet.csv"]);
    assert_eq!(both.code, 64);
}
