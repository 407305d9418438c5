//! From the first publication to the last: new, changed, unchanged, withdrawn, and what other people did meanwhile.

use mlatho_connect::dhis2::{DataValue, Outcome};
use mlatho_model::Decimal;
use mlatho_pipeline::publish::{ConflictRule, Counts, Kind, WantedValue, confirm};

use crate::world::*;

#[tokio::test]
async fn new_changed_unchanged_and_withdrawn() {
    for version in BOTH {
        let server = server(version);
        let client = client(&server).await;
        let mut log = Memory::default();
        let mut wanted = [counts(2), visits(1)].concat();
        let first = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        assert_eq!(first.plan.counts(), Counts { new: 36, ..Counts::default() });
        assert!(first.blocked.is_empty() && first.findings.is_empty());
        let delivered = confirm(&client, &mut log, &first, &mut |_| {}).await.unwrap();
        assert_eq!((delivered.sent, delivered.confirmed, delivered.batches, delivered.requests), (36, 36, 2, 2));
        assert_eq!((held(&server), log.values()), (exactly(&wanted), exactly(&wanted)));
        assert!(log.intended.is_empty());

        // The receipts hold the replies as they came.
        assert_eq!(log.receipts.len(), 2);
        for (batch, receipt) in &log.receipts {
            assert_eq!((batch.target.as_str(), batch.plan.as_str()), (TARGET, first.plan.hash().as_str()));
            let [(http, outcome, body)] = receipt.replies.as_slice() else { panic!("one reply for each batch") };
            assert_eq!((*http, *outcome, receipt.sent == receipt.confirmed), (200, Outcome::Applied, true));
            let reply: serde_json::Value = serde_json::from_str(body).unwrap();
            assert_eq!(reply["response"]["responseType"], "ImportSummary");
        }

        // A second time nothing is sent.
        server.forget_requests();
        let second = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        assert_eq!(second.plan.counts(), Counts { unchanged: 36, ..Counts::default() });
        let delivered = confirm(&client, &mut log, &second, &mut |_| {}).await.unwrap();
        assert!(second.plan.is_empty() && delivered.sent == 0 && imports(&server).is_empty());

        // Two change, three go, one is new.
        wanted[0].value = Decimal::from(100);
        wanted[1].value = Decimal::ZERO;
        wanted.drain(2..5);
        wanted.push(want(1, 1, 7, 0));
        let third = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        let expected = Counts { new: 1, changed: 2, withdraw: 3, unchanged: 31, ..Counts::default() };
        assert_eq!(third.plan.counts(), expected);
        let delivered = confirm(&client, &mut log, &third, &mut |_| {}).await.unwrap();
        assert_eq!((delivered.sent, delivered.confirmed, delivered.withdrawn), (6, 6, 3));
        assert_eq!((held(&server), log.values()), (exactly(&wanted), exactly(&wanted)));
        assert_eq!(import_sizes(&server).iter().sum::<usize>(), 6);
        let gone = server.values().iter().filter(|stored| stored.deleted).count();
        assert_eq!(gone, 3); // marked, as DHIS2 does it
        assert!(plan(&client, &log, &wanted, ConflictRule::Keep).await.plan.is_empty());
    }
}

#[tokio::test]
async fn comments_and_marks_of_people_stay() {
    for version in BOTH {
        let server = server(version);
        let client = client(&server).await;
        let mut log = Memory::default();
        let mut wanted = vec![want(1, 1, 1, 5), want(2, 1, 1, 5), want(3, 1, 1, 5)];
        publish(&client, &mut log, &wanted).await;
        let said = |wanted: &WantedValue| DataValue {
            comment: Some("stock card \"lost\"".into()),
            follow_up: true,
            ..data_value(wanted)
        };
        let said: Vec<DataValue> = wanted.iter().map(said).collect();
        as_clerk(&server, monthly(), &said).await;

        assert!(plan(&client, &log, &wanted, ConflictRule::Keep).await.plan.is_empty()); // what they say is no change
        wanted[0].value = Decimal::from(6);
        wanted[1].comment = Some("counted again".into());
        wanted.remove(2);
        let delivered = publish(&client, &mut log, &wanted).await;
        assert_eq!((delivered.confirmed, delivered.withdrawn), (3, 1));
        let stored = server.values();
        let at = |element: u32| stored.iter().find(|stored| stored.data_element == uid("de", element)).unwrap();
        assert_eq!((at(1).value.as_str(), at(1).comment.as_deref()), ("6", Some("stock card \"lost\"")));
        assert_eq!((at(2).value.as_str(), at(2).comment.as_deref()), ("5", Some("counted again")));
        assert!(at(1).follow_up && at(2).follow_up);
        assert!(at(3).deleted && at(3).comment.is_some());
        assert!(plan(&client, &log, &wanted, ConflictRule::Keep).await.plan.is_empty());
    }
}

#[tokio::test]
async fn what_others_changed_is_kept_and_listed_or_replaced() {
    for version in BOTH {
        let server = server(version);
        let client = client(&server).await;
        let mut log = Memory::default();
        let published: Vec<WantedValue> = (1..=4).map(|element| want(element, 1, 1, 5)).collect();
        publish(&client, &mut log, &published).await;
        let removed = DataValue { deleted: true, value: None, ..data_value(&published[1]) };
        as_clerk(&server, monthly(), &[removed]).await;
        load(&server, &[(published[0].key, "77"), (published[2].key, "78"), (published[3].key, "9")]);

        // The first is wanted otherwise, the second still, the third not any more; the fourth is wanted as they have it.
        let wanted = vec![want(1, 1, 1, 6), want(2, 1, 1, 5), want(4, 1, 1, 9)];
        let kept = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        assert_eq!(kept.plan.counts(), Counts { conflicts: 3, unchanged: 1, ..Counts::default() });
        let listed: Vec<_> = kept.plan.changes().map(|change| (change.kind, change.old, change.new)).collect();
        let text = |text: &str| Some(text.into());
        let expected = [
            (Kind::Conflict, text("77"), text("6")),
            (Kind::Conflict, None, text("5")),
            (Kind::Conflict, text("78"), None),
        ];
        assert_eq!(listed, expected);
        server.forget_requests();
        assert_eq!(confirm(&client, &mut log, &kept, &mut |_| {}).await.unwrap().sent, 0);
        assert!(imports(&server).is_empty() && held(&server)[&published[0].key] == "77");

        let replaced = plan(&client, &log, &wanted, ConflictRule::Replace).await;
        assert_eq!(
            replaced.plan.counts(),
            Counts { new: 1, changed: 1, foreign: 1, withdraw: 1, unchanged: 1, ..Counts::default() }
        );
        confirm(&client, &mut log, &replaced, &mut |_| {}).await.unwrap();
        assert_eq!(held(&server), exactly(&wanted));
    }
}

#[tokio::test]
async fn values_that_were_never_ours() {
    for version in BOTH {
        let server = server(version);
        let client = client(&server).await;
        let mut log = Memory::default();
        load(&server, &[(key(1, 1, month(1)), "7"), (key(2, 1, month(1)), "8"), (key(3, 1, month(1)), "9")]);
        let wanted = vec![want(1, 1, 1, 7), want(2, 1, 1, 80)];
        let prepared = plan(&client, &log, &wanted, ConflictRule::Keep).await;
        assert_eq!(prepared.plan.counts(), Counts { changed: 1, foreign: 1, unchanged: 1, ..Counts::default() });
        confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap();
        // What was replaced is ours from now on; what was there already, and what nobody asked for, stay theirs.
        publish(&client, &mut log, &[]).await;
        assert_eq!(held(&server).into_values().collect::<Vec<_>>(), ["7", "9"]);
    }
}

#[tokio::test]
async fn a_data_element_that_moves_to_another_data_set() {
    for version in BOTH {
        let other = uid("ds", 3);
        let server = server_with(version, |metadata| {
            let clinics: Vec<_> = (1..=CLINICS).map(clinic).collect();
            metadata.data_set(other, "Moved", mlatho_model::PeriodType::Monthly, &[uid("de", 1)], &clinics);
        });
        let client = client(&server).await;
        let mut scope = scope();
        scope.data_sets.insert(other);
        let (mut log, mut wanted) = (Memory::default(), counts(1));
        publish(&client, &mut log, &wanted).await;
        wanted.retain(|wanted| wanted.key.data_element == uid("de", 1));
        wanted.iter_mut().for_each(|wanted| wanted.data_set = other);
        wanted[0].value = Decimal::from(99);
        let prepare = async |log: &Memory| {
            let today = jiff::civil::date(2000, 1, 1);
            let prepared = mlatho_pipeline::publish::prepare(
                &client,
                log,
                TARGET,
                &scope,
                wanted.clone(),
                ConflictRule::Keep,
                today,
            );
            prepared.await.unwrap()
        };
        // Nothing of it is withdrawn from the old one, which shares the data element; the other elements are.
        let prepared = prepare(&log).await;
        assert_eq!(prepared.plan.counts(), Counts { changed: 1, withdraw: 12, unchanged: 3, ..Counts::default() });
        confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap();
        assert_eq!((held(&server), log.values()), (exactly(&wanted), exactly(&wanted)));
        assert!(prepare(&log).await.plan.is_empty());
    }
}

#[tokio::test]
async fn wanted_twice_with_two_values_is_for_a_person() {
    let server = server(B);
    let client = client(&server).await;
    let mut log = Memory::default();
    let wanted = [want(1, 1, 1, 7), want(1, 1, 1, 8), want(2, 1, 1, 7), want(2, 1, 1, 7)];
    let prepared = plan(&client, &log, &wanted, ConflictRule::Replace).await;
    assert_eq!(prepared.plan.counts(), Counts { new: 1, contradictions: 1, ..Counts::default() });
    confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap();
    assert_eq!(held(&server), exactly(&wanted[2..3]));
}

#[tokio::test]
async fn nothing_is_withdrawn_outside_of_the_scope() {
    let server = server(B);
    let client = client(&server).await;
    let (mut log, wanted) = (Memory::default(), [counts(2), visits(1)].concat());
    publish(&client, &mut log, &wanted).await;
    let mut scope = scope();
    scope.data_sets.remove(&quarterly());
    scope.start = month(2).start();
    let today = jiff::civil::date(2000, 1, 1);
    let prepared = mlatho_pipeline::publish::prepare(&client, &log, TARGET, &scope, vec![], ConflictRule::Keep, today);
    let prepared = prepared.await.unwrap();
    assert_eq!(prepared.plan.counts(), Counts { withdraw: 16, ..Counts::default() });
    confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap();
    let stays = wanted.iter().filter(|wanted| wanted.data_set == quarterly() || wanted.key.period == month(1));
    assert_eq!(held(&server), exactly(stays));
}

#[tokio::test]
async fn values_outside_of_the_scope_are_counted_not_sent() {
    let server = server(A);
    let client = client(&server).await;
    let mut early = want(1, 1, 1, 7);
    early.key.period = "202512".parse().unwrap();
    let prepared = plan(&client, &Memory::default(), &[early, want(1, 1, 1, 7)], ConflictRule::Keep).await;
    assert_eq!((prepared.plan.counts().new, prepared.findings[0].code), (1, "publish-outside-scope"));
}
