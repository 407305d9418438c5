finding-openhim-certificate = O certificado { $path } não pode ser usado. Indique um ficheiro PEM com o certificado que o OpenHIM mostra, ou o da sua autoridade.
finding-openhim-own-url = “{ $url }” não é um endereço onde o OpenHIM possa alcançar este servidor. Escreva own_url como http://host:porta.
finding-openhim-no-senders = Não há nada a registar no OpenHIM: nenhuma fonte tem remetentes (senders). Dê remetentes a uma, ou retire openhim.
