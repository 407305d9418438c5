finding-file-unusable = Ce fichier ou dossier ne peut servir : { $reason }. Vérifiez son nom et les droits dessus.
finding-repository-missing = Il n'y a pas encore de dépôt dans { $path }. Exécutez d'abord « mlatho run » dans le projet.
finding-repository-busy = Un autre processus écrit dans { $path }. Attendez qu'il se termine et recommencez.
finding-catalogue-address = L'adresse du catalogue doit commencer par sqlite: ou postgres:. Corrigez la variable d'environnement que nomme catalogue_url_env.
finding-catalogue-url-unset = La variable d'environnement { $variable } avec l'adresse du catalogue n'est pas définie. Définissez-la, ou retirez catalogue_url_env de mlatho.toml.
finding-before-first-run = Aucun passage n'était terminé à cette date ou version. Donnez-en une plus récente ; la table « runs » les montre tous.
finding-bad-query = La requête ne peut recevoir de réponse : { $reason }. Une requête peut lire (SELECT, WITH, SHOW, DESCRIBE, EXPLAIN), et seulement les tables observations, observations_log, org_units, items, links, findings et runs.
finding-bad-as-of = « { $text } » n'est ni une date telle que 2026-03-31T12:00:00Z ni un numéro de version.
finding-rule-invalid = La règle de comparaison n'est pas valable : { $reason }. Corrigez-la.
finding-project-version = Le fichier du projet a la version { $version } ; ce programme lit la version 1. Écrivez version = 1, ou utilisez un programme plus récent.
finding-project-language = « { $language } » n'est pas une langue de mlatho. Écrivez en, fr, pt ou sw.
finding-project-name-twice = Le nom « { $name } » figure deux fois. Donnez à chaque source et à chaque cible son propre nom.
finding-source-without-layout = La source « { $source } » lit des classeurs et n'a pas de disposition. Écrivez un fichier de disposition et nommez-le avec layout.
finding-source-no-files = Aucun fichier de la source « { $source } » n'est encore là ; les motifs sont : { $patterns }. Mettez-y des fichiers avant « mlatho run ».
finding-source-names-persons = La source « { $source } » est au format { $format }, qui nomme des personnes. De tels messages n'entrent que par des fichiers ou une passerelle, où les numéros de téléphone et les noms sont retirés avant que rien ne soit gardé. Donnez-lui des fichiers ou une passerelle.
finding-source-inputs = La source « { $source } » doit avoir une seule de ces origines : des fichiers, un serveur dhis2, openlmis, elmis ou logistimo, une passerelle (gateway), ou des expéditeurs (senders). Gardez-en une.
finding-source-no-data-sets = La source « { $source } » ne nomme aucun ensemble de données à récupérer. Remplissez data_sets.
finding-source-dates = La source « { $source } » finit le { $end }, avant de commencer le { $start }. Corrigez start_date ou end_date.
finding-element-target-unknown = La correspondance des éléments nomme la cible « { $target } », que le projet n'a pas : { $known }. Ses lignes ne servent pas ; corrigez le nom.
finding-no-rules = Il n'y a pas encore de règle de comparaison ; le motif est : { $patterns }. Écrivez-en une pour comparer la consommation aux services.
check-part-project = projet
check-part-source = source
check-part-mapping = correspondance
check-part-rule = règle
check-part-target = cible
check-part-server = serveur
check-outcome-ok = bon
check-outcome-info = note
check-outcome-warning = avertissement
check-outcome-error = erreur
check-project = { $name }
check-rule = { $name }
check-files = { $count ->
    [one] { $count } fichier
   *[other] { $count } fichiers
}
check-data-sets = { $count ->
    [one] { $count } ensemble de données à récupérer
   *[other] { $count } ensembles de données à récupérer
}
check-programs = { $count ->
    [0] tous les programmes à récupérer
    [one] un programme à récupérer
   *[other] { $count } programmes à récupérer
}
check-lmis = { $system } à { $url }, { $programs ->
    [one] un programme
   *[other] { $programs } programmes
}
check-logistimo = Logistimo à { $url }, { $entities ->
    [one] une entité
   *[other] { $entities } entités
}
check-inventory = stock à récupérer
check-transactions = transactions à récupérer
check-links = { $count ->
    [one] { $count } lien
   *[other] { $count } liens
}
check-products = { $count ->
    [one] { $count } produit
   *[other] { $count } produits
}
check-elements = { $count ->
    [one] { $count } élément de données
   *[other] { $count } éléments de données
}
check-server = DHIS2 { $version } à { $url }, moteur d'import { $engine } ; l'utilisateur { $user } { $may_write ->
    [yes] peut ajouter des valeurs
   *[no] ne peut pas ajouter de valeurs
}
column-part = Partie
column-name = Nom
column-outcome = Résultat
column-detail = Ce qu'il y a
column-severity = Gravité
column-check = Contrôle
column-message = Ce qui a été constaté
column-org-unit = Unité d'organisation
column-consumption = Consommation
column-services = Services
column-expected = Attendu
column-ratio = Rapport
column-verdict = Verdict
column-cause = Cause probable
finding-source-gateway-format = La source « { $source } » a une passerelle SMS ; son format { $format } n'est pas un format de messages. Écrivez cstock-sms, ilsgateway-sms ou mtrac-sms.
finding-source-posted-format = La source « { $source } » a des expéditeurs ; les documents au format { $format } ne sont pas acceptés d'eux, seulement ceux-ci : { $known }. Corrigez format.
check-gateway = messages d'une passerelle SMS
check-senders = { $count ->
    [one] un expéditeur de documents
   *[other] { $count } expéditeurs de documents
}
