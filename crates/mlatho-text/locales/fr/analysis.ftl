finding-compare-row = Cette ligne ne convient pas : { $reason }. Elle est écartée ; corrigez-la.
finding-compare-nothing = « { $rule } » ne trouve aucune période ayant à la fois consommation et services. Comparez les produits, les mesures et le type de période de la règle avec les deux entrées.
finding-compare-other-period-type = { $count ->
    [one] Une valeur est écartée
   *[other] { $count } valeurs sont écartées
} parce que la règle compare des périodes de type { $type }. Alignez d'abord les périodes, ou indiquez period_type dans la règle.
verdict-within = dans la fourchette attendue
verdict-above = au-dessus de la fourchette attendue
verdict-below = au-dessous de la fourchette attendue
verdict-undefined = indéfini
cause-under-reported-cases = Cas sous-notifiés
cause-over-reported-cases = Cas sur-notifiés
cause-presumptive-treatment = Traitement présomptif
cause-stock-out = Rupture de stock
cause-leakage = Fuite de produits
cause-unit-error = Boîtes et unités confondues
cause-wrong-mapping = Correspondance erronée
cause-other-use = Autre usage du produit
cause-late-report = Rapport tardif
cause-duplicate-report = Rapport en double
cause-data-entry = Erreur de saisie
cause-cannot-tell = Les données ne permettent pas de le dire
evidence-stockout-days = Jours de rupture : { $value }
evidence-pack-size = Unités par boîte : { $value }
evidence-corrected-ratio = Rapport sans cette cause : { $value }
evidence-consumption-missing = La consommation manque
evidence-services-missing = Les services manquent
evidence-consumption-missing-before = La consommation de la période précédente manque
evidence-services-missing-before = Les services de la période précédente manquent
evidence-stock-without-service = Consommation sans aucun service
evidence-service-without-stock = Services sans aucune consommation
evidence-few-services = Trop peu de services : { $value }
