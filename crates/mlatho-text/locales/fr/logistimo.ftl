finding-logistimo-export-failed = Le serveur n'a pu faire l'export { $job } : { $reason }. Réessayez ; si cela persiste, demandez à son administrateur.
finding-logistimo-export-late = L'export { $job } n'était pas prêt après { $seconds } secondes. Réessayez plus tard, ou augmentez export_wait_seconds.
finding-logistimo-hidden-entities = Le stock de { $count } entités n'est pas visible pour ce compte : { $entities }. Ce n'est pas la même chose qu'un stock nul ; demandez à l'administrateur le droit de les voir.
finding-logistimo-format = La source « { $source } » récupère de Logistimo ; son format doit être logistimo-csv pour les transactions, ou logistimo-json pour le stock. Corrigez format.
