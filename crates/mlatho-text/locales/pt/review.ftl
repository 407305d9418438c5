help-review = Mostrar o que espera por uma pessoa, e decidir
help-review-links = Listar os códigos sem correspondência com os seus candidatos, o mais importante primeiro
help-review-links-kind = Só estes
help-review-links-out = Escrever uma folha neste ficheiro CSV, para preencher e devolver
help-review-accept = Dizer que um código é esta unidade organizacional ou este artigo do projeto
help-review-accept-kind = O que o código designa
help-review-accept-source = A fonte que usa o código
help-review-accept-code = O código
help-review-accept-target = O identificador do projeto
help-review-accept-reason = Porquê
help-review-accept-by = Quem decide [predefinição: o utilizador deste computador]
help-review-accept-from = Primeiro dia de validade [predefinição: desde sempre]
help-review-accept-to = Último dia de validade [predefinição: sem fim]
help-review-accept-factor = Unidades do destino por unidade da fonte, como 30, 0.5 ou 1/3; um artigo precisa dele
help-review-accept-unit = Unidade do destino, como dispensing-unit
help-review-accept-relation = equal, many-to-one ou one-to-many [predefinição: equal]
help-review-accept-share = Parte de cada número que vai para este destino, em one-to-many
help-review-reject = Dizer que um código não é esta unidade ou este artigo; fica lembrado
help-review-reject-kind = O que o código designa
help-review-reject-source = A fonte que usa o código
help-review-reject-code = O código
help-review-reject-target = O identificador do projeto
help-review-reject-reason = Porquê
help-review-reject-by = Quem decide [predefinição: o utilizador deste computador]
help-review-reject-from = Primeiro dia de validade [predefinição: desde sempre]
help-review-reject-to = Último dia de validade [predefinição: sem fim]
help-review-none = Dizer que um código não tem equivalente
help-review-none-kind = O que o código designa
help-review-none-source = A fonte que usa o código
help-review-none-code = O código
help-review-none-reason = Porquê
help-review-none-by = Quem decide [predefinição: o utilizador deste computador]
help-review-none-from = Primeiro dia de validade [predefinição: desde sempre]
help-review-none-to = Último dia de validade [predefinição: sem fim]
help-review-take = Receber uma folha com a coluna “verdict” preenchida: accept, reject ou none
help-review-take-sheet = A folha
help-review-take-by = Quem decidiu [predefinição: o utilizador deste computador]
column-target = Identificador do projeto
column-target-name = Nome no projeto
help-review-band = Mostrar as unidades seguras o bastante para serem aceites juntas, e uma amostra para verificar
help-review-band-source = A fonte [predefinição: a única]
help-review-band-accept = Aceitar a faixa com este nome, como foi mostrada
help-review-band-second = A segunda pessoa que viu a amostra
help-review-band-reason = Porquê
help-review-band-by = Quem decide [predefinição: o utilizador deste computador]
review-band = { $count } correspondências são seguras o bastante para serem aceites juntas; espera-se que cerca de { $wrong } estejam erradas. Verifique a amostra com uma segunda pessoa, depois: mlatho review band --accept { $name } --second NOME --reason TEXTO
review-more = … e mais { $count }: “--format csv” ou “--out FICHEIRO” dá todos.
review-waiting = { $count } códigos esperam por uma correspondência.
review-kept = { $count } decisões foram guardadas. “mlatho run” aplica-as.
finding-review-no-register = O projeto não tem lista própria onde procurar equivalentes (tipo { $kind }). Indique uma em mlatho.toml em [[registers]].
finding-review-unknown-target = “{ $target }” não está na lista { $register } do projeto. Corrija o identificador, ou acrescente-o à lista.
finding-review-nobody = Ninguém é nomeado para a decisão. Acrescente --by NOME.
finding-review-factor = Um artigo precisa de um fator de unidade: quantas unidades do projeto fazem uma unidade de “{ $code }”? Acrescente --factor NÚMERO (1, se ambos contam o mesmo).
finding-sheet-changed = O assunto desta linha foi mudado pelo caminho, e o veredicto pode ser de outro par; fica de fora. Escreva uma nova folha e decida de novo.
finding-sheet-cell = A coluna { $column } não pode conter “{ $found }”; a linha fica de fora. Corrija-a e entregue a folha de novo.
finding-sheet-blank = A coluna { $column } está em branco; a linha fica de fora. Preencha-a e entregue a folha de novo.
finding-sheet-twice = O código { $code } é aceite duas vezes nesta folha; esta linha fica de fora. Fique com uma.
finding-review-band-changed = A faixa já não é a que foi mostrada como “{ $name }”. Veja a amostra de novo.
finding-review-second = Uma faixa exige duas pessoas: acrescente --second com o nome de alguém que não seja { $by }.
check-decisions = { $count ->
    [one] { $count } decisão
   *[other] { $count } decisões
}
check-records = { $count ->
    [one] { $count } registo
   *[other] { $count } registos
}
finding-register-twice = O projeto indica duas listas do mesmo tipo e fonte ({ $kind }: { $files }). Junte-as numa só.
