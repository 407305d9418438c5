//! Pre-flight of locks: who may write where, lock exceptions, approval; and what the server will not tell.

use std::collections::BTreeMap;

use mlatho_connect::dhis2::Engine;
use mlatho_model::PeriodType;
use mlatho_pipeline::publish::{ConflictRule, Prepared, Rule, WantedValue, confirm};
use mlatho_testkit::dhis2::{Fault, Server, Trouble, User};
use serde_json::json;

use crate::rules::{by_sex, visits_of_women};
use crate::world::*;

const ENGINES: [(&str, Engine); 2] = [(A, Engine::A), (B, Engine::B)];

fn blocked(prepared: &Prepared) -> BTreeMap<Rule, usize> {
    let mut blocked = BTreeMap::new();
    prepared.blocked.iter().for_each(|one| *blocked.entry(one.rule).or_default() += 1);
    blocked
}

/// How many values a finding of that code speaks of.
fn count_in(prepared: &Prepared, code: &str) -> Option<String> {
    let finding = prepared.findings.iter().find(|finding| finding.code == code)?;
    let (_, count) = finding.args.iter().find(|(name, _)| *name == "count")?;
    Some(format!("{count:?}"))
}

fn asked(server: &Server, path: &str) -> usize {
    server.requests().iter().filter(|request| request.path == path).count()
}

/// A server where somebody else signs in with our token.
fn server_of(version: &str, authorities: &[&str], org_units: &[mlatho_model::Uid]) -> Server {
    let mut config = server_config(version);
    config.users[0] = User::new(uid("us", 1), "mlatho", "", authorities, org_units).with_token("d2pat_mlatho", None);
    Server::start(config, metadata()).unwrap()
}

#[tokio::test]
async fn what_lies_outside_of_the_users_org_units_is_not_sent() {
    for version in BOTH {
        let server = server_of(version, &["F_DATAVALUE_ADD"], &[clinic(1), clinic(2)]);
        let client = client(&server).await;
        let (mut log, wanted) = (Memory::default(), counts(1));
        let prepared = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        assert_eq!(blocked(&prepared), BTreeMap::from([(Rule::OrgUnitScope, 8)]), "{version}");
        let delivered = confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap();
        assert_eq!((delivered.confirmed, delivered.refused.len(), import_sizes(&server)), (8, 0, vec![8]));
        let ours: Vec<&WantedValue> =
            wanted.iter().filter(|wanted| [clinic(1), clinic(2)].contains(&wanted.key.org_unit)).collect();
        assert_eq!(held(&server), exactly(ours));
        assert_eq!((asked(&server, "/api/lockExceptions"), asked(&server, "/api/dataApprovals/multiple")), (0, 0));
    }
}

#[tokio::test]
async fn superusers_skip_what_their_engine_lets_them_skip() {
    for (version, engine) in ENGINES {
        let server = server_of(version, &["ALL"], &[clinic(1)]);
        server.change_metadata(|metadata| by_sex(metadata, "sharing", json!({"public": "r-r-----"})));
        server.change_metadata(|metadata| metadata.set(monthly(), "sharing", json!({"public": "r-r-----"})));
        let client = client(&server).await;
        let (mut log, wanted) = (Memory::default(), [want(1, 1, 7, 1), want(1, 2, 7, 1), visits_of_women()]);
        let prepared = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        let outside = if engine == Engine::A { BTreeMap::from([(Rule::OrgUnitScope, 1)]) } else { BTreeMap::new() };
        assert_eq!(blocked(&prepared), outside, "{version}");
        assert!(confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap().refused.is_empty());
        assert_eq!(send_raw(&client, &wanted[1]).await.refused.is_empty(), engine == Engine::B);
    }
}

#[tokio::test]
async fn lock_exceptions_open_periods_for_their_org_unit() {
    for version in BOTH {
        let server = server_with(version, |metadata| metadata.set(monthly(), "expiryDays", json!(5)));
        server.except_from_lock(monthly(), month(3), clinic(2));
        server.except_from_lock(quarterly(), month(2), clinic(1)); // of another data set
        let client = client(&server).await;
        let (mut log, wanted) = (Memory::default(), [counts(3), vec![want(1, 1, 7, 1)]].concat());
        server.forget_requests();
        let prepared = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        assert_eq!(blocked(&prepared), BTreeMap::from([(Rule::Expired, 44)]), "{version}");
        assert_eq!(asked(&server, "/api/lockExceptions"), 1);
        let delivered = confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap();
        assert_eq!((delivered.confirmed, delivered.refused.len(), import_sizes(&server)), (5, 0, vec![5]));
        let open = |wanted: &&WantedValue| {
            wanted.key.period == month(7) || (wanted.key.period == month(3) && wanted.key.org_unit == clinic(2))
        };
        assert_eq!(held(&server), exactly(wanted.iter().filter(open)));
    }
}

#[tokio::test]
async fn lock_exceptions_that_may_not_be_read_leave_it_to_the_server() {
    for version in BOTH {
        let server = server_with(version, |metadata| metadata.set(monthly(), "expiryDays", json!(5)));
        server.except_from_lock(monthly(), month(3), clinic(2));
        server.script(Fault::on("GET", "/api/lockExceptions", Trouble::Forbidden));
        let client = client(&server).await;
        let (mut log, wanted) = (Memory::default(), counts(3));
        let prepared = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        assert!(prepared.blocked.is_empty());
        assert!(count_in(&prepared, "publish-lock-exceptions-unread").unwrap().contains("48"));
        let delivered = confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap();
        assert_eq!((delivered.confirmed, delivered.refused.len()), (4, 44), "{version}");
    }
}

fn with_workflow(version: &str) -> Server {
    server_with(version, |metadata| {
        metadata.approval_workflow(uid("wf", 1), "Approval", PeriodType::Monthly);
        metadata.set(monthly(), "workflow", json!({"id": uid("wf", 1)}));
    })
}

#[tokio::test]
async fn approved_data_is_not_sent() {
    for (version, engine) in ENGINES {
        let server = with_workflow(version);
        server.approve(uid("wf", 1), month(2), clinic(3), default_combo());
        server.approve(uid("wf", 1), month(4), clinic(1), sex(1)); // of another attribute option combo
        let client = client(&server).await;
        let (mut log, wanted) = (Memory::default(), [counts(6), visits(2)].concat());
        server.forget_requests();
        let prepared = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        assert_eq!(blocked(&prepared), BTreeMap::from([(Rule::Approved, 4)]), "{version}");
        assert_eq!(asked(&server, "/api/dataApprovals/multiple"), 2); // six months at four clinics
        assert!(prepared.findings.is_empty(), "{:?}", prepared.findings);
        let delivered = confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap();
        assert!(delivered.refused.is_empty());
        let locked = |wanted: &WantedValue| wanted.key.period == month(2) && wanted.key.org_unit == clinic(3);
        assert_eq!(held(&server), exactly(wanted.iter().filter(|wanted| !locked(wanted))));
        let sent: usize = import_sizes(&server).iter().sum();
        assert_eq!(sent, wanted.len() - 4);

        // Nor is it withdrawn, and the server says the same when it is asked directly.
        let again = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        assert_eq!((again.plan.is_empty(), blocked(&again)), (true, BTreeMap::from([(Rule::Approved, 4)])));
        let bad = wanted.iter().find(|wanted| locked(wanted)).unwrap();
        assert_eq!(send_raw(&client, bad).await.refused[0].code, Rule::Approved.code(engine));
        server.approve(uid("wf", 1), month(1), clinic(1), default_combo());
        let withdrawn = plan(&client, &log, &[], ConflictRule::Keep).await;
        assert_eq!(blocked(&withdrawn), BTreeMap::from([(Rule::Approved, 4)]));
    }
}

#[tokio::test]
async fn what_is_approved_above_locks_with_engine_a_only() {
    for (version, engine) in ENGINES {
        let server = with_workflow(version);
        server.approve(uid("wf", 1), month(2), uid("ou", 999), default_combo());
        let client = client(&server).await;
        let (mut log, wanted) = (Memory::default(), counts(2));
        let prepared = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        let locked = if engine == Engine::A { BTreeMap::from([(Rule::Approved, 16)]) } else { BTreeMap::new() };
        assert_eq!(blocked(&prepared), locked, "{version}");
        assert!(confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap().refused.is_empty());
    }
}

#[tokio::test]
async fn approvals_that_may_not_be_read_leave_it_to_the_server() {
    for (version, engine) in ENGINES {
        let server = with_workflow(version);
        server.approve(uid("wf", 1), month(2), clinic(3), default_combo());
        server.script(Fault::on("GET", "/api/dataApprovals", Trouble::Forbidden));
        let client = client(&server).await;
        let (mut log, wanted) = (Memory::default(), counts(2));
        let prepared = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        assert!(prepared.blocked.is_empty());
        assert!(count_in(&prepared, "publish-approvals-unread").unwrap().contains("32"));
        let delivered = confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap();
        assert_eq!((delivered.confirmed, delivered.refused.len()), (28, 4), "{version}");
        assert!(delivered.refused.iter().all(|refused| refused.code == Rule::Approved.code(engine)));
    }
}

#[tokio::test]
async fn approvals_that_the_user_does_not_see_are_said() {
    for version in BOTH {
        let mut config = server_config(version);
        config.users[0].has_approval_level = false;
        let mut metadata = metadata();
        metadata.approval_workflow(uid("wf", 1), "Approval", PeriodType::Monthly);
        metadata.set(monthly(), "workflow", json!({"id": uid("wf", 1)}));
        let server = Server::start(config, metadata).unwrap();
        let client = client(&server).await;
        let prepared = plan(&client, &Memory::default(), &counts(1), ConflictRule::Keep).await;
        assert!(prepared.blocked.is_empty());
        assert!(count_in(&prepared, "publish-approvals-hidden").unwrap().contains("16"), "{version}");
    }
}

#[tokio::test]
async fn periods_after_the_end_of_an_option_may_be_left_open() {
    for version in BOTH {
        let server = server_with(version, |metadata| {
            by_sex(metadata, "endDate", json!("2025-12-31"));
            metadata.set(quarterly(), "openPeriodsAfterCoEndDate", json!(1));
        });
        let client = client(&server).await;
        let second = WantedValue {
            key: mlatho_connect::dhis2::ValueKey { period: "2026Q2".parse().unwrap(), ..visits_of_women().key },
            ..visits_of_women()
        };
        let (mut log, wanted) = (Memory::default(), [visits_of_women(), second]);
        let prepared = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        assert_eq!(blocked(&prepared), BTreeMap::from([(Rule::AttributeDates, 1)]), "{version}");
        assert!(confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap().refused.is_empty());
        assert_eq!(held(&server), exactly(&wanted[..1]));
    }
}

/// A value with every fault that one can have at once, and the cure of each.
#[tokio::test]
async fn of_many_faults_the_first_is_the_servers() {
    let abroad = uid("ou", 600);
    let cure = |server: &Server, rule: Rule| {
        server.change_metadata(|metadata| match rule {
            Rule::DataSetAccess => metadata.set(quarterly(), "sharing", json!({"public": "rwrw----"})),
            Rule::OrgUnitScope => metadata.set(abroad, "parent", json!({"id": uid("ou", 999)})),
            Rule::AttributeAccess => metadata.set(uid("co", 1), "sharing", json!({"public": "rwrw----"})),
            Rule::OrgUnitNotInDataSet => metadata.set(quarterly(), "organisationUnits", json!([{"id": abroad}])),
            Rule::AttributeOrgUnit => metadata.set(uid("co", 1), "organisationUnits", json!([])),
            Rule::OrgUnitClosed => metadata.set(abroad, "closedDate", json!(null)),
            Rule::Expired => metadata.set(quarterly(), "expiryDays", json!(0)),
            Rule::Approved => metadata.set(quarterly(), "workflow", json!(null)),
            Rule::AttributeDates => metadata.set(uid("co", 1), "endDate", json!(null)),
            Rule::ValueType => metadata.set(uid("de", VISITS), "valueType", json!("INTEGER")),
            other => panic!("{other:?}"),
        });
    };
    let mut bad = visits_of_women();
    (bad.key.org_unit, bad.value) = (abroad, (-1).into());
    for (version, engine) in ENGINES {
        let server = server_with(version, |metadata| {
            by_sex(metadata, "sharing", json!({"public": "r-r-----"}));
            metadata.set(uid("co", 1), "organisationUnits", json!([{"id": clinic(2)}]));
            metadata.set(uid("co", 1), "endDate", json!("2025-06-30"));
            metadata.org_unit(abroad, "Abroad", None);
            metadata.set(abroad, "closedDate", json!("2025-12-31"));
            metadata.approval_workflow(uid("wf", 1), "Approval", PeriodType::Quarterly);
            metadata.set(quarterly(), "workflow", json!({"id": uid("wf", 1)}));
            metadata.set(quarterly(), "sharing", json!({"public": "r-r-----"}));
            metadata.set(quarterly(), "expiryDays", json!(5));
            metadata.set(uid("de", VISITS), "valueType", json!("INTEGER_ZERO_OR_POSITIVE"));
        });
        server.approve(uid("wf", 1), bad.key.period, abroad, sex(1));
        let mut order = Vec::new();
        loop {
            let client = client(&server).await;
            let prepared = plan(&client, &Memory::default(), std::slice::from_ref(&bad), ConflictRule::Keep).await;
            let refused = send_raw(&client, &bad).await.refused;
            let Some(rule) = prepared.blocked.first().map(|blocked| blocked.rule) else {
                assert!(refused.is_empty(), "{version} {refused:?}");
                break;
            };
            assert_eq!(refused[0].code, rule.code(engine), "{version}");
            order.push(rule);
            cure(&server, rule);
        }
        let expected = match engine {
            Engine::A => vec![
                Rule::DataSetAccess,
                Rule::AttributeAccess,
                Rule::OrgUnitScope,
                Rule::ValueType,
                Rule::AttributeDates,
                Rule::AttributeOrgUnit,
                Rule::Expired,
                Rule::Approved,
            ],
            Engine::B => vec![
                Rule::DataSetAccess,
                Rule::OrgUnitScope,
                Rule::AttributeAccess,
                Rule::OrgUnitNotInDataSet,
                Rule::AttributeOrgUnit,
                Rule::OrgUnitClosed,
                Rule::Expired,
                Rule::Approved,
                Rule::AttributeDates,
                Rule::ValueType,
            ],
        };
        assert_eq!(order, expected, "{version}");
    }
}
