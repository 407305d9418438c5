help-review-take-reason = Pourquoi les liens d'un fichier sont repris ; une feuille a ses propres raisons
help-review-take-kind = Ce que désignent les codes d'une ConceptMap, si elle ne le dit pas elle-même
help-review-take-source = La source de ces codes, si la ConceptMap ne la dit pas elle-même
help-review-export = Donner à d'autres systèmes les liens en vigueur
help-review-export-form = ConceptMap FHIR (R5), ou tableau avec les codes des deux côtés
help-review-export-out = Fichier des liens [par défaut : sortie standard]
review-known = { $count } liens proposés disent ce qui vaut déjà.
review-exported = { $count } liens, version { $version } de la correspondance.
finding-take-reason = Les liens d'un autre système sont repris pour une raison. Ajoutez --reason TEXTE.
finding-take-differs = Le code « { $code } » est décidé autrement pour certains de ces jours, dans { $other } ; le lien proposé est laissé de côté. Si le fichier a raison, décidez-le par « mlatho review accept ».
finding-take-rejected = Une personne a décidé que « { $code } » n'est pas « { $target } » ({ $reason }) ; le lien proposé est laissé de côté. Si le fichier a raison, décidez-le par « mlatho review accept ».
finding-take-disagrees = Les liens proposés pour le code « { $code } » ne peuvent valoir ensemble ni à côté de ce que dit le projet : un lien par jour, ou one-to-many avec des parts qui font 1. Ils sont laissés de côté ; corrigez le fichier.
finding-take-code = { $count ->
    [0] Le code « { $code } » n'est dans aucune liste du projet qui pourrait donner son identifiant ; le lien est laissé de côté. Écrivez l'identifiant, ou ajoutez le code à la liste.
   *[other] Le code « { $code } » désigne { $count } fiches de la liste du projet ; le lien est laissé de côté. Écrivez l'identifiant.
}
finding-link-factor = Le lien de l'article « { $code } » n'a pas de facteur d'unité et est laissé de côté. Écrivez combien d'unités du projet font une unité de la source (1 si les deux comptent pareil).
finding-concept-map-unreadable = Le fichier n'est pas un document JSON entier : { $reason }. Récupérez-le de nouveau.
finding-concept-map-absent = Le fichier contient « { $found } » alors qu'une ConceptMap FHIR est attendue. Donnez la ConceptMap elle-même.
finding-concept-map-system = Le projet ne connaît pas les codes du système « { $found } » ; le groupe est laissé de côté. Dites ce qu'ils sont avec --kind et --source.
finding-concept-map-relationship = « { $found } » ne dit pas comment les deux codes vont ensemble ; la correspondance est laissée de côté. Décidez-la par « mlatho review accept ».
finding-concept-map-condition = La correspondance de « { $code } » ne vaut que sous conditions (dependsOn, product), qu'un lien ne peut porter ; elle est laissée de côté.
