pages-language-name = Français
pages-languages = Langue
pages-skip = Aller au contenu
pages-home = Vers la première page
pages-first-page = Ceci est une première page simple : elle montre la consommation de médicaments face aux services. Elle ne change rien.
pages-rules = Comparaisons
pages-no-rules = Il n'y a pas encore de comparaison. Écrivez un fichier de règle dans le dossier « rules » du projet.
pages-run-first = Rien n'a encore été lu. Exécutez « mlatho run » dans le projet, puis rouvrez cette page.
pages-state = État des données
pages-never-run = Aucun passage n'est encore terminé.
pages-last-run = Dernier passage : numéro { $run }, terminé le { $day } à { $time } UTC.
pages-held = { $count ->
    [0] Les vérifications ne retiennent aucun nombre.
    [one] Un nombre est retenu par les vérifications et ne compte pas.
   *[other] { $count } nombres sont retenus par les vérifications et ne comptent pas.
}
pages-unmapped-org-units = { $codes ->
    [0] Toutes les unités d'organisation des sources ont une correspondance.
    [one] Une unité d'organisation des sources n'a pas de correspondance et ne compte pas ; enregistrements : { $records }.
   *[other] { $codes } unités d'organisation des sources n'ont pas de correspondance et ne comptent pas ; enregistrements : { $records }.
}
pages-unmapped-items = { $codes ->
    [0] Tous les produits et éléments de données des sources ont une correspondance.
    [one] Un produit ou élément de données des sources n'a pas de correspondance et ne compte pas ; enregistrements : { $records }.
   *[other] { $codes } produits ou éléments de données des sources n'ont pas de correspondance et ne comptent pas ; enregistrements : { $records }.
}
pages-findings = À corriger
pages-rule = Comparaison
pages-org-unit = Unité d'organisation
pages-all-org-units = Toutes les unités d'organisation
pages-show = Afficher
pages-chart = Graphique de la tendance
pages-download = Télécharger :
pages-trend-caption = Les mêmes données en tableau ; quantités en traitements, services en actes. « – » signifie que le nombre manque, non qu'il est zéro.
pages-period = Période
pages-consumption = Consommation
pages-services = Services
pages-expected = Attendu
pages-ratio = Rapport
pages-band = Fourchette attendue
pages-verdict = Verdict
pages-both-sides = Deux côtés connus
pages-coverage = { $used } sur { $pairs }
pages-attention = À regarder d'abord
pages-attention-caption = Unités d'organisation et périodes hors de la fourchette attendue d'une comparaison, le plus grand écart en traitements d'abord.
pages-attention-extent = 1–{ $last } sur { $count }.
pages-whole-list = Télécharger la liste entière (CSV)
pages-no-attention = Rien n'est hors de sa fourchette attendue.
pages-rank = Rang
pages-gap = Écart
pages-causes = Causes possibles
pages-cause = { $cause } ({ $percent } %)
pages-nothing-here-title = Rien ici
pages-nothing-here = Il n'y a pas de page à cette adresse.
pages-no-rule-title = Comparaison introuvable
pages-no-rule = Il n'y a pas de comparaison de ce nom. Celles-ci existent :
pages-no-org-unit-title = Unité d'organisation introuvable
pages-no-org-unit = Cette comparaison n'a pas de données de cette unité d'organisation. Vérifiez l'identifiant, ou affichez-les toutes :
pages-broken-title = La page ne peut être affichée
pages-broken = Quelque chose a échoué sur le serveur ; les données n'ont pas changé. Réessayez, et si cela échoue encore, demandez à la personne qui gère le serveur de consulter son journal.
