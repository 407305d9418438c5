finding-file-unusable = This file or folder cannot be used: { $reason }. Check its name and the rights on it.
finding-repository-missing = There is no repository in { $path } yet. Run “mlatho run” in the project first.
finding-repository-busy = Another process is writing to { $path }. Wait for it to end and try again.
finding-catalogue-address = The address of the catalogue must begin with sqlite: or postgres:. Correct the environment variable that catalogue_url_env names.
finding-catalogue-url-unset = The environment variable { $variable } with the address of the catalogue is not set. Set it, or remove catalogue_url_env from mlatho.toml.
finding-before-first-run = No run had finished at that time or version. Give a later one; the table “runs” shows them all.
finding-bad-query = The query cannot be answered: { $reason }. Queries may read (SELECT, WITH, SHOW, DESCRIBE, EXPLAIN), and only the tables observations, observations_log, org_units, items, links, findings and runs.
finding-bad-as-of = “{ $text }” is neither a time such as 2026-03-31T12:00:00Z nor a version number.
finding-rule-invalid = This comparison rule cannot be used: { $reason }. Correct the file.
finding-project-version = The project file has version { $version }; this program reads version 1. Write version = 1, or use a newer program.
finding-project-language = “{ $language }” is not a language of mlatho. Write en, fr, pt or sw.
finding-project-name-twice = The name “{ $name }” stands twice. Give each source and each target its own name.
finding-source-without-layout = The source “{ $source }” reads workbooks and has no layout. Write a layout file and name it with layout.
finding-source-no-files = No file of the source “{ $source }” is there yet; the patterns are: { $patterns }. Put files there before “mlatho run”.
finding-source-names-persons = The source “{ $source }” is of the format { $format }, which names persons. Such messages come in only from files and from a gateway, where telephone numbers and names are taken out before anything is kept. Give it files or a gateway.
finding-source-inputs = The source “{ $source }” must have one of these: files, a server of dhis2, openlmis, elmis or logistimo, a gateway, or senders. Keep one of them.
finding-source-no-data-sets = The source “{ $source }” names no data sets to pull. Fill data_sets.
finding-source-dates = The source “{ $source }” ends on { $end }, before it starts on { $start }. Correct start_date or end_date.
finding-element-target-unknown = The element mapping names the target “{ $target }”, which the project does not have: { $known }. Its rows are not used; correct the name.
finding-no-rules = There is no comparison rule yet; the pattern is: { $patterns }. Write one to compare consumption with services.
check-part-project = project
check-part-source = source
check-part-mapping = mapping
check-part-rule = rule
check-part-target = target
check-part-server = server
check-outcome-ok = ok
check-outcome-info = note
check-outcome-warning = warning
check-outcome-error = error
check-project = { $name }
check-rule = { $name }
check-files = { $count ->
    [one] one file
   *[other] { $count } files
}
check-data-sets = { $count ->
    [one] one data set to pull
   *[other] { $count } data sets to pull
}
check-programs = { $count ->
    [0] all programs to pull
    [one] one program to pull
   *[other] { $count } programs to pull
}
check-lmis = { $system } at { $url }, { $programs ->
    [one] one program
   *[other] { $programs } programs
}
check-logistimo = Logistimo at { $url }, { $entities ->
    [one] one entity
   *[other] { $entities } entities
}
check-inventory = inventory to pull
check-transactions = transactions to pull
check-links = { $count ->
    [one] one link
   *[other] { $count } links
}
check-products = { $count ->
    [one] one product
   *[other] { $count } products
}
check-elements = { $count ->
    [one] one data element
   *[other] { $count } data elements
}
check-server = DHIS2 { $version } at { $url }, import engine { $engine }; user { $user } { $may_write ->
    [yes] may add data values
   *[no] may not add data values
}
column-part = Part
column-name = Name
column-outcome = Outcome
column-detail = What there is
column-severity = Severity
column-check = Check
column-message = What was found
column-org-unit = Organisation unit
column-consumption = Consumption
column-services = Services
column-expected = Expected
column-ratio = Ratio
column-verdict = Verdict
column-cause = Likely cause
finding-source-gateway-format = The source “{ $source }” has an SMS gateway; its format { $format } is none of messages. Write cstock-sms, ilsgateway-sms or mtrac-sms.
finding-source-posted-format = The source “{ $source }” has senders; documents of the format { $format } are not taken from them, only these: { $known }. Correct format.
check-gateway = messages from an SMS gateway
check-senders = { $count ->
    [one] one sender of documents
   *[other] { $count } senders of documents
}
