finding-unreadable = Faili haliwezi kusomwa kuanzia hapa: { $reason }. Hakikisha ni kamili na lina muundo uliotajwa.
finding-empty-file = Faili ni tupu. Litoe tena.
finding-layout-needed = Mpangilio unahitajika kusoma faili hili; safu yake ya kwanza ina: { $found }. Andika faili la mpangilio na ulitaje kwa --layout.
finding-missing-column = Hakuna safuwima “{ $column }”. Safuwima ni: { $found }. Rekebisha jina kwenye mpangilio au ulinganisho, au faili.
finding-missing-sheet = Hakuna karatasi “{ $sheet }”. Karatasi ni: { $found }. Rekebisha “sheet” kwenye mpangilio.
finding-no-value-columns = Hakuna safuwima yenye thamani kwa mpangilio huu. Safuwima ni: { $found }. Zitaje kwa [[measures]], first_value au pattern.
finding-too-many-cells = Safu ina seli { $found } badala ya { $expected }, hivyo namba zake huenda ziko kwenye safuwima zisizo sahihi; imeachwa. Rekebisha safu kwenye chanzo.
finding-missing-org-unit = Safu haitaji kitengo na imeachwa. Ijaze kwenye chanzo.
finding-missing-period = Safu haitaji kipindi na imeachwa. Taja safuwima ya kipindi au kipindi kimoja kwenye mpangilio.
finding-missing-data-element = Thamani haitaji kipengele cha data na imeachwa. Ijaze kwenye chanzo.
finding-bad-period = “{ $text }” si kipindi cha muundo uliotajwa; safu imeachwa. Rekebisha safu, au period.format kwenye mpangilio.
finding-bad-version = “{ $text }” si namba ya toleo; safu imeachwa. Rekebisha safu kwenye chanzo.
finding-bad-state = “{ $text }” si hali ya thamani; safu imeachwa. Andika reported, missing:<reason>, not-applicable au suppressed:<rule>.
finding-bad-json = Hili si seti kamili ya thamani za DHIS2: { $reason }. Yaliyotangulia yamehifadhiwa; omba faili tena.
finding-not-a-number = “{ $text }” si namba; thamani inahesabiwa kuwa haipo, si sifuri. Rekebisha seli kwenye chanzo.
finding-total-among-parts = “{ $name }” ni jumla ya nyingine na imeachwa, ili kitu kisihesabiwe mara mbili. Andika totals = "keep" kwenye mpangilio kama si jumla.
finding-duplicate-column = Safuwima { $first } na { $second } zina kichwa kimoja “{ $column }”. Zote zimehifadhiwa kando; rekebisha kichwa, au taja safuwima kwa namba.
