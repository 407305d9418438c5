finding-file-unusable = Faili au folda hii haiwezi kutumika: { $reason }. Angalia jina lake na ruhusa zake.
finding-repository-missing = Bado hakuna hazina katika { $path }. Endesha kwanza “mlatho run” katika mradi.
finding-repository-busy = Mchakato mwingine unaandika katika { $path }. Subiri uishe kisha ujaribu tena.
finding-catalogue-address = Anwani ya katalogi lazima ianze na sqlite: au postgres:. Sahihisha kigeu cha mazingira ambacho catalogue_url_env inakitaja.
finding-catalogue-url-unset = Kigeu cha mazingira { $variable } chenye anwani ya katalogi hakijawekwa. Kiweke, au ondoa catalogue_url_env katika mlatho.toml.
finding-before-first-run = Hakuna kazi iliyokuwa imeisha wakati au toleo hilo. Taja la baadaye; jedwali “runs” huonyesha zote.
finding-bad-query = Swali haliwezi kujibiwa: { $reason }. Maswali yanaweza kusoma (SELECT, WITH, SHOW, DESCRIBE, EXPLAIN), na majedwali haya tu: observations, observations_log, org_units, items, links, findings na runs.
finding-bad-as-of = “{ $text }” si wakati kama 2026-03-31T12:00:00Z wala namba ya toleo.
finding-rule-invalid = Kanuni ya ulinganisho si sahihi: { $reason }. Isahihishe.
finding-project-version = Faili la mradi lina toleo { $version }; programu hii husoma toleo la 1. Andika version = 1, au tumia programu mpya zaidi.
finding-project-language = “{ $language }” si lugha ya mlatho. Andika en, fr, pt au sw.
finding-project-name-twice = Jina “{ $name }” limeandikwa mara mbili. Kipe kila chanzo na kila lengwa jina lake.
finding-source-without-layout = Chanzo “{ $source }” husoma vitabu vya lahajedwali na hakina mpangilio. Andika faili la mpangilio na ulitaje kwa layout.
finding-source-no-files = Bado hakuna faili la chanzo “{ $source }”; ruwaza ni: { $patterns }. Weka mafaili hapo kabla ya “mlatho run”.
finding-source-names-persons = Chanzo “{ $source }” ni cha muundo { $format }, unaotaja watu. Ujumbe wa namna hiyo huingia kwa mafaili au lango (gateway) tu, ambapo namba za simu na majina huondolewa kabla ya chochote kutunzwa. Kipe mafaili au lango.
finding-source-inputs = Chanzo “{ $source }” lazima kiwe na kimoja tu kati ya hivi: mafaili, seva ya dhis2, openlmis, elmis au logistimo, lango (gateway), au watumaji (senders). Bakiza kimoja.
finding-source-no-data-sets = Chanzo “{ $source }” hakitaji seti za data za kuvuta. Jaza data_sets.
finding-source-dates = Chanzo “{ $source }” kinaisha { $end }, kabla ya kuanza { $start }. Sahihisha start_date au end_date.
finding-element-target-unknown = Ulinganisho wa vipengele unataja lengwa “{ $target }”, ambalo mradi hauna: { $known }. Safu zake hazitumiki; sahihisha jina.
finding-no-rules = Bado hakuna kanuni ya ulinganisho; ruwaza ni: { $patterns }. Andika moja ili kulinganisha matumizi na huduma.
check-part-project = mradi
check-part-source = chanzo
check-part-mapping = ulinganisho
check-part-rule = kanuni
check-part-target = lengwa
check-part-server = seva
check-outcome-ok = sawa
check-outcome-info = taarifa
check-outcome-warning = onyo
check-outcome-error = kosa
check-project = { $name }
check-rule = { $name }
check-files = { $count ->
    [one] faili { $count }
   *[other] mafaili { $count }
}
check-data-sets = { $count ->
    [one] seti { $count } ya data ya kuvuta
   *[other] seti { $count } za data za kuvuta
}
check-programs = { $count ->
    [0] programu zote za kuvuta
    [one] programu moja ya kuvuta
   *[other] programu { $count } za kuvuta
}
check-lmis = { $system } kwenye { $url }, { $programs ->
    [one] programu moja
   *[other] programu { $programs }
}
check-logistimo = Logistimo kwenye { $url }, { $entities ->
    [one] kituo kimoja
   *[other] vituo { $entities }
}
check-inventory = akiba ya kuvuta
check-transactions = miamala ya kuvuta
check-links = { $count ->
    [one] kiungo { $count }
   *[other] viungo { $count }
}
check-products = { $count ->
    [one] bidhaa { $count }
   *[other] bidhaa { $count }
}
check-elements = { $count ->
    [one] kipengele { $count } cha data
   *[other] vipengele { $count } vya data
}
check-server = DHIS2 { $version } katika { $url }, injini ya kuingiza { $engine }; mtumiaji { $user } { $may_write ->
    [yes] anaweza kuongeza thamani
   *[no] hawezi kuongeza thamani
}
column-part = Sehemu
column-name = Jina
column-outcome = Matokeo
column-detail = Kilichopo
column-severity = Uzito
column-check = Ukaguzi
column-message = Kilichogunduliwa
column-org-unit = Kitengo
column-consumption = Matumizi
column-services = Huduma
column-expected = Inayotarajiwa
column-ratio = Uwiano
column-verdict = Hukumu
column-cause = Sababu inayowezekana
finding-source-gateway-format = Chanzo “{ $source }” kina lango la SMS; muundo wake { $format } si wa ujumbe. Andika cstock-sms, ilsgateway-sms au mtrac-sms.
finding-source-posted-format = Chanzo “{ $source }” kina watumaji; nyaraka za muundo { $format } hazipokelewi kutoka kwao, ila hizi tu: { $known }. Sahihisha format.
check-gateway = ujumbe kutoka lango la SMS
check-senders = { $count ->
    [one] mtumaji mmoja wa nyaraka
   *[other] watumaji { $count } wa nyaraka
}
