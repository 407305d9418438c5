//! XML, CSV, ADX and compressed bodies, in and out.

use std::io::Write;

use serde_json::json;

use crate::world::*;

const ADMIN: (&str, &str) = ("admin", "district");

#[tokio::test]
async fn csv_by_position_and_by_name() {
    let header =
        "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,value,storedby,timestamp,comment,followup";
    let line = format!("{CASES},202606,{CLINIC},{DEFAULT},{DEFAULT},5,x,2026-07-01,\"a, b\",true");
    let odd = format!("value,orgunit,period,dataelement\n5,{CLINIC},202606,{CASES}\n");
    let path = format!("/api/dataValueSets?dataSet={SET}");
    for version in BOTH {
        let server = server(version);
        let reply = post_as(&server, ADMIN, &path, "application/csv", format!("{header}\n{line}\n")).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let stored = stored(&server, CASES).unwrap();
        assert_eq!((stored.value.as_str(), stored.comment.as_deref(), stored.follow_up), ("5", Some("a, b"), true));
        let reply = post_as(&server, ADMIN, &path, "application/csv", odd.clone()).await;
        assert_eq!(reply.status == 200, version == B);
        assert_eq!(post_as(&server, ADMIN, &path, "text/csv", odd.clone()).await.status, 415);
    }
    let server = server(B);
    let reply = post_as(&server, ADMIN, &path, "application/csv", format!("{line}\n{line}\n")).await;
    assert_eq!(reply.status, 400); // a header is mandatory
    // Columns that are not known are categories.
    let split = format!("dataelement,period,orgunit,caSex000001,value\n{BY_SEX},202606,{CLINIC},coFemale001,3\n");
    let reply = post_as(&server, ADMIN, &path, "application/csv", split).await;
    assert_eq!((reply.status, counts(&reply)), (200, [0, 1, 0, 0]), "{}", reply.text);
    assert_eq!(stored(&server, BY_SEX).unwrap().category_option_combo, uid(FEMALE));
}

#[tokio::test]
async fn xml_and_gzip() {
    for version in BOTH {
        let server = server(version);
        let body = format!(
            "<dataValueSet xmlns=\"http://dhis2.org/schema/dxf/2.0\" dataSet=\"{SET}\" period=\"202606\" orgUnit=\"{CLINIC}\">\
             <dataValue dataElement=\"{CASES}\" value=\"5\" comment=\"a &amp; b\"/></dataValueSet>"
        );
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(body.as_bytes()).unwrap();
        let reply = post_as(&server, ADMIN, "/api/dataValueSets", "application/xml", packed.finish().unwrap()).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(stored(&server, CASES).unwrap().comment.as_deref(), Some("a & b"));
    }
}

#[tokio::test]
async fn adx_by_codes() {
    let adx = |element: &str, more: &str| {
        format!(
            "<adx xmlns=\"urn:ihe:qrph:adx:2015\"><group dataSet=\"MONTHLY\" orgUnit=\"CLINIC\" period=\"2026-06-01/P1M\"{more}>\
             <dataValue dataElement=\"{element}\" value=\"5\"/></group></adx>"
        )
    };
    for version in BOTH {
        let server = server(version);
        server.change_metadata(|metadata| {
            metadata.set(uid(SET), "code", json!("MONTHLY"));
            metadata.set(uid(CLINIC), "code", json!("CLINIC"));
        });
        let send =
            async |body: String| post_as(&server, ADMIN, "/api/dataValueSets", "application/adx+xml", body).await;
        assert_eq!(send(adx("CASES", "")).await.status, 200);
        assert_eq!(stored(&server, CASES).unwrap().value, "5");
        // Unknown objects: 500 with A, the whole payload with B; completeDate is a category that B does not know.
        assert_eq!(send(adx("NONE", "")).await.status, if version == A { 500 } else { 409 });
        assert_eq!(
            send(adx("CASES", " completeDate=\"2026-07-01\"")).await.status,
            if version == A { 200 } else { 409 }
        );
        assert_eq!(send(adx("CASES", "").replace("adx:2015", "adx:2016")).await.status, 400);
    }
}

#[tokio::test]
async fn exports_in_all_formats() {
    for version in BOTH {
        let server = server(version);
        import(
            &server,
            &[
                with(row(CASES, "5"), &json!({"comment": "a \"b\""})),
                with(row(BY_SEX, "2"), &json!({"categoryOptionCombo": FEMALE})),
            ],
        )
        .await;
        server.change_metadata(|metadata| {
            metadata.set(uid(SET), "code", json!("MONTHLY"));
            metadata.set(uid(CLINIC), "code", json!("CLINIC"));
        });
        let ask = async |format: &str| {
            get(&server, &format!("/api/dataValueSets{format}dataSet={SET}&period=202606&orgUnit={CLINIC}")).await
        };
        let xml = ask(".xml?").await.text;
        assert!(xml.contains("value=\"5\"") && xml.contains("comment=\"a &quot;b&quot;\""), "{xml}");
        let csv = ask("?format=csv&").await.text;
        assert!(csv.starts_with("\"dataelement\",\"period\"") && csv.contains("\"a \"\"b\"\"\""), "{csv}");
        let adx = ask("?format=adx%2Bxml&").await.text;
        assert!(adx.contains("period=\"2026-06-01/P1M\" orgUnit=\"CLINIC\""), "{adx}");
        assert!(adx.contains("<dataValue dataElement=\"BY SEX\" value=\"2\" caSex000001=\"Female\"/>"), "{adx}");
    }
}
