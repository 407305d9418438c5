//! Killed anywhere and started again: only the difference is sent, nothing twice.

use mlatho_model::Decimal;
use mlatho_pipeline::publish::{ConflictRule, PublishProgress, WantedValue, confirm};
use mlatho_testkit::dhis2::{Fault, Server, Trouble};

use crate::world::*;

/// A published state and what is wanted next: one new, two changed, two withdrawn in each of two batches.
async fn published(server: &Server) -> (Memory, Vec<WantedValue>) {
    let client = client(server).await;
    let mut log = Memory::default();
    let mut wanted = [counts(2), visits(2)].concat();
    publish(&client, &mut log, &wanted).await;
    wanted.retain(|wanted| !(wanted.key.org_unit == clinic(4) && wanted.key.data_element == uid("de", 4)));
    wanted.retain(|wanted| !(wanted.key.org_unit == clinic(4) && wanted.data_set == quarterly()));
    for wanted in wanted.iter_mut().filter(|wanted| wanted.key.org_unit == clinic(1)).take(2) {
        wanted.value = Decimal::from(99);
    }
    wanted.push(want(1, 1, 7, 3));
    server.forget_requests();
    (log, wanted)
}

/// Withdrawn 4, changed 2, new 1.
const DIFFERENCE: usize = 7;

#[tokio::test]
async fn at_every_step_of_the_log() {
    for version in BOTH {
        for call in [1, 2] {
            for death in [
                Death::BeforeIntend(call),
                Death::AfterIntend(call),
                Death::BeforeSettle(call),
                Death::AfterSettle(call),
            ] {
                let server = server(version);
                let (log, wanted) = published(&server).await;
                let client = client(&server).await;
                let mut log = log.dying(Some(death));
                assert!(try_publish(&client, &mut log, &wanted).await.is_err(), "{death:?}");

                let mut log = log.dying(None);
                let delivered = publish(&client, &mut log, &wanted).await;
                assert!(delivered.refused.is_empty() && delivered.differing.is_empty());
                assert_eq!((held(&server), log.values()), (exactly(&wanted), exactly(&wanted)), "{version} {death:?}");
                assert_eq!(import_sizes(&server).iter().sum::<usize>(), DIFFERENCE, "{version} {death:?}");
                assert!(log.intended.is_empty(), "{version} {death:?}: {:?}", log.intended);
                assert!(plan(&client, &log, &wanted, ConflictRule::Keep).await.plan.is_empty());
            }
        }
    }
}

/// Ready as soon as the server has written all of it.
async fn until_applied(server: &Server, wanted: &[WantedValue]) {
    while held(server) != exactly(wanted) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn while_the_answer_is_under_way() {
    for version in BOTH {
        let server = server(version);
        let client = client(&server).await;
        let (mut log, wanted) = (Memory::default(), counts(3));
        let prepared = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        let silence = Trouble::SilentAfterApplying(std::time::Duration::from_secs(60));
        server.script(Fault::on("POST", "/api/dataValueSets", silence));
        let mut silent = |_: PublishProgress| {};
        tokio::select! {
            _ = confirm(&client, &mut log, &prepared, &mut silent) => panic!("there is no answer"),
            () = until_applied(&server, &wanted) => {}
        }
        assert_eq!((log.confirmed.len(), log.intended.len()), (0, 48)); // nobody knows

        server.forget_requests();
        let again = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        assert!(again.plan.is_empty());
        confirm(&client, &mut log, &again, &mut |_| {}).await.unwrap();
        assert!(imports(&server).is_empty() && log.intended.is_empty() && log.values() == exactly(&wanted));
    }
}

#[tokio::test]
async fn a_withdrawal_whose_answer_was_lost_leaves_no_claim() {
    for version in BOTH {
        let server = server(version);
        let client = client(&server).await;
        let (mut log, wanted) = (Memory::default(), [want(1, 1, 1, 5)]);
        publish(&client, &mut log, &wanted).await;
        let mut log = log.dying(Some(Death::BeforeSettle(1)));
        assert!(try_publish(&client, &mut log, &[]).await.is_err());
        let mut log = log.dying(None);
        publish(&client, &mut log, &[]).await;
        // Later somebody enters the same number: it is theirs, and stays.
        load(&server, &[(wanted[0].key, "5")]);
        publish(&client, &mut log, &[]).await;
        assert_eq!(held(&server), exactly(&wanted), "{version}");
    }
}

#[tokio::test]
async fn a_plan_has_one_name_whatever_the_order() {
    let server = server(A);
    let client = client(&server).await;
    let (log, mut wanted) = (Memory::default(), [counts(2), visits(1)].concat());
    let one = plan(&client, &log, &wanted, ConflictRule::Keep).await.plan.hash();
    wanted.reverse();
    assert_eq!(plan(&client, &log, &wanted, ConflictRule::Keep).await.plan.hash(), one);
    wanted.pop();
    assert_ne!(plan(&client, &log, &wanted, ConflictRule::Keep).await.plan.hash(), one);
}
