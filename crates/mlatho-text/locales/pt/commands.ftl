finding-file-unusable = Este ficheiro ou pasta não pode ser usado: { $reason }. Verifique o nome e os direitos de acesso.
finding-repository-missing = Ainda não há repositório em { $path }. Execute primeiro “mlatho run” no projeto.
finding-repository-busy = Outro processo está a escrever em { $path }. Espere que termine e tente de novo.
finding-catalogue-address = O endereço do catálogo deve começar por sqlite: ou postgres:. Corrija a variável de ambiente que catalogue_url_env nomeia.
finding-catalogue-url-unset = A variável de ambiente { $variable } com o endereço do catálogo não está definida. Defina-a, ou retire catalogue_url_env de mlatho.toml.
finding-before-first-run = Nenhuma execução tinha terminado nessa data ou versão. Dê uma mais recente; a tabela “runs” mostra todas.
finding-bad-query = A consulta não pode ser respondida: { $reason }. As consultas podem ler (SELECT, WITH, SHOW, DESCRIBE, EXPLAIN), e só as tabelas observations, observations_log, org_units, items, links, findings e runs.
finding-bad-as-of = “{ $text }” não é uma data como 2026-03-31T12:00:00Z nem um número de versão.
finding-rule-invalid = A regra de comparação não é válida: { $reason }. Corrija-a.
finding-project-version = O ficheiro do projeto tem a versão { $version }; este programa lê a versão 1. Escreva version = 1, ou use um programa mais recente.
finding-project-language = “{ $language }” não é uma língua do mlatho. Escreva en, fr, pt ou sw.
finding-project-name-twice = O nome “{ $name }” aparece duas vezes. Dê a cada fonte e a cada destino o seu próprio nome.
finding-source-without-layout = A fonte “{ $source }” lê folhas de cálculo e não tem disposição. Escreva um ficheiro de disposição e nomeie-o com layout.
finding-source-no-files = Ainda não há ficheiros da fonte “{ $source }”; os padrões são: { $patterns }. Ponha lá ficheiros antes de “mlatho run”.
finding-source-names-persons = A fonte “{ $source }” é do formato { $format }, que nomeia pessoas. Tais mensagens só entram por ficheiros ou por um gateway, onde os números de telefone e os nomes são retirados antes de se guardar algo. Dê-lhe ficheiros ou um gateway.
finding-source-inputs = A fonte “{ $source }” deve ter só uma destas origens: ficheiros, um servidor dhis2, openlmis, elmis ou logistimo, um gateway, ou remetentes (senders). Mantenha uma.
finding-source-no-data-sets = A fonte “{ $source }” não nomeia fichas a obter. Preencha data_sets.
finding-source-dates = A fonte “{ $source }” termina em { $end }, antes de começar em { $start }. Corrija start_date ou end_date.
finding-element-target-unknown = A correspondência de elementos nomeia o destino “{ $target }”, que o projeto não tem: { $known }. As suas linhas não são usadas; corrija o nome.
finding-no-rules = Ainda não há regra de comparação; o padrão é: { $patterns }. Escreva uma para comparar o consumo com os serviços.
check-part-project = projeto
check-part-source = fonte
check-part-mapping = correspondência
check-part-rule = regra
check-part-target = destino
check-part-server = servidor
check-outcome-ok = bem
check-outcome-info = nota
check-outcome-warning = aviso
check-outcome-error = erro
check-project = { $name }
check-rule = { $name }
check-files = { $count ->
    [one] { $count } ficheiro
   *[other] { $count } ficheiros
}
check-data-sets = { $count ->
    [one] { $count } ficha a obter
   *[other] { $count } fichas a obter
}
check-programs = { $count ->
    [0] todos os programas a obter
    [one] um programa a obter
   *[other] { $count } programas a obter
}
check-lmis = { $system } em { $url }, { $programs ->
    [one] um programa
   *[other] { $programs } programas
}
check-logistimo = Logistimo em { $url }, { $entities ->
    [one] uma entidade
   *[other] { $entities } entidades
}
check-inventory = inventário a obter
check-transactions = transações a obter
check-links = { $count ->
    [one] { $count } ligação
   *[other] { $count } ligações
}
check-products = { $count ->
    [one] { $count } produto
   *[other] { $count } produtos
}
check-elements = { $count ->
    [one] { $count } elemento de dados
   *[other] { $count } elementos de dados
}
check-server = DHIS2 { $version } em { $url }, motor de importação { $engine }; o utilizador { $user } { $may_write ->
    [yes] pode acrescentar valores
   *[no] não pode acrescentar valores
}
column-part = Parte
column-name = Nome
column-outcome = Resultado
column-detail = O que há
column-severity = Gravidade
column-check = Verificação
column-message = O que foi constatado
column-org-unit = Unidade organizacional
column-consumption = Consumo
column-services = Serviços
column-expected = Esperado
column-ratio = Rácio
column-verdict = Veredicto
column-cause = Causa provável
finding-source-gateway-format = A fonte “{ $source }” tem um gateway de SMS; o seu formato { $format } não é de mensagens. Escreva cstock-sms, ilsgateway-sms ou mtrac-sms.
finding-source-posted-format = A fonte “{ $source }” tem remetentes; documentos do formato { $format } não são aceites deles, só estes: { $known }. Corrija format.
check-gateway = mensagens de um gateway de SMS
check-senders = { $count ->
    [one] um remetente de documentos
   *[other] { $count } remetentes de documentos
}
