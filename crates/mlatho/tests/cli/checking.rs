//! `mlatho init` and `mlatho check`.

use mlatho_model::Period;
use mlatho_testkit::country::{Country, Server, Sources, Spec};

use crate::converting::project;
use crate::world::World;

const TOKEN: &str = "d2pat_for_this_test";

/// Part, name and outcome of each line.
fn outcomes(csv: &str) -> Vec<String> {
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("part,name,outcome,detail"));
    lines.map(|line| line.split(',').take(3).collect::<Vec<_>>().join(",")).collect()
}

/// Everything under a folder with its content.
fn contents(world: &World, folder: &str) -> Vec<(String, Vec<u8>)> {
    let mut waiting = vec![world.path(folder)];
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(path.read_dir().unwrap().map(|entry| entry.unwrap().path()));
        } else {
            found.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn a_new_project_is_sound_and_says_what_it_lacks() {
    let world = World::new();
    let made = world.run(["init", "p"]);
    assert_eq!((made.code, made.out.as_str()), (0, ""));
    assert!(made.messages.starts_with("Made a project in p."), "{}", made.messages);
    let before = contents(&world, "p");
    let ran = world.run(["check", "--project", "p"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    assert_eq!(contents(&world, "p"), before, "checking changes nothing");
    insta::assert_snapshot!(format!("{}\n{}", ran.out, ran.messages));
}

#[test]
fn a_project_is_not_overwritten() {
    let world = World::new();
    world.write("p/mlatho.toml", "mine");
    let ran = world.run(["init", "p"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.messages.starts_with("p/mlatho.toml: error [project-exists]: "), "{}", ran.messages);
    assert_eq!(world.read("p/mlatho.toml"), "mine");
}

#[test]
fn every_slip_is_told_and_none_hides_another() {
    let world = World::new();
    project(&world);
    let config = world.read("p/mlatho.toml").replace("version = 1", "version = 1\nlanguage = \"xx\"").replace(
        "# [targets.dhis2]",
        "[targets.dhis2]\nurl = \"http://127.0.0.1:1\"\ntoken_file = \"secrets/none\"\n[[targets]]\nname = \"dhis2\"",
    );
    world.write("p/mlatho.toml", config);
    world.write("p/layouts/lmis.toml", "shape = \"round\"");
    world.write("p/rules/good.toml", crate::comparing::RULE);
    world.write("p/rules/bad.toml", "name = 3");
    let elements = world.read("p/mappings/elements.csv");
    world.write(
        "p/mappings/elements.csv",
        format!("{elements}dhis2,act,received,,,short,,,,,\ndhis3,act,consumed,,,deabcdefghi,,,,,\n"),
    );
    let units = world.read("p/mappings/org_units.csv");
    world.write("p/mappings/org_units.csv", format!("{units}lmis,F2,,ouabcdefghj,,equal,,2026-13-01,,\n"));
    let ran = world.run(["check", "--project", "p", "--format", "csv", "--findings", "found.csv"]);
    assert_eq!(ran.code, 1);
    let expected = [
        "project,mlatho.toml,error",
        "source,lmis,error",
        "source,hmis,info",
        "mapping,org_units,error",
        "mapping,items,ok",
        "mapping,elements,warning",
        "rule,good,ok",
        "rule,bad,error",
        "target,dhis2,error",
        "target,dhis2,info",
        "server,dhis2,error",
    ];
    assert_eq!(outcomes(&ran.out), expected);
    let found = world.read("found.csv");
    for code in [
        "project-language",
        "project-name-twice",
        "layout-invalid",
        "source-no-files",
        "mapping-row",
        "element-target-unknown",
        "rule-invalid",
        "publish-bad-element",
        "server-secret-file",
    ] {
        assert!(found.contains(&format!(",{code},")), "{code}: {found}");
        assert!(ran.messages.contains(&format!("[{code}]")), "{code}: {}", ran.messages);
    }
}

#[test]
fn a_server_that_does_not_answer_is_told() {
    let world = World::new();
    project(&world);
    let config = world.read("p/mlatho.toml");
    // A port that was free a moment ago, and that nobody listens at.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = format!(
        "[targets.dhis2]\nurl = \"http://127.0.0.1:{port}\"\ntoken_file = \"secrets/token\"\nretry_wait_ms = 1\n"
    );
    world.write("p/mlatho.toml", format!("{config}\n{server}"));
    world.write("p/secrets/token", TOKEN);
    let ran = world.run(["check", "--project", "p", "--format", "csv"]);
    assert_eq!((ran.code, outcomes(&ran.out).last().unwrap().as_str()), (1, "server,dhis2,error"));
    assert!(
        ran.messages.contains(&format!("http://127.0.0.1:{port}/: error [server-unreachable]")),
        "{}",
        ran.messages
    );
    assert!(!ran.messages.contains(TOKEN));
}

#[test]
fn a_whole_project_with_its_server() {
    let first_month: Period = "202601".parse().unwrap();
    let country = Country::generate(&Spec { facilities: 20, products: 3, months: 6, seed: 1, first_month });
    let server = country.serve_hmis("2.42.1".parse().unwrap(), TOKEN).unwrap();
    let world = World::new();
    for (name, bytes) in country.project_files(&Server { url: server.url(), token: TOKEN }, Sources::Both) {
        world.write(format!("p/{name}"), bytes);
    }
    let ran = world.run(["check", "--project", "p", "--format", "csv"]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.out, ran.messages);
    let lines = outcomes(&ran.out);
    let servers: Vec<&str> = ran.out.lines().filter(|line| line.starts_with("server,")).collect();
    assert_eq!(servers.len(), 2, "{lines:?}");
    for line in servers {
        assert!(
            line.contains(",ok,") && line.contains("DHIS2 2.42.1") && line.contains("may add data values"),
            "{line}"
        );
    }
    assert!(server.requests().iter().all(|request| request.method == "GET"), "checking changes nothing");
    // With a token that the server does not know, nothing else is lost.
    world.write("p/secrets/dhis2-token", "d2pat_wrong");
    let ran = world.run(["check", "--project", "p", "--format", "csv"]);
    assert_eq!(ran.code, 1);
    assert_eq!(outcomes(&ran.out).len(), lines.len());
    assert!(
        ran.messages.contains("[server-unauthorized]") && !ran.messages.contains("d2pat_wrong"),
        "{}",
        ran.messages
    );
}

#[test]
fn files_that_name_persons_are_not_kept() {
    let world = World::new();
    world.run(["init", "p"]);
    let source = "version = 1\nname = \"T\"\n[[sources]]\nname = \"sms\"\nside = \"lmis\"\nformat = \"cstock-sms\"\n";
    world.write("p/mlatho.toml", format!("{source}files = [\"inbox/*.csv\"]\n"));
    let header = "id,received_at,sender,sender_level,system,setup,text\n";
    let rows = "1,2026-03-05T08:00:00Z,265999123456,unregistered,cstock,,reg Grace 1 2616\n\
                2,2026-03-06T08:00:00Z,265999123456,hsa,cstock,,soh zi 10\n";
    world.write("p/inbox/log.csv", format!("{header}{rows}"));
    for command in ["check", "pull", "run"] {
        let ran = world.run([command, "--project", "p"]);
        assert_eq!(ran.code, 0, "{command}: {}", ran.messages);
    }
    let sql = "SELECT source_item, source_org_unit, value FROM observations";
    assert!(world.run(["sql", sql, "--project", "p", "--format", "csv"]).well().contains("zi,261601,10"));
    let mut kept = Vec::new();
    everything(&world.path("p/data"), &mut kept);
    assert!(!kept.is_empty());
    for person in ["265999123456", "Grace"] {
        assert!(!kept.windows(person.len()).any(|bytes| bytes == person.as_bytes()), "{person} is kept");
    }
    // Where nothing takes persons out, nothing comes in.
    world.write("p/mlatho.toml", format!("{source}senders = [{{ name = \"x\", token_file = \"secrets/x\" }}]\n"));
    world.write("p/secrets/x", "token");
    for command in ["check", "run", "pull"] {
        let ran = world.run([command, "--project", "p"]);
        assert_eq!(ran.code, 1, "{command}: {}", ran.messages);
        assert!((ran.out + &ran.messages).contains("[source-names-persons]"), "{command}");
    }
}

/// All bytes below a folder, those of packed files unpacked.
fn everything(folder: &std::path::Path, into: &mut Vec<u8>) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            everything(&path, into);
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        if path.extension().is_some_and(|extension| extension == "zst") {
            into.extend(zstd::decode_all(bytes.as_slice()).unwrap());
        }
        into.extend(bytes);
    }
}

#[test]
fn what_others_hand_over_is_checked() {
    let world = World::new();
    world.run(["init", "p"]);
    let source = |name: &str, format: &str, more: &str| {
        format!("[[sources]]\nname = \"{name}\"\nside = \"lmis\"\nformat = \"{format}\"\n{more}\n")
    };
    let gateway = "[sources.gateway]\nkind = \"kannel\"\nsecret_file = \"secrets/sms\"\ntime_zone = \"+02:00\"";
    let senders = |file: &str| format!("senders = [{{ name = \"x\", token_file = \"secrets/{file}\" }}]");
    world.write("p/secrets/sms", "a secret");
    world.write("p/secrets/blank", "\n");
    let head = "version = 1\nname = \"T\"\n[openhim]\nown_url = \"http://h:8080\"\n[openhim.server]\n\
                url = \"https://127.0.0.1:9\"\nuser = \"u\"\npassword_file = \"secrets/sms\"\n";
    let sound = [head, &source("m", "cstock-sms", gateway), &source("d", "adx", &senders("sms"))].concat();
    world.write("p/mlatho.toml", &sound);
    let ran = world.run(["check", "--project", "p", "--format", "csv"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.messages);
    assert!(ran.out.contains("source,m,ok,") && ran.out.contains("source,d,ok,"), "{}", ran.out);
    let wrong = [
        ("openhim-own-url", sound.replace("http://h:8080", "mailto:x")),
        ("openhim-no-senders", [head, &source("m", "cstock-sms", gateway)].concat()),
        (
            "door-empty-secret",
            sound
                .replace("password_file = \"secrets/sms\"", "password_file = \"secrets/x\"")
                .replace("token_file = \"secrets/sms\"", "token_file = \"secrets/blank\""),
        ),
        ("door-one-secret", sound.replace("secret_file = \"secrets/sms\"\n", "")),
        ("source-gateway-format", sound.replace("cstock-sms", "csv")),
        ("source-posted-format", sound.replace("\"adx\"", "\"csv\"")),
        ("source-inputs", sound.replace("[sources.gateway]", "files = [\"*.csv\"]\n[sources.gateway]")),
        ("project-invalid", sound.replace("+02:00", "Nowhere/Town")),
    ];
    for (code, config) in wrong {
        world.write("p/mlatho.toml", config);
        let ran = world.run(["check", "--project", "p"]);
        assert!(ran.code == 1 && ran.messages.contains(&format!("[{code}]")), "{code}: {}", ran.messages);
        assert!(!ran.messages.contains("a secret"));
    }
}
