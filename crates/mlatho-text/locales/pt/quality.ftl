finding-stock-balance = { $org_unit }, { $item }, { $period }: o stock existente é { $value }, mas o saldo inicial, as entradas, o consumo, os ajustes e as perdas dão { $expected }. Procure o número errado na ficha de stock e corrija-o na fonte.
finding-sign = { $org_unit }, { $item }, { $period }: { $measure } é { $value } e não pode ser negativo. Corrija o sinal ou o número na fonte.
finding-consumption-without-stock = { $org_unit }, { $item }, { $period }: { $value } consumidos, mas só havia { $expected }. Procure uma entrada não registada ou um consumo errado.
finding-duplicate-report = { $org_unit }, { $item }, { $period } foi reportado uma segunda vez, com { $numbers ->
    [same] os mesmos números
   *[different] outros números
} (primeiro na linha { $first_position }). Decida qual conta e retire o outro.
finding-impossible-date = { $org_unit }, { $item }, { $period }: { $fault ->
    [future-period] o período ainda não começou (hoje é { $date })
    [reported-before-period] reportado em { $date }, antes do início do período
   *[too-many-stockout-days] { $value } dias de rutura num período de { $date } dias
}. Corrija o período ou o número na fonte.
finding-opening-not-previous-closing = { $org_unit }, { $item }, { $period }: o saldo inicial é { $value }, mas o stock existente no fim de { $previous } era { $expected }. Verifique ambos na ficha de stock.
finding-missing-or-zero = { $org_unit }, { $item }, { $period }: { $measure } ficou em branco. { $rule ->
    [balance] Os outros números da linha dão { $expected }
   *[zero-before] O período anterior indicava zero
}. Pergunte se é zero ou se falta um número, e registe-o na fonte.
finding-missing-report = { $org_unit }, { $item }: nenhum relatório para { $periods ->
    [one] um período
   *[other] { $periods } períodos
} a partir de { $period }. Peça-o à unidade sanitária.
finding-bad-row = A linha não pode ser lida: { $reason }. Fica de fora; corrija-a.
finding-missing-name = A coluna “{ $column }” está em branco; a linha fica de fora. Preencha-a.
finding-not-a-period = “{ $text }” não é um período DHIS2 como 202603 ou 2026Q1; a linha fica de fora. Corrija-a.
finding-not-a-date = “{ $text }” não é uma data como 2026-03-31; a data conta como em falta. Corrija-a.
