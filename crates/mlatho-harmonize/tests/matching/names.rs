//! Hard product names and what a pharmacist reads in them, written by hand.

use mlatho_harmonize::matching::product::{ItemKind, parse};
use proptest::prelude::*;

const GOLDEN: &[(&str, &str)] = &[
    // Strengths
    ("Paracetamol 500 mg tablets", "paracetamol 500 mg; tablet"),
    ("Acetaminophen tab 0.5g", "paracetamol 500 mg; tablet"),
    ("Amoxicillin 250mg/5ml powder for oral suspension, 100ml", "amoxicillin 250 mg per 5 ml; oral suspension; 100 ml"),
    ("Amoxicillin + clavulanic acid 875/125 mg", "amoxicillin 875 mg + clavulanic acid 125 mg"),
    ("Piperacillin 4 g + tazobactam 500 mg, vial", "piperacillin 4000 mg + tazobactam 500 mg"),
    ("Co-trimoxazole 200mg+40mg/5ml susp", "sulfamethoxazole 200 mg + trimethoprim 40 mg per 5 ml; oral suspension"),
    ("Cotrimoxazole 480 mg", "sulfamethoxazole + trimethoprim 480 mg"),
    ("Benzathine penicillin 1.2 MIU pwd for inj", "benzathine benzylpenicillin 1200000 IU; powder for injection"),
    (
        "Benzathine benzylpenicillin 0.9g (1.2 million IU) PFR",
        "benzathine benzylpenicillin 900 mg; powder for injection",
    ),
    ("Vitamin A 200,000 IU capsules", "retinol 200000 IU; capsule"),
    ("Vitamine A 100.000 UI gélule", "retinol 100000 IU; capsule"),
    ("Digoxin 62,5 microgrammes comprimé", "digoxin 0.0625 mg; tablet"),
    ("Adrenaline 1:1000, 1 ml ampoule", "epinephrine 1 mg per 1 ml; 1 ml"),
    ("Morphine 10mg in 1ml ampoule for injection", "morphine 10 mg per 1 ml; injection"),
    ("Ketamine 50 mg per ml, 10ml vial", "ketamine 50 mg per 1 ml; 10 ml"),
    ("Hydrocortisone cream 1%, 15 g", "hydrocortisone 1%; cream; 15000 mg"),
    ("Glucose 5% infusion 1 L", "glucose 5%; infusion; 1000 ml"),
    ("Beclometasone inhaler 50 µg/dose, 200 doses", "beclometasone 0.05 mg per 1 doses; inhaler; 200 doses"),
    ("Potassium chloride 20 mmol/10ml inj", "potassium chloride 20 mmol per 10 ml; injection"),
    // Packs
    ("Ciprofloxacin 500mg tab 10x10", "ciprofloxacin 500 mg; tablet; pack 10x10"),
    ("Ciprofloxacine 500 mg cp BTE/100", "ciprofloxacin 500 mg; tablet; pack 100"),
    ("Diazepam 5 mg cp B/1000", "diazepam 5 mg; tablet; pack 1000"),
    ("Folic acid 5mg, tin of 1000", "folic acid 5 mg; pack 1000"),
    ("Nevirapine 200mg tabs 60's", "nevirapine 200 mg; tablet; pack 60"),
    ("Ibuprofen 400mg_1000_ABC", "ibuprofen 400 mg; pack 1000"),
    ("Doxycycline 100 mg capsules (100)", "doxycycline 100 mg; capsule; pack 100"),
    ("Omeprazole 20mg capsule, pack of 28", "omeprazole 20 mg; capsule; pack 28"),
    // Abbreviations and combinations
    ("AL 20/120mg 6x2", "artemether 20 mg + lumefantrine 120 mg; pack 6x2"),
    (
        "Lumefantrine 120 mg / Artemether 20 mg dispersible tablets 30x6",
        "artemether 20 mg + lumefantrine 120 mg; dispersible tablet; pack 30x6",
    ),
    ("AS+AQ 100/270mg", "amodiaquine 270 mg + artesunate 100 mg"),
    ("SP 500/25mg", "pyrimethamine 25 mg + sulfadoxine 500 mg"),
    (
        "TDF/3TC/DTG 300/300/50mg tablets",
        "dolutegravir 50 mg + lamivudine 300 mg + tenofovir disoproxil 300 mg; tablet",
    ),
    ("TLD 90s", "dolutegravir + lamivudine + tenofovir disoproxil; pack 90"),
    ("LPV/r 40/10mg pellets", "lopinavir 40 mg + ritonavir 10 mg; oral granules"),
    ("RHZE 150/75/400/275mg", "ethambutol 275 mg + isoniazid 75 mg + pyrazinamide 400 mg + rifampicin 150 mg"),
    ("R75/H50 dispersible", "isoniazid 50 mg + rifampicin 75 mg; dispersible tablet"),
    ("Fixed dose tablets (E400/H150)", "ethambutol 400 mg + isoniazid 150 mg; tablet"),
    ("ORS sachet for 1L", "oral rehydration salts; oral powder; 1000 ml"),
    ("SRO sachet BTE/100", "oral rehydration salts; oral powder; pack 100"),
    ("Iron 60 mg + folic acid 400 mcg", "ferrous salt 60 mg + folic acid 0.4 mg"),
    // People
    ("Artesunate/amodiaquine paediatric 50mg/135mg", "amodiaquine 135 mg + artesunate 50 mg; paediatric"),
    ("AL adulte 20/120mg", "artemether 20 mg + lumefantrine 120 mg; adult"),
    // Contraceptives
    ("DMPA-SC 104mg/0.65ml", "medroxyprogesterone 104 mg per 0.65 ml; subcutaneous injection"),
    ("Depo-Provera inj 150 mg/ml vial", "medroxyprogesterone 150 mg per 1 ml; injection"),
    ("Jadelle, box of 10", "levonorgestrel; implant; pack 10"),
    ("Microgynon 3 cycles", "ethinylestradiol + levonorgestrel; pill; pack 3"),
    ("Male condoms, pack of 144", "male condom; pack 144"),
    ("DIU TCu 380A", "copper iud"),
    // Vaccines, tests, supplies
    ("Vaccin pentavalent, flacon de 10 doses", "dtp-hepb-hib vaccine; 10 doses"),
    ("BCG 20 doses", "bcg vaccine; 20 doses"),
    ("OPV 10 dose vial", "opv vaccine; 10 doses"),
    ("mRDT kit of 25 tests", "malaria rdt; pack 25"),
    ("Determine HIV 1/2, 100 tests", "hiv test determine; pack 100"),
    ("MILDA", "mosquito net"),
    ("Gants chirurgicaux stériles taille 7 ½", "surgical glove; size 7.5"),
    ("Suture silk 2/0", "silk suture; size 2/0"),
    ("Gauze roll 90cm x 100m", "gauze; size 100000 mm 900 mm"),
    // French and Portuguese
    ("Érythromycine éthylsuccinate 125 mg/5 ml sirop, flacon de 60 ml", "erythromycin 125 mg per 5 ml; syrup; 60 ml"),
    ("Sulfate de magnésium 500 mg/ml inj amp 10 ml", "magnesium sulfate 500 mg per 1 ml; injection; 10 ml"),
    ("Ácido acetilsalicílico 100 mg comprimidos", "acetylsalicylic acid 100 mg; tablet"),
    ("Cloridrato de clorpromazina 25 mg/ml injectável", "chlorpromazine 25 mg per 1 ml; injection"),
    ("Pommade ophtalmique tétracycline 1% tube 5 g", "tetracycline 1%; eye ointment; 5000 mg"),
    ("Gotas auriculares ciprofloxacina 0,3% 5 ml", "ciprofloxacin 0.3%; ear drops; 5 ml"),
    // Companions and short names
    ("Ceftriaxone 1g powder for injection + WFI 10ml", "ceftriaxone 1000 mg; powder for injection; 10 ml"),
    ("Diluent for measles vaccine, 10-dose vial", "diluent + measles vaccine; 10 doses"),
    ("Erythromycin 125mg/5ml PFR, 100ml", "erythromycin 125 mg per 5 ml; oral suspension; 100 ml"),
    ("Amoxicillin DT 250mg 10x10", "amoxicillin 250 mg; dispersible tablet; pack 10x10"),
    ("Gentamicin 40 mg/ml (80mg/2ml) inj", "gentamicin 40 mg per 1 ml; injection"),
    ("Microlut 28 tablets", "levonorgestrel; tablet; pack 28"),
    ("Safety boxes 5 L", "safety box; 5000 ml"),
    // What is unknown stays open
    ("Amoxicillin", "amoxicillin"),
    ("Stapler", ""),
];

#[test]
fn names_by_hand() {
    let wrong: Vec<_> = GOLDEN
        .iter()
        .map(|(name, expected)| (name, expected, parse(name).to_string()))
        .filter(|(_, expected, found)| found != *expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_not_in_the_lists_is_kept_as_a_word() {
    let parsed = parse("Stapler heavy");
    assert_eq!(parsed.kind, None);
    assert_eq!(parsed.words.len(), 2);
    assert_eq!(parse("Syringe 5 ml").kind, Some(ItemKind::Supply));
}

fn known() -> impl Strategy<Value = &'static str> {
    (0..GOLDEN.len()).prop_map(|at| GOLDEN[at].0)
}

proptest! {
    #[test]
    fn case_does_not_matter(name in known()) {
        prop_assert_eq!(parse(&name.to_uppercase()), parse(&name.to_lowercase()));
    }

    #[test]
    fn segments_may_stand_in_any_order(
        substance in prop::sample::select(vec!["Amoxicillin", "paracétamol", "Sulfadoxine + pyrimethamine", "ORS"]),
        order in Just(vec!["250 mg", "tablet", "pack of 100"]).prop_shuffle(),
    ) {
        let written = |parts: &[&str]| parse(&format!("{substance}, {}", parts.join(", "))).to_string();
        prop_assert_eq!(written(&order), written(&["250 mg", "tablet", "pack of 100"]));
    }

    #[test]
    fn any_text_has_a_reading(text in "\\PC{0,60}") {
        let parsed = parse(&text);
        prop_assert_eq!(parse(&text), parsed);
    }

    #[test]
    fn numbers_of_any_size_are_read(text in "[0-9.,/+x% ]{0,40}(mg|ml|g|iu|m)?") {
        let parsed = parse(&format!("amoxicillin {text}"));
        prop_assert!(parsed.items.contains(&"amoxicillin"));
    }
}
