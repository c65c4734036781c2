# A store's till.
till-title = Till
till-offline = The line is down. Nothing can be sold until it is back; what you typed is kept, and we ask by ourselves what became of the last sale.
till-clock-wrong = This till’s clock is wrong. Set it right, then load the page again.
till-replayed = This page had been sent before. Load it again.
till-not-enrolled = This till is not enrolled here, or was shut out by the office.
till-signature-wrong = What this till asked could not be read. Load the page again; if that does not help, enrol the till anew.
till-sign-out = Sign out
till-back = Back to the till
till-to-pay = To pay
till-price-missing = Type the card number and choose an amount: the price appears here.
till-at-once = At once
till-cash = Cash given, or payment code
till-cash-hint = Leave it empty when the cash is exactly the price. A payment code of Alipay or WeChat Pay is scanned here.
till-change = Change
till-sell = Sell
till-receipt = Receipt
till-drawer = In the drawer
till-last-sales = Last sales
till-no-sales = Nothing has been sold from this drawer yet.
till-number = No.
till-paid = Paid
till-state = How it stands
till-waiting = { $count ->
    [one] One sale waits to be undone
   *[other] { $count } sales wait to be undone
}
till-keys = Number, Enter · F1 to F6 amount, F7 another · Enter, Enter sells · Esc starts anew · F9 receipt · F12 count the drawer
till-sold-later = { $amount } comes on card ···· { $tail } { $time }

enrol-title = Enrol this till
enrol-heading = Enrol this till
enrol-lead = The office has made out a code for it. It works once, for a day.
enrol-code = Code
enrol-code-hint = 26 letters and digits. Spaces and small letters do not matter.
enrol-button = Enrol
problem-enrol-code = This code cannot be used: it is mistyped, was used before, or its day is over. Ask the office for another one.
problem-enrol-script = This browser cannot keep a till’s key. Use a current one, with JavaScript.

sign-in-title = Sign in
sign-in-heading = Who serves?
sign-in-lead = Type your number and PIN, or scan your badge.
sign-in-locked = The till locked itself because nobody touched it for five minutes. Sign in to go on; nothing is lost.
sign-in-number = Number or badge
sign-in-number-hint = With a badge the PIN is not needed.
sign-in-pin = PIN
sign-in-button = Sign in
problem-clerk-wrong = Number and PIN do not belong together. Check both.
problem-clerk-locked = { $minutes ->
    [one] Too many wrong PINs. Try again in a minute.
   *[other] Too many wrong PINs. Try again in { $minutes } minutes.
}
problem-clerk-locked-short = Too many wrong PINs. Try again later.

drawer-open-title = Open the drawer
drawer-open-heading = What is in the drawer?
drawer-open-lead = Count it before the first sale.
drawer-opening = Counted
drawer-opening-hint = It is taken from the safe. Type 0 when the drawer is empty.
drawer-open-button = Open the drawer
drawer-close-title = Count the drawer
drawer-close-heading = Count the drawer
drawer-close-lead = Type what you have counted. What should be there is shown afterwards.
drawer-counted = Counted
drawer-counted-hint = All of it; it goes into the safe.
drawer-close-button = Count and close
drawer-expected = Expected
drawer-right = The drawer is right
drawer-over = { $amount } too much in the drawer
drawer-short = { $amount } missing in the drawer
problem-counted = Type an amount, such as 300 or 12.50.
problem-cash-too-little = It is less than the price: { $amount } are to be paid.
problem-till-price-old = The price was shown too long ago. Here is the new one.
problem-till-price-other = The price on the screen was of another card or amount. Here is the right one.
problem-above-store-limit = At most { $amount } may be sold here at once.

scan-title = The customer pays
scan-heading = The customer confirms in his app
scan-until = It is cancelled by itself if he has not by { $time }. Then nothing is taken.
scan-refused-heading = Nothing was taken
problem-code-not-offered = This app’s codes are not taken here.
problem-code-other-provider = The code is of another app than the payment. Start the sale anew.
problem-code-too-late = Too long has passed since the sale was begun. Scan again.
problem-code-not-sent = The provider cannot be reached; nothing was taken. Try again, or take cash.
problem-code-invalid = The code is too old or was used. Have the customer show a new one, and scan it.
problem-code-balance = The customer has not enough money there. He can choose another account, or pay otherwise.
problem-code-declined = The customer, or his bank, declined.
problem-code-cancelled = Nobody confirmed it in time, and it was cancelled.
problem-code-refused = The provider refused it. Try again, or take cash.

identity-heading = The buyer must show who he is
identity-amount = Sales of { $amount } and more need it.
identity-month = This card’s sales within 30 days come to { $amount } and more.
identity-first = It is the first sale to this card at this store.
identity-kind = Document
identity-number = Number
identity-hint = Only its last four characters are kept, and a key to recognise it by.
document-id-card = Identity card
document-passport = Passport
document-residence-permit = Residence permit
problem-identity-needed = Ask for a document, and type its number.
problem-document-number = A document’s number has 5 to 32 letters and digits.

slip-number = No. { $number }
slip-cash = Cash given
slip-credited = On the card
slip-credit-at = Comes on the card
slip-check = Is this genuine? Type the code at { $address }
slip-reprint = REPRINT
slip-print = Print again

slip-scan = Scan it to see how it stands
print-out = The slip is printed.
print-near-end = The slip is printed. The roll ends soon.
print-not-sent = No slip was printed: { $why }
print-unfinished = The slip is not surely out: { $why } Look at the printer before you print again.
printer-no-paper = there is no paper.
printer-cover-open = the printer’s cover is open.
printer-error = the printer reports a fault.
printer-offline = the printer is switched offline.
printer-unknown = the printer does not answer.

undo-title = Undo sales
undo-summary = Undo this sale
undo-reason = Reason
undo-reason-hint = A supervisor reads it and decides. Nothing changes before that.
undo-ask = Ask for it
undo-asked = Somebody asked for it to be undone. A supervisor decides.
undo-asked-at = Asked for
undo-heading = Sales to be undone
undo-lead = A supervisor decides with his own number and PIN; never the one who asked.
undo-none = Nothing waits.
undo-supervisor = Supervisor’s number
undo-approve = Undo it
undo-refuse = Leave it
problem-undo-reason = Say why.
problem-undo-own = You asked for it yourself: somebody else decides.
problem-undo-supervisor = Only a supervisor of this store can decide.
problem-undo-spent = The card has spent it. The office has to decide.
problem-undo-decided = It has been decided already.
pay-out-heading = { $amount } to be handed back
pay-out-lead = Take it out of your drawer, give it to the buyer, and say so here.
pay-out-button = { $amount } handed over
problem-paid-out-already = This money has been handed over already. Do not give it out again.
problem-cash-insufficient = There is not enough in your drawer.
state-undone = Undone, to be handed back
