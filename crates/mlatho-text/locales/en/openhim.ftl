finding-openhim-certificate = The certificate { $path } cannot be used. Name a file in PEM form with the certificate that the OpenHIM shows, or that of its authority.
finding-openhim-own-url = “{ $url }” is no address at which the OpenHIM could reach this server. Write own_url as http://host:port.
finding-openhim-no-senders = There is nothing to register at the OpenHIM: no source has senders. Give one senders, or remove openhim.
