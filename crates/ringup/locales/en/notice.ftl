# A receipt by e-mail: the form on its page, and the mail itself.
notice-heading = Send the receipt by e-mail
notice-email-label = E-mail address
notice-email-hint = We use it for this receipt only, and delete it once the mail is sent.
notice-button = Send the receipt
notice-enough = This receipt has been sent as often as one can be. It stays on this page.
notice-waiting = The receipt is on its way to { $address }.
notice-delivered = The receipt was sent to { $address } at { $time }.
notice-refused = { $address } does not take the receipt. Perhaps there is a typing error in the address.
notice-given-up = The receipt could not be sent to { $address }. It stays on this page.
problem-email-missing = Type the e-mail address.
problem-email-length = This e-mail address is too long.
problem-email-malformed = This is no e-mail address. It looks like name@example.com.
problem-notices-of-receipt = This receipt has been sent as often as one can be. It stays on this page.
problem-notices-from-address = Too many receipts have been sent from your network. Try again after { $time }.

mail-subject = Your receipt: { $amount } on card ···· { $tail }
mail-fact = { $label }: { $value }
mail-receipt = Your receipt, to look at or print:
mail-verify = Anyone can check here that it is genuine:
mail-warning = We never ask for your PIN, by phone, message or e-mail, nor for money to a person's account. This is how to tell our official page:
mail-why = You get this mail because somebody who has this receipt typed your address. There is nothing you need to do. Of your address we keep its first letter and what follows the @, and no more.
