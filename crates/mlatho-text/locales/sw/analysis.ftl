finding-compare-row = Mstari huu haufai: { $reason }. Umeachwa; urekebishe.
finding-compare-nothing = “{ $rule }” haipati kipindi chenye matumizi na huduma pamoja. Linganisha bidhaa, vipimo na aina ya kipindi katika kanuni na data zote mbili.
finding-compare-other-period-type = { $count ->
    [one] Thamani moja imeachwa
   *[other] Thamani { $count } zimeachwa
} kwa sababu kanuni inalinganisha vipindi vya aina { $type }. Linganisha vipindi kwanza, au weka period_type katika kanuni.
verdict-within = ndani ya kiwango kinachotarajiwa
verdict-above = juu ya kiwango kinachotarajiwa
verdict-below = chini ya kiwango kinachotarajiwa
verdict-undefined = haijulikani
cause-under-reported-cases = Wagonjwa waliripotiwa pungufu
cause-over-reported-cases = Wagonjwa waliripotiwa kupita kiasi
cause-presumptive-treatment = Matibabu ya kukisia
cause-stock-out = Kuishiwa akiba
cause-leakage = Bidhaa kuvuja
cause-unit-error = Pakiti na vipande vimechanganywa
cause-wrong-mapping = Ulinganisho usio sahihi
cause-other-use = Matumizi mengine ya bidhaa
cause-late-report = Ripoti iliyochelewa
cause-duplicate-report = Ripoti iliyorudiwa
cause-data-entry = Kosa la kuingiza data
cause-cannot-tell = Data haiwezi kusema
evidence-stockout-days = Siku za kukosa akiba: { $value }
evidence-pack-size = Vipande kwa pakiti: { $value }
evidence-corrected-ratio = Uwiano bila sababu hii: { $value }
evidence-consumption-missing = Matumizi hayapo
evidence-services-missing = Huduma hazipo
evidence-consumption-missing-before = Matumizi ya kipindi kilichotangulia hayapo
evidence-services-missing-before = Huduma za kipindi kilichotangulia hazipo
evidence-stock-without-service = Matumizi bila huduma yoyote
evidence-service-without-stock = Huduma bila matumizi yoyote
evidence-few-services = Huduma ni chache mno: { $value }
