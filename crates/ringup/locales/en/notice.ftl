# A receipt by e-mail or text message: the forms on its page, the mail and the text.
notice-heading = Send the receipt by e-mail
notice-heading-sms = Send the receipt as a text message
notice-heading-both = Send the receipt by e-mail or text message
notice-email-label = E-mail address
notice-email-hint = We use it for this receipt only, and delete it once the mail is sent.
notice-mobile-label = Mobile number
notice-mobile-hint = We use it for this receipt only, and delete it once the text message is sent.
notice-button = Send the receipt
notice-button-email = Send by e-mail
notice-button-sms = Send as a text message
notice-enough = This receipt has been sent as often as one can be. It stays on this page.
notice-waiting = The receipt is on its way to { $address }.
notice-delivered = The receipt was sent to { $address } at { $time }.
notice-refused = { $address } does not take the receipt. Perhaps there is a typing error in the address.
notice-given-up = The receipt could not be sent to { $address }. It stays on this page.
notice-sms-waiting = The text message to { $address } is on its way.
notice-sms-accepted = The mobile network took the text message to { $address } at { $time }. The phone has not confirmed it yet.
notice-sms-delivered = The phone { $address } received the receipt at { $time }.
notice-sms-refused = The mobile network knows no number { $address }. Perhaps there is a typing error in it.
notice-sms-failed = The text message did not reach { $address }. The phone may be switched off, or the number may be wrong. The receipt stays on this page.
notice-sms-given-up = The text message could not be sent to { $address }. The receipt stays on this page.
notice-sms-unanswered = We do not know whether the text message reached { $address }. The receipt stays on this page.
problem-email-missing = Type the e-mail address.
problem-email-length = This e-mail address is too long.
problem-email-malformed = This is no e-mail address. It looks like name@example.com.
problem-mobile-missing = Type the mobile number.
problem-mobile-malformed = There is no such mobile number. A number of another country begins with + and the country's code.
problem-mobile-not-mobile = This is no mobile number. A text message needs a mobile phone.
problem-mobile-country = We send no text messages to that country.
problem-notices-of-receipt = This receipt has been sent as often as one can be. It stays on this page.
problem-notices-from-address = Too many receipts have been sent from your network. Try again after { $time }.

mail-subject = Your receipt: { $amount } on card ···· { $tail }
mail-fact = { $label }: { $value }
mail-receipt = Your receipt, to look at or print:
mail-verify = Anyone can check here that it is genuine:
mail-warning = We never ask for your PIN, by phone, message or e-mail, nor for money to a person's account. This is how to tell our official page:
mail-why = You get this mail because somebody who has this receipt typed your address. There is nothing you need to do. Of your address we keep its first letter and what follows the @, and no more.

# No letter outside the alphabet of text messages: one of them makes two messages of one.
sms-receipt = { $amount } is on card ****{ $tail }, { $time }. Receipt { $number }: { $url }
