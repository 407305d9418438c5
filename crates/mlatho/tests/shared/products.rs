//! Matching of products and of data elements on lists of Malawi. The truth is read from the published tables in a few
//! plain lines; floors stand a little below what was measured, so that a change for the worse is seen.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use mlatho_harmonize::matching::element::{self, ElementRow};
use mlatho_harmonize::matching::product::{self, ProductRow};
use mlatho_harmonize::matching::{Decision, Proposal};

use crate::data_set;

/// Rows of a table, whatever its bytes and the length of its rows.
fn rows(path: &Path) -> Vec<csv::StringRecord> {
    let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    reader.records().map(Result::unwrap).collect()
}

/// Parts of left records whose first, and any of whose candidates, is right.
fn hits(proposals: &[Proposal], is_right: impl Fn(usize, usize) -> Option<bool>) -> (usize, f64, f64) {
    let mut found: BTreeMap<usize, (bool, bool)> = BTreeMap::new();
    for proposal in proposals {
        let right = proposal.right.map_or(Some(false), |right| is_right(proposal.left, right));
        let Some(right) = right else { continue };
        let (first, any) = found.entry(proposal.left).or_default();
        *first |= right && proposal.rank == 1;
        *any |= right;
    }
    let real = |count: usize| f64::from(u32::try_from(count).unwrap());
    let part = |count: usize| real(count) / real(found.len());
    let first = found.values().filter(|(first, _)| *first).count();
    let any = found.values().filter(|(_, any)| *any).count();
    (found.len(), part(first), part(any))
}

/// Items of a health model against the product names of an LMIS, as pharmacists matched them. An item counts when they
/// found a product and called it correct; any of the products that they called so is right.
#[test]
fn items_of_a_model_find_their_products() {
    let Some(folder) = data_set("malawi-products") else { return };
    let (mut items, mut products, mut truth) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for row in rows(&folder.join("product_match_open.csv")) {
        let [item, status, product, verified] = [3, 4, 5, 6].map(|at| row[at].to_owned());
        if !product.is_empty() {
            products.insert(product.clone());
        }
        if status == "Matched" && verified == "Correct" && !product.is_empty() {
            items.insert(item.clone());
            truth.insert((item, product));
        }
    }
    let list = |names: BTreeSet<String>| -> Vec<ProductRow> {
        names.into_iter().map(|name| ProductRow { name, ..ProductRow::default() }).collect()
    };
    let (left, right) = (list(items), list(products));
    let proposals = product::propose(&left, &right);
    let (count, first, any) =
        hits(&proposals, |one, other| Some(truth.contains(&(left[one].name.clone(), right[other].name.clone()))));
    eprintln!("malawi-products: {count} items, top-1 {first:.3}, top-5 {any:.3}");
    assert_eq!(count, 76);
    assert!(first >= 0.90 && any >= 0.97, "top-1 {first}, top-5 {any}");
    assert!(
        proposals.iter().all(|proposal| proposal.decision != Decision::Accept),
        "no name gives its pack on both sides"
    );
}

/// `-a` stock on hand, `-b` quantity used, `-c` stock-out days, `-d` quantity received: from the README of the data.
fn measure(code: &str) -> Option<&'static str> {
    match code.rsplit_once('-')?.1 {
        "a" => Some("closing_balance"),
        "b" => Some("consumed"),
        "c" => Some("stockout_days"),
        "d" => Some("received"),
        _ => None,
    }
}

/// The name without programme and measure, as an LMIS has it.
fn product_of(name: &str) -> String {
    const PROGRAMMES: [&str; 16] = [
        "SUR + HOSP",
        "ESS",
        "SUR",
        "INJ",
        "GAL",
        "HIV",
        "TB",
        "MAL",
        "RHD",
        "DENT",
        "SUT",
        "X-RAY",
        "NUT",
        "VAC",
        "Dispensary items",
        "DISP",
    ];
    const MEASURES: [&str; 5] =
        [" stock on hand", " stock on hard", " quantity used", " quantity received", " stock out days"];
    let end = MEASURES.iter().find_map(|measure| name.to_lowercase().rfind(measure)).unwrap_or(name.len());
    let name = name[..end].trim_start_matches("OpenLMIS ");
    let bare = PROGRAMMES.iter().find_map(|programme| name.strip_prefix(programme)?.strip_prefix(' '));
    bare.unwrap_or(name).to_owned()
}

/// Product × measure finds the data element, from this edition of the list and from an earlier one, without codes.
#[test]
fn products_and_measures_find_their_elements() {
    let Some(folder) = data_set("malawi-crosswalk") else { return };
    let read = |file: &str| -> BTreeMap<String, String> {
        let rows = rows(&folder.join(file)).into_iter().filter(|row| row.len() > 3 && measure(&row[1]).is_some());
        rows.map(|row| (row[1].to_owned(), row[0].to_owned())).collect()
    };
    let elements = read("products.csv");
    let right: Vec<ElementRow> = elements
        .iter()
        .map(|(id, name)| ElementRow { id: id.clone(), name: name.clone(), ..ElementRow::default() })
        .collect();
    let known: HashMap<&str, usize> = right.iter().enumerate().map(|(at, row)| (row.id.as_str(), at)).collect();
    for (file, rows, floor) in [("products.csv", 520, 0.97), ("old_products.csv", 430, 0.97)] {
        let left: Vec<ElementRow> = read(file)
            .into_iter()
            .step_by(3) // to be quick
            .map(|(id, name)| {
                let measure = measure(&id).unwrap_or_default().to_owned();
                ElementRow { name: product_of(&name), id, measure, ..ElementRow::default() }
            })
            .collect();
        let proposals = element::propose(&left, &right);
        let (count, first, any) = hits(&proposals, |one, other| Some(*known.get(left[one].id.as_str())? == other));
        eprintln!("{file}: {count} product × measure, top-1 {first:.4}, top-5 {any:.4}");
        assert!(count >= rows, "{count} rows");
        assert!(first >= floor && any >= 0.99, "top-1 {first}, top-5 {any}");
        assert!(proposals.iter().all(|proposal| proposal.decision != Decision::Accept));
    }
}

/// Names of an Ivorian LMIS, in French with packs, find the English names of the same products.
#[test]
fn french_names_of_contraceptives_find_english_ones() {
    let Some(folder) = data_set("civ-contraceptive") else { return };
    let english = [
        ("AS17005", "Female condom"),
        ("AS46000", "Male condom"),
        ("AS27139", "Levonorgestrel 1.5 mg tablet"),
        ("AS27137", "Levonorgestrel implant 75 mg x 2 rods"),
        ("AS27138", "Etonogestrel implant 68 mg"),
        ("AS21126", "Medroxyprogesterone 104 mg/0.65 ml subcutaneous injection"),
        ("AS27133", "Medroxyprogesterone 150 mg/ml injection"),
        ("AS27134", "Norethisterone enanthate 200 mg injection"),
        ("AS42018", "Copper-bearing intrauterine device"),
        ("AS27000", "Ethinylestradiol 30 mcg + levonorgestrel 150 mcg tablets"),
        ("AS27132", "Levonorgestrel 30 mcg tablets"),
    ];
    let right: Vec<ProductRow> = english
        .iter()
        .map(|(id, name)| ProductRow { id: (*id).into(), name: (*name).into(), ..ProductRow::default() })
        .collect();
    let left: Vec<ProductRow> = rows(&folder.join("products.csv"))
        .iter()
        .map(|row| ProductRow { id: row[0].to_owned(), name: row[3].to_owned(), ..ProductRow::default() })
        .collect();
    let proposals = product::propose(&left, &right);
    let wrong: Vec<_> = proposals
        .iter()
        .filter(|proposal| proposal.rank == 1)
        .filter(|proposal| proposal.right.is_none_or(|other| right[other].id != left[proposal.left].id))
        .map(|proposal| (&left[proposal.left].name, proposal.right.map(|other| &right[other].name)))
        .collect();
    assert_eq!(left.len(), 11);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
