//! Links that go to other systems and come from them: FHIR concept maps, tables, and what is taken over.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

use jiff::civil::{Date, date};
use mlatho_harmonize::{
    Crosswalk, DECISION_COLUMNS, Decision, Decisions, Given, Kind, LINK_TABLE_COLUMNS, Link, Offer, Origin, Relation,
    Taken, Taking, Verdict, concept_map, link_table_row, read_concept_map, read_link_table,
};
use mlatho_model::{Factor, Finding, SourceName, Unit};
use proptest::prelude::*;
use serde_json::{Value, json};

fn lmis() -> SourceName {
    "lmis".parse().unwrap()
}

fn equal(code: &str, target: &str) -> Link {
    Link::equal(Kind::OrgUnit, lmis(), code, target)
}

fn read(map: &Value, given: &Given) -> (Vec<Offer>, Vec<Finding>) {
    let mut findings = Vec::new();
    let offers = read_concept_map("map.json", map.to_string().as_bytes(), given, &mut findings);
    (offers, findings)
}

/// The links that a map of ours offers, and the codes of what is wrong with it.
fn links(map: &Value) -> (Vec<Link>, Vec<&'static str>) {
    let (offers, findings) = read(map, &Given::default());
    (offers.into_iter().map(|offer| offer.link).collect(), findings.iter().map(|finding| finding.code).collect())
}

#[test]
fn a_link_is_written_as_release_5_has_it() {
    let split = Link {
        source_name: "Kasolwe and Tenduka".into(),
        relation: Relation::OneToMany,
        share: Factor::new(1, 3).unwrap(),
        valid_from: Some(date(2026, 1, 1)),
        ..equal("S1", "OU1")
    };
    let closed = Link {
        relation: Relation::None,
        valid_to: Some(date(2025, 12, 31)),
        reason: "a store".into(),
        ..equal("S1", "")
    };
    let mut packs = Link { factor: Factor::new(540, 1).unwrap(), ..Link::equal(Kind::Item, lmis(), "D7", "P1") };
    packs.relation = Relation::ManyToOne;
    packs.unit = Unit::named("tablet");
    packs.reason = "30 strips of 18".into();
    let map = concept_map([&closed, &split, &packs].into_iter(), "v1", "Test");
    let about = |field: &str| map[field].as_str().unwrap().to_owned();
    assert_eq!(["resourceType", "version", "status"].map(about), ["ConceptMap", "v1", "active"]);
    let extension = |name: &str, value: &str, text: &str| json!({"url": format!("urn:mlatho:{name}"), value: text});
    assert_eq!(
        map["group"],
        json!([
            {
                "source": "urn:mlatho:org-unit:lmis",
                "target": "urn:mlatho:org-unit",
                "element": [
                    {
                        "code": "S1",
                        "extension": [
                            extension("valid-to", "valueDateTime", "2025-12-31"),
                            extension("reason", "valueString", "a store")
                        ],
                        "noMap": true
                    },
                    {
                        "code": "S1",
                        "display": "Kasolwe and Tenduka",
                        "target": [{
                            "code": "OU1",
                            "relationship": "source-is-broader-than-target",
                            "comment": "-",
                            "property": [
                                {"code": "valid-from", "valueDateTime": "2026-01-01"},
                                {"code": "share", "valueString": "1/3"}
                            ]
                        }]
                    }
                ]
            },
            {
                "source": "urn:mlatho:item:lmis",
                "target": "urn:mlatho:item",
                "element": [{
                    "code": "D7",
                    "target": [{
                        "code": "P1",
                        "relationship": "source-is-narrower-than-target",
                        "comment": "30 strips of 18",
                        "property": [
                            {"code": "factor", "valueString": "540"},
                            {"code": "unit", "valueString": "tablet"}
                        ]
                    }]
                }]
            }
        ])
    );
    // Every property is declared, as release 5 wants it.
    let declared: Vec<&Value> = map["property"].as_array().unwrap().iter().map(|property| &property["code"]).collect();
    assert_eq!(declared, ["valid-from", "valid-to", "factor", "unit", "share"]);
}

#[test]
fn release_4_names_wider_and_narrower_from_the_other_side() {
    let said = |field: &str, word: &str, code: Option<&str>| {
        let mut target = json!({field: word, "extension": [{"url": "urn:mlatho:share", "valueDecimal": 0.5}]});
        if let Some(code) = code {
            target["code"] = code.into();
        }
        let map = json!({"resourceType": "ConceptMap", "group": [
            {"source": "urn:mlatho:org-unit:lmis", "element": [{"code": "S1", "target": [target]}]}
        ]});
        let (offers, findings) = read(&map, &Given::default());
        let told = findings.first().map_or("", |finding| finding.code);
        (offers.first().map(|offer| (offer.verdict, offer.link.relation)), told)
    };
    let accept = |relation| (Some((Verdict::Accept, relation)), "");
    for (word, expected) in [
        ("equivalent", accept(Relation::Equal)),
        ("equal", accept(Relation::Equal)),
        // The target is wider: several codes go into it.
        ("wider", accept(Relation::ManyToOne)),
        ("subsumes", accept(Relation::ManyToOne)),
        ("narrower", accept(Relation::OneToMany)),
        ("specializes", accept(Relation::OneToMany)),
        ("disjoint", (Some((Verdict::Reject, Relation::Equal)), "")),
        ("unmatched", (Some((Verdict::Reject, Relation::Equal)), "")),
        ("inexact", (None, "concept-map-relationship")),
        ("relatedto", (None, "concept-map-relationship")),
    ] {
        assert_eq!(said("equivalence", word, Some("OU1")), expected, "{word}");
    }
    assert_eq!(said("equivalence", "unmatched", None), accept(Relation::None));
    for (word, expected) in [
        ("source-is-narrower-than-target", accept(Relation::ManyToOne)),
        ("source-is-broader-than-target", accept(Relation::OneToMany)),
        ("not-related-to", (Some((Verdict::Reject, Relation::Equal)), "")),
        ("related-to", (None, "concept-map-relationship")),
        ("wider", (None, "concept-map-relationship")),
    ] {
        assert_eq!(said("relationship", word, Some("OU1")), expected, "{word}");
    }
}

#[test]
fn codes_of_another_system_are_what_the_person_says() {
    let map = json!({"resourceType": "ConceptMap", "group": [
        {"source": "https://lmis.example/facility", "element": [
            {"code": "S1", "display": "Kasolwe", "target": [{"code": "OU1", "relationship": "equivalent"}]}
        ]}
    ]});
    let (offers, findings) = read(&map, &Given::default());
    assert_eq!((offers, findings[0].code), (vec![], "concept-map-system"));
    let (offers, findings) = read(&map, &Given { kind: Some(Kind::OrgUnit), source: Some(lmis()) });
    assert_eq!(findings, []);
    assert_eq!(offers[0].link, Link { source_name: "Kasolwe".into(), ..equal("S1", "OU1") });
}

#[test]
fn a_bad_mapping_costs_itself() {
    let target = |more: Value| {
        let mut target = json!({"code": "P1", "relationship": "equivalent"});
        target.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        target
    };
    let said = |code: &str, key: &str, text: &str| json!({"code": code, key: text});
    let factor = || said("factor", "valueString", "30");
    let map = json!({"resourceType": "ConceptMap", "group": [{"source": "urn:mlatho:item:lmis", "element": [
        {"code": "D1", "target": [target(json!({"property": [factor()]}))]},
        {"code": "D2", "target": [target(json!({}))]},
        {"code": "D3", "target": [target(json!({"property": [said("factor", "valueString", "many")]}))]},
        {"code": "D4", "target": [target(json!({"property": [factor()], "dependsOn": [{"attribute": "programme"}]}))]},
        {"code": "D5", "target": [target(json!({"property": [
            factor(), said("valid-from", "valueDateTime", "2026-02-01"), said("valid-to", "valueDateTime", "2026-01-01")
        ]}))]},
        {"code": " ", "target": [target(json!({"property": [factor()]}))]},
        {"code": "D7", "target": [target(json!({"code": "", "property": [factor()]}))]},
        {"code": "D8", "target": [target(json!({"property": [
            factor(), said("valid-from", "valueDateTime", "2026-02-01T00:00:00Z")
        ]}))]},
        {"code": "D9"}
    ]}]});
    let (offers, findings) = read(&map, &Given::default());
    let rows: Vec<(u64, &str)> = findings.iter().map(|finding| (finding.place.row, finding.code)).collect();
    assert_eq!(
        rows,
        [
            (2, "link-factor"),
            (3, "mapping-row"),
            (4, "concept-map-condition"),
            (5, "mapping-ends-before-start"),
            (6, "mapping-blank"),
            (7, "mapping-blank")
        ]
    );
    let found: Vec<(u64, &str, Option<Date>)> =
        offers.iter().map(|offer| (offer.row, &*offer.link.source_id, offer.link.valid_from)).collect();
    assert_eq!(found, [(1, "D1", None), (8, "D8", Some(date(2026, 2, 1)))]);
}

#[test]
fn what_is_no_concept_map_is_told() {
    let told = |bytes: &[u8]| {
        let mut findings = Vec::new();
        let offers = read_concept_map("map.json", bytes, &Given::default(), &mut findings);
        (offers.len(), findings.iter().map(|finding| (finding.place.row, finding.code)).collect::<Vec<_>>())
    };
    assert_eq!(told(b"{\"resourceType\":\"ConceptMap\",\n\"group\":"), (0, vec![(2, "concept-map-unreadable")]));
    assert_eq!(told(b"[1, 2]"), (0, vec![(1, "concept-map-absent")]));
    assert_eq!(told(b"{\"resourceType\":\"Bundle\"}"), (0, vec![(1, "concept-map-absent")]));
    assert_eq!(told(b"{\"resourceType\":\"ConceptMap\",\"group\":{\"element\":3}}"), (0, vec![]));
}

/// Codes and names as they may stand in a file: not blank, trimmed.
fn name() -> impl Strategy<Value = Box<str>> {
    "[A-Za-z0-9é,;|\"'/ -]{1,12}"
        .prop_filter("blank or no comment", |text| !matches!(text.trim(), "" | "-"))
        .prop_map(|text| text.trim().into())
}

fn day() -> impl Strategy<Value = Option<Date>> {
    prop::option::of((2000i16..2030, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| date(year, month, day)))
}

prop_compose! {
    fn link()(
        kind in prop::sample::select(Kind::ALL.to_vec()),
        source in prop::sample::select(vec!["lmis", "e:lmis", "Système 2"]),
        relation in prop::sample::select(Relation::ALL.to_vec()),
        (source_id, target) in (name(), name()),
        names in (prop::option::of(name()), prop::option::of(name()), prop::option::of(name())),
        (factor, share) in ((1u64..1000, 1u64..1000), (1u64..9, 1u64..9)),
        unit in prop::option::of(name()),
        days in (day(), day()),
    ) -> Link {
        let has_target = relation != Relation::None;
        let of_target = |text: Option<Box<str>>| text.filter(|_| has_target).unwrap_or_default();
        let ends_well = days.0.zip(days.1).is_none_or(|(from, to)| from <= to);
        let factor = Factor::new(factor.0, factor.1).unwrap();
        Link {
            kind,
            source: source.parse().unwrap(),
            source_id,
            source_name: names.0.unwrap_or_default(),
            target: of_target(Some(target)),
            target_name: of_target(names.1),
            relation,
            share: if relation == Relation::OneToMany { Factor::new(share.0, share.1).unwrap() } else { Factor::ONE },
            factor: if kind == Kind::Item && has_target { factor } else { Factor::ONE },
            unit: unit.filter(|_| has_target).and_then(|unit| Unit::named(&unit)),
            valid_from: days.0,
            valid_to: days.1.filter(|_| ends_well),
            reason: names.2.unwrap_or_default(),
        }
    }
}

/// Any JSON, of the names that stand in a concept map more often than not.
fn json_of_any_kind() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z0-9 /:-]{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["urn:mlatho:item:lmis", "equivalent", "wider", "factor", "2026-01-01", "ConceptMap"])
            .prop_map(Value::from),
    ];
    let name = prop::sample::select(vec![
        "resourceType",
        "group",
        "source",
        "element",
        "target",
        "code",
        "noMap",
        "relationship",
        "equivalence",
        "property",
        "extension",
        "url",
        "valueString",
        "valueDateTime",
        "dependsOn",
        "comment",
    ]);
    leaf.prop_recursive(8, 96, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6)
                .prop_map(|fields| fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_document_breaks_the_reader(group in json_of_any_kind(), element in json_of_any_kind()) {
        for group in [group, json!([{"source": "urn:mlatho:item:lmis", "element": [element]}])] {
            let (offers, findings) = read(&json!({"resourceType": "ConceptMap", "group": group}), &Given::default());
            prop_assert!(offers.iter().all(|offer| !offer.link.source_id.is_empty()));
            prop_assert!(findings.iter().all(|finding| finding.place.row > 0));
        }
    }

    /// What is written as a concept map of release 5 is read back as it was, group by group.
    #[test]
    fn a_concept_map_says_all_of_its_links(mut all in prop::collection::vec(link(), 0..12)) {
        let map = concept_map(all.iter(), "v", "t");
        all.sort_by_key(|link| (link.kind, link.source.clone()));
        prop_assert_eq!(links(&map), (all, vec![]));
    }

    /// So is a table, row by row.
    #[test]
    fn a_table_says_all_of_its_links(all in prop::collection::vec(link(), 0..12)) {
        let mut rows = csv::Writer::from_writer(Vec::new());
        rows.write_record(LINK_TABLE_COLUMNS).unwrap();
        all.iter().for_each(|link| rows.write_record(link_table_row(link, "C1", "C2")).unwrap());
        let mut findings = Vec::new();
        let offers = read_link_table("links.csv", &rows.into_inner().unwrap(), &mut findings);
        prop_assert_eq!(findings, vec![]);
        prop_assert!(offers.iter().all(|offer| !offer.is_source_code && offer.verdict == Verdict::Accept));
        prop_assert_eq!(offers.into_iter().map(|offer| offer.link).collect::<Vec<_>>(), all);
    }
}

#[test]
fn a_table_may_name_codes_for_ids() {
    let table = b"kind,source,source_code,target_code,relation,factor\n\
        org-unit,lmis,F-1,HF0001,equal,\nitem,lmis,D1,P1,equal,\nitem,lmis,D2,,none,\norg-unit,lmis,,HF2,equal,\n";
    let mut findings = Vec::new();
    let offers = read_link_table("links.csv", table, &mut findings);
    let told: Vec<(u64, &str)> = findings.iter().map(|finding| (finding.place.row, finding.code)).collect();
    assert_eq!(told, [(3, "link-factor"), (5, "mapping-blank")]);
    assert_eq!((offers[0].link.clone(), offers[0].is_source_code), (equal("F-1", "HF0001"), true));
    assert_eq!((offers[1].row, offers[1].link.relation), (4, Relation::None));
}

/// A project with a mapping file and decisions, and what becomes of offers in it.
struct Project {
    mapping: &'static str,
    decided: Vec<Decision>,
}

impl Project {
    fn take(&self, offers: &[(Verdict, Link)]) -> Taken {
        let (mut crosswalk, mut findings) = (Crosswalk::default(), Vec::new());
        let mapping = format!("source,source_id,org_unit,relation,share,valid_from,valid_to\n{}", self.mapping);
        crosswalk.read(Kind::OrgUnit, "org_units.csv", mapping.as_bytes(), &mut findings);
        let decisions = self.decisions();
        crosswalk.decide(&decisions, &mut findings);
        assert_eq!(findings, []);
        let offers: Vec<Offer> = (1..)
            .zip(offers)
            .map(|(row, (verdict, link))| Offer { row, verdict: *verdict, link: link.clone(), is_source_code: false })
            .collect();
        let at = "2026-05-01T08:00:00Z".parse().unwrap();
        crosswalk.take(&decisions, &offers, &Taking { file: "map.json", by: "me", at, reason: "agreed" })
    }

    fn decisions(&self) -> Decisions {
        let mut rows = csv::Writer::from_writer(Vec::new());
        rows.write_record(DECISION_COLUMNS).unwrap();
        self.decided.iter().for_each(|decision| rows.write_record(decision.cells()).unwrap());
        let mut findings = Vec::new();
        let decisions = Decisions::read("decisions.csv", &rows.into_inner().unwrap(), &mut findings);
        assert_eq!(findings, []);
        decisions
    }

    fn accept(&self, links: &[Link]) -> Taken {
        self.take(&links.iter().map(|link| (Verdict::Accept, link.clone())).collect::<Vec<_>>())
    }
}

fn decided(verdict: Verdict, link: Link, origin: Origin) -> Decision {
    let decided_at = "2026-01-01T08:00:00Z".parse().unwrap();
    Decision { decided_at, decided_by: "them".into(), seconded_by: "".into(), verdict, link, origin }
}

/// Row and code of each finding.
fn told(taken: &Taken) -> Vec<(u64, &str)> {
    taken.findings.iter().map(|finding| (finding.place.row, finding.code)).collect()
}

/// Code, target and days of each decision.
fn new(taken: &Taken) -> Vec<String> {
    let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let link = |it: &Link| format!("{} {} {}..{}", it.source_id, it.target, day(it.valid_from), day(it.valid_to));
    taken.decisions.iter().map(|decision| link(&decision.link)).collect()
}

#[test]
fn what_is_new_is_taken_over_as_imported_and_a_second_time_nothing() {
    let mut project = Project { mapping: "lmis,S0,OU0,,,,\n", decided: vec![] };
    let offers = [
        equal("S0", "OU0"),
        Link { reason: "seen".into(), ..equal("S1", "OU1") },
        Link { relation: Relation::None, reason: "a store".into(), ..equal("S2", "") },
        Link { relation: Relation::OneToMany, share: Factor::new(1, 4).unwrap(), ..equal("S3", "OU3") },
        Link { relation: Relation::OneToMany, share: Factor::new(3, 4).unwrap(), ..equal("S3", "OU4") },
    ];
    let taken = project.accept(&offers);
    assert_eq!((taken.known, told(&taken)), (1, vec![]));
    assert_eq!(new(&taken), ["S1 OU1 ..", "S2  ..", "S3 OU3 ..", "S3 OU4 .."]);
    let reasons: Vec<&str> = taken.decisions.iter().map(|decision| &*decision.link.reason).collect();
    assert_eq!(reasons, ["agreed: seen", "agreed: a store", "agreed", "agreed"]);
    assert!(taken.decisions.iter().all(|decision| decision.origin == Origin::Import && &*decision.decided_by == "me"));
    project.decided = taken.decisions;
    let again = project.accept(&offers);
    assert_eq!((again.known, again.decisions, again.findings), (5, vec![], vec![]));
}

#[test]
fn what_a_person_said_stays() {
    let project = Project {
        mapping: "lmis,S1,OU1,,,,\n",
        decided: vec![
            decided(Verdict::Accept, equal("S2", "OU2"), Origin::Person),
            decided(Verdict::Reject, equal("S3", "OU3"), Origin::Person),
            decided(Verdict::Accept, equal("S4", "OU4"), Origin::Import),
        ],
    };
    let taken = project.accept(&[equal("S1", "OU9"), equal("S2", "OU9"), equal("S3", "OU3"), equal("S4", "OU9")]);
    assert_eq!(told(&taken), [(1, "take-differs"), (2, "take-differs"), (3, "take-rejected")]);
    // What was imported gives way to a later import.
    assert_eq!(new(&taken), ["S4 OU9 .."]);
    let reject = |code, target| (Verdict::Reject, equal(code, target));
    let taken = project.take(&[reject("S1", "OU1"), reject("S3", "OU3"), reject("S4", "OU4"), reject("S5", "OU5")]);
    assert_eq!((told(&taken), taken.known), (vec![(1, "take-differs")], 1));
    assert_eq!(new(&taken), ["S4 OU4 ..", "S5 OU5 .."]);
}

#[test]
fn of_an_offer_that_holds_in_part_the_other_days_are_taken() {
    let project = Project { mapping: "lmis,S1,OU1,,,2024-01-01,2024-12-31\n", decided: vec![] };
    let taken = project.accept(&[equal("S1", "OU1")]);
    assert_eq!(new(&taken), ["S1 OU1 ..2023-12-31", "S1 OU1 2025-01-01.."]);
    let until = |year, target| Link { valid_to: Some(date(year, 12, 31)), ..equal("S1", target) };
    // Another answer for days that nobody has spoken of.
    assert_eq!(new(&project.accept(&[until(2023, "OU7")])), ["S1 OU7 ..2023-12-31"]);
    assert_eq!(told(&project.accept(&[until(2024, "OU7")])), [(1, "take-differs")]);
}

#[test]
fn links_that_cannot_hold_together_are_left_out_with_their_code() {
    let project =
        Project { mapping: "lmis,S9,OU1,one-to-many,1/2,,\nlmis,S9,OU2,one-to-many,1/2,,\n", decided: vec![] };
    let part = |code, target, parts| Link {
        relation: Relation::OneToMany,
        share: Factor::new(1, parts).unwrap(),
        ..equal(code, target)
    };
    let taken = project.accept(&[
        equal("S1", "OU1"),
        equal("S1", "OU2"),
        part("S2", "OU1", 2),
        part("S2", "OU2", 3),
        part("S9", "OU3", 2),
        equal("S3", "OU3"),
    ]);
    assert_eq!(told(&taken), [(2, "take-differs"), (3, "take-disagrees"), (5, "take-disagrees")]);
    assert_eq!(new(&taken), ["S1 OU1 ..", "S3 OU3 .."]);
}

#[test]
fn decisions_from_before_imports_are_those_of_persons() {
    let header = &DECISION_COLUMNS[..17].join(",");
    let file = format!("{header}\n2026-01-01T08:00:00Z,me,,org-unit,accept,lmis,S1,,OU1,,,,,,,,seen\n");
    let mut findings = Vec::new();
    let decisions = Decisions::read("decisions.csv", file.as_bytes(), &mut findings);
    assert_eq!(findings, []);
    assert_eq!(decisions.iter().map(|decision| decision.origin).collect::<Vec<_>>(), [Origin::Person]);
}
