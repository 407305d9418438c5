pages-language-name = English
pages-languages = Language
pages-skip = Skip to content
pages-home = To the first page
pages-first-page = This is a first plain page: it shows how medicine consumption compares with services. It changes nothing.
pages-rules = Comparisons
pages-no-rules = There is no comparison yet. Write a rule file into the folder “rules” of the project.
pages-run-first = Nothing has been read yet. Run “mlatho run” in the project, then open this page again.
pages-state = State of the data
pages-never-run = No run has finished yet.
pages-last-run = Last run: number { $run }, finished on { $day } at { $time } UTC.
pages-held = { $count ->
    [0] No number is held back by the checks.
    [one] One number is held back by the checks and does not count.
   *[other] { $count } numbers are held back by the checks and do not count.
}
pages-unmapped-org-units = { $codes ->
    [0] All organisation units of the sources are mapped.
    [one] One organisation unit of the sources is not mapped and does not count; records under it: { $records }.
   *[other] { $codes } organisation units of the sources are not mapped and do not count; records under them: { $records }.
}
pages-unmapped-items = { $codes ->
    [0] All products and data elements of the sources are mapped.
    [one] One product or data element of the sources is not mapped and does not count; records under it: { $records }.
   *[other] { $codes } products or data elements of the sources are not mapped and do not count; records under them: { $records }.
}
pages-findings = To correct
pages-rule = Comparison
pages-org-unit = Organisation unit
pages-all-org-units = All organisation units
pages-show = Show
pages-chart = Chart of the trend
pages-download = Download:
pages-trend-caption = The same data as a table; quantities in treatments, services in events. “–” means that the number is missing, not that it is zero.
pages-period = Period
pages-consumption = Consumption
pages-services = Services
pages-expected = Expected
pages-ratio = Ratio
pages-band = Expected band
pages-verdict = Verdict
pages-both-sides = Both sides known
pages-coverage = { $used } of { $pairs }
pages-attention = Needs attention
pages-attention-caption = Organisation units and periods outside the expected band of any comparison, widest gap in treatments first.
pages-attention-extent = 1–{ $last } of { $count }.
pages-whole-list = Download the whole list (CSV)
pages-no-attention = Nothing lies outside its expected band.
pages-rank = Rank
pages-gap = Gap
pages-causes = Possible causes
pages-cause = { $cause } ({ $percent } %)
pages-nothing-here-title = Nothing here
pages-nothing-here = There is no page at this address.
pages-no-rule-title = Comparison not found
pages-no-rule = There is no comparison of that name. These exist:
pages-no-org-unit-title = Organisation unit not found
pages-no-org-unit = This comparison has no data of that organisation unit. Check the id, or show all:
pages-broken-title = The page cannot be shown
pages-broken = Something failed on the server; the data is not changed. Try again, and if it fails again ask the person who runs the server to look into its log.
