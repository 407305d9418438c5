//! Refusals that pre-flight cannot know: the group is divided, every valid value arrives, every other one is named.

use mlatho_connect::dhis2::Action;
use mlatho_pipeline::publish::{ConflictRule, RefusedValue, Rule, WantedValue, confirm, dry_run};
use mlatho_testkit::dhis2::{Fault, Server, Trouble};
use serde_json::json;

use crate::world::*;

fn split(wanted: &[WantedValue], is_bad: impl Fn(&WantedValue) -> bool) -> (Vec<&WantedValue>, Vec<&WantedValue>) {
    wanted.iter().partition(|wanted| !is_bad(wanted))
}

/// Keys of the refused, in order.
fn keys(refused: &[RefusedValue]) -> Vec<mlatho_connect::dhis2::ValueKey> {
    let mut keys: Vec<_> = refused.iter().map(|refused| refused.value.key).collect();
    keys.sort_unstable();
    keys
}

/// So that pre-flight does not know what is approved.
fn hide_approvals(server: &Server) {
    server.script(Fault::on("GET", "/api/dataApprovals", Trouble::Forbidden).times(100));
}

fn with_approval(version: &str) -> Server {
    let server = server_with(version, |metadata| metadata.set(monthly(), "workflow", json!({"id": uid("wf", 1)})));
    server.approve(uid("wf", 1), month(2), clinic(3), default_combo());
    server.approve(uid("wf", 1), month(4), clinic(1), default_combo());
    hide_approvals(&server);
    server
}

fn is_approved(wanted: &WantedValue) -> bool {
    let at = |number: u32, month_number: i8| {
        wanted.key.org_unit == clinic(number) && wanted.key.period == month(month_number)
    };
    at(3, 2) || at(1, 4)
}

#[tokio::test]
async fn approved_slices_are_left_out_and_named() {
    for (version, code) in [(A, "E7642"), (B, "E8033")] {
        let server = with_approval(version);
        let client = client(&server).await;
        let mut log = Memory::default();
        let wanted = [counts(6), visits(2)].concat();
        let delivered = publish(&client, &mut log, &wanted).await;
        let (good, bad) = split(&wanted, is_approved);
        assert_eq!((held(&server), log.values()), (exactly(good.clone()), exactly(good)));
        assert_eq!(keys(&delivered.refused), exactly(bad.clone()).into_keys().collect::<Vec<_>>());
        assert!(delivered.differing.is_empty()); // refused is refused, not lost
        for refused in &delivered.refused {
            assert_eq!((refused.code.as_str(), refused.action, refused.data_set), (code, Action::Lock, monthly()));
            assert!(!refused.message.is_empty());
        }
        let receipt = &log.receipts[0].1;
        assert_eq!((receipt.sent, receipt.confirmed, receipt.refused), (96, 88, 8));
        assert!(receipt.replies.iter().any(|(_, _, body)| body.contains(code)));
        assert!(log.intended.is_empty()); // what was refused did certainly not arrive

        // They stay in the plan, and arrive when they may.
        let again = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        assert_eq!(again.plan.counts().new, bad.len() as u64);
        server.change_metadata(|metadata| metadata.set(monthly(), "workflow", json!(null)));
        assert!(publish(&client, &mut log, &wanted).await.refused.is_empty());
        assert_eq!(held(&server), exactly(&wanted));
    }
}

#[tokio::test]
async fn what_changes_between_plan_and_sending() {
    let server = server(B);
    let client = client(&server).await;
    let mut log = Memory::default();
    let wanted = counts(3);
    let prepared = plan(&client, &log, &wanted, ConflictRule::Keep).await;
    server.change_metadata(|metadata| {
        metadata.set(clinic(2), "closedDate", json!("2026-02-10"));
        metadata.set(uid("de", 3), "valueType", json!("INTEGER_NEGATIVE"));
    });
    let delivered = confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap();
    let closed = |wanted: &WantedValue| wanted.key.org_unit == clinic(2) && wanted.key.period > month(2);
    let (good, bad) = split(&wanted, |wanted| closed(wanted) || wanted.key.data_element == uid("de", 3));
    assert_eq!(held(&server), exactly(good));
    assert_eq!(keys(&delivered.refused), exactly(bad).into_keys().collect::<Vec<_>>());
    let code = |refused: &RefusedValue| refused.code.clone();
    let codes: std::collections::BTreeSet<String> = delivered.refused.iter().map(code).collect();
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), ["E8031", "E8122"]);
}

#[tokio::test]
async fn a_data_set_that_may_not_be_written_refuses_itself_only() {
    for (version, code) in [(A, "E7601"), (B, "E8010")] {
        let server = server(version);
        let client = client(&server).await;
        let (mut log, wanted) = (Memory::default(), [counts(1), visits(1)].concat());
        let prepared = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        server.change_metadata(|metadata| metadata.set(monthly(), "sharing", json!({"public": "r-r-----"})));
        let delivered = confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap();
        assert_eq!((delivered.confirmed, delivered.refused.len()), (4, 16));
        assert!(delivered.refused.iter().all(|refused| refused.code == code && refused.action == Action::Access));
        assert_eq!(held(&server), exactly(&wanted[16..]));
    }
}

#[tokio::test]
async fn a_data_set_that_may_not_be_read_costs_itself_only() {
    for version in BOTH {
        let server = server(version);
        let client = client(&server).await;
        let (mut log, wanted) = (Memory::default(), [counts(1), visits(1)].concat());
        server.script(Fault::on("GET", &format!("/api/dataSets/{}", monthly()), Trouble::Forbidden).times(100));
        let prepared = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        let blocked: Vec<Rule> = prepared.blocked.iter().map(|blocked| blocked.rule).collect();
        assert_eq!(blocked, [Rule::DataSetAccess; 16]);
        confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap();
        assert_eq!(held(&server), exactly(&wanted[16..]));
    }
}

#[tokio::test]
async fn a_withdrawal_that_is_locked_is_refused() {
    for version in BOTH {
        let server = server(version);
        let client = client(&server).await;
        let mut log = Memory::default();
        let wanted = counts(4);
        publish(&client, &mut log, &wanted).await;
        server.change_metadata(|metadata| metadata.set(monthly(), "workflow", json!({"id": uid("wf", 1)})));
        server.approve(uid("wf", 1), month(4), clinic(1), default_combo());
        hide_approvals(&server);
        let delivered = publish(&client, &mut log, &[]).await;
        assert_eq!((delivered.withdrawn, delivered.refused.len()), (60, 4));
        let (_, locked) = split(&wanted, |wanted| wanted.key.org_unit == clinic(1) && wanted.key.period == month(4));
        assert_eq!((held(&server), log.values()), (exactly(locked.clone()), exactly(locked)));
    }
}

#[tokio::test]
async fn a_dry_run_tells_and_changes_nothing() {
    for version in BOTH {
        let server = with_approval(version);
        let client = client(&server).await;
        let log = Memory::default();
        let prepared = plan(&client, &log, &counts(6), ConflictRule::Keep).await;
        let mut last = 0;
        let tried = dry_run(&client, &prepared, &mut |progress| last = progress.done).await.unwrap();
        assert_eq!((tried.sent, tried.confirmed, tried.refused.len(), last), (96, 88, 8, 96), "{version}");
        assert!(server.values().is_empty());
        assert!(imports(&server).iter().all(|import| import.parameter("dryRun") == Some("true")));
    }
}
