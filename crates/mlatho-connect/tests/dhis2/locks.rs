//! Who may write what, and what is closed or opened for writing.

use std::collections::{BTreeSet, HashSet};

use mlatho_connect::dhis2::{Approval, ApprovalSlice, Config, Dhis2Error, LockException};
use mlatho_model::PeriodType;
use mlatho_testkit::dhis2::{Fault, Server, Trouble};
use serde_json::json;

use crate::world::*;

#[tokio::test]
async fn who_may_write_with_what() {
    let closed = || json!({"public": "r-r-----"});
    let server = server_with(B, |metadata| {
        metadata.set(data_set(), "sharing", closed());
        metadata.set(uid("co", 1), "sharing", closed());
        metadata.set(uid("co", 2), "organisationUnits", json!([{"id": clinic(3)}]));
        metadata.set(uid("co", 2), "endDate", json!("2026-05-31T00:00:00.000"));
    });
    let client = client(&server).await;
    assert!(!client.data_set(data_set()).await.unwrap().writable && !client.is_super());
    let mut options = client.category_options(&BTreeSet::from([uid("co", 1), uid("co", 2)])).await.unwrap();
    options.sort_by_key(|option| option.id);
    assert_eq!(options.iter().map(|option| option.writable).collect::<Vec<_>>(), [false, true]);
    assert_eq!((&options[1].org_units, options[1].start), (&HashSet::from([clinic(3)]), None));
    assert_eq!(options[1].end.unwrap().to_string(), "2026-05-31");
    let units = client.org_units(&BTreeSet::from([clinic(4)])).await.unwrap();
    assert_eq!(units[0].path, [uid("ou", 999), clinic(4)]);
}

#[tokio::test]
async fn lock_exceptions_are_read_whole() {
    let server = server(B);
    let exception = |set: u32, number: i8, unit: u32| LockException {
        data_set: uid("ds", set),
        period: month(number),
        org_unit: clinic(unit),
    };
    let wanted: Vec<LockException> = (1..=5).map(|unit| exception(1, 2, unit)).collect();
    for LockException { data_set, period, org_unit } in
        wanted.iter().copied().chain([exception(1, 3, 1), exception(2, 2, 1)])
    {
        server.except_from_lock(data_set, period, org_unit);
    }
    let client = client_with(&Config { page_size: 2, ..settings(&server) }).await;
    server.forget_requests();
    let ask = async || {
        let months = BTreeSet::from([month(1), month(2)]);
        client.lock_exceptions(&BTreeSet::from([data_set()]), &months).await
    };
    assert_eq!(ask().await.unwrap(), wanted.into_iter().collect::<HashSet<_>>());
    let sizes: Vec<_> = server.requests().iter().map(|own| own.parameter("pageSize").map(str::to_owned)).collect();
    assert_eq!(sizes, [Some("2".to_owned()), Some("5".to_owned())]); // the pages of such a list do not fit together
    server.script(Fault::on("GET", "/api/lockExceptions", Trouble::Forbidden));
    assert!(matches!(ask().await, Err(Dhis2Error::Forbidden { .. })));
}

fn slice(unit: u32, number: i8) -> ApprovalSlice {
    ApprovalSlice {
        workflow: uid("wf", 1),
        attribute_option_combo: default_combo(),
        period: month(number),
        org_unit: clinic(unit),
    }
}

fn with_workflow() -> Server {
    server_with(B, |metadata| metadata.approval_workflow(uid("wf", 1), "Approval", PeriodType::Monthly))
}

#[tokio::test]
async fn approvals_are_read_in_few_questions() {
    let server = with_workflow();
    server.approve(uid("wf", 1), month(2), clinic(3), default_combo());
    server.approve(uid("wf", 1), month(7), uid("ou", 999), default_combo());
    let client = client(&server).await;
    server.forget_requests();
    let mut slices: BTreeSet<ApprovalSlice> =
        (1..=7).flat_map(|number| (1..=CLINICS).map(move |unit| slice(unit, number))).collect();
    slices.remove(&slice(5, 5));
    let states = client.approvals(&slices).await.unwrap();
    assert_eq!(server.requests().len(), 2); // five months, then two
    assert_eq!(states.keys().copied().collect::<BTreeSet<_>>(), slices); // only what was asked for
    for (slice, state) in states {
        let expected = match slice {
            own if own == self::slice(3, 2) => Approval::Here,
            own if own.period == month(7) => Approval::Elsewhere,
            _ => Approval::Open,
        };
        assert_eq!(state, expected, "{slice:?}");
    }
    assert!(client.approvals(&BTreeSet::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn approvals_that_the_user_does_not_see_are_hidden() {
    let mut config = server_config(B);
    config.users[0].data_view_org_units = vec![clinic(1)];
    let mut metadata = metadata();
    metadata.approval_workflow(uid("wf", 1), "Approval", PeriodType::Monthly);
    let server = Server::start(config, metadata).unwrap();
    let client = client(&server).await;
    let slices = BTreeSet::from([slice(1, 1), slice(2, 1)]);
    let states = client.approvals(&slices).await.unwrap();
    assert_eq!((states[&slice(1, 1)], states[&slice(2, 1)]), (Approval::Open, Approval::Hidden));
    let strange = BTreeSet::from([ApprovalSlice { workflow: uid("wf", 9), ..slice(1, 1) }]);
    assert!(matches!(client.approvals(&strange).await, Err(Dhis2Error::Status { status: 409, .. })));
}
