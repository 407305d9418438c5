finding-elmis-program = Seva haina programu yenye msimbo { $code }. Sahihisha programs katika mlatho.toml.
finding-elmis-ambiguous-facility = Vituo { $count } katika { $name } haviwezi kutofautishwa, kwani hali ya akiba huvitaja kwa jina na wilaya tu: { $facilities }. Soma maombi ya dawa, ambayo yana misimbo, au jina la mojawapo libadilishwe.
finding-elmis-hidden-facilities = Maombi ya vituo { $count } hayawezi kuonekana kwa akaunti hii: { $facilities }. Hii si sawa na kukosa ripoti; mwombe msimamizi haki ya kuyaona.
finding-elmis-partial = Hali ya akiba huacha mistari yenye sifuri tu na bidhaa zisizofuatiliwa. Kisichopo si sifuri; usikokotoe kiwango cha utoaji ripoti kutokana nayo.
