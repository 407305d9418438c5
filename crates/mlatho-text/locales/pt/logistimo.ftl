finding-logistimo-export-failed = O servidor não conseguiu fazer a exportação { $job }: { $reason }. Tente de novo; se continuar, pergunte ao administrador.
finding-logistimo-export-late = A exportação { $job } não estava pronta após { $seconds } segundos. Tente mais tarde, ou aumente export_wait_seconds.
finding-logistimo-hidden-entities = O inventário de { $count } entidades não é visível para esta conta: { $entities }. Não é o mesmo que não haver existências; peça ao administrador o direito de as ver.
finding-logistimo-format = A fonte “{ $source }” obtém do Logistimo; o seu formato deve ser logistimo-csv para transações, ou logistimo-json para o inventário. Corrija format.
