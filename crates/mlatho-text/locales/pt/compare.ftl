finding-rule-invalid = Esta regra de comparação não pode ser usada: { $reason }. Fica de fora e as outras continuam; corrija o ficheiro.
trend-consumption = Consumo
trend-expected = Esperado pelos serviços
trend-unit = tratamentos
trend-ratio = Consumo ÷ esperado
trend-band = Intervalo esperado { $low }–{ $high }
trend-above = acima
trend-below = abaixo
trend-low-reporting = Poucos relatórios (dois lados conhecidos em menos de 80 %)
trend-all = { $count ->
    [one] Uma unidade organizacional
   *[other] { $count } unidades organizacionais
}, de { $from } a { $to }
trend-one = { $org_unit }, de { $from } a { $to }
trend-nothing = Nenhum período tem consumo e serviços.
trend-description = Em { $period } o consumo foi { $ratio } vezes o que os serviços fazem esperar, { $verdict ->
    [above] acima do
    [below] abaixo do
   *[within] dentro do
} intervalo esperado { $low }–{ $high }.
trend-footer = Fonte: SIGL e SIS. Dois lados conhecidos em { $used } de { $pairs } unidades e períodos. Intervalo: { $source }.
