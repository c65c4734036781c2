# Rates, bundles, and the advice between them.
plan-title = Rates
plan-heading = What does a call cost?
plan-lead = Every rate and bundle of your card. What is not in the list has no price here, and we do not guess one.
plan-to-label = Where do you call?
plan-to-hint = A place, or a number with its country code: United Kingdom, +44 20 7946 0000.
plan-find = Show the rate
plan-several-heading = Which one do you mean?
plan-none = No rates are listed here yet.
plan-none-next = Please ask where you bought the card.
plan-advice-offer = Not sure what to take? Say whom you call and how much, and see what costs least.
plan-column-to = Destination
plan-column-minute = A minute
plan-bundles-heading = Bundles of minutes
plan-bundles-here = Bundles that lead there
plan-bundles-sold = Bundles are sold by the issuer of your card. Minutes left at the end of a bundle are gone.
plan-calls-to = Calls to
plan-a-minute = A minute
plan-all-rates = All rates
plan-total = Together
plan-prefixes = Numbers that begin with { $prefixes }
plan-prefixes-more = Numbers that begin with { $prefixes } and others
plan-fee = Connection fee
plan-fee-none = none
plan-counted = Counted
plan-counted-by-second = by the second
plan-counted-same = in steps of { $seconds } s
plan-counted-first = { $first } s, then { $next } s
plan-example = A call of 10 minutes
plan-minutes = { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}
plan-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}
plan-calls = { $calls ->
    [one] { $calls } call
   *[other] { $calls } calls
}
plan-bundle-size = { $minutes }, for { $days }
plan-leads-to = To { $names }
plan-comma = { ", " }
plan-between-names = { "; " }

plan-problem-missing = Type a place, or a number with its country code
plan-problem-not-digits = A number has only digits
plan-problem-not-international = Begin the number with + or 00 and the country code, for example +44
plan-problem-too-long = A number has 15 digits at most
plan-problem-trunk-zero = Leave out the 0 after the country code: it is not dialled from abroad
plan-problem-unknown = There is no rate for this. Look in the list of rates
plan-problem-several = This can mean several: { $names }. Please choose one

advice-title = Which plan suits me?
advice-heading = Which plan suits you?
advice-lead = Say whom you call and how much. You see what costs least, and every figure behind it.
advice-card-label = Your card
advice-days-label = For how long?
advice-days-unit = days
advice-length-label = A call lasts
advice-minutes-unit = min
advice-whom = Whom do you call?
advice-row = Destination { $number }
advice-to-label = Destination { $number }
advice-minutes-label = How much?
advice-per-label = In
advice-per-month = a month
advice-per-week = a week
advice-compare = Compare
advice-add = Add another destination
advice-best = Costs you least
advice-by-the-minute = Pay by the minute
advice-cheaper = { $amount } less than by the minute
advice-dearer = { $amount } more than by the minute
advice-equal = as much as by the minute
advice-counted = { $name } × { $count }
advice-bought-at-once = { $count } at once, { $price } each
advice-bought-in-a-row = { $count } one after the other, { $price } each
advice-bought-both = { $at_once } at once, { $times } times one after the other, { $price } each
advice-bundle-pays = Pays { $calls }: { $used } used, { $left } left over
advice-bundle-pays-all = Pays { $calls }: { $used } used, nothing left over
advice-bundle-ends = Bought today, it ends on { $date }
advice-bundles-end = Begun today, the last one ends on { $date }
advice-paid-line = { $name }: { $calls } by the minute
advice-call-sum = Each call: { $steps } at { $rate } a minute = { $talk }
advice-call-sum-fee = Each call: { $steps } at { $rate } a minute = { $talk }, connection { $fee }, together { $sum }
advice-steps-one = { $first } s
advice-steps-same = { $count } × { $first } s
advice-steps-first = { $first } s + { $count } × { $next } s
advice-asked-heading = What you asked
advice-asked = { $card }, { $days }, calls of { $length }
advice-asked-week = { $minutes } a week = { $calls }
advice-asked-month = { $minutes } a month = { $calls }
advice-change = Change
advice-others-heading = The other ways
advice-rules-heading = How it is counted
advice-rule-calls = Your minutes become whole calls of the length you said, spread evenly over the days. A month is 30 days.
advice-rule-bundles = A bundle pays whole calls while its minutes last, counted in the same steps, without a connection fee. The rest is paid by the minute.
advice-rule-order = Where a bundle leads to several destinations, we let your cheapest calls use it up first: the cautious way to count.

advice-problem-card = Please choose your card
advice-problem-days = Type the days as a whole number from 1 to 366
advice-problem-length = Type the length of a call in minutes, from 1 to 240
advice-problem-minutes = Type the minutes as a whole number from 1 to 10,000
advice-problem-not-reached = This card has no rate for this destination
advice-problem-twice = This destination is named above already
advice-problem-sum = This comes to more than can be counted
