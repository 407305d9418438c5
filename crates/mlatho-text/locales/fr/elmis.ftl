finding-elmis-program = Le serveur n'a pas de programme de code { $code }. Corrigez programs dans mlatho.toml.
finding-elmis-ambiguous-facility = { $count } établissements dans { $name } ne peuvent être distingués, car l'état des stocks ne les nomme que par nom et district : { $facilities }. Lisez les réquisitions, qui ont des codes, ou faites renommer l'un des deux.
finding-elmis-hidden-facilities = Les réquisitions de { $count } établissements ne sont pas visibles pour ce compte : { $facilities }. Ce n'est pas la même chose qu'une absence de rapport ; demandez à l'administrateur le droit de les voir.
finding-elmis-partial = L'état des stocks omet les lignes toutes à zéro et les produits non suivis. Ce qui est absent n'est pas zéro ; n'en calculez pas de taux de rapportage.
