help-review-take-reason = Kwa nini mahusiano ya faili yanachukuliwa; karatasi ina sababu zake
help-review-take-kind = Misimbo ya ConceptMap inataja nini, ikiwa yenyewe haisemi
help-review-take-source = Chanzo cha misimbo hiyo, ikiwa ConceptMap haisemi
help-review-export = Toa mahusiano yanayotumika kwa mifumo mingine
help-review-export-form = ConceptMap ya FHIR (R5), au jedwali lenye misimbo ya pande zote mbili
help-review-export-out = Faili ya mahusiano [chaguo-msingi: pato la kawaida]
review-known = Mahusiano { $count } yaliyotolewa yanasema yale yanayotumika tayari.
review-exported = Mahusiano { $count }, toleo { $version } la uhusiano.
finding-take-reason = Mahusiano ya mfumo mwingine huchukuliwa kwa sababu. Ongeza --reason MAELEZO.
finding-take-differs = Msimbo “{ $code }” umeamuliwa vingine kwa baadhi ya siku hizi, katika { $other }; uhusiano uliotolewa umeachwa. Ikiwa faili ni sahihi, uamue kwa “mlatho review accept”.
finding-take-rejected = Mtu aliamua kwamba “{ $code }” si “{ $target }” ({ $reason }); uhusiano uliotolewa umeachwa. Ikiwa faili ni sahihi, uamue kwa “mlatho review accept”.
finding-take-disagrees = Mahusiano yaliyotolewa kwa msimbo “{ $code }” hayawezi kutumika pamoja wala kando ya yale mradi unayosema: uhusiano mmoja kila siku, au one-to-many yenye sehemu zinazojumlisha 1. Yameachwa; rekebisha faili.
finding-take-code = { $count ->
    [0] Msimbo “{ $code }” haumo katika orodha ya mradi inayoweza kutaja kitambulisho chake; uhusiano umeachwa. Andika kitambulisho, au ongeza msimbo kwenye orodha.
   *[other] Msimbo “{ $code }” unataja rekodi { $count } za orodha ya mradi; uhusiano umeachwa. Andika kitambulisho.
}
finding-link-factor = Uhusiano wa bidhaa “{ $code }” hauna kigezo cha kipimo na umeachwa. Andika vipimo vingapi vya mradi hufanya kipimo kimoja cha chanzo (1, ikiwa vyote vinahesabu sawa).
finding-concept-map-unreadable = Faili si hati kamili ya JSON: { $reason }. Ichukue tena.
finding-concept-map-absent = Faili ina “{ $found }” badala ya ConceptMap ya FHIR. Toa ConceptMap yenyewe.
finding-concept-map-system = Mradi haujui misimbo ya mfumo “{ $found }”; kundi limeachwa. Sema ni nini kwa --kind na --source.
finding-concept-map-relationship = “{ $found }” haisemi jinsi misimbo miwili inavyohusiana; uhusiano umeachwa. Uamue kwa “mlatho review accept”.
finding-concept-map-condition = Uhusiano wa “{ $code }” unatumika kwa masharti tu (dependsOn, product), ambayo uhusiano hauwezi kubeba; umeachwa.
