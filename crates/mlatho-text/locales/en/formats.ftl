finding-unreadable = The file cannot be read from here on: { $reason }. Check that it is whole and of the stated format.
finding-empty-file = The file is empty. Export it again.
finding-layout-needed = A layout is needed to read this file; its first row has: { $found }. Write a layout file and give it with --layout.
finding-missing-column = There is no column “{ $column }”. The columns are: { $found }. Correct the name in the layout or mapping, or the file.
finding-missing-sheet = There is no sheet “{ $sheet }”. The sheets are: { $found }. Correct “sheet” in the layout.
finding-no-value-columns = No column holds values by this layout. The columns are: { $found }. Name them with [[measures]], first_value or pattern.
finding-too-many-cells = The row has { $found } cells where { $expected } belong, so its numbers may stand in the wrong columns; it is left out. Correct the row in the source.
finding-missing-org-unit = The row names no org unit and is left out. Fill it in in the source.
finding-missing-period = The row names no period and is left out. Name a period column or a fixed period in the layout.
finding-missing-data-element = The data value names no data element and is left out. Fill it in in the source.
finding-bad-period = “{ $text }” is not a period of the stated form; the row is left out. Correct the row, or period.format in the layout.
finding-bad-version = “{ $text }” is not a version number; the row is left out. Correct the row in the source.
finding-bad-state = “{ $text }” is not a value state; the row is left out. Write reported, missing:<reason>, not-applicable or suppressed:<rule>.
finding-bad-json = This is not a whole DHIS2 data value set: { $reason }. What came before is kept; ask for the file again.
finding-not-a-number = “{ $text }” is not a number; the value counts as missing, not as zero. Correct the cell in the source.
finding-total-among-parts = “{ $name }” is a total of others and is left out, so that nothing is counted twice. Write totals = "keep" in the layout if it is none.
finding-duplicate-column = Columns { $first } and { $second } are both headed “{ $column }”. Both are kept apart; correct the header, or name the columns by number.
