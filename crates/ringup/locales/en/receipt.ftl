# The receipt, and the page that checks one.
receipt-title = Receipt
receipt-heading = Receipt
receipt-on-card = On the card
receipt-check-heading = Check this receipt
receipt-check-text = Scan the code, or type this address:
receipt-signature-heading = For experts: the signature
receipt-signature-text = This text is signed with Ed25519. Our public key is at
receipt-signature-key = Key
receipt-signature-algorithm = Algorithm
receipt-signature-value = Signature (base64url)
receipt-print = Print or save as PDF
receipt-refunded = { $amount } of what was paid has gone back to the payer, or is on its way.

verify-title = Check a receipt
verify-heading = Is this receipt genuine?
verify-lead = Type the receipt code. You need no account, and we show no personal data.
verify-button = Check
verify-another = Check another one
verify-compare = Compare each line with the receipt in your hand. If one differs, the receipt was altered.
verify-genuine-heading = This receipt is genuine
verify-genuine-text = We made it out, and its signature is right.
verify-refunded-heading = Genuine, with a refund since
verify-refunded-text = We made this receipt out. { $amount } of what was paid has gone back to the payer since, or is on its way.
verify-altered-heading = This receipt is not genuine
verify-altered-text = The signature does not fit. Do not accept it, and keep it for the issuer to see.
verify-unknown-heading = We have no receipt with this code
verify-unknown-text = Perhaps there is a typing error in it. If every character is right, we did not make this receipt out.
