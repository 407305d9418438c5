finding-stock-balance = { $org_unit }, { $item }, { $period }: stock on hand is { $value }, but beginning balance, receipts, consumption, adjustments and losses give { $expected }. Find the wrong number on the stock card and correct it in the source.
finding-sign = { $org_unit }, { $item }, { $period }: { $measure } is { $value }, and cannot be below zero. Correct the sign or the number in the source.
finding-consumption-without-stock = { $org_unit }, { $item }, { $period }: { $value } consumed, but only { $expected } were there. Look for a receipt that was not entered, or a wrong consumption.
finding-duplicate-report = { $org_unit }, { $item }, { $period } is reported a second time, with the { $numbers ->
    [same] same numbers
   *[different] other numbers
} (first at row { $first_position }). Decide which one counts and withdraw the other.
finding-impossible-date = { $org_unit }, { $item }, { $period }: { $fault ->
    [future-period] the period has not begun (today is { $date })
    [reported-before-period] it was reported on { $date }, before the period began
   *[too-many-stockout-days] { $value } stockout days in a period of { $date } days
}. Correct the period or the number in the source.
finding-opening-not-previous-closing = { $org_unit }, { $item }, { $period }: the beginning balance is { $value }, but stock on hand at the end of { $previous } was { $expected }. Check both against the stock card.
finding-missing-or-zero = { $org_unit }, { $item }, { $period }: { $measure } was left blank. { $rule ->
    [balance] The other numbers of the line give { $expected }
   *[zero-before] The period before reported zero
}. Ask whether zero is meant or a number is missing, and enter it in the source.
finding-missing-report = { $org_unit }, { $item }: no report for { $periods ->
    [one] one period
   *[other] { $periods } periods
} from { $period } on. Ask the facility for it.
finding-bad-row = The row cannot be read: { $reason }. It is left out; correct it.
finding-missing-name = Column “{ $column }” is blank; the row is left out. Fill it in.
finding-not-a-period = “{ $text }” is no DHIS2 period such as 202603 or 2026Q1; the row is left out. Correct it.
finding-not-a-date = “{ $text }” is no date such as 2026-03-31; the date counts as missing. Correct it.
