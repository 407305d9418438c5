//! Monthly and quarterly stock status.

use mlatho_connect::elmis::{ElmisError, ElmisOwn};
use mlatho_model::{Period, PeriodType};
use mlatho_testkit::elmis::{Config as ServerConfig, Server};
use serde_json::Value as Json;

use crate::world::*;

#[tokio::test]
async fn a_month_comes_as_it_is_given_and_absent_is_not_zero() {
    let server = server();
    server.change(|data| {
        data.requisitions[1].lines[0].tracer = false;
        data.requisitions[2].status = "SUBMITTED".into();
    });
    let client = client(&server).await;
    server.forget_requests();
    let status = client.stock_status("arv", month(3)).await.unwrap();
    let asked = &server.requests()[0];
    let of = |name| asked.parameter(name).unwrap();
    assert_eq!((of("month"), of("year"), of("program")), ("3", "2026", "ARV"));
    assert_eq!((status.lines as u64, status.findings.len()), (FACILITIES - 2, 0));
    assert_eq!(status.name, "rest-api/stock-status/monthly?month=3&year=2026&program=ARV");
    let report: Json = serde_json::from_slice(&status.bytes).unwrap();
    assert_eq!(report["report"][0]["facilityName"], "Clinic 1");
    assert!(report["report"][0].get("facilityCode").is_none());
    let empty = client.stock_status("ARV", month(5)).await.unwrap();
    assert_eq!(empty.lines, 0);
}

#[tokio::test]
async fn quarters() {
    let server = server();
    let quarter = Period::containing(PeriodType::Quarterly, month(4).start()).unwrap();
    server.change(|data| data.requisitions[0].period = quarter);
    let client = client(&server).await;
    let status = client.stock_status("ARV", quarter).await.unwrap();
    assert_eq!((status.lines, server.requests().last().unwrap().parameter("quarter")), (1, Some("2")));
    let week = Period::containing(PeriodType::Weekly, month(4).start()).unwrap();
    assert!(matches!(client.stock_status("ARV", week).await, Err(ElmisError::Answer { .. })));
}

#[tokio::test]
async fn facilities_of_one_name_are_told() {
    let server = server();
    server.change(|data| {
        let twin = data.facility("F99", "Clinic 1", "North");
        let other = data.facility("F98", "Clinic 2", "South");
        for place in [twin, other] {
            let lines = data.requisitions[0].lines.clone();
            let program = data.requisitions[0].program;
            data.requisition(place, program, month(3), MODIFIED, lines);
        }
    });
    let status = client(&server).await.stock_status("ARV", month(3)).await.unwrap();
    assert_eq!(status.findings.len(), 1);
    assert_eq!(status.findings[0].code, "elmis-ambiguous-facility");
    assert!(format!("{:?}", status.findings[0]).contains("Clinic 1, North"));
}

#[tokio::test]
async fn an_unknown_program_and_an_installation_without_stock_status() {
    let config = ServerConfig { offers_stock_status: false, ..server_config() };
    let server = Server::start(config, data()).unwrap();
    let client = client(&server).await;
    let unknown = client.stock_status("TB", month(3)).await.unwrap_err();
    assert!(matches!(unknown, ElmisError::Own(ElmisOwn::Program { .. })));
    let lacking = client.stock_status("ARV", month(3)).await.unwrap_err();
    assert!(matches!(lacking, ElmisError::NotFound { .. }), "{lacking}"); // it is not the program
}
