finding-digit-swap = { $org_unit }, { $item }, { $period } : { $measure } est { $value } ; avec deux chiffres échangés, { $expected }, le nombre concorde avec le reste. Regardez le rapport papier et corrigez la source.
finding-zeroed-period = { $org_unit }, { $item }, { $period } : { $value } a été rapporté là où les périodes voisines laissent attendre un nombre (attendu : { $expected }). Demandez si le rapport a été fait, et corrigez-le ou retirez-le.
finding-copied-report = { $org_unit }, { $item }, { $period } a les mêmes nombres que { $other_period }. Demandez le rapport de cette période ; le précédent a peut-être été recopié.
finding-copied-neighbour = { $org_unit }, { $item }, { $period } a les mêmes nombres que { $other_org_unit }, et ils ne concordent pas avec son propre stock. Demandez son propre rapport.
finding-shifted-period = { $org_unit }, { $item }, { $period } : les nombres { $change ->
    [exchanged] conviennent à { $other_period }, et ceux de { $other_period } conviennent ici ; les deux ont été échangés
    [next] sont ceux de { $other_period }
   *[moved] conviennent à { $other_period }, qui n’a pas de rapport
}. Vérifiez la période sur le rapport et corrigez-la dans la source.
finding-org-unit-swap = { $org_unit }, { $item }, { $period } : les nombres conviennent à { $other_org_unit }, et les siens conviennent ici. Vérifiez à qui est chaque rapport et corrigez la source.
finding-outlier = { $org_unit }, { $item }, { $period } : { $measure } est { $value }, loin des { $expected } que les autres nombres laissent attendre. Comparez avec le registre, puis corrigez ou confirmez.
finding-level-shift = { $org_unit }, { $item } : à partir de { $period } les nombres valent environ { $ratio } fois ceux d’avant. Demandez ce qui a changé : le service, l’aire de desserte ou l’unité de comptage.
finding-partial-report = { $org_unit }, { $period } : { $reported } nombres ont été rapportés, d’habitude { $usual }. Demandez le reste à l’établissement.
finding-late-report = { $org_unit }, { $item }, { $period } a été rapporté le { $date } ; le dernier jour était le { $deadline }. Rien n’est à corriger.
finding-stock-out-not-counted = { $org_unit }, { $item }, { $period } : aucun stock pendant toute la période, mais { $value } jours de rupture. Demandez le nombre de jours ({ $expected } seraient tous).
finding-reported-through-stock-out = { $org_unit }, { $item }, { $period } : { $value } utilisés dans une période sans stock du début à la fin. Vérifiez les jours de rupture et l’utilisation ; l’un des deux est faux.
finding-more-positives-than-tests = { $org_unit }, { $period } : { $value } résultats positifs, mais seulement { $expected } tests ({ $item }). Comparez les deux avec le registre du laboratoire.
finding-more-treatments-than-cases = { $org_unit }, { $period } : { $value } traités, mais seulement { $expected } cas ({ $item }). Comparez les deux avec le registre.
finding-rule-broken = { $org_unit }, { $item }, { $period } : { "fr" ->
    [fr] { $text_fr }
    [pt] { $text_pt }
    [sw] { $text_sw }
   *[en] { $text_en }
}
finding-checks-invalid = Ces contrôles ne peuvent pas servir : { $reason }. Corrigez le fichier.
help-quality-rules = Autres contrôles, de ce fichier de règles ; peut être répété
help-quality-scorecard = Écrire complétude, promptitude et cohérence de chaque unité et période dans ce fichier CSV
check-own-checks = { $count } contrôles
