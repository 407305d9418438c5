finding-openhim-certificate = Le certificat { $path } ne peut être utilisé. Nommez un fichier PEM avec le certificat que montre l'OpenHIM, ou celui de son autorité.
finding-openhim-own-url = « { $url } » n'est pas une adresse où l'OpenHIM pourrait joindre ce serveur. Écrivez own_url sous la forme http://hote:port.
finding-openhim-no-senders = Il n'y a rien à enregistrer auprès de l'OpenHIM : aucune source n'a d'expéditeurs (senders). Donnez-en à une source, ou retirez openhim.
