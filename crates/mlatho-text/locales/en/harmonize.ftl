finding-mapping-row = “{ $found }” in column “{ $column }” does not fit; expected: { $expected }. The link is left out; correct the row.
finding-mapping-unreadable = The mapping file cannot be read here: { $reason }. Correct the row.
finding-mapping-overlap = The code “{ $code }” has more than one link on the same day. Give the links dates that do not overlap, or make it one-to-many with shares.
finding-mapping-shares = The shares of the code “{ $code }” do not sum to one. Correct them, for example 1/3 and 2/3.
