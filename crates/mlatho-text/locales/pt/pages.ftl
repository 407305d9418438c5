pages-language-name = Português
pages-languages = Língua
pages-skip = Saltar para o conteúdo
pages-home = Para a primeira página
pages-first-page = Esta é uma primeira página simples: mostra o consumo de medicamentos face aos serviços. Não altera nada.
pages-rules = Comparações
pages-no-rules = Ainda não há nenhuma comparação. Escreva um ficheiro de regra na pasta “rules” do projeto.
pages-run-first = Ainda nada foi lido. Execute “mlatho run” no projeto e abra de novo esta página.
pages-state = Estado dos dados
pages-never-run = Ainda nenhuma execução terminou.
pages-last-run = Última execução: número { $run }, terminada a { $day } às { $time } UTC.
pages-held = { $count ->
    [0] As verificações não retêm nenhum número.
    [one] Um número está retido pelas verificações e não conta.
   *[other] { $count } números estão retidos pelas verificações e não contam.
}
pages-unmapped-org-units = { $codes ->
    [0] Todas as unidades organizacionais das fontes têm correspondência.
    [one] Uma unidade organizacional das fontes não tem correspondência e não conta; registos: { $records }.
   *[other] { $codes } unidades organizacionais das fontes não têm correspondência e não contam; registos: { $records }.
}
pages-unmapped-items = { $codes ->
    [0] Todos os produtos e elementos de dados das fontes têm correspondência.
    [one] Um produto ou elemento de dados das fontes não tem correspondência e não conta; registos: { $records }.
   *[other] { $codes } produtos ou elementos de dados das fontes não têm correspondência e não contam; registos: { $records }.
}
pages-findings = A corrigir
pages-rule = Comparação
pages-org-unit = Unidade organizacional
pages-all-org-units = Todas as unidades organizacionais
pages-show = Mostrar
pages-chart = Gráfico da tendência
pages-download = Descarregar:
pages-trend-caption = Os mesmos dados em tabela; quantidades em tratamentos, serviços em atos. “–” significa que o número falta, não que é zero.
pages-period = Período
pages-consumption = Consumo
pages-services = Serviços
pages-expected = Esperado
pages-ratio = Razão
pages-band = Intervalo esperado
pages-verdict = Veredicto
pages-both-sides = Dois lados conhecidos
pages-coverage = { $used } de { $pairs }
pages-attention = Precisa de atenção
pages-attention-caption = Unidades organizacionais e períodos fora do intervalo esperado de uma comparação, primeiro a maior diferença em tratamentos.
pages-attention-extent = 1–{ $last } de { $count }.
pages-whole-list = Descarregar a lista inteira (CSV)
pages-no-attention = Nada está fora do seu intervalo esperado.
pages-rank = Ordem
pages-gap = Diferença
pages-causes = Causas possíveis
pages-cause = { $cause } ({ $percent } %)
pages-nothing-here-title = Nada aqui
pages-nothing-here = Não há nenhuma página neste endereço.
pages-no-rule-title = Comparação não encontrada
pages-no-rule = Não há nenhuma comparação com esse nome. Existem estas:
pages-no-org-unit-title = Unidade organizacional não encontrada
pages-no-org-unit = Esta comparação não tem dados dessa unidade organizacional. Verifique o identificador, ou mostre todas:
pages-broken-title = A página não pode ser mostrada
pages-broken = Algo falhou no servidor; os dados não mudaram. Tente de novo e, se falhar outra vez, peça a quem gere o servidor que veja o registo.
