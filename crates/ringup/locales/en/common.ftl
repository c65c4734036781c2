# The shell of every page, and words that several pages share.
page-description = Top up a prepaid phone card with Alipay or WeChat Pay, without an account. See the balance, and where your money is.
skip-to-content = Skip to content
footer-label = Everything else
nav-top-up = Top up
nav-balance = Balance
nav-plans = Rates
nav-advice = Which plan suits me?
nav-where = Where is my money?
nav-verify = Check a receipt
nav-help = Help
nav-official = Is this real?
footer-official = We never ask for your PIN by phone or message, and never for a payment to a person.
theme-label = Colours
theme-auto = Automatic
theme-light = Light
theme-dark = Dark

card-number-label = Card number
card-number-hint = The long number on the front of the card.
pin-label = PIN
pin-hint = Under the scratch-off strip on the card.
receipt-code-label = Receipt code
receipt-code-hint = It is on the receipt, in groups of four.

problems-heading = Please look at this again

timeline-heading = What happened, and what comes next
timeline-past-heading = What happened
timeline-done = done
timeline-now = now
timeline-next = next
timeline-stopped = did not happen

deadline-left = { $time } left
live-updates = This page updates by itself.
live-look-now = Look again now
top-up-again = Top up again

fact-paid = You paid
fact-with = Paid with
fact-card = Card
fact-amount = Top-up
fact-bonus = Bonus
fact-valid-until = Card valid until
fact-time = Time
fact-code = Receipt code
fact-number = Top-up number
fact-receipt-number = Receipt number
fact-got = The card got

alipay = Alipay
wechat-pay = WeChat Pay
document-page = Page { $page } of { $pages }
