finding-compare-row = This row does not fit: { $reason }. It is left out; correct it.
finding-compare-nothing = “{ $rule }” finds no period with both consumption and services. Check the items, measures and period type in the rule against the two inputs.
finding-compare-other-period-type = { $count ->
    [one] One value is
   *[other] { $count } values are
} left out because the rule compares periods of type { $type }. Align the periods first, or set period_type in the rule.
verdict-within = within the expected band
verdict-above = above the expected band
verdict-below = below the expected band
verdict-undefined = undefined
cause-under-reported-cases = Cases under-reported
cause-over-reported-cases = Cases over-reported
cause-presumptive-treatment = Presumptive treatment
cause-stock-out = Stock-out
cause-leakage = Leakage
cause-unit-error = Packs and units confused
cause-wrong-mapping = Wrong mapping
cause-other-use = Other use of the product
cause-late-report = Late report
cause-duplicate-report = Duplicate report
cause-data-entry = Data entry error
cause-cannot-tell = The data cannot tell
evidence-stockout-days = Stockout days: { $value }
evidence-pack-size = Units in a pack: { $value }
evidence-corrected-ratio = Ratio without this cause: { $value }
evidence-consumption-missing = Consumption is missing
evidence-services-missing = Services are missing
evidence-consumption-missing-before = Consumption of the period before is missing
evidence-services-missing-before = Services of the period before are missing
evidence-stock-without-service = Consumption without any service
evidence-service-without-stock = Services without any consumption
evidence-few-services = Too few service events: { $value }
