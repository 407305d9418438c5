cards-progress = Kadi { $card } kati ya { $cards } · { $decided } zimeamuliwa, { $part } % ya rekodi · takriban { $wrong } zinatarajiwa kuwa si sahihi hadi sasa
cards-stake = { $kind } ya chanzo { $source } · rekodi { $records } zinasubiri, kiasi { $quantity }
cards-in-source = Katika chanzo: { $code }
cards-in-project = Katika mradi: { $target }
cards-no-candidates = Hakuna kilicho karibu katika orodha ya mradi.
cards-rejected = imekataliwa: { $reason }
cards-evidence = Ushahidi kwa biti: { $parts }
cards-factor-suggested = Majina yanapendekeza kigezo { $factor }
cards-factor-typed = Kigezo: { $factor }
cards-keys = 1–5 kubali · r kataa · n hakuna mwenza · s ruka · f kigezo · u tengua · ↑ ↓ linganisha · ? msaada · q hifadhi na utoke
cards-keys-at-end = u tengua · q hifadhi na utoke
cards-which = Ni mgombea yupi asiye? 1–5:
cards-ask-factor = Vipimo vingapi vya mradi hufanya kipimo kimoja cha chanzo (30, 0.5, 1/3)?
cards-ask-reason = Sababu:
cards-ask-reason-or-last = Sababu [Enter: { $reason }]:
cards-any-key = Kitufe chochote hurudi kwenye kadi.
cards-accepted = { $code } ni { $target }
cards-was-rejected = { $code } si { $target }
cards-none = { $code } haina mwenza
cards-unsaved = { $decision } · haijahifadhiwa bado: u hutengua, kitufe kingine chochote huhifadhi.
cards-refused = Haijahifadhiwa. { $reason }
cards-nothing-to-undo = Hakuna cha kutengua: kilichohifadhiwa kinabaki katika faili ya maamuzi, na uamuzi wa baadaye huchukua nafasi yake.
cards-no-factor = Bidhaa pekee zina kigezo.
cards-no-such-key = Kitufe hiki hakifanyi kitu hapa; ? huonyesha vitufe.
cards-no-such-candidate = Hakuna mgombea wa namba hii.
cards-bad-factor = Hiki si kigezo. Andika namba kama 30, 0.5 au 1/3.
cards-no-reason = Uamuzi unahitaji sababu.
cards-end = Hizi zilikuwa kadi zote. Zilizorukwa zitaonyeshwa tena wakati mwingine.
cards-no-terminal = Kadi zinahitaji terminali; hii ndiyo orodha.
cards-help =
    1–5: msimbo ni mgombea huyu. Bidhaa huuliza kigezo chake kwanza; majina yanachopendekeza hakichukuliwi bila kuonekana.
    r: msimbo si mgombea huyu. Inakumbukwa, na kadi inabaki.
    n: msimbo hauna mwenza katika mradi.
    s: ruka kadi; itaonyeshwa tena wakati mwingine.
    f: andika kigezo cha bidhaa, vipimo vya lengo kwa kipimo kimoja cha chanzo.
    u: tengua uamuzi wa mwisho, mradi kitufe kingine hakijabonyezwa.
    ↑ ↓: linganisha na mgombea mwingine.
    Kila uamuzi huuliza sababu; Enter peke yake huchukua ya mwisho, Esc huacha swali.
    q: hifadhi na utoke. Uamuzi huhifadhiwa na kitufe cha kwanza baada yake.
link-evidence-base-rate = idadi ya rekodi
link-evidence-prior = rekodi moja kati ya nyingi
link-evidence-name = jina
link-evidence-name-lacking = maneno ya upande mmoja tu
link-evidence-name-type = aina katika jina
link-evidence-name-number = namba katika jina
link-evidence-name-agreement = ulinganifu wa majina
link-evidence-area = eneo
link-evidence-type = aina
link-evidence-owner = mmiliki
link-evidence-distance = umbali
link-evidence-identifier = kitambulisho
link-evidence-rivals-left = wagombea wengine wa msimbo huu
link-evidence-rivals-right = misimbo mingine iliyo karibu na rekodi hii
link-evidence-twins = wagombea walio sawa
link-evidence-code = msimbo
link-evidence-substance = kiambato
link-evidence-group = kundi la viambato
link-evidence-strength = nguvu
link-evidence-form = umbo
link-evidence-use = matumizi
link-evidence-content = ujazo
link-evidence-pack = pakiti
link-evidence-people = kwa nani
link-evidence-doses = dozi
link-evidence-salt = chumvi
link-evidence-size = ukubwa
link-evidence-words = maneno mengine
