help-review-take-reason = Porque são assumidas as ligações de um ficheiro; uma folha tem as suas próprias razões
help-review-take-kind = O que designam os códigos de um ConceptMap, se ele próprio não o diz
help-review-take-source = A fonte desses códigos, se o ConceptMap não a diz
help-review-export = Dar a outros sistemas as ligações em vigor
help-review-export-form = ConceptMap FHIR (R5), ou tabela com os códigos dos dois lados
help-review-export-out = Ficheiro das ligações [predefinição: saída padrão]
review-known = { $count } ligações propostas dizem o que já vale.
review-exported = { $count } ligações, versão { $version } da correspondência.
finding-take-reason = As ligações de outro sistema são assumidas por uma razão. Acrescente --reason TEXTO.
finding-take-differs = O código “{ $code }” está decidido de outro modo para alguns destes dias, em { $other }; a ligação proposta fica de fora. Se o ficheiro tem razão, decida com “mlatho review accept”.
finding-take-rejected = Uma pessoa decidiu que “{ $code }” não é “{ $target }” ({ $reason }); a ligação proposta fica de fora. Se o ficheiro tem razão, decida com “mlatho review accept”.
finding-take-disagrees = As ligações propostas para o código “{ $code }” não podem valer juntas nem ao lado do que diz o projeto: uma ligação por dia, ou one-to-many com partes que somam 1. Ficam de fora; corrija o ficheiro.
finding-take-code = { $count ->
    [0] O código “{ $code }” não está em nenhuma lista do projeto que dê o seu identificador; a ligação fica de fora. Escreva o identificador, ou acrescente o código à lista.
   *[other] O código “{ $code }” designa { $count } registos da lista do projeto; a ligação fica de fora. Escreva o identificador.
}
finding-link-factor = A ligação do artigo “{ $code }” não tem fator de unidade e fica de fora. Escreva quantas unidades do projeto fazem uma da fonte (1, se ambas contam o mesmo).
finding-concept-map-unreadable = O ficheiro não é um documento JSON inteiro: { $reason }. Obtenha-o de novo.
finding-concept-map-absent = O ficheiro contém “{ $found }” onde se espera um ConceptMap FHIR. Dê o próprio ConceptMap.
finding-concept-map-system = O projeto não conhece os códigos do sistema “{ $found }”; o grupo fica de fora. Diga o que são com --kind e --source.
finding-concept-map-relationship = “{ $found }” não diz como os dois códigos se relacionam; a correspondência fica de fora. Decida com “mlatho review accept”.
finding-concept-map-condition = A correspondência de “{ $code }” só vale sob condições (dependsOn, product), que uma ligação não pode levar; fica de fora.
