finding-compare-row = Esta linha não serve: { $reason }. Fica de fora; corrija-a.
finding-compare-nothing = “{ $rule }” não encontra nenhum período com consumo e serviços. Compare os produtos, as medidas e o tipo de período da regra com as duas entradas.
finding-compare-other-period-type = { $count ->
    [one] Um valor fica
   *[other] { $count } valores ficam
} de fora porque a regra compara períodos do tipo { $type }. Alinhe primeiro os períodos, ou indique period_type na regra.
verdict-within = dentro do intervalo esperado
verdict-above = acima do intervalo esperado
verdict-below = abaixo do intervalo esperado
verdict-undefined = indefinido
cause-under-reported-cases = Casos subnotificados
cause-over-reported-cases = Casos sobrenotificados
cause-presumptive-treatment = Tratamento presuntivo
cause-stock-out = Rutura de stock
cause-leakage = Desvio de produtos
cause-unit-error = Embalagens e unidades confundidas
cause-wrong-mapping = Correspondência errada
cause-other-use = Outro uso do produto
cause-late-report = Relatório tardio
cause-duplicate-report = Relatório duplicado
cause-data-entry = Erro de digitação
cause-cannot-tell = Os dados não permitem dizer
evidence-stockout-days = Dias de rutura: { $value }
evidence-pack-size = Unidades por embalagem: { $value }
evidence-corrected-ratio = Razão sem esta causa: { $value }
evidence-consumption-missing = Falta o consumo
evidence-services-missing = Faltam os serviços
evidence-consumption-missing-before = Falta o consumo do período anterior
evidence-services-missing-before = Faltam os serviços do período anterior
evidence-stock-without-service = Consumo sem nenhum serviço
evidence-service-without-stock = Serviços sem nenhum consumo
evidence-few-services = Demasiado poucos serviços: { $value }
