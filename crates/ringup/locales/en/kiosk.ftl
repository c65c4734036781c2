# What a kiosk prints.
kiosk-slip-credited = On your card
kiosk-slip-claim = Claim for your money
kiosk-slip-place = Kiosk
kiosk-slip-licence = Licence
kiosk-slip-number = No.
kiosk-slip-put-in = You put in
kiosk-slip-claim-code = Claim code
kiosk-slip-thanks = Scan the code to see the receipt and to check that it is genuine.
kiosk-slip-keep = Your notes are in the box, and the card cannot be topped up now. You get this money back. Keep this slip: whoever has the code has the claim.
kiosk-slip-hot-line = Questions? Call { $number }.
