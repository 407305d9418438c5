//! What holds of both engines.

use mlatho_connect::dhis2::{Config, DataValue, Dhis2Error, Progress, PushMode, Pusher};
use mlatho_testkit::dhis2::{Server, User};

use crate::world::*;

#[tokio::test]
async fn values_arrive_and_are_sent_once() {
    for version in BOTH {
        let server = server(version);
        let client = client(&server).await;
        let values = counts(CLINICS, 6);
        let mut last = Progress { sent: 0, applied: 0, refused: 0 };
        let mut pusher = Pusher::new(&client, PushMode::Write).unwrap();
        let report = pusher.send(data_set(), &values, &mut |progress| last = progress).await.unwrap();
        assert!(report.refused.is_empty());
        assert_eq!((report.sent, report.requests), (432, 1));
        assert_eq!(last, Progress { sent: 432, applied: 432, refused: 0 });
        assert_eq!(held(&server), wanted(&values));
        let import = &imports(&server)[0];
        assert_eq!((import.content_type.as_str(), import.query.len()), ("application/json", 0));
        let body: serde_json::Value = serde_json::from_slice(&import.body).unwrap();
        assert!(body["dataSet"].is_string() && body.get("completeDate").is_none());
        assert!(body["dataValues"].as_array().unwrap().iter().all(|value| value["attributeOptionCombo"].is_string()));
        assert!(server.completions().is_empty());
    }
}

#[tokio::test]
async fn comments_and_marks_are_kept() {
    for version in BOTH {
        let server = server(version);
        let client = client(&server).await;
        let marked = DataValue { comment: Some("stock card lost".into()), follow_up: true, ..value(1, 1, 1, "3") };
        send(&client, std::slice::from_ref(&marked)).await;
        // What a caller has to do: read what is there and carry it along.
        let held = client.read_back(data_set(), [marked.key]).await.unwrap();
        let changed = DataValue { value: Some("4".into()), ..held[&marked.key].clone() };
        send(&client, &[changed]).await;
        let stored = &server.values()[0];
        assert_eq!((stored.value.as_str(), stored.comment.as_deref()), ("4", Some("stock card lost")));
        assert!(stored.follow_up && stored.writes == 2);
    }
}

#[tokio::test]
async fn withdrawn_values_are_gone_and_may_come_back() {
    for version in BOTH {
        let server = server(version);
        let client = client(&server).await;
        let values = counts(2, 1);
        send(&client, &values).await;
        let withdrawn: Vec<DataValue> =
            values[..5].iter().map(|value| DataValue { deleted: true, value: None, ..value.clone() }).collect();
        let mut batch = withdrawn.clone();
        batch.push(value(1, 3, 1, "9")); // new values and withdrawals in one batch
        let report = send(&client, &batch).await;
        assert!(report.refused.is_empty(), "{version} {:?}", report.refused);
        assert_eq!(held(&server), wanted(values[5..].iter().chain(&batch[5..])));
        assert!(send(&client, &withdrawn).await.refused.is_empty()); // a second time changes nothing
        assert!(send(&client, &values[..1]).await.refused.is_empty());
        assert_eq!(held(&server).get(&values[0].key), Some(&"1".to_owned()), "{version}");
    }
}

#[tokio::test]
async fn a_key_that_comes_twice_is_refused_the_second_time() {
    for version in BOTH {
        let server = server(version);
        let client = client(&server).await;
        let report = send(&client, &[value(1, 1, 1, "1"), value(2, 1, 1, "2"), value(1, 1, 1, "9")]).await;
        assert_eq!(refused(&report), [(2, "E8128")]);
        assert_eq!(held(&server), wanted(&[value(1, 1, 1, "1"), value(2, 1, 1, "2")]));
    }
}

#[tokio::test]
async fn a_dry_run_writes_nothing_and_names_the_refused() {
    for (version, code) in [(A, "E7619"), (B, "E8122")] {
        let server = server(version);
        let client = client(&server).await;
        let mut values = counts(3, 1);
        values[7].value = Some("x".into());
        let mut pusher = Pusher::new(&client, PushMode::DryRun).unwrap();
        let report = pusher.send(data_set(), &values, &mut |_| {}).await.unwrap();
        assert_eq!(refused(&report), [(7, code)]);
        assert!(server.values().is_empty());
        assert!(imports(&server).iter().all(|import| import.parameter("dryRun") == Some("true")));
    }
}

#[tokio::test]
async fn chunks_grow_while_the_server_is_fast() {
    let server = server(B);
    let client = client_with(&Config { first_chunk: 100, ..settings(&server) }).await;
    send(&client, &counts(CLINICS, 6)).await;
    assert_eq!(import_sizes(&server), [100, 150, 182]);
}

#[tokio::test]
async fn attribute_option_combos_go_apart() {
    for version in BOTH {
        let server = server_with(version, |metadata| {
            metadata.set(data_set(), "categoryCombo", serde_json::json!({"id": uid("cc", 1)}));
        });
        let client = client(&server).await;
        let mut values = counts(2, 1);
        for (at, value) in values.iter_mut().enumerate() {
            value.key.attribute_option_combo = sex(1 + u32::try_from(at % 2).unwrap());
        }
        assert!(send(&client, &values).await.refused.is_empty());
        assert_eq!((held(&server), import_sizes(&server)), (wanted(&values), vec![6, 6]));
    }
}

#[tokio::test]
async fn a_user_without_the_authority_is_told() {
    let mut config = server_config(B);
    config.users = vec![User::new(uid("us", 1), "viewer", "", &[], &[uid("ou", 999)]).with_token(TOKEN, None)];
    let server = Server::start(config, metadata()).unwrap();
    let client = client(&server).await;
    let error = try_send(&client, &counts(1, 1)).await.unwrap_err();
    assert!(matches!(error, Dhis2Error::Forbidden { .. }), "{error}");
}
