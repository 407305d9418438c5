//! The memory of what was sent outlasts a process that is cut off at any point of a delivery.

use mlatho_store::{BatchState, DeliveryBatch, Repository, Sent};
use serde_json::json;

use crate::common::{World, at};
use crate::on_both;

on_both!(
    a_batch_is_intended_sent_and_settled,
    what_was_cut_off_stays_open_until_something_later_is_known,
    values_that_arrived_unseen_are_adopted,
    a_withdrawn_value_is_remembered,
    intending_again_changes_nothing,
    places_are_apart_and_grow,
    targets_are_apart,
    many_values_come_page_by_page,
    a_value_is_as_old_as_the_delivery_that_brought_it,
);

const SET: &str = "BfMAe6Itzgt";
const PLACE: &str = "202601/DiszpKrYNg8";

fn batch(target: &str, plan: &str, number: u64) -> DeliveryBatch {
    DeliveryBatch { target: target.into(), plan: plan.into(), number, set: SET.into() }
}

/// Values of keys, `-` for one to be withdrawn.
fn values(pairs: &[(&str, &str)], confirmed: bool) -> Vec<Sent> {
    let value = |(key, value): &(&str, &str)| Sent {
        set: SET.into(),
        place: PLACE.into(),
        key: (*key).into(),
        value: (*value != "-").then(|| (*value).into()),
        confirmed,
    };
    pairs.iter().map(value).collect()
}

/// `key value`, with `?` for what may or may not have arrived, sorted.
async fn known(repository: &Repository, target: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut take = |sent: Sent| {
        let doubt = if sent.confirmed { "" } else { "?" };
        lines.push(format!("{} {}{doubt}", sent.key, sent.value.as_deref().unwrap_or("-")));
    };
    repository.sent(target, &mut take).await.unwrap();
    lines.sort();
    lines
}

async fn states(repository: &Repository) -> Vec<(u64, BatchState)> {
    repository.batches().await.unwrap().iter().map(|batch| (batch.batch.number, batch.state)).collect()
}

async fn a_batch_is_intended_sent_and_settled(world: World) {
    let repository = world.open().await;
    let first = batch("hmis", "p1", 1);
    repository.intend(&first, &values(&[("a", "1"), ("b", "2"), ("c", "3")], false), at(1)).await.unwrap();
    assert_eq!(known(&repository, "hmis").await, ["a 1?", "b 2?", "c 3?"]);
    assert_eq!(states(&repository).await, [(1, BatchState::Open)]);
    // One value was refused.
    let confirmed = values(&[("a", "1"), ("b", "2")], true);
    repository.settle(&first, &confirmed, &json!({"refused": 1}), "409 …", at(2)).await.unwrap();
    assert_eq!(known(&repository, "hmis").await, ["a 1", "b 2"]);
    // The next batch changes one and is complete.
    let second = batch("hmis", "p1", 2);
    repository.intend(&second, &values(&[("b", "20"), ("d", "4")], false), at(3)).await.unwrap();
    assert_eq!(known(&repository, "hmis").await, ["a 1", "b 2", "b 20?", "d 4?"]);
    repository.settle(&second, &values(&[("b", "20"), ("d", "4")], true), &json!({}), "200", at(4)).await.unwrap();
    assert_eq!(known(&repository, "hmis").await, ["a 1", "b 20", "d 4"]);
    let batches = repository.batches().await.unwrap();
    assert_eq!(batches[0].batch, first);
    assert_eq!((batches[0].state, batches[1].state), (BatchState::Partial, BatchState::Done));
    assert_eq!((batches[0].created_at, batches[0].settled_at), (at(1), Some(at(2))));
    assert_eq!((&batches[0].counts, batches[0].report.as_deref()), (&Some(json!({"refused": 1})), Some("409 …")));
    // Nothing of a batch arrived: nothing is known of its keys.
    let third = batch("hmis", "p2", 1);
    repository.intend(&third, &values(&[("e", "5")], false), at(5)).await.unwrap();
    repository.settle(&third, &[], &json!({}), "409", at(6)).await.unwrap();
    assert_eq!(known(&repository, "hmis").await, ["a 1", "b 20", "d 4"]);
    assert_eq!(states(&repository).await[2], (1, BatchState::Partial));
}

async fn what_was_cut_off_stays_open_until_something_later_is_known(world: World) {
    let repository = world.open().await;
    repository.intend(&batch("hmis", "p1", 1), &values(&[("a", "1"), ("b", "2")], false), at(1)).await.unwrap();
    repository.close().await.unwrap();

    let repository = world.open().await;
    assert_eq!(known(&repository, "hmis").await, ["a 1?", "b 2?"]);
    // Another plan sends one of them with another value.
    let second = batch("hmis", "p2", 1);
    repository.intend(&second, &values(&[("a", "10")], false), at(2)).await.unwrap();
    assert_eq!(known(&repository, "hmis").await, ["a 10?", "a 1?", "b 2?"]);
    repository.settle(&second, &values(&[("a", "10")], true), &json!({}), "", at(3)).await.unwrap();
    assert_eq!(known(&repository, "hmis").await, ["a 10", "b 2?"]);
    assert_eq!(states(&repository).await, [(1, BatchState::Open), (1, BatchState::Done)]);
    let third = batch("hmis", "p3", 1);
    repository.intend(&third, &values(&[("b", "2")], false), at(4)).await.unwrap();
    repository.settle(&third, &values(&[("b", "2")], true), &json!({}), "", at(5)).await.unwrap();
    assert_eq!(known(&repository, "hmis").await, ["a 10", "b 2"]);
    assert_eq!(states(&repository).await[0], (1, BatchState::Overtaken));
}

async fn values_that_arrived_unseen_are_adopted(world: World) {
    let repository = world.open().await;
    repository.intend(&batch("hmis", "p1", 1), &values(&[("a", "1"), ("b", "2")], false), at(1)).await.unwrap();
    let adoption = batch("hmis", "p2", 0);
    repository.settle(&adoption, &values(&[("a", "1")], true), &json!({}), "", at(2)).await.unwrap();
    assert_eq!(known(&repository, "hmis").await, ["a 1", "b 2?"]);
    // Once more in the same plan: the next data set.
    repository.settle(&adoption, &values(&[("b", "2"), ("c", "3")], true), &json!({}), "", at(3)).await.unwrap();
    assert_eq!(known(&repository, "hmis").await, ["a 1", "b 2", "c 3"]);
    assert_eq!(states(&repository).await, [(1, BatchState::Overtaken), (0, BatchState::Done), (0, BatchState::Done)]);
}

async fn a_withdrawn_value_is_remembered(world: World) {
    let repository = world.open().await;
    let (first, second) = (batch("hmis", "p1", 1), batch("hmis", "p2", 1));
    repository.intend(&first, &values(&[("a", "0")], false), at(1)).await.unwrap();
    repository.settle(&first, &values(&[("a", "0")], true), &json!({}), "", at(1)).await.unwrap();
    repository.intend(&second, &values(&[("a", "-")], false), at(2)).await.unwrap();
    assert_eq!(known(&repository, "hmis").await, ["a -?", "a 0"]);
    repository.settle(&second, &values(&[("a", "-")], true), &json!({}), "", at(2)).await.unwrap();
    assert_eq!(known(&repository, "hmis").await, ["a -"]);
}

async fn intending_again_changes_nothing(world: World) {
    let repository = world.open().await;
    let first = batch("hmis", "p1", 1);
    for minute in 1..4 {
        repository.intend(&first, &values(&[("a", "1"), ("b", "2")], false), at(minute)).await.unwrap();
    }
    assert_eq!(known(&repository, "hmis").await, ["a 1?", "b 2?"]);
    assert_eq!(states(&repository).await, [(1, BatchState::Open)]);
    let confirmed = values(&[("a", "1"), ("b", "2")], true);
    repository.settle(&first, &confirmed, &json!({}), "one", at(5)).await.unwrap();
    // The same plan delivered again is another delivery; the receipt of the first is kept.
    repository.intend(&first, &values(&[("a", "1")], false), at(6)).await.unwrap();
    repository.settle(&first, &confirmed, &json!({}), "two", at(7)).await.unwrap();
    let batches = repository.batches().await.unwrap();
    assert_eq!(batches.iter().map(|batch| batch.report.as_deref()).collect::<Vec<_>>(), [Some("one"), Some("two")]);
    assert_eq!(known(&repository, "hmis").await, ["a 1", "b 2"]);
}

async fn places_are_apart_and_grow(world: World) {
    let repository = world.open().await;
    let at_place = |place: &str, pairs: &[(&str, &str)]| -> Vec<Sent> {
        values(pairs, true).into_iter().map(|sent| Sent { place: place.into(), ..sent }).collect()
    };
    let settle = async |number: u64, values: &[Sent]| {
        repository.settle(&batch("hmis", "p1", number), values, &json!({}), "", at(1)).await.unwrap();
    };
    settle(1, &at_place("202601/A", &[("a", "1"), ("b", "2")])).await;
    settle(2, &at_place("202601/B", &[("a", "3")])).await;
    settle(3, &at_place("202601/A", &[("b", "20"), ("c", "4")])).await;
    let mut lines = Vec::new();
    let mut take = |sent: Sent| lines.push(format!("{} {} {}", sent.place, sent.key, sent.value.unwrap_or_default()));
    repository.sent("hmis", &mut take).await.unwrap();
    assert_eq!(lines, ["202601/A a 1", "202601/A b 20", "202601/A c 4", "202601/B a 3"]);
}

async fn targets_are_apart(world: World) {
    let repository = world.open().await;
    for (target, value) in [("hmis", "1"), ("test server", "2")] {
        repository.intend(&batch(target, "p1", 1), &values(&[("a", value), ("b", "0")], false), at(1)).await.unwrap();
    }
    repository.settle(&batch("hmis", "p1", 1), &values(&[("a", "1")], true), &json!({}), "", at(2)).await.unwrap();
    assert_eq!(known(&repository, "hmis").await, ["a 1"]);
    assert_eq!(known(&repository, "test server").await, ["a 2?", "b 0?"]);
    assert_eq!(states(&repository).await, [(1, BatchState::Partial), (1, BatchState::Open)]);
}

async fn many_values_come_page_by_page(world: World) {
    let repository = world.open().await;
    let all: Vec<Sent> = (0..12_345)
        .map(|number: u32| Sent {
            set: SET.into(),
            place: format!("202601/DiszpKr{:04}", number / 10),
            key: format!("fbfJHSPpUQD/pq2XI5kz2BY/HllvX50cXC0/{number}"),
            value: Some(number.to_string()),
            confirmed: false,
        })
        .collect();
    // Two deliveries were cut off with the same keys.
    let (first, second) = (batch("hmis", "p1", 1), batch("hmis", "p2", 1));
    repository.intend(&first, &all, at(1)).await.unwrap();
    repository.intend(&second, &all, at(2)).await.unwrap();
    let count = async || {
        let (mut intended, mut confirmed) = (Vec::new(), Vec::new());
        let mut take = |sent: Sent| {
            assert!(sent.key.ends_with(&format!("/{}", sent.value.as_deref().unwrap())));
            if sent.confirmed { confirmed.push(sent.key) } else { intended.push(sent.key) }
        };
        repository.sent("hmis", &mut take).await.unwrap();
        let (n, m) = (intended.len(), confirmed.len());
        intended.sort();
        intended.dedup();
        confirmed.dedup();
        (n, intended.len(), m, confirmed.len())
    };
    assert_eq!(count().await, (2 * 12_345, 12_345, 0, 0));
    repository.settle(&second, &all, &json!({}), "", at(3)).await.unwrap();
    assert_eq!(count().await, (0, 0, 12_345, 12_345));
}

async fn a_value_is_as_old_as_the_delivery_that_brought_it(world: World) {
    let repository = world.open().await;
    for (number, minute, pairs) in [(1, 1, [("a", "1"), ("b", "2")]), (2, 5, [("b", "20"), ("c", "-")])] {
        let batch = batch("hmis", "p", number);
        repository.intend(&batch, &values(&pairs, false), at(minute)).await.unwrap();
        repository.settle(&batch, &values(&pairs, true), &json!({}), "200", at(minute + 1)).await.unwrap();
    }
    // What is on its way was found nowhere yet.
    repository.intend(&batch("hmis", "p", 3), &values(&[("d", "4")], false), at(9)).await.unwrap();
    let mut found = Vec::new();
    let mut take = |sent: Sent, begun| found.push((sent.key, sent.value, begun));
    repository.delivered("hmis", &mut take).await.unwrap();
    let value = |key: &str, value: Option<&str>, minute| (key.to_owned(), value.map(str::to_owned), at(minute));
    assert_eq!(found, [value("a", Some("1"), 1), value("b", Some("20"), 5), value("c", None, 5)]);
}
