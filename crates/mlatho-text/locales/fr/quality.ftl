finding-stock-balance = { $org_unit }, { $item }, { $period } : le stock disponible est de { $value }, mais stock initial, réceptions, consommation, ajustements et pertes donnent { $expected }. Cherchez le nombre erroné sur la fiche de stock et corrigez-le dans la source.
finding-sign = { $org_unit }, { $item }, { $period } : { $measure } vaut { $value } et ne peut pas être négatif. Corrigez le signe ou le nombre dans la source.
finding-consumption-without-stock = { $org_unit }, { $item }, { $period } : { $value } consommés alors qu'il n'y en avait que { $expected }. Cherchez une réception non saisie ou une consommation erronée.
finding-duplicate-report = { $org_unit }, { $item }, { $period } est rapporté une seconde fois, avec { $numbers ->
    [same] les mêmes nombres
   *[different] d'autres nombres
} (d'abord à la ligne { $first_position }). Décidez lequel compte et retirez l'autre.
finding-impossible-date = { $org_unit }, { $item }, { $period } : { $fault ->
    [future-period] la période n'a pas commencé (nous sommes le { $date })
    [reported-before-period] rapporté le { $date }, avant le début de la période
   *[too-many-stockout-days] { $value } jours de rupture dans une période de { $date } jours
}. Corrigez la période ou le nombre dans la source.
finding-opening-not-previous-closing = { $org_unit }, { $item }, { $period } : le stock initial est de { $value }, mais le stock disponible à la fin de { $previous } était de { $expected }. Vérifiez les deux sur la fiche de stock.
finding-missing-or-zero = { $org_unit }, { $item }, { $period } : { $measure } est resté vide. { $rule ->
    [balance] Les autres nombres de la ligne donnent { $expected }
   *[zero-before] La période précédente indiquait zéro
}. Demandez s'il s'agit d'un zéro ou d'un nombre manquant, et saisissez-le dans la source.
finding-missing-report = { $org_unit }, { $item } : aucun rapport pour { $periods ->
    [one] une période
   *[other] { $periods } périodes
} à partir de { $period }. Demandez-le à l'établissement.
finding-bad-row = La ligne est illisible : { $reason }. Elle est écartée ; corrigez-la.
finding-missing-name = La colonne « { $column } » est vide ; la ligne est écartée. Remplissez-la.
finding-not-a-period = « { $text } » n'est pas une période DHIS2 telle que 202603 ou 2026Q1 ; la ligne est écartée. Corrigez-la.
finding-not-a-date = « { $text } » n'est pas une date telle que 2026-03-31 ; la date est considérée comme manquante. Corrigez-la.
