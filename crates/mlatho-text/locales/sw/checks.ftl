finding-digit-swap = { $org_unit }, { $item }, { $period }: { $measure } ni { $value }; tarakimu mbili zikibadilishana nafasi, { $expected }, inalingana na nyingine. Angalia ripoti ya karatasi na usahihishe chanzo.
finding-zeroed-period = { $org_unit }, { $item }, { $period }: { $value } iliripotiwa ilhali vipindi vya jirani vinaonyesha kutarajiwa namba (inayotarajiwa: { $expected }). Uliza kama ripoti ilitolewa kweli, kisha isahihishe au iondoe.
finding-copied-report = { $org_unit }, { $item }, { $period } ina namba zile zile za { $other_period }. Omba ripoti ya kipindi hiki; labda iliyopita ilinakiliwa.
finding-copied-neighbour = { $org_unit }, { $item }, { $period } ina namba zile zile za { $other_org_unit }, nazo hazilingani na akiba yake. Omba ripoti yake yenyewe.
finding-shifted-period = { $org_unit }, { $item }, { $period }: namba { $change ->
    [exchanged] zinalingana na { $other_period }, na za { $other_period } zinalingana hapa; zimebadilishana nafasi
    [next] ni za { $other_period }
   *[moved] zinalingana na { $other_period }, ambacho hakina ripoti
}. Angalia kipindi kwenye ripoti na ukisahihishe kwenye chanzo.
finding-org-unit-swap = { $org_unit }, { $item }, { $period }: namba zinalingana na { $other_org_unit }, na zake zinalingana hapa. Angalia ripoti ipi ni ya nani na usahihishe chanzo.
finding-outlier = { $org_unit }, { $item }, { $period }: { $measure } ni { $value }, mbali na { $expected } inayotarajiwa kutokana na namba nyingine. Linganisha na rejista, kisha sahihisha au thibitisha.
finding-level-shift = { $org_unit }, { $item }: kuanzia { $period } namba ni takriban mara { $ratio } ya za awali. Uliza nini kilibadilika: huduma, eneo la huduma au kipimo cha kuhesabia.
finding-partial-report = { $org_unit }, { $period }: namba { $reported } ziliripotiwa, kwa kawaida { $usual }. Omba zilizobaki kutoka kituoni.
finding-late-report = { $org_unit }, { $item }, { $period } iliripotiwa tarehe { $date }; siku ya mwisho ilikuwa { $deadline }. Hakuna cha kusahihisha.
finding-stock-out-not-counted = { $org_unit }, { $item }, { $period }: hakukuwa na akiba kipindi chote, lakini siku { $value } za kuishiwa. Uliza idadi ya siku ({ $expected } zingekuwa zote).
finding-reported-through-stock-out = { $org_unit }, { $item }, { $period }: { $value } zilitumika katika kipindi kisicho na akiba tangu mwanzo hadi mwisho. Angalia siku za kuishiwa na matumizi; moja kati yao si sahihi.
finding-more-positives-than-tests = { $org_unit }, { $period }: majibu chanya { $value }, lakini vipimo { $expected } tu ({ $item }). Linganisha zote na rejista ya maabara.
finding-more-treatments-than-cases = { $org_unit }, { $period }: { $value } walitibiwa, lakini wagonjwa { $expected } tu ({ $item }). Linganisha zote na rejista.
finding-rule-broken = { $org_unit }, { $item }, { $period }: { "sw" ->
    [fr] { $text_fr }
    [pt] { $text_pt }
    [sw] { $text_sw }
   *[en] { $text_en }
}
finding-checks-invalid = Ukaguzi huu hauwezi kutumika: { $reason }. Sahihisha faili.
help-quality-rules = Ukaguzi zaidi kutoka faili hili la kanuni; inaweza kurudiwa
help-quality-scorecard = Andika ukamilifu, kufika kwa wakati na ulinganifu wa kila kituo na kipindi kwenye faili hili la CSV
check-own-checks = ukaguzi { $count }
