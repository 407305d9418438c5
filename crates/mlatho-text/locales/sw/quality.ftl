finding-stock-balance = { $org_unit }, { $item }, { $period }: akiba iliyopo ni { $value }, lakini salio la mwanzo, mapokezi, matumizi, marekebisho na upotevu vinatoa { $expected }. Tafuta nambari isiyo sahihi kwenye kadi ya bidhaa na uirekebishe kwenye chanzo.
finding-sign = { $org_unit }, { $item }, { $period }: { $measure } ni { $value }, na haiwezi kuwa chini ya sifuri. Rekebisha alama au nambari kwenye chanzo.
finding-consumption-without-stock = { $org_unit }, { $item }, { $period }: { $value } zimetumika, lakini zilikuwepo { $expected } tu. Tafuta mapokezi ambayo hayakuingizwa, au matumizi yasiyo sahihi.
finding-duplicate-report = { $org_unit }, { $item }, { $period } imeripotiwa mara ya pili, kwa { $numbers ->
    [same] nambari zile zile
   *[different] nambari tofauti
} (kwanza kwenye mstari { $first_position }). Amua ipi inahesabiwa na uondoe nyingine.
finding-impossible-date = { $org_unit }, { $item }, { $period }: { $fault ->
    [future-period] kipindi hakijaanza (leo ni { $date })
    [reported-before-period] iliripotiwa { $date }, kabla kipindi hakijaanza
   *[too-many-stockout-days] siku { $value } za kukosa akiba katika kipindi cha siku { $date }
}. Rekebisha kipindi au nambari kwenye chanzo.
finding-opening-not-previous-closing = { $org_unit }, { $item }, { $period }: salio la mwanzo ni { $value }, lakini akiba mwishoni mwa { $previous } ilikuwa { $expected }. Linganisha zote mbili na kadi ya bidhaa.
finding-missing-or-zero = { $org_unit }, { $item }, { $period }: { $measure } imeachwa wazi. { $rule ->
    [balance] Nambari nyingine za mstari zinatoa { $expected }
   *[zero-before] Kipindi kilichotangulia kiliripoti sifuri
}. Uliza kama ni sifuri au nambari inakosekana, na uiingize kwenye chanzo.
finding-missing-report = { $org_unit }, { $item }: hakuna ripoti kwa { $periods ->
    [one] kipindi kimoja
   *[other] vipindi { $periods }
} kuanzia { $period }. Iombe kutoka kituoni.
finding-bad-row = Mstari hausomeki: { $reason }. Umeachwa; urekebishe.
finding-missing-name = Safu “{ $column }” iko wazi; mstari umeachwa. Ijaze.
finding-not-a-period = “{ $text }” si kipindi cha DHIS2 kama 202603 au 2026Q1; mstari umeachwa. Irekebishe.
finding-not-a-date = “{ $text }” si tarehe kama 2026-03-31; tarehe inahesabiwa kuwa haipo. Irekebishe.
