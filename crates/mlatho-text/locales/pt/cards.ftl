cards-progress = Ficha { $card } de { $cards } · { $decided } decididas, { $part } % dos registos · cerca de { $wrong } erradas esperadas até agora
cards-stake = { $kind } da fonte { $source } · { $records } registos esperam, quantidade { $quantity }
cards-in-source = Na fonte: { $code }
cards-in-project = No projeto: { $target }
cards-no-candidates = Nada na lista do projeto se aproxima.
cards-rejected = rejeitado: { $reason }
cards-evidence = Indícios em bits: { $parts }
cards-factor-suggested = Os nomes sugerem o fator { $factor }
cards-factor-typed = Fator: { $factor }
cards-keys = 1–5 aceitar · r rejeitar · n sem equivalente · s saltar · f fator · u desfazer · ↑ ↓ comparar · ? ajuda · q guardar e sair
cards-keys-at-end = u desfazer · q guardar e sair
cards-which = Qual dos candidatos não é? 1–5:
cards-ask-factor = Quantas unidades do projeto fazem uma unidade da fonte (30, 0.5, 1/3)?
cards-ask-reason = Razão:
cards-ask-reason-or-last = Razão [Enter: { $reason }]:
cards-any-key = Qualquer tecla volta à ficha.
cards-accepted = { $code } é { $target }
cards-was-rejected = { $code } não é { $target }
cards-none = { $code } não tem equivalente
cards-unsaved = { $decision } · ainda não guardado: u desfaz, qualquer outra tecla guarda.
cards-refused = Não guardado. { $reason }
cards-nothing-to-undo = Não há nada para desfazer: o que está guardado fica no ficheiro das decisões, e uma decisão posterior toma o seu lugar.
cards-no-factor = Só os artigos têm um fator.
cards-no-such-key = Esta tecla não faz nada aqui; ? mostra as teclas.
cards-no-such-candidate = Não há candidato com este número.
cards-bad-factor = Isto não é um fator. Escreva um número como 30, 0.5 ou 1/3.
cards-no-reason = Uma decisão precisa de uma razão.
cards-end = Foram todas as fichas. As que foram saltadas voltam da próxima vez.
cards-no-terminal = As fichas precisam de um terminal; esta é a lista.
cards-help =
    1–5: o código é este candidato. Um artigo pede primeiro o seu fator; o que os nomes sugerem nunca é tomado sem ser visto.
    r: o código não é este candidato. Fica lembrado, e a ficha permanece.
    n: o código não tem equivalente no projeto.
    s: saltar a ficha; volta da próxima vez.
    f: escrever o fator de um artigo, unidades do destino por unidade da fonte.
    u: desfazer a última decisão, enquanto nenhuma outra tecla foi premida.
    ↑ ↓: comparar com outro candidato.
    Cada decisão pede uma razão; só Enter toma a última, Esc deixa a pergunta.
    q: guardar e sair. Uma decisão é guardada pela primeira tecla depois dela.
link-evidence-base-rate = número de registos
link-evidence-prior = um registo entre muitos
link-evidence-name = nome
link-evidence-name-lacking = palavras só de um lado
link-evidence-name-type = tipo no nome
link-evidence-name-number = número no nome
link-evidence-name-agreement = acordo dos nomes
link-evidence-area = área
link-evidence-type = tipo
link-evidence-owner = proprietário
link-evidence-distance = distância
link-evidence-identifier = identificador
link-evidence-rivals-left = outros candidatos deste código
link-evidence-rivals-right = outros códigos próximos deste registo
link-evidence-twins = candidatos igualmente bons
link-evidence-code = código
link-evidence-substance = substância
link-evidence-group = grupo de substâncias
link-evidence-strength = dosagem
link-evidence-form = forma
link-evidence-use = uso
link-evidence-content = conteúdo
link-evidence-pack = embalagem
link-evidence-people = para quem
link-evidence-doses = doses
link-evidence-salt = sal
link-evidence-size = tamanho
link-evidence-words = outras palavras
