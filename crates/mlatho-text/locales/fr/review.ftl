help-review = Montrer ce qui attend une personne, et en décider
help-review-links = Lister les codes sans correspondance avec leurs candidats, le plus important d'abord
help-review-links-kind = Ceux-ci seulement
help-review-links-out = Écrire une feuille dans ce fichier CSV, à remplir puis à reprendre
help-review-accept = Dire qu'un code est cette unité d'organisation ou cet article du projet
help-review-accept-kind = Ce que le code désigne
help-review-accept-source = La source qui utilise le code
help-review-accept-code = Le code
help-review-accept-target = L'identifiant du projet
help-review-accept-reason = Pourquoi
help-review-accept-by = Qui décide [par défaut : l'utilisateur de cet ordinateur]
help-review-accept-from = Premier jour de validité [par défaut : depuis toujours]
help-review-accept-to = Dernier jour de validité [par défaut : sans fin]
help-review-accept-factor = Unités cibles par unité source, comme 30, 0.5 ou 1/3 ; nécessaire pour un article
help-review-accept-unit = Unité de la cible, comme dispensing-unit
help-review-accept-relation = equal, many-to-one ou one-to-many [par défaut : equal]
help-review-accept-share = Part de chaque nombre qui va à cette cible, pour one-to-many
help-review-reject = Dire qu'un code n'est pas cette unité ou cet article ; c'est retenu
help-review-reject-kind = Ce que le code désigne
help-review-reject-source = La source qui utilise le code
help-review-reject-code = Le code
help-review-reject-target = L'identifiant du projet
help-review-reject-reason = Pourquoi
help-review-reject-by = Qui décide [par défaut : l'utilisateur de cet ordinateur]
help-review-reject-from = Premier jour de validité [par défaut : depuis toujours]
help-review-reject-to = Dernier jour de validité [par défaut : sans fin]
help-review-none = Dire qu'un code n'a pas d'équivalent
help-review-none-kind = Ce que le code désigne
help-review-none-source = La source qui utilise le code
help-review-none-code = Le code
help-review-none-reason = Pourquoi
help-review-none-by = Qui décide [par défaut : l'utilisateur de cet ordinateur]
help-review-none-from = Premier jour de validité [par défaut : depuis toujours]
help-review-none-to = Dernier jour de validité [par défaut : sans fin]
help-review-take = Reprendre une feuille dont la colonne « verdict » est remplie : accept, reject ou none
help-review-take-sheet = La feuille
help-review-take-by = Qui a décidé [par défaut : l'utilisateur de cet ordinateur]
column-target = Identifiant du projet
column-target-name = Nom dans le projet
help-review-band = Montrer les unités assez sûres pour être acceptées ensemble, et un échantillon à vérifier
help-review-band-source = La source [par défaut : la seule]
help-review-band-accept = Accepter la bande de ce nom, telle que montrée
help-review-band-second = La deuxième personne qui a vu l'échantillon
help-review-band-reason = Pourquoi
help-review-band-by = Qui décide [par défaut : l'utilisateur de cet ordinateur]
review-band = { $count } correspondances sont assez sûres pour être acceptées ensemble ; environ { $wrong } devraient être fausses. Vérifiez l'échantillon avec une deuxième personne, puis : mlatho review band --accept { $name } --second NOM --reason TEXTE
review-more = … et { $count } de plus : « --format csv » ou « --out FICHIER » les donne tous.
review-waiting = { $count } codes attendent une correspondance.
review-kept = { $count } décisions ont été retenues. « mlatho run » les applique.
finding-review-no-register = Le projet n'a pas de liste à lui où chercher des équivalents (type { $kind }). Nommez-en une dans mlatho.toml sous [[registers]].
finding-review-unknown-target = « { $target } » n'est pas dans la liste { $register } du projet. Corrigez l'identifiant, ou ajoutez-le à la liste.
finding-review-nobody = Personne n'est nommé pour la décision. Ajoutez --by NOM.
finding-review-factor = Un article a besoin d'un facteur d'unité : combien d'unités du projet font une unité de « { $code } » ? Ajoutez --factor NOMBRE (1 si les deux comptent pareil).
finding-sheet-changed = L'objet de cette ligne a été changé en route, le verdict peut viser une autre paire ; elle est laissée de côté. Écrivez une nouvelle feuille et décidez de nouveau.
finding-sheet-cell = La colonne { $column } ne peut pas contenir « { $found } » ; la ligne est laissée de côté. Corrigez-la et reprenez la feuille.
finding-sheet-blank = La colonne { $column } est vide ; la ligne est laissée de côté. Remplissez-la et reprenez la feuille.
finding-sheet-twice = Le code { $code } est accepté deux fois dans cette feuille ; cette ligne est laissée de côté. Gardez-en une.
finding-review-band-changed = La bande n'est plus celle qui a été montrée sous « { $name } ». Regardez de nouveau l'échantillon.
finding-review-second = Une bande demande deux personnes : ajoutez --second avec le nom de quelqu'un d'autre que { $by }.
check-decisions = { $count ->
    [one] { $count } décision
   *[other] { $count } décisions
}
check-records = { $count ->
    [one] { $count } fiche
   *[other] { $count } fiches
}
finding-register-twice = Le projet nomme deux listes du même type et de la même source ({ $kind } : { $files }). Réunissez-les en une.
