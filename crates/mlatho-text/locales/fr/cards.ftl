cards-progress = Fiche { $card } sur { $cards } · { $decided } décidées, { $part } % des enregistrements · environ { $wrong } fausses attendues jusqu'ici
cards-stake = { $kind } de la source { $source } · { $records } enregistrements attendent, quantité { $quantity }
cards-in-source = Dans la source : { $code }
cards-in-project = Dans le projet : { $target }
cards-no-candidates = Rien dans la liste du projet ne s'en approche.
cards-rejected = rejeté : { $reason }
cards-evidence = Indices en bits : { $parts }
cards-factor-suggested = Les noms suggèrent le facteur { $factor }
cards-factor-typed = Facteur : { $factor }
cards-keys = 1–5 accepter · r rejeter · n sans équivalent · s passer · f facteur · u annuler · ↑ ↓ comparer · ? aide · q enregistrer et quitter
cards-keys-at-end = u annuler · q enregistrer et quitter
cards-which = Lequel des candidats n'est-ce pas ? 1–5 :
cards-ask-factor = Combien d'unités du projet font une unité de la source (30, 0.5, 1/3) ?
cards-ask-reason = Raison :
cards-ask-reason-or-last = Raison [Entrée : { $reason }] :
cards-any-key = N'importe quelle touche ramène à la fiche.
cards-accepted = { $code } est { $target }
cards-was-rejected = { $code } n'est pas { $target }
cards-none = { $code } n'a pas d'équivalent
cards-unsaved = { $decision } · pas encore enregistré : u l'annule, toute autre touche l'enregistre.
cards-refused = Pas enregistré. { $reason }
cards-nothing-to-undo = Il n'y a rien à annuler : ce qui est enregistré reste dans le fichier des décisions, et une décision ultérieure prend sa place.
cards-no-factor = Seuls les articles ont un facteur.
cards-no-such-key = Cette touche ne fait rien ici ; ? montre les touches.
cards-no-such-candidate = Il n'y a pas de candidat de ce numéro.
cards-bad-factor = Ce n'est pas un facteur. Tapez un nombre comme 30, 0.5 ou 1/3.
cards-no-reason = Une décision a besoin d'une raison.
cards-end = C'étaient toutes les fiches. Celles qui ont été passées reviennent la prochaine fois.
cards-no-terminal = Les fiches ont besoin d'un terminal ; voici la liste.
cards-help =
    1–5 : le code est ce candidat. Un article demande d'abord son facteur ; ce que les noms suggèrent n'est jamais pris sans être vu.
    r : le code n'est pas ce candidat. C'est retenu, et la fiche reste.
    n : le code n'a pas d'équivalent dans le projet.
    s : passer la fiche ; elle revient la prochaine fois.
    f : taper le facteur d'un article, unités cibles pour une unité source.
    u : annuler la dernière décision, tant qu'aucune autre touche n'a été pressée.
    ↑ ↓ : comparer avec un autre candidat.
    Chaque décision demande une raison ; Entrée seule prend la dernière, Échap abandonne la question.
    q : enregistrer et quitter. Une décision est enregistrée par la première touche qui la suit.
link-evidence-base-rate = nombre de fiches
link-evidence-prior = une fiche parmi beaucoup
link-evidence-name = nom
link-evidence-name-lacking = mots d'un seul côté
link-evidence-name-type = type dans le nom
link-evidence-name-number = numéro dans le nom
link-evidence-name-agreement = accord des noms
link-evidence-area = zone
link-evidence-type = type
link-evidence-owner = propriétaire
link-evidence-distance = distance
link-evidence-identifier = identifiant
link-evidence-rivals-left = autres candidats de ce code
link-evidence-rivals-right = autres codes proches de cette fiche
link-evidence-twins = candidats aussi bons
link-evidence-code = code
link-evidence-substance = substance
link-evidence-group = groupe de substances
link-evidence-strength = dosage
link-evidence-form = forme
link-evidence-use = usage
link-evidence-content = contenu
link-evidence-pack = conditionnement
link-evidence-people = pour qui
link-evidence-doses = doses
link-evidence-salt = sel
link-evidence-size = taille
link-evidence-words = autres mots
