finding-rule-invalid = Cette règle de comparaison ne peut servir : { $reason }. Elle est écartée et les autres continuent ; corrigez le fichier.
trend-consumption = Consommation
trend-expected = Attendu d'après les services
trend-unit = traitements
trend-ratio = Consommation ÷ attendu
trend-band = Fourchette attendue { $low }–{ $high }
trend-above = au-dessus
trend-below = au-dessous
trend-low-reporting = Peu de rapports (deux côtés connus pour moins de 80 %)
trend-all = { $count ->
    [one] Une unité d'organisation
   *[other] { $count } unités d'organisation
}, de { $from } à { $to }
trend-one = { $org_unit }, de { $from } à { $to }
trend-nothing = Aucune période n'a à la fois consommation et services.
trend-description = En { $period } la consommation était { $ratio } fois ce que les services laissent attendre, { $verdict ->
    [above] au-dessus de
    [below] au-dessous de
   *[within] dans
} la fourchette attendue { $low }–{ $high }.
trend-footer = Source : SIGL et SNIS. Deux côtés connus pour { $used } sur { $pairs } unités et périodes. Fourchette : { $source }.
