help-review = Show what waits for a person, and decide about it
help-review-links = List codes without a mapping with their candidates, the one that matters most first
help-review-links-kind = Only these
help-review-links-out = Write a sheet to this CSV file, to be filled in and taken back
help-review-accept = Say that a code is this org unit or item of the project
help-review-accept-kind = What the code names
help-review-accept-source = The source that uses the code
help-review-accept-code = The code
help-review-accept-target = The project's id
help-review-accept-reason = Why
help-review-accept-by = Who decides [default: the user of this computer]
help-review-accept-from = First day on which it holds [default: ever since]
help-review-accept-to = Last day on which it holds [default: without end]
help-review-accept-factor = Target units per source unit, such as 30, 0.5 or 1/3; an item needs it
help-review-accept-unit = Unit of the target, such as dispensing-unit
help-review-accept-relation = equal, many-to-one or one-to-many [default: equal]
help-review-accept-share = Part of each number that goes to this target, for one-to-many
help-review-reject = Say that a code is not this org unit or item; it is remembered
help-review-reject-kind = What the code names
help-review-reject-source = The source that uses the code
help-review-reject-code = The code
help-review-reject-target = The project's id
help-review-reject-reason = Why
help-review-reject-by = Who decides [default: the user of this computer]
help-review-reject-from = First day on which it holds [default: ever since]
help-review-reject-to = Last day on which it holds [default: without end]
help-review-none = Say that a code has no counterpart
help-review-none-kind = What the code names
help-review-none-source = The source that uses the code
help-review-none-code = The code
help-review-none-reason = Why
help-review-none-by = Who decides [default: the user of this computer]
help-review-none-from = First day on which it holds [default: ever since]
help-review-none-to = Last day on which it holds [default: without end]
help-review-take = Take back a sheet whose column “verdict” was filled in: accept, reject or none
help-review-take-sheet = The sheet
help-review-take-by = Who decided [default: the user of this computer]
column-target = Project id
column-target-name = Name in the project
help-review-band = Show the org units that are sure enough to be accepted together, and a sample to check
help-review-band-source = The source [default: the only one]
help-review-band-accept = Accept the band of this name, as it was shown
help-review-band-second = The second person who looked at the sample
help-review-band-reason = Why
help-review-band-by = Who decides [default: the user of this computer]
review-band = { $count } links are sure enough to be accepted together; about { $wrong } of them are expected to be wrong. Check the sample above with a second person, then: mlatho review band --accept { $name } --second NAME --reason TEXT
review-more = … and { $count } more: “--format csv” or “--out FILE” gives all.
review-waiting = { $count } codes wait for a link.
review-kept = { $count } decisions were kept. “mlatho run” applies them.
finding-review-no-register = The project has no list of its own to look for partners in (kind { $kind }). Name one in mlatho.toml under [[registers]].
finding-review-unknown-target = “{ $target }” is not in the project's list { $register }. Correct the id, or add it to the list.
finding-review-nobody = Nobody is named for the decision. Add --by NAME.
finding-review-factor = An item needs a unit factor: how many units of the project make one unit of “{ $code }”? Add --factor NUMBER (1, if both count the same).
finding-sheet-changed = What this row is about was changed on the way, so that the verdict may belong to another pair; it is left out. Write a new sheet and decide again.
finding-sheet-cell = The column { $column } cannot hold “{ $found }”; the row is left out. Correct it and take the sheet again.
finding-sheet-blank = The column { $column } is blank; the row is left out. Fill it in and take the sheet again.
finding-sheet-twice = The code { $code } is accepted twice in this sheet; this row is left out. Keep one of them.
finding-review-band-changed = The band is no longer the one that was shown as “{ $name }”. Look at the sample again.
finding-review-second = A band takes two persons: add --second with the name of somebody other than { $by }.
check-decisions = { $count ->
    [one] { $count } decision
   *[other] { $count } decisions
}
check-records = { $count ->
    [one] { $count } record
   *[other] { $count } records
}
finding-register-twice = The project names two lists of one kind and source ({ $kind }: { $files }). Join them into one.
