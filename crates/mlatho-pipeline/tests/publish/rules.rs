//! Pre-flight: every rule blocks what the server would refuse, and nothing that it would take.

use std::collections::BTreeSet;

use mlatho_connect::dhis2::Engine;
use mlatho_pipeline::publish::{ConflictRule, Rule, WantedValue, confirm};
use mlatho_testkit::dhis2::{Metadata, Server, User};
use serde_json::json;

use crate::world::*;

struct Case {
    rule: Rule,
    /// Whether engine A and engine B refuse the value.
    refused: (bool, bool),
    change: fn(&mut Metadata),
    bad: fn() -> WantedValue,
}

fn with(mut wanted: WantedValue, change: impl FnOnce(&mut WantedValue)) -> WantedValue {
    change(&mut wanted);
    wanted
}

fn nothing(_: &mut Metadata) {}

fn saying(element: u32, comment: &str) -> WantedValue {
    with(want(element, 1, 7, 1), |wanted| wanted.comment = Some(comment.into()))
}

/// Splits the quarterly data set by sex, and sets a property of the option for women.
pub(crate) fn by_sex(metadata: &mut Metadata, property: &str, value: serde_json::Value) {
    metadata.set(quarterly(), "categoryCombo", json!({"id": uid("cc", 1)}));
    metadata.set(uid("co", 1), property, value);
}

/// A value of the first quarter at the first clinic.
pub(crate) fn visits_of_women() -> WantedValue {
    with(visits(1).remove(0), |wanted| wanted.key.attribute_option_combo = sex(1))
}

fn case(rule: Rule, refused: (bool, bool), change: fn(&mut Metadata), bad: fn() -> WantedValue) -> Case {
    Case { rule, refused, change, bad }
}

fn cases() -> Vec<Case> {
    let both = (true, true);
    let only_b = (false, true);
    vec![
        case(Rule::DataSetUnknown, both, nothing, || with(want(1, 1, 7, 1), |wanted| wanted.data_set = uid("ds", 9))),
        case(
            Rule::DataSetAccess,
            both,
            |metadata| metadata.set(quarterly(), "sharing", json!({"public": "r-r-----"})),
            || visits(1).remove(0),
        ),
        case(
            Rule::OrgUnitScope,
            both,
            |metadata| metadata.org_unit(uid("ou", 600), "Abroad", None),
            || want(1, 600, 7, 1),
        ),
        case(
            Rule::ComboAccess,
            both,
            |metadata| {
                metadata.set(uid("de", 1), "categoryCombo", json!({"id": uid("cc", 1)}));
                metadata.set(uid("co", 1), "sharing", json!({"public": "r-r-----"}));
            },
            || with(want(1, 1, 7, 1), |wanted| wanted.key.category_option_combo = sex(1)),
        ),
        case(
            Rule::AttributeAccess,
            both,
            |metadata| by_sex(metadata, "sharing", json!({"public": "r-r-----"})),
            visits_of_women,
        ),
        case(
            Rule::AttributeOrgUnit,
            both,
            |metadata| by_sex(metadata, "organisationUnits", json!([{"id": clinic(2)}])),
            visits_of_women,
        ),
        case(Rule::AttributeDates, both, |metadata| by_sex(metadata, "endDate", json!("2025-12-31")), visits_of_women),
        case(
            Rule::AttributeDates,
            only_b,
            |metadata| by_sex(metadata, "endDate", json!("2026-03-30")),
            visits_of_women,
        ),
        case(Rule::ElementNotInDataSet, both, nothing, || want(STRAY, 1, 7, 1)),
        case(Rule::OrgUnitNotInDataSet, only_b, nothing, || want(1, 500, 7, 1)),
        case(Rule::PeriodType, only_b, nothing, || {
            with(want(1, 1, 7, 1), |wanted| wanted.key.period = "2026Q2".parse().unwrap())
        }),
        case(Rule::AttributeCombo, only_b, nothing, || {
            with(want(1, 1, 7, 1), |wanted| wanted.key.attribute_option_combo = sex(1))
        }),
        case(Rule::Combo, only_b, nothing, || {
            with(want(1, 1, 7, 1), |wanted| wanted.key.category_option_combo = sex(1))
        }),
        case(
            Rule::OrgUnitClosed,
            only_b,
            |metadata| metadata.set(clinic(2), "closedDate", json!("2026-06-30")),
            || want(1, 2, 7, 1),
        ),
        case(Rule::Expired, both, |metadata| metadata.set(monthly(), "expiryDays", json!(31)), || want(1, 1, 6, 1)),
        case(Rule::Future, both, nothing, || want(1, 1, 9, 1)),
        case(
            Rule::InputPeriod,
            both,
            |metadata| {
                let periods =
                    json!([{"period": {"id": "202607"}}, {"period": {"id": "202606"}, "closingDate": "2026-07-31"}]);
                metadata.set(monthly(), "dataInputPeriods", periods);
            },
            || want(1, 1, 6, 1),
        ),
        case(Rule::ValueType, both, nothing, || want(1, 1, 7, -1)),
        case(Rule::Option, both, nothing, || want(ANSWER, 1, 7, 3)),
        case(Rule::CommentOption, both, nothing, || saying(EXPLAINED, "guessed")),
        case(Rule::CommentOption, only_b, nothing, || want(EXPLAINED, 1, 7, 1)),
        case(Rule::CommentTooLong, both, nothing, || saying(1, &"x".repeat(5001))),
        case(Rule::ZeroDropped, (true, false), nothing, || want(SPARSE, 1, 7, 0)),
    ]
}

#[tokio::test]
async fn every_rule_is_the_servers() {
    let mut covered: BTreeSet<Rule> = cases().iter().map(|case| case.rule).collect();
    covered.extend([Rule::DataSetHeld, Rule::Approved]); // below, and in `locks`
    assert_eq!(covered, BTreeSet::from(Rule::ALL));
    for (version, engine) in [(A, Engine::A), (B, Engine::B)] {
        for case in cases() {
            let (rule, bad) = (case.rule, (case.bad)());
            let server = server_with(version, case.change);
            let client = client(&server).await;
            let (good, mut scope) = (want(2, 1, 7, 1), scope());
            scope.data_sets.insert(bad.data_set);
            let wanted = vec![good.clone(), bad.clone()];
            let today = jiff::civil::date(2000, 1, 1);
            let mut log = Memory::default();
            let prepared =
                mlatho_pipeline::publish::prepare(&client, &log, TARGET, &scope, wanted, ConflictRule::Keep, today);
            let prepared = prepared.await.unwrap();
            let blocked: Vec<_> = prepared.blocked.iter().map(|blocked| (blocked.change.key, blocked.rule)).collect();
            let refused = if engine == Engine::A { case.refused.0 } else { case.refused.1 };
            let expected = if refused { vec![(bad.key, rule)] } else { vec![] };
            assert_eq!(blocked, expected, "{version} {rule:?}");

            // What is left arrives.
            let delivered = confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap();
            assert!(delivered.refused.is_empty() && delivered.differing.is_empty(), "{version} {rule:?}");
            assert!(held(&server).contains_key(&good.key), "{version} {rule:?}");
            assert_eq!(held(&server).contains_key(&bad.key), !refused, "{version} {rule:?}");
            let sent: usize = import_sizes(&server).iter().sum();
            assert_eq!(sent, if refused { 1 } else { 2 }, "{version} {rule:?}");
            if !refused {
                continue;
            }
            // And the server says the same when it is asked directly.
            let report = send_raw(&client, &bad).await;
            if (rule, engine) == (Rule::ElementNotInDataSet, Engine::A) {
                // Engine A takes it and nobody ever finds it in the data set again.
                assert!(report.refused.is_empty());
                assert!(client.read_back(bad.data_set, [bad.key]).await.unwrap().is_empty());
            } else {
                let codes: Vec<&str> = report.refused.iter().map(|refused| refused.code.as_str()).collect();
                assert_eq!(codes, [rule.code(engine)], "{version} {rule:?}");
                assert_eq!(report.refused[0].action, rule.action(), "{version} {rule:?}");
                assert!(!held(&server).contains_key(&bad.key), "{version} {rule:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_data_set_with_input_periods_waits_until_2_43_2() {
    let listed =
        |metadata: &mut Metadata| metadata.set(monthly(), "dataInputPeriods", json!([{"period": {"id": "202607"}}]));
    let wanted = [want(1, 1, 7, 1), visits(1).remove(0)];
    for (version, waits) in [("2.43.0", true), ("2.43.1", true), ("2.43.2", false), (A, false)] {
        let server = server_with(version, listed);
        let client = client(&server).await;
        let prepared = plan(&client, &Memory::default(), &wanted, ConflictRule::Keep).await;
        let rules: Vec<Rule> = prepared.blocked.iter().map(|blocked| blocked.rule).collect();
        assert_eq!(rules, if waits { vec![Rule::DataSetHeld] } else { vec![] }, "{version}");
        assert_eq!(prepared.findings.iter().any(|finding| finding.code == "publish-input-periods"), waits);
        assert_eq!(send_raw(&client, &wanted[0]).await.refused.len(), usize::from(waits), "{version}");
    }
}

#[tokio::test]
async fn who_may_edit_expired_periods_is_not_held_up() {
    for (version, engine) in [(A, Engine::A), (B, Engine::B)] {
        let mut config = server_config(version);
        let user = User::new(uid("us", 1), "mlatho", "", &["F_DATAVALUE_ADD", "F_EDIT_EXPIRED"], &[uid("ou", 999)]);
        config.users[0] = user.with_token("d2pat_mlatho", None);
        let mut metadata = metadata();
        metadata.set(monthly(), "expiryDays", json!(31));
        let server = Server::start(config, metadata).unwrap();
        let client = client(&server).await;
        let wanted = [want(1, 1, 1, 1), want(1, 1, 9, 1)];
        let mut log = Memory::default();
        let prepared = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        // With engine B the authority opens the future too.
        let blocked: Vec<Rule> = prepared.blocked.iter().map(|blocked| blocked.rule).collect();
        assert_eq!(blocked, if engine == Engine::A { vec![Rule::Future] } else { vec![] });
        assert!(confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap().refused.is_empty());
        assert_eq!(send_raw(&client, &wanted[1]).await.refused.is_empty(), engine == Engine::B);
    }
}

#[tokio::test]
async fn input_periods_stand_in_place_of_expiry_and_future() {
    for (version, engine) in [(A, Engine::A), (B, Engine::B)] {
        let server = server_with(version, |metadata| {
            metadata.set(monthly(), "expiryDays", json!(5));
            let periods = ["202606", "202607", "202609"].map(|period| json!({"period": {"id": period}}));
            metadata.set(monthly(), "dataInputPeriods", json!(periods));
        });
        let client = client(&server).await;
        let wanted = [want(1, 1, 6, 1), want(1, 1, 7, 1), want(1, 1, 9, 1)];
        let prepared = plan(&client, &Memory::default(), &wanted, ConflictRule::Keep).await;
        let blocked: Vec<Rule> = prepared.blocked.iter().map(|blocked| blocked.rule).collect();
        assert_eq!(blocked, if engine == Engine::A { vec![Rule::Expired, Rule::Future] } else { vec![] });
        for (wanted, refused) in wanted.iter().zip([true, false, true]) {
            let report = send_raw(&client, wanted).await;
            assert_eq!(report.refused.is_empty(), engine == Engine::B || !refused, "{version} {wanted:?}");
        }
    }
}

#[tokio::test]
async fn the_hours_of_the_last_day_are_left_to_the_server() {
    // July and two days; it is 2 August.
    for (version, arrives) in [(A, false), (B, true)] {
        let server = server_with(version, |metadata| metadata.set(monthly(), "expiryDays", json!(2)));
        server.set_now(jiff::civil::date(2026, 8, 2).at(12, 0, 0, 0));
        let client = client(&server).await;
        let delivered = publish(&client, &mut Memory::default(), &[want(1, 1, 7, 1)]).await;
        assert_eq!((delivered.refused.is_empty(), delivered.confirmed == 1), (arrives, arrives), "{version}");
    }
}

#[tokio::test]
async fn yes_and_no_are_the_same_however_they_are_stored() {
    for version in BOTH {
        let server = server_with(version, |metadata| metadata.set(uid("de", 1), "valueType", json!("BOOLEAN")));
        let client = client(&server).await;
        let (mut log, wanted) = (Memory::default(), [want(1, 1, 1, 1), want(1, 2, 1, 0)]);
        let delivered = publish(&client, &mut log, &wanted).await;
        assert_eq!((delivered.confirmed, delivered.differing.len()), (2, 0), "{version}");
        assert!(plan(&client, &log, &wanted, ConflictRule::Keep).await.plan.is_empty());
    }
}
