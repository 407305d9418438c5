finding-mapping-row = “{ $found }” na coluna “{ $column }” não serve; esperado: { $expected }. A ligação é excluída; corrija a linha.
finding-mapping-unreadable = O ficheiro de correspondência não pode ser lido aqui: { $reason }. Corrija a linha.
finding-mapping-overlap = O código “{ $code }” tem mais de uma ligação no mesmo dia. Dê datas que não se sobreponham, ou faça uma ligação one-to-many com partes.
finding-mapping-shares = As partes do código “{ $code }” não somam um. Corrija-as, por exemplo 1/3 e 2/3.
