finding-unreadable = O ficheiro não pode ser lido a partir daqui: { $reason }. Verifique se está inteiro e no formato indicado.
finding-empty-file = O ficheiro está vazio. Exporte-o de novo.
finding-layout-needed = É preciso uma disposição para ler este ficheiro; a primeira linha contém: { $found }. Escreva um ficheiro de disposição e indique-o com --layout.
finding-missing-column = Não há coluna “{ $column }”. As colunas são: { $found }. Corrija o nome na disposição ou correspondência, ou o ficheiro.
finding-missing-sheet = Não há folha “{ $sheet }”. As folhas são: { $found }. Corrija “sheet” na disposição.
finding-no-value-columns = Nenhuma coluna contém valores segundo esta disposição. As colunas são: { $found }. Indique-as com [[measures]], first_value ou pattern.
finding-too-many-cells = A linha tem { $found } células em vez de { $expected }; os números podem estar nas colunas erradas e a linha é excluída. Corrija a linha na fonte.
finding-missing-org-unit = A linha não indica unidade organizacional e é excluída. Preencha-a na fonte.
finding-missing-period = A linha não indica período e é excluída. Indique uma coluna de período ou um período fixo na disposição.
finding-missing-data-element = O valor não indica elemento de dados e é excluído. Preencha-o na fonte.
finding-bad-period = “{ $text }” não é um período na forma indicada; a linha é excluída. Corrija a linha, ou period.format na disposição.
finding-bad-version = “{ $text }” não é um número de versão; a linha é excluída. Corrija a linha na fonte.
finding-bad-state = “{ $text }” não é um estado de valor; a linha é excluída. Escreva reported, missing:<reason>, not-applicable ou suppressed:<rule>.
finding-bad-json = Isto não é um conjunto de valores DHIS2 completo: { $reason }. O que veio antes fica; peça o ficheiro de novo.
finding-not-a-number = “{ $text }” não é um número; o valor conta como em falta, não como zero. Corrija a célula na fonte.
finding-total-among-parts = “{ $name }” é um total de outros e é excluído, para que nada conte duas vezes. Escreva totals = "keep" na disposição se não o for.
finding-duplicate-column = As colunas { $first } e { $second } têm o mesmo título “{ $column }”. Ficam ambas, separadas; corrija o título, ou indique as colunas pelo número.
