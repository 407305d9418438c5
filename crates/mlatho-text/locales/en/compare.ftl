finding-rule-invalid = This comparison rule cannot be used: { $reason }. It is left out and the others go on; correct the file.
trend-consumption = Consumption
trend-expected = Expected from services
trend-unit = treatments
trend-ratio = Consumption ÷ expected
trend-band = Expected band { $low }–{ $high }
trend-above = above
trend-below = below
trend-low-reporting = Low reporting (both sides known for fewer than 80 %)
trend-all = { $count ->
    [one] One organisation unit
   *[other] { $count } organisation units
}, { $from } to { $to }
trend-one = { $org_unit }, { $from } to { $to }
trend-nothing = No period has both consumption and services.
trend-description = In { $period } consumption was { $ratio } times what services lead to expect, { $verdict ->
    [above] above
    [below] below
   *[within] within
} the expected band { $low }–{ $high }.
trend-footer = Source: LMIS and HMIS. Both sides known for { $used } of { $pairs } organisation units and periods. Band: { $source }.
