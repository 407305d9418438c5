//! Engine B: a fault of the group costs the group, so refused groups are divided until every valid value is in.

use mlatho_connect::dhis2::{Action, DataValue, Outcome};
use mlatho_testkit::dhis2::Server;
use serde_json::json;

use crate::world::*;

#[tokio::test]
async fn faults_of_values_cost_values_and_the_answer_is_200() {
    let server = server(B);
    let client = client(&server).await;
    let mut values = counts(2, 2);
    values[3].value = Some("12.50".into());
    values[4].value = Some("12.0".into()); // stored as 12, and that is the same
    values.push(value(ANSWER, 1, 1, "PERHAPS"));
    let report = send(&client, &values).await;
    assert_eq!(refused(&report), [(3, "E8122"), (24, "E8123")]);
    assert_eq!((report.outcomes[0].http, report.outcomes[0].outcome), (200, Outcome::Partial));
    values[4].value = Some("12".into());
    assert_eq!(held(&server), wanted(&without(&values, &[3, 24])));
    assert_eq!(imports(&server).len(), 1);
}

#[tokio::test]
async fn named_offenders_come_out_at_once() {
    let server = server_with(B, |metadata| metadata.org_unit(uid("ou", 500), "Not assigned", Some(uid("ou", 999))));
    let client = client(&server).await;
    let mut values = counts(3, 2);
    values.insert(5, value(STRAY, 1, 1, "1"));
    values.insert(6, value(STRAY + 40, 2, 1, "1")); // no such data element
    values.push(value(1, 500, 1, "1"));
    values.push(value(1, 900, 1, "1")); // no such org unit
    let report = send(&client, &values).await;
    assert_eq!(refused(&report), [(5, "E8020"), (6, "E8020"), (38, "E8022"), (39, "E8022")]);
    assert!(report.refused.iter().all(|refused| refused.action == Action::Meta));
    assert_eq!(held(&server), wanted(&without(&values, &[5, 6, 38, 39])));
    assert_eq!(import_sizes(&server), [40, 38, 36]);
}

#[tokio::test]
async fn closed_org_units_are_found_one_after_the_other() {
    // The server names the first org unit only, with its months.
    let server = server_with(B, |metadata| {
        for number in [2, 5, 6, 11] {
            metadata.set(clinic(number), "closedDate", json!("2026-02-15T00:00:00.000"));
        }
    });
    let client = client(&server).await;
    let values = counts(CLINICS, 4);
    let report = send(&client, &values).await;
    let closed =
        |value: &DataValue| [2, 5, 6, 11].map(clinic).contains(&value.key.org_unit) && value.key.period >= month(3);
    assert_eq!(report.refused.len(), 4 * 2 * COUNTS as usize);
    for refused in &report.refused {
        assert!(closed(&values[refused.index]) && refused.code == "E8031" && refused.action == Action::Lock);
    }
    assert_eq!(held(&server), wanted(values.iter().filter(|value| !closed(value))));
    assert_eq!(imports(&server).len(), 5); // one for each closed org unit, and the rest
}

#[tokio::test]
async fn many_offenders_take_a_bounded_number_of_requests() {
    // 200 of 300 org units are closed: naming them one by one would take 200 rounds of the whole group.
    let server = server_with(B, |metadata| {
        let units: Vec<_> = (1000..1300).map(clinic).collect();
        for (at, unit) in units.iter().enumerate() {
            metadata.org_unit(*unit, "Clinic", Some(uid("ou", 999)));
            if at % 3 > 0 {
                metadata.set(*unit, "closedDate", json!("2020-01-01T00:00:00.000"));
            }
        }
        metadata.data_set(data_set(), "Reports", mlatho_model::PeriodType::Monthly, &[element(1)], &units);
    });
    let client = client(&server).await;
    let values: Vec<DataValue> = (1000..1300).map(|unit| value(1, unit, 1, "3")).collect();
    let report = send(&client, &values).await;
    assert_eq!((report.refused.len(), held(&server).len()), (200, 100));
    assert!(report.refused.iter().all(|refused| refused.code == "E8031"));
    assert!(imports(&server).len() < 700, "{} requests", imports(&server).len());
}

#[tokio::test]
async fn closed_periods_and_approved_slices_are_left_out() {
    let server = server_with(B, |metadata| {
        metadata.set(data_set(), "expiryDays", json!(100)); // closes January to March, seen from August
        metadata.set(data_set(), "workflow", json!({"id": uid("wf", 1)}));
    });
    server.approve(uid("wf", 1), month(5), clinic(2), default_combo());
    let client = client(&server).await;
    let values = counts(3, 6);
    let report = send(&client, &values).await;
    let code = |value: &DataValue| match (value.key.period, value.key.org_unit) {
        (period, _) if period < month(4) => Some("E8030"),
        (period, unit) if (period, unit) == (month(5), clinic(2)) => Some("E8033"),
        _ => None,
    };
    let expected: Vec<(usize, &str)> =
        values.iter().enumerate().filter_map(|(at, value)| Some((at, code(value)?))).collect();
    assert_eq!(refused(&report), expected);
    assert_eq!(held(&server), wanted(values.iter().filter(|value| code(value).is_none())));
}

#[tokio::test]
async fn combos_of_another_split_are_refused() {
    let server = server(B);
    let client = client(&server).await;
    let by_sex = |number: u32, clinic_number: u32| {
        let mut value = value(SPLIT, clinic_number, 1, "4");
        value.key.category_option_combo = sex(number);
        value
    };
    let mut odd = value(2, 1, 1, "4");
    odd.key.category_option_combo = sex(1);
    let values = [by_sex(1, 1), by_sex(2, 1), value(SPLIT, 2, 1, "4"), by_sex(1, 3), odd, value(1, 1, 1, "4")];
    let report = send(&client, &values).await;
    assert_eq!(refused(&report), [(2, "E8024"), (4, "E8024")]);
    assert_eq!(held(&server), wanted(&without(&values, &[2, 4])));
}

#[tokio::test]
async fn the_data_set_itself_refuses_all_at_once() {
    let server = server_with(B, |metadata| metadata.set(data_set(), "sharing", json!({"public": "r-r-----"})));
    let client = client(&server).await;
    let report = send(&client, &counts(3, 2)).await;
    assert!(report.refused.iter().all(|refused| refused.code == "E8010" && refused.action == Action::Access));
    assert_eq!((report.refused.len(), imports(&server).len()), (36, 1));
}

#[tokio::test]
async fn input_periods_are_inverted_up_to_2_43_1() {
    for (version, taken) in [("2.43.1", month(6)), ("2.43.2", month(7))] {
        let server = server_with(version, |metadata| {
            let periods =
                json!([{"period": {"id": "202607"}}, {"period": {"id": "202606"}, "closingDate": "2026-07-10"}]);
            metadata.set(data_set(), "dataInputPeriods", periods);
        });
        let client = client(&server).await;
        // May is not listed, so it is closed in any case.
        let report = send(&client, &[value(1, 1, 5, "1"), value(1, 1, 6, "1"), value(1, 1, 7, "1")]).await;
        assert_eq!(report.refused.len(), 2, "{version}");
        assert_eq!(held(&server).keys().next().unwrap().period, taken, "{version}");
    }
}

/// Whatever is wrong in whatever mixture: a value arrives exactly if it would arrive when sent alone, and every other
/// one is named.
#[tokio::test]
async fn every_valid_value_arrives_and_every_other_is_named() {
    fn prepared() -> Server {
        let server = server_with(B, |metadata| {
            metadata.org_unit(uid("ou", 500), "Not assigned", Some(uid("ou", 999)));
            metadata.org_unit(uid("ou", 501), "Elsewhere", None);
            metadata.set(clinic(3), "closedDate", json!("2026-02-15T00:00:00.000"));
            metadata.set(clinic(4), "openingDate", json!("2026-03-15T00:00:00.000"));
            metadata.set(data_set(), "workflow", json!({"id": uid("wf", 1)}));
        });
        server.approve(uid("wf", 1), month(1), clinic(1), default_combo());
        server.approve(uid("wf", 1), month(4), clinic(5), default_combo());
        server
    }
    let alone = prepared();
    let judge = client(&alone).await;
    let mut state = 7_u64;
    let mut dice = |sides: u32| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((state >> 33) % u64::from(sides)).unwrap()
    };
    for round in 0..12 {
        let mut values = Vec::new();
        for _ in 0..60 {
            let element = [1, 2, 3, 4, ANSWER, SPLIT, STRAY, 95][dice(if round % 2 == 0 { 4 } else { 8 }) as usize];
            let unit = [1, 2, 3, 4, 5, 6, 500, 501, 900][dice(if round % 3 == 0 { 6 } else { 9 }) as usize];
            let month = i8::try_from(1 + dice(5)).unwrap() + if dice(20) == 0 { 6 } else { 0 };
            let text = if dice(15) == 0 { "x" } else { "8" };
            values.push(value(element, unit, month, text));
        }
        let mut keys = std::collections::HashSet::new();
        values.retain(|value| keys.insert(value.key));
        let mut valid = Vec::new();
        for value in &values {
            if send(&judge, std::slice::from_ref(value)).await.refused.is_empty() {
                valid.push(value.clone());
            }
        }
        assert!(!valid.is_empty() && valid.len() < values.len());

        let server = prepared();
        let report = send(&client(&server).await, &values).await;
        assert_eq!(held(&server), wanted(&valid), "round {round}");
        assert_eq!(report.refused.len(), values.len() - valid.len(), "round {round}");
        assert!(report.refused.iter().all(|refused| refused.code.starts_with('E')), "{:?}", report.refused);
    }
}
