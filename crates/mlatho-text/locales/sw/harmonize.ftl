finding-mapping-row = “{ $found }” katika safuwima “{ $column }” haifai; kinachotarajiwa: { $expected }. Kiungo kimeachwa; rekebisha safu.
finding-mapping-unreadable = Faili la ulinganisho haliwezi kusomwa hapa: { $reason }. Rekebisha safu.
finding-mapping-overlap = Msimbo “{ $code }” una zaidi ya kiungo kimoja siku moja. Weka tarehe zisizoingiliana, au ufanye one-to-many wenye mafungu.
finding-mapping-shares = Mafungu ya msimbo “{ $code }” hayafiki moja. Yarekebishe, kwa mfano 1/3 na 2/3.
