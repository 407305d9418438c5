finding-digit-swap = { $org_unit }, { $item }, { $period }: { $measure } is { $value }; with two digits exchanged, { $expected }, it fits the rest. Look at the paper report and correct the source.
finding-zeroed-period = { $org_unit }, { $item }, { $period }: { $value } was reported where the neighbouring periods lead one to expect a number (expected: { $expected }). Ask whether the report was made at all, and correct or withdraw it.
finding-copied-report = { $org_unit }, { $item }, { $period } has the same numbers as { $other_period }. Ask for the report of this period; perhaps the last one was copied.
finding-copied-neighbour = { $org_unit }, { $item }, { $period } has the same numbers as { $other_org_unit }, and they do not fit its own stock. Ask for its own report.
finding-shifted-period = { $org_unit }, { $item }, { $period }: the numbers { $change ->
    [exchanged] fit { $other_period }, and those of { $other_period } fit here; the two changed places
    [next] are those of { $other_period }
   *[moved] fit { $other_period }, which has no report
}. Check the period on the report and correct it in the source.
finding-org-unit-swap = { $org_unit }, { $item }, { $period }: the numbers fit { $other_org_unit }, and its numbers fit here. Check whose report is whose and correct the source.
finding-outlier = { $org_unit }, { $item }, { $period }: { $measure } is { $value }, far from the { $expected } that the other numbers lead one to expect. Check it against the register and correct or confirm it.
finding-level-shift = { $org_unit }, { $item }: from { $period } on the numbers are about { $ratio } times those before. Ask what changed: the service, the catchment area or the unit of counting.
finding-partial-report = { $org_unit }, { $period }: { $reported } numbers were reported, usually { $usual }. Ask the facility for the rest.
finding-late-report = { $org_unit }, { $item }, { $period } was reported on { $date }; the last day was { $deadline }. Nothing needs correction.
finding-stock-out-not-counted = { $org_unit }, { $item }, { $period }: no stock all through the period, but { $value } stockout days. Ask for the number of days ({ $expected } would be all of them).
finding-reported-through-stock-out = { $org_unit }, { $item }, { $period }: { $value } used in a period that was without stock from beginning to end. Check stockout days and use; one of them is wrong.
finding-more-positives-than-tests = { $org_unit }, { $period }: { $value } positive results, but only { $expected } tests ({ $item }). Check both against the laboratory register.
finding-more-treatments-than-cases = { $org_unit }, { $period }: { $value } treated, but only { $expected } cases ({ $item }). Check both against the register.
finding-rule-broken = { $org_unit }, { $item }, { $period }: { "en" ->
    [fr] { $text_fr }
    [pt] { $text_pt }
    [sw] { $text_sw }
   *[en] { $text_en }
}
finding-checks-invalid = These checks cannot be used: { $reason }. Correct the file.
help-quality-rules = Further checks from this rule file; may be given more than once
help-quality-scorecard = Write completeness, timeliness and consistency of each org unit and period to this CSV file
check-own-checks = { $count } checks
