finding-rule-invalid = Kanuni hii ya ulinganisho haiwezi kutumika: { $reason }. Imeachwa na nyingine zinaendelea; rekebisha faili.
trend-consumption = Matumizi
trend-expected = Yanayotarajiwa kutokana na huduma
trend-unit = matibabu
trend-ratio = Matumizi ÷ yanayotarajiwa
trend-band = Kiwango kinachotarajiwa { $low }–{ $high }
trend-above = juu
trend-below = chini
trend-low-reporting = Ripoti chache (pande zote mbili chini ya 80 %)
trend-all = { $count ->
    [one] Kitengo kimoja
   *[other] Vitengo { $count }
}, { $from } hadi { $to }
trend-one = { $org_unit }, { $from } hadi { $to }
trend-nothing = Hakuna kipindi chenye matumizi na huduma pamoja.
trend-description = { $period }: matumizi yalikuwa mara { $ratio } ya yanayotarajiwa kutokana na huduma, { $verdict ->
    [above] juu ya
    [below] chini ya
   *[within] ndani ya
} kiwango kinachotarajiwa { $low }–{ $high }.
trend-footer = Chanzo: LMIS na HMIS. Pande zote mbili zinajulikana kwa { $used } kati ya { $pairs } (vitengo na vipindi). Kiwango: { $source }.
