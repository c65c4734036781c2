# Agents: who sells top-ups from float.
agent-sign-in-title = Agents
agent-sign-in-heading = Sign in to sell
agent-sign-in-lead = For agents and the people who work for them.
agent-sign-in-locked = Nobody touched this page for half an hour, so it locked itself. Sign in to go on.
agent-code = Agent code
agent-code-hint = Such as BJ-A001. It stands beside the QR code in your shop window.
agent-number = Your number
agent-none-yet = Not an agent yet?
agent-apply-link = Apply
problem-agent-wrong = Agent code, number and PIN do not belong together. Check all three.

apply-title = Become an agent
apply-heading = Become an agent
apply-lead = You need a licence to sell top-ups. We check it and answer by e-mail.
apply-company-heading = The company
apply-company = Company name
apply-company-hint = As it stands in the register of companies.
apply-registration = Registration number
apply-registration-hint = In China the unified social credit code.
apply-time-zone = Time zone
apply-time-zone-hint = Such as Asia/Shanghai. Your licence ends at midnight on this clock.
apply-licence-heading = The licence
apply-licence-number = Licence number
apply-licence-number-hint = As it stands on the licence.
apply-licence-issuer = Issued by
apply-licence-issuer-hint = The authority that gave the licence.
apply-last-day = Last day
apply-last-day-hint = The day after, nothing can be sold until you renew it.
apply-documents = Documents
apply-documents-hint = The licence and the company’s registration: up to 3 files, PDF or picture, 4 MB each.
apply-documents-again = Please choose the files again: a browser does not keep them.
apply-contact-heading = Whom we answer
apply-name = Name
apply-name-hint = Whom we ask for.
apply-email = E-mail
apply-email-hint = Our answer goes there.
apply-phone = Phone
apply-phone-hint = With the country code if it is not in China.
apply-button = Send the application
problem-apply-company = Type the company’s name, in 120 characters or fewer.
problem-apply-registration = Type the registration number, in 120 characters or fewer.
problem-apply-name = Type a name, in 120 characters or fewer.
problem-apply-email = Type an e-mail address, such as name@example.com.
problem-apply-phone = Type a phone number with five digits or more.
problem-apply-licence-number = Type the licence’s number, in 120 characters or fewer.
problem-apply-licence-issuer = Type who gave the licence, in 120 characters or fewer.
problem-apply-last-day = Type the licence’s last day as year, month and day, such as 2027-03-31.
problem-apply-expired = This licence has run out already. Renew it first.
problem-apply-time-zone = There is no such time zone. Type one such as Asia/Shanghai.
problem-apply-documents = Choose 1 to 3 files: the licence and the company’s registration.
problem-apply-document-kind = One of the files is neither a PDF nor a PNG, JPEG or WebP picture, or it is damaged.
problem-apply-document-large = One of the files is larger than 4 MB. Send a smaller scan.
problem-apply-too-many = Too many applications wait at the moment. Try again tomorrow.

applied-title = Application received
applied-heading = We have your application
applied-lead = We check the licence and answer by e-mail. Name this number when you ask about it.
applied-number = Application number
applied-back = To the agents’ page

agent-nav-label = Agent’s pages
agent-nav-sell = Sell
agent-nav-float = Float
agent-can-sell = You can sell for
agent-home-title = Sell a top-up
agent-not-approved = Your application has not been decided yet, so nothing can be sold.
agent-suspended = Your licence to sell is suspended. Talk to us before you sell again.
agent-expired = Your licence has run out, so nothing can be sold. Send us the renewed one.
agent-low = Your float is low.
agent-buy-link = Buy more
agent-check = See the price
agent-no-sales = You have sold nothing yet. What you sell is listed here.
agent-repeat = Sell again
agent-sale-undone = Undone, back on the float
agent-check-heading = Is this right?
agent-from-float = From your float
agent-left = Left to sell for
agent-sell = Sell { $amount }
agent-back = Change it
problem-float-insufficient = Your float does not cover it: it is good for { $amount }.
agent-given-back = Back on your float
agent-sale-title = Sold
agent-sale-qr = The buyer scans this to keep the receipt and to see that it is genuine.
agent-next = Sell the next one
agent-balance = On the float
agent-credit-limit = Credit limit
agent-alert-below = Low below
purchase-heading = Buy float now
purchase-amount = Amount to buy
purchase-button = Continue to payment
purchase-for-float = for your float
purchase-line-stay = Come back to this page: it shows when the money is on your float.
purchase-safe = Whatever you pay comes on your float once, also when it is late.
purchase-closing-lead = We ask { $provider } one last time. If you have paid, it comes on your float.
purchase-paid-heading = { $amount } is paid and comes on your float
purchase-on-float-heading = { $amount } is on your float
purchase-other-amount = You had ordered { $amount }. What was really paid is on your float.
purchase-abandoned-heading = This purchase was not paid
purchase-abandoned-lead = The time to pay is over and no money was taken. If { $provider } shows a payment all the same, it comes on your float by itself.
purchase-paid = Paid, comes on the float
purchase-on-float = On the float
purchase-ordered = Ordered
purchase-paid-at = Paid
purchase-transaction = The provider’s number
purchase-number = Order number
purchase-back = Back to the float
problem-purchase-amount = Type an amount from { $least } to { $most }.
problem-purchase-waiting = Several purchases wait to be paid. Pay one of them, or wait until their time is over.
agent-buy-heading = Or by bank transfer
agent-buy-transfer = Transfer the amount to the account that is named in your contract.
agent-buy-reference = Write { $code } in the reference.
agent-buy-arrives = It is here as soon as we have confirmed the transfer, on a working day.
agent-bought-heading = Bought
agent-bought-none = Nothing yet. Purchases are listed here, and transfers once they are confirmed.
agent-bought-when = When (Beijing time)
agent-bought-amount = Amount

# What everybody may know of an agent.
public-agent-title = Is this agent licensed?
public-agent-licensed = Licensed to sell top-ups
public-agent-licensed-lead = You can top up here. Ask for the receipt and scan it before you leave.
public-agent-expired = The licence has run out
public-agent-suspended = Not licensed at the moment
public-agent-not-lead = Do not pay here. Nothing that is sold here now comes on your card.
public-agent-unknown = This is no agent of ours
public-agent-unknown-lead = Nobody with this code sells for us. Do not pay there.
public-agent-company = Company
public-agent-address = Address
public-agent-licence = Licence number
public-agent-since = Our agent since
public-agent-until = Licence valid until
public-agent-qr = This agent’s page
public-agent-scan = Scan this in the shop window to see how the agent stands today.
public-agent-complain = If something is wrong
public-agent-complain-where = Look whether the money is on the card or on its way back:
public-agent-complain-receipt = See whether your receipt is genuine:
public-agent-complain-us = Complain to us, not to the agent, and name his code { $code } and your receipt code. Our official channels:
public-agent-complain-unknown = Tell us where you saw the code. Our official channels:

# What an agent earns.
commission-title = Commission
commission-heading = Commission for { $date }
commission-so-far = So far. The month is booked when it is over.
commission-not-booked = The month is over and will be booked with the next run.
commission-booked = Booked. What is reversed later is taken off with the next run.
commission-earned = Earned
commission-payable = To be paid to you, all months
commission-paid = Paid to you, all months
commission-none = No commission has been agreed for this month.
commission-terms = Agreed
commission-per-sale = By the size of each sale: { "" }
commission-per-month = By what is sold in the month: { "" }
commission-tier = { $rate } % from { $amount }
commission-and = , { "" }
commission-sales = Sales
commission-sold = Sold
commission-reversed = Reversed
commission-previous = Month before
commission-next = Month after
commission-csv = CSV file
commission-pdf = PDF file
commission-agent = Agent
commission-agent-code = Number
commission-by-product = By product
commission-product = Product
commission-total = Total

# Lists of top-ups.
list-nav = Lists
list-title = Lists
list-heading = Sell a list
list-lead = We check every row first. Nothing is sold until you confirm.
list-file = CSV file
list-file-hint = Up to 50,000 rows, with the columns reference, card and amount. In a spreadsheet, format the card numbers as text, and save as CSV.
list-file-reference = A reference is your own, has 40 characters at most, and is sold once: in one list, and in all lists together.
list-upload = Check the list
list-earlier = Your lists
list-none = No lists yet. Those that you upload are listed here.
list-rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
list-state-checked = Checked, not confirmed
list-state-running = Being sold
list-state-stopped = Stopped
list-state-ended = Done
list-checked-heading = { $count ->
    [0] No row can be sold
    [one] { $count } row can be sold
   *[other] { $count } rows can be sold
}
list-running-heading = Your list is being sold
list-running-lead = You can leave this page: it goes on by itself.
list-stopped-heading = The rest has not been sold
list-ended-heading = { $count ->
    [0] Nothing was sold
    [one] { $count } row was sold
   *[other] { $count } rows were sold
}
list-fact-rows = Rows in the file
list-fact-right = Can be sold
list-fact-wrong = Wrong
list-fact-pay = To pay
list-fact-left = Left to sell for
list-fact-missing = Not covered
list-fact-sold = Sold
list-fact-from-float = From your float
list-fact-waiting = Not sold yet
list-fact-refused = Could not be sold
list-uncovered = Your float does not cover all of it. What it covers is sold; then the list waits until you have bought float and go on.
list-progress = { $done } of { $all } rows
list-sell = { $count ->
    [one] Sell { $count } row for { $amount }
   *[other] Sell { $count } rows for { $amount }
}
list-go-on = Go on with the rest
list-result = Result (CSV)
list-back = All lists
list-wrong-heading = Wrong rows
list-wrong-lead = They are not sold. Mend them in your file, and upload that as another list.
list-waiting-heading = Rows not sold yet
list-waiting-lead = They are sold when you go on. To leave them, do nothing: nothing is taken for them.
list-refused-heading = Rows that could not be sold
list-refused-lead = Nothing was taken from your float for them.
list-more = { $count ->
    [one] { $count } more row is in the result.
   *[other] { $count } more rows are in the result.
}
list-column-line = Line
list-column-reference = Reference
list-column-reason = Reason
list-stopped-float = Your float does not cover the next rows. Buy float, then go on.
list-stopped-expired = Your licence has run out. Renew it, then go on.
list-stopped-suspended = Your licence to sell is suspended. Talk to us, then go on.
problem-list-missing = Choose a file.
problem-list-too-large = The file is larger than 16 MB. Split it.
problem-list-too-long = The list has more than 50,000 rows. Split it.
problem-list-encoding = The file cannot be read as text. Save it as CSV in UTF-8 or GBK.
problem-list-columns = The first line must name the columns reference, card and amount, each once, with commas between them.
problem-list-empty = The file has no rows below its first line.
list-reason-fields = It has more or fewer fields than the first line
list-reason-formula = A formula stands there: save the values
list-reason-reference-missing = The reference is missing
list-reason-reference-malformed = The reference must begin with a letter or a digit, and has 40 characters at most: letters, digits, spaces and - _ . / # :
list-reason-reference-twice = The same reference stands in line { $line }
list-reason-reference-used = The reference was used in an earlier list
list-reason-card-malformed = This is no card number: a digit is wrong or missing
list-reason-amount-malformed = The amount is no number above zero
list-reason-sale-twice = The same card and amount stand in line { $line }
list-reason-card-unknown = The card cannot be topped up
list-reason-card-suspended = The card is suspended
list-reason-card-expired = The card has expired
list-reason-card-closed = The card is closed
list-reason-wrong-unit = The card is kept in another currency
list-reason-amount-not-offered = This amount is not sold for this card
list-reason-balance-too-high = The card would hold more than it may
list-reason-price-differs = The price, or what the card gets, has changed since the check
list-reason-another-one = The same amount was put on this card a moment ago
list-reason-float = The float does not cover it
list-reason-expired = Your licence has run out
list-reason-suspended = Your licence to sell is suspended
list-reason-other = It could not be sold: { $code }

# What of commission goes between an agent, his parent agent and his sub-agents.
sub-agent-own = By your own sales
sub-agent-from-below = From your sub-agents
sub-agent-gone-up = To { $name }
sub-agent-goes-up = your parent agent, { $share } % of what you earn
sub-agent-heading = Your sub-agents
sub-agent-lead = What came up to you from each. You see sums, never whom they sold to.
sub-agent-came-up-head = Came up
sub-agent-came-up = Came up:
sub-agent-approved = sells
sub-agent-suspended = suspended
sub-agent-expired = licence has run out
sub-agent-applied = not approved yet
sub-agent-sales = { $count ->
    [one] One sale
   *[other] { $count } sales
}
sub-agent-sold = { $sales }, { $sold }
sub-agent-sold-net = { $sales }, { $sold }, of which { $reversed } reversed
sub-agent-comes-up = { $share } % came up to you
sub-agent-and = , { "" }
sub-agent-through = { $amount } of it from further below
