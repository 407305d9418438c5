finding-mapping-row = « { $found } » dans la colonne « { $column } » ne convient pas ; attendu : { $expected }. Le lien est écarté ; corrigez la ligne.
finding-mapping-unreadable = Le fichier de correspondance ne peut être lu ici : { $reason }. Corrigez la ligne.
finding-mapping-overlap = Le code « { $code } » a plus d'un lien le même jour. Donnez des dates qui ne se chevauchent pas, ou faites-en un lien one-to-many avec des parts.
finding-mapping-shares = Les parts du code « { $code } » ne font pas un. Corrigez-les, par exemple 1/3 et 2/3.
