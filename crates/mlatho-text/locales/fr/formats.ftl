finding-unreadable = Le fichier ne peut plus être lu à partir d'ici : { $reason }. Vérifiez qu'il est entier et du format indiqué.
finding-empty-file = Le fichier est vide. Exportez-le de nouveau.
finding-layout-needed = Une disposition est nécessaire pour lire ce fichier ; sa première ligne contient : { $found }. Écrivez un fichier de disposition et donnez-le avec --layout.
finding-missing-column = Il n'y a pas de colonne « { $column } ». Les colonnes sont : { $found }. Corrigez le nom dans la disposition ou la correspondance, ou le fichier.
finding-missing-sheet = Il n'y a pas de feuille « { $sheet } ». Les feuilles sont : { $found }. Corrigez « sheet » dans la disposition.
finding-no-value-columns = Aucune colonne ne contient de valeurs selon cette disposition. Les colonnes sont : { $found }. Nommez-les avec [[measures]], first_value ou pattern.
finding-too-many-cells = La ligne a { $found } cellules au lieu de { $expected } ; ses nombres peuvent être dans de mauvaises colonnes et elle est écartée. Corrigez la ligne dans la source.
finding-missing-org-unit = La ligne ne nomme aucune unité d'organisation et est écartée. Complétez-la dans la source.
finding-missing-period = La ligne n'indique aucune période et est écartée. Indiquez une colonne de période ou une période fixe dans la disposition.
finding-missing-data-element = La valeur ne nomme aucun élément de données et est écartée. Complétez-la dans la source.
finding-bad-period = « { $text } » n'est pas une période de la forme indiquée ; la ligne est écartée. Corrigez la ligne, ou period.format dans la disposition.
finding-bad-version = « { $text } » n'est pas un numéro de version ; la ligne est écartée. Corrigez la ligne dans la source.
finding-bad-state = « { $text } » n'est pas un état de valeur ; la ligne est écartée. Écrivez reported, missing:<reason>, not-applicable ou suppressed:<rule>.
finding-bad-json = Ce n'est pas un ensemble de valeurs DHIS2 complet : { $reason }. Ce qui précède est gardé ; redemandez le fichier.
finding-not-a-number = « { $text } » n'est pas un nombre ; la valeur compte comme manquante, pas comme zéro. Corrigez la cellule dans la source.
finding-total-among-parts = « { $name } » est un total d'autres et est écarté, pour que rien ne soit compté deux fois. Écrivez totals = "keep" dans la disposition si ce n'en est pas un.
finding-duplicate-column = Les colonnes { $first } et { $second } ont le même titre « { $column } ». Les deux sont gardées séparément ; corrigez le titre, ou nommez les colonnes par leur numéro.
