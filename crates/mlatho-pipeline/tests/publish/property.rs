//! Whatever is held, was sent and is wanted: afterwards the target holds what it should, and there is nothing left to do.

use std::collections::BTreeMap;

use mlatho_connect::dhis2::{DataValue, ValueKey};
use mlatho_pipeline::publish::{ConflictRule, WantedValue, confirm};
use mlatho_testkit::dhis2::Server;

use crate::world::*;

struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    /// Some of all possible values; few different numbers, so that coincidences happen.
    fn some(&mut self, of: u64) -> Vec<WantedValue> {
        let all = [counts(2), visits(1)].concat().into_iter().filter(|wanted| wanted.key.org_unit <= clinic(2));
        let mut chosen: Vec<WantedValue> = all.filter(|_| self.throw(3) < of).collect();
        chosen.iter_mut().for_each(|wanted| wanted.value = self.throw(3).into());
        chosen
    }
}

/// What should be under a key, by what is wanted, held, and known to be ours (the last confirmed, none: withdrawn).
fn expected(
    rule: ConflictRule,
    wanted: Option<&str>,
    held: Option<&str>,
    ours: Option<Option<&str>>,
) -> Option<String> {
    let is_ours = match held {
        Some(_) => ours == Some(held),
        None => !matches!(ours, Some(Some(_))),
    };
    let result = match (wanted, held) {
        _ if wanted == held => wanted,
        // Somebody else changed or removed what we sent.
        _ if ours.is_some() && !is_ours => match rule {
            ConflictRule::Keep => held,
            ConflictRule::Replace if ours == Some(None) && wanted.is_none() => held, // never ours since
            ConflictRule::Replace => wanted,
        },
        (Some(_), _) => wanted,
        (None, _) if ours == Some(held) => None,
        (None, _) => held,
    };
    result.map(str::to_owned)
}

/// People write and remove values.
async fn people(server: &Server, dice: &mut Dice) {
    let written = dice.some(1);
    let texts: Vec<(ValueKey, String)> = written.iter().map(|one| (one.key, one.value.to_string())).collect();
    let texts: Vec<(ValueKey, &str)> = texts.iter().map(|(key, text)| (*key, text.as_str())).collect();
    load(server, &texts);
    for one in dice.some(1).iter().filter(|one| held(server).contains_key(&one.key)) {
        let removed = DataValue { deleted: true, value: None, ..data_value(one) };
        assert!(as_clerk(server, one.data_set, &[removed]).await.refused.is_empty());
    }
}

async fn world(version: &str, seed: u64) {
    let server = server(version);
    let client = client(&server).await;
    let mut dice = Dice(seed);
    let mut log = Memory::default();
    people(&server, &mut dice).await;
    for round in 0..4 {
        let rule = [ConflictRule::Keep, ConflictRule::Replace][usize::from(dice.throw(2) == 0)];
        let amount = 1 + dice.throw(2);
        let wanted = dice.some(amount);
        let (before, ours) = (held(&server), log.confirmed.clone());
        let texts = exactly(&wanted);
        let mut keys: Vec<ValueKey> = before.keys().chain(texts.keys()).chain(ours.keys()).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        let should: BTreeMap<ValueKey, String> = keys
            .into_iter()
            .filter_map(|key| {
                let text = |map: &BTreeMap<ValueKey, String>| map.get(&key).cloned();
                let known = ours.get(&key).map(|sent| sent.value.as_deref());
                Some((key, expected(rule, text(&texts).as_deref(), text(&before).as_deref(), known)?))
            })
            .collect();
        let prepared = plan(&client, &log, &wanted, rule).await;
        assert!(prepared.blocked.is_empty());
        let delivered = confirm(&client, &mut log, &prepared, &mut |_| {}).await.unwrap();
        assert!(delivered.refused.is_empty() && delivered.differing.is_empty());
        assert_eq!(held(&server), should, "{version}, seed {seed}, round {round}, {rule:?}");
        let again = plan(&client, &log, &wanted, rule).await;
        assert!(again.plan.is_empty(), "{version}, seed {seed}, round {round}: {:?}", again.plan.counts());
        if dice.throw(2) == 0 {
            people(&server, &mut dice).await;
        }
    }
}

#[tokio::test]
async fn random_worlds() {
    for version in BOTH {
        for seed in 0..25 {
            world(version, seed).await;
        }
    }
}

/// Without people in between: exactly what is wanted, and what was never ours.
#[tokio::test]
async fn wanted_and_foreign_values() {
    for version in BOTH {
        for seed in 100..115 {
            let server = server(version);
            let client = client(&server).await;
            let mut dice = Dice(seed);
            let mut log = Memory::default();
            people(&server, &mut dice).await;
            let mut should = held(&server);
            for _ in 0..3 {
                let wanted = dice.some(2);
                let delivered = publish(&client, &mut log, &wanted).await;
                assert_eq!(delivered.sent, delivered.confirmed);
                should.retain(|key, _| !log.confirmed.contains_key(key));
                should.extend(exactly(&wanted));
                assert_eq!(held(&server), should, "{version}, seed {seed}");
                assert!(plan(&client, &log, &wanted, ConflictRule::Keep).await.plan.is_empty());
            }
        }
    }
}
