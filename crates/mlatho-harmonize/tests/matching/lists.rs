//! Lists in, links out.

use mlatho_harmonize::Verdict;
use mlatho_harmonize::matching::facility::{Matcher, Review, facilities, reviews};
use mlatho_harmonize::matching::{LINK_COLUMNS, List, read_links, write_links};
use mlatho_model::Finding;

fn places(findings: &[Finding]) -> Vec<(u64, &str, &str)> {
    findings.iter().map(|finding| (finding.place.row, &*finding.place.column, finding.code)).collect()
}

#[test]
fn a_bad_row_costs_itself() {
    let text = "ID,Name,lat,lon\na,One,1,2\n,Two,1,2\nb,,1,2\na,Three,1,2\nc,Four,north,200\n\nd,Five,\"-1,5\",30\n";
    let (list, findings) = List::read("list.csv", text.as_bytes());
    assert_eq!(places(&findings), [(3, "id", "missing-name"), (4, "name", "missing-name"), (5, "id", "duplicate-id")]);
    assert_eq!(list.ids().collect::<Vec<_>>(), ["a", "c", "d"]);
    let (facilities, findings) = facilities("list.csv", &list);
    assert_eq!(places(&findings), [(6, "lat", "not-degrees"), (6, "lon", "not-degrees")]);
    let positions: Vec<_> = facilities.iter().map(|facility| facility.position).collect();
    assert_eq!(positions, [Some((1.0, 2.0)), None, Some((-1.5, 30.0))]);
}

#[test]
fn a_list_without_names_is_of_no_use() {
    let (list, findings) = List::read("list.csv", b"id,title\na,One\n");
    assert!(list.is_empty());
    assert_eq!(places(&findings), [(1, "name", "missing-column")]);
}

#[test]
fn a_facility_lies_in_the_areas_that_its_row_names() {
    let text = "id,name,region,district\na,One,Côte Nord,Amuka District\nb,Two,,\n";
    let (list, _) = List::read("list.csv", text.as_bytes());
    let facilities = facilities("list.csv", &list).0;
    for area in ["cote nord", "AMUKA", "Amuka district"] {
        assert!(facilities[0].lies_in(area), "{area}");
    }
    for area in ["Amu", "Nord", "One", ""] {
        assert!(!facilities[0].lies_in(area), "{area}");
    }
    assert!(!facilities[1].lies_in("Amuka") && !facilities[1].lies_in(""));
    let known = [("region", "Côte Nord"), ("district", "Amuka District")];
    assert_eq!(list.known(0), known.map(|(column, cell)| (column.to_owned(), cell.to_owned())));
    assert_eq!((list.known(1), list.known(2)), (vec![], vec![]));
}

#[test]
fn columns_of_areas_codes_and_aliases() {
    let text = "id,name,level1,level2,region,code,aliases,type,owner\na,One,North,Hill,ignored,X1|X2,Uno | Un,HP,\n";
    let (list, _) = List::read("list.csv", text.as_bytes());
    let facility = facilities("list.csv", &list).0.remove(0);
    assert_eq!(facility.areas, ["North", "Hill"]);
    assert_eq!(facility.codes, ["X1", "X2"]);
    assert_eq!(facility.aliases, ["Uno", "Un"]);
    assert_eq!((facility.kind.as_deref(), facility.owner.as_deref()), (Some("HP"), None));
}

#[test]
fn links_are_written_with_evidence_that_sums() {
    let (left, _) = List::read("left.csv", b"id,name,district\na,Kasolwe Dispensary,Amuka\nb,Bulandi Clinic,Amuka\n");
    let (right, _) = List::read("right.csv", b"id,name,district\nx,Kasolwe Disp.,Amuka\ny,\"Tenduka, HP\",Vanzi\n");
    let matcher = Matcher::new(&facilities("", &left).0, &facilities("", &right).0, 1);
    let mut out = Vec::new();
    write_links(&mut out, &left, &right, (0..left.len()).flat_map(|row| matcher.proposals(row))).unwrap();
    let mut rows = csv::Reader::from_reader(out.as_slice());
    assert_eq!(rows.headers().unwrap(), LINK_COLUMNS.as_slice());
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!((&rows[0][0], &rows[0][1], &rows[0][2], &rows[0][5]), ("a", "x", "1", "true"));
    let last = rows.last().unwrap();
    assert_eq!((&last[0], &last[1], &last[5], &last[6]), ("b", "", "true", "none"));
    for row in &rows {
        let parts: Vec<serde_json::Value> = serde_json::from_str(&row[7]).unwrap();
        let sum: f64 = parts.iter().map(|part| part["bits"].as_f64().unwrap()).sum();
        assert!((sum - row[3].parse::<f64>().unwrap()).abs() < 0.001, "{row:?}");
    }
}

#[test]
fn links_of_a_crosswalk_or_of_our_own_result() {
    let (links, findings) =
        read_links("links.csv", b"left_id,right_id,assigned\na,x,true\na,y,false\nb,,true\n,z,true\na,x,true\n");
    assert_eq!(links, [("a".to_owned(), "x".to_owned())]);
    assert_eq!(places(&findings), [(5, "left_id", "missing-name")]);
}

#[test]
fn reviews_name_records_of_both_lists() {
    let (left, _) = List::read("left.csv", b"id,name\na,One\nb,Two\n");
    let (right, _) = List::read("right.csv", b"id,name\nx,Uno\n");
    let text =
        b"left_id,right_id,verdict\na,x,accept\nb,,accept\nb,x,reject\nz,x,accept\na,y,reject\na,,reject\na,x,maybe\n";
    let (found, findings) = reviews("reviews.csv", text, &left, &right);
    let told: Vec<_> = found.iter().map(|review| (review.left, review.right, review.verdict)).collect();
    assert_eq!(told, [(0, Some(0), Verdict::Accept), (1, None, Verdict::Accept), (1, Some(0), Verdict::Reject)]);
    assert!(found.iter().all(|review: &Review| review.looked_at));
    assert_eq!(
        places(&findings),
        [
            (5, "left_id", "link-dead-id"),
            (6, "right_id", "link-dead-id"),
            (7, "verdict", "review-verdict"),
            (8, "verdict", "review-verdict")
        ]
    );
}
