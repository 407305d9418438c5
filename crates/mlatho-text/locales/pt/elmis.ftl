finding-elmis-program = O servidor não tem programa com o código { $code }. Corrija programs em mlatho.toml.
finding-elmis-ambiguous-facility = { $count } unidades em { $name } não se distinguem, pois o estado das existências só as indica por nome e distrito: { $facilities }. Leia as requisições, que têm códigos, ou mande mudar o nome de uma delas.
finding-elmis-hidden-facilities = As requisições de { $count } unidades não são visíveis para esta conta: { $facilities }. Não é o mesmo que ausência de relatório; peça ao administrador o direito de as ver.
finding-elmis-partial = O estado das existências omite as linhas só com zeros e os produtos não rastreados. O que falta não é zero; não calcule dele taxas de notificação.
