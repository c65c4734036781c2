# What can be wrong: at a field first, then as a page.
problem-card-missing = Please type the card number
problem-card-length = The card number is too short or too long
problem-card-not-digits = Please type the card number in digits only
problem-card-mistyped = The card number has a typing error in it
problem-card-refused = This card cannot be topped up. Please check the number, or ask where you bought it
problem-card-suspended = This card is suspended and cannot be topped up. Please ask the issuer
problem-card-expired = This card has expired and cannot be topped up any more. Please ask the issuer
problem-card-closed = This card is closed and cannot be topped up
problem-amount-missing = Please choose an amount
problem-amount-both = Please choose either one of the amounts or another amount
problem-amount-negative = Please choose an amount above zero
problem-amount-not-a-number = Please type the amount in figures, such as 50
problem-amount-decimals = Please type the amount with at most two decimals
problem-amount-unit = Please type the amount in { $unit }
problem-amount-not-offered = This amount is not offered. Please choose one of those shown
problem-balance-too-high = The card may hold { $max } at most. Please choose a smaller amount
problem-provider-missing = Please choose how you want to pay
problem-another-unconfirmed = Please confirm that this is another top-up
problem-pin-missing = Please type the PIN
problem-card-or-pin = Card number and PIN do not fit together. Please check both
problem-code-missing = Please type the code
problem-code-malformed = A receipt code has 26 letters and digits. Please check it
problem-code-unknown = There is no top-up with this code. Please check every character

problem-try-again = Try again
problem-start = Back to the start
problem-reference = If you ask us about it, please tell us this number:
not-found-heading = There is nothing at this address
not-found-text = Perhaps there is a typing error in it, or the page has moved.
busy-heading = Too many people at once
busy-text = Please try again in { $seconds ->
    [one] a second
   *[other] { $seconds } seconds
  }. Nothing was taken, and nothing you paid is lost.
broken-heading = Something went wrong on our side
broken-text = We have written it down. If you have paid, your money is safe: it goes on the card, or back to you.
expired-heading = This page is out of date
expired-text = The price was held for 15 minutes. Please start again; nothing was taken.
too-large-heading = That was too much at once
too-large-text = The form was larger than any of ours. Please start again.
unreadable-heading = We could not read that
unreadable-text = The form did not arrive whole. Please start again; nothing was taken.
cross-site-heading = This form came from another site
cross-site-text = For your safety we only take forms from our own pages. Nothing was taken.
sent-before-heading = This was sent already
sent-before-text = The same form has been sent before. Look there first, so that you do not pay twice.
locked-heading = { $minutes ->
    [one] Locked. Try again in a minute
   *[other] Locked. Try again in { $minutes } minutes
  }
locked-text = The PIN was wrong too often. This keeps others from guessing it. Topping up works all the same.
