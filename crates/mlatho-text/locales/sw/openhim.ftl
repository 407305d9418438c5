finding-openhim-certificate = Cheti { $path } hakiwezi kutumika. Taja faili la PEM lenye cheti ambacho OpenHIM inaonyesha, au cha mamlaka yake.
finding-openhim-own-url = “{ $url }” si anwani ambayo OpenHIM ingeweza kufikia seva hii. Andika own_url kama http://host:port.
finding-openhim-no-senders = Hakuna cha kusajili kwenye OpenHIM: hakuna chanzo chenye watumaji (senders). Kipe kimoja watumaji, au ondoa openhim.
