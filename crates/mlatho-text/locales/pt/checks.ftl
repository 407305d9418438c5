finding-digit-swap = { $org_unit }, { $item }, { $period }: { $measure } é { $value }; com dois algarismos trocados, { $expected }, concorda com o resto. Veja o relatório em papel e corrija a fonte.
finding-zeroed-period = { $org_unit }, { $item }, { $period }: foi reportado { $value } onde os períodos vizinhos levam a esperar um número (esperado: { $expected }). Pergunte se o relatório foi feito, e corrija-o ou retire-o.
finding-copied-report = { $org_unit }, { $item }, { $period } tem os mesmos números que { $other_period }. Peça o relatório deste período; talvez o anterior tenha sido copiado.
finding-copied-neighbour = { $org_unit }, { $item }, { $period } tem os mesmos números que { $other_org_unit }, e não concordam com o seu próprio stock. Peça o seu próprio relatório.
finding-shifted-period = { $org_unit }, { $item }, { $period }: os números { $change ->
    [exchanged] concordam com { $other_period }, e os de { $other_period } concordam aqui; os dois foram trocados
    [next] são os de { $other_period }
   *[moved] concordam com { $other_period }, que não tem relatório
}. Verifique o período no relatório e corrija-o na fonte.
finding-org-unit-swap = { $org_unit }, { $item }, { $period }: os números concordam com { $other_org_unit }, e os dele concordam aqui. Verifique de quem é cada relatório e corrija a fonte.
finding-outlier = { $org_unit }, { $item }, { $period }: { $measure } é { $value }, longe dos { $expected } que os outros números levam a esperar. Compare com o livro de registo e corrija ou confirme.
finding-level-shift = { $org_unit }, { $item }: a partir de { $period } os números são cerca de { $ratio } vezes os anteriores. Pergunte o que mudou: o serviço, a área de cobertura ou a unidade de contagem.
finding-partial-report = { $org_unit }, { $period }: foram reportados { $reported } números, habitualmente { $usual }. Peça o resto à unidade sanitária.
finding-late-report = { $org_unit }, { $item }, { $period } foi reportado a { $date }; o último dia era { $deadline }. Nada há a corrigir.
finding-stock-out-not-counted = { $org_unit }, { $item }, { $period }: sem stock durante todo o período, mas { $value } dias de rutura. Pergunte o número de dias ({ $expected } seriam todos).
finding-reported-through-stock-out = { $org_unit }, { $item }, { $period }: { $value } usados num período sem stock do princípio ao fim. Verifique os dias de rutura e o uso; um dos dois está errado.
finding-more-positives-than-tests = { $org_unit }, { $period }: { $value } resultados positivos, mas só { $expected } testes ({ $item }). Compare os dois com o livro do laboratório.
finding-more-treatments-than-cases = { $org_unit }, { $period }: { $value } tratados, mas só { $expected } casos ({ $item }). Compare os dois com o livro de registo.
finding-rule-broken = { $org_unit }, { $item }, { $period }: { "pt" ->
    [fr] { $text_fr }
    [pt] { $text_pt }
    [sw] { $text_sw }
   *[en] { $text_en }
}
finding-checks-invalid = Estas verificações não podem ser usadas: { $reason }. Corrija o ficheiro.
help-quality-rules = Mais verificações, deste ficheiro de regras; pode repetir-se
help-quality-scorecard = Escrever completude, pontualidade e coerência de cada unidade e período neste ficheiro CSV
check-own-checks = { $count } verificações
