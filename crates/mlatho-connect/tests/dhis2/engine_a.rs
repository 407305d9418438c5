//! Engine A: what is wrong costs its row, and the answer to a half-done import is 409.

use mlatho_connect::dhis2::{Action, DataValue, Outcome};
use mlatho_testkit::dhis2::NewValue;

use crate::world::*;

#[tokio::test]
async fn a_409_with_a_summary_is_read_not_feared() {
    let server = server(A);
    let client = client(&server).await;
    let mut values = counts(4, 2);
    values[3].value = Some("many".into());
    values[9].value = Some("-4".into());
    values.push(value(ANSWER, 1, 1, "PERHAPS"));
    values.push(value(STRAY + 40, 1, 1, "1")); // no such data element
    let report = send(&client, &values).await;
    assert_eq!(refused(&report), [(3, "E7619"), (9, "E7619"), (48, "E7621"), (49, "E7610")]);
    assert_eq!(report.refused[0].action, Action::Row);
    assert!(report.refused[3].message.contains("de000000093"), "{}", report.refused[3].message);
    assert_eq!(held(&server), wanted(&without(&values, &[3, 9, 48, 49])));
    assert_eq!((report.outcomes[0].http, report.outcomes[0].outcome), (409, Outcome::Partial));
    assert_eq!(imports(&server).len(), 1); // what is not refused is there: nothing is sent again
}

#[tokio::test]
async fn unchanged_values_are_ignored_without_fault() {
    let server = server(A);
    let client = client(&server).await;
    let values = counts(2, 1);
    send(&client, &values).await;
    let report = send(&client, &values).await;
    assert_eq!(report.outcomes[0].unchanged, Some(values.len()));
    assert!(report.refused.is_empty() && server.values().iter().all(|stored| stored.writes == 1));
}

#[tokio::test]
async fn zeros_that_are_not_significant_are_named() {
    let server = server(A);
    let client = client(&server).await;
    let old = value(SPARSE, 2, 1, "5");
    server.load("clerk", [NewValue::new(old.key.data_element, old.key.org_unit, old.key.period, "5")]);
    // A new zero is dropped, one over a value deletes it: neither is what was asked for.
    let values = [value(SPARSE, 1, 1, "0"), value(SPARSE, 2, 1, "0"), value(1, 1, 1, "0"), value(SPARSE, 3, 1, "4")];
    let report = send(&client, &values).await;
    assert_eq!(refused(&report), [(0, "zero-dropped"), (1, "zero-dropped")]);
    assert_eq!(report.refused[0].action, Action::Meta);
    assert_eq!(held(&server), wanted(&values[2..]));
}

#[tokio::test]
async fn locked_periods_are_named() {
    let server = server_with(A, |metadata| {
        metadata.set(data_set(), "expiryDays", serde_json::json!(100)); // closes January to March, seen from August
    });
    let client = client(&server).await;
    let values: Vec<DataValue> = (1..=9).map(|month| value(1, 1, month, "7")).collect();
    let report = send(&client, &values).await;
    assert_eq!(refused(&report), [(0, "E7640"), (1, "E7640"), (2, "E7640"), (8, "E7641")]);
    assert!(report.refused.iter().all(|refused| refused.action == Action::Lock));
    assert_eq!(held(&server), wanted(&values[3..8]));
}

#[tokio::test]
async fn a_refused_data_set_refuses_all() {
    let server = server_with(A, |metadata| {
        metadata.set(data_set(), "sharing", serde_json::json!({"public": "r-r-----"}));
    });
    let client = client(&server).await;
    let report = send(&client, &counts(2, 1)).await;
    assert!(report.refused.iter().all(|refused| refused.code == "E7601" && refused.action == Action::Access));
    assert_eq!((report.refused.len(), imports(&server).len()), (12, 1));
}
