finding-logistimo-export-failed = The server could not make the export { $job }: { $reason }. Try again; if it stays so, ask its administrator.
finding-logistimo-export-late = The export { $job } was not ready after { $seconds } seconds. Try again later, or make export_wait_seconds larger.
finding-logistimo-hidden-entities = The inventory of { $count } entities may not be seen by this account: { $entities }. This is not the same as no stock; ask the administrator for the right to view them.
finding-logistimo-format = The source “{ $source }” pulls from Logistimo; its format must be logistimo-csv for transactions, or logistimo-json for inventory. Correct format.
