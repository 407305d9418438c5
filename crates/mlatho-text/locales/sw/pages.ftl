pages-language-name = Kiswahili (beta)
pages-languages = Lugha
pages-skip = Ruka hadi maudhui
pages-home = Kwenye ukurasa wa kwanza
pages-first-page = Huu ni ukurasa wa kwanza wa kawaida: unaonyesha matumizi ya dawa yakilinganishwa na huduma. Haubadilishi chochote.
pages-rules = Ulinganisho
pages-no-rules = Bado hakuna ulinganisho. Andika faili la kanuni katika folda “rules” ya mradi.
pages-run-first = Bado hakuna kilichosomwa. Endesha “mlatho run” katika mradi, kisha fungua ukurasa huu tena.
pages-state = Hali ya data
pages-never-run = Bado hakuna uendeshaji uliokamilika.
pages-last-run = Uendeshaji wa mwisho: namba { $run }, ulikamilika tarehe { $day } saa { $time } UTC.
pages-held = { $count ->
    [0] Hakuna idadi iliyozuiwa na ukaguzi.
    [one] Idadi moja imezuiwa na ukaguzi na haihesabiwi.
   *[other] Idadi { $count } zimezuiwa na ukaguzi na hazihesabiwi.
}
pages-unmapped-org-units = { $codes ->
    [0] Vitengo vyote vya vyanzo vimelinganishwa.
    [one] Kitengo kimoja cha vyanzo hakijalinganishwa na hakihesabiwi; rekodi zake: { $records }.
   *[other] Vitengo { $codes } vya vyanzo havijalinganishwa na havihesabiwi; rekodi zake: { $records }.
}
pages-unmapped-items = { $codes ->
    [0] Bidhaa na vipengele vyote vya data vya vyanzo vimelinganishwa.
    [one] Bidhaa moja au kipengele kimoja cha data cha vyanzo hakijalinganishwa na hakihesabiwi; rekodi zake: { $records }.
   *[other] Bidhaa au vipengele vya data { $codes } vya vyanzo havijalinganishwa na havihesabiwi; rekodi zake: { $records }.
}
pages-findings = Ya kurekebisha
pages-rule = Ulinganisho
pages-org-unit = Kitengo
pages-all-org-units = Vitengo vyote
pages-show = Onyesha
pages-chart = Chati ya mwelekeo
pages-download = Pakua:
pages-trend-caption = Data ileile kama jedwali; kiasi kwa matibabu, huduma kwa matukio. “–” maana yake idadi haipo, si kwamba ni sifuri.
pages-period = Kipindi
pages-consumption = Matumizi
pages-services = Huduma
pages-expected = Inayotarajiwa
pages-ratio = Uwiano
pages-band = Kiwango kinachotarajiwa
pages-verdict = Hukumu
pages-both-sides = Pande zote mbili zinajulikana
pages-coverage = { $used } kati ya { $pairs }
pages-attention = Inahitaji kuangaliwa
pages-attention-caption = Vitengo na vipindi vilivyo nje ya kiwango kinachotarajiwa cha ulinganisho wowote, tofauti kubwa ya matibabu kwanza.
pages-attention-extent = 1–{ $last } kati ya { $count }.
pages-whole-list = Pakua orodha nzima (CSV)
pages-no-attention = Hakuna kilicho nje ya kiwango chake kinachotarajiwa.
pages-rank = Nafasi
pages-gap = Tofauti
pages-causes = Sababu zinazowezekana
pages-cause = { $cause } ({ $percent } %)
pages-nothing-here-title = Hakuna kitu hapa
pages-nothing-here = Hakuna ukurasa kwenye anwani hii.
pages-no-rule-title = Ulinganisho haukupatikana
pages-no-rule = Hakuna ulinganisho wenye jina hilo. Hizi zipo:
pages-no-org-unit-title = Kitengo hakikupatikana
pages-no-org-unit = Ulinganisho huu hauna data ya kitengo hicho. Angalia kitambulisho, au onyesha vyote:
pages-broken-title = Ukurasa hauwezi kuonyeshwa
pages-broken = Kuna kilichoshindikana kwenye seva; data haijabadilika. Jaribu tena, na ikishindikana tena mwombe anayesimamia seva aangalie kumbukumbu zake.
