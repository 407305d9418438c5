finding-logistimo-export-failed = Seva haikuweza kutengeneza faili { $job }: { $reason }. Jaribu tena; ikiendelea hivyo, muulize msimamizi wake.
finding-logistimo-export-late = Faili { $job } halikuwa tayari baada ya sekunde { $seconds }. Jaribu baadaye, au ongeza export_wait_seconds.
finding-logistimo-hidden-entities = Akiba ya vituo { $count } haiwezi kuonekana kwa akaunti hii: { $entities }. Hii si sawa na kukosa akiba; mwombe msimamizi haki ya kuviona.
finding-logistimo-format = Chanzo “{ $source }” huvuta kutoka Logistimo; muundo wake lazima uwe logistimo-csv kwa miamala, au logistimo-json kwa akiba. Sahihisha format.
