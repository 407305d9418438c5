finding-elmis-program = The server has no program with the code { $code }. Correct programs in mlatho.toml.
finding-elmis-ambiguous-facility = { $count } facilities in { $name } cannot be told apart, for stock status names them by name and district only: { $facilities }. Read requisitions, which have codes, or have one of each pair renamed.
finding-elmis-hidden-facilities = The requisitions of { $count } facilities may not be seen by this account: { $facilities }. This is not the same as no report; ask the administrator for the right to view them.
finding-elmis-partial = Stock status leaves out lines that are all zero and products that are not traced. What is absent is not zero; compute no reporting rate from it.
