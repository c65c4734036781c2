# Ratings: of stores, kiosks and agents, by the holders of their receipts.
rating-heading = Ratings
rating-title = Ratings of { $place }
rating-lead = Only whoever has a receipt from here can rate, once for each receipt.
rating-none = Nobody has rated yet.
rating-average = { $average } out of 5 stars
rating-count = { $count ->
    [one] One rating
   *[other] { $count } ratings
}
rating-stars = { $stars } of 5 stars
rating-newest = The newest { $count } are shown.
rating-all = All ratings
rating-answer = { $place } answers
rating-report = Report as abuse
rating-place-link = See the page of this place
rating-search-link = Find places

rating-reported-opened = Thank you. A person will look at it within a day. It stays until then.
rating-reported-waiting = A person is looking at it already.
rating-reported-decided = A person has looked at it as it is, and it stays.
problem-rating-reports = Too much was reported from your network today. Please try again tomorrow.

rating-form-heading = How was { $place }?
rating-form-lead = Everybody can read it. Nobody learns who you are.
rating-form-stars = Stars
rating-form-star = { $count ->
    [one] star
   *[other] stars
}
rating-form-comment = Comment, if you like
rating-form-comment-hint = 500 characters at most. Write no card number and no PIN.
rating-form-send = Rate
rating-form-change = Change
rating-given-heading = You rated { $place }
rating-given-until = Thank you. You can change it until { $time }.
rating-given-final = Thank you. It can no longer be changed.
rating-given-hidden = We have hidden it, because it breaks our rules.
problem-rating-stars = Choose one to five stars.
problem-rating-long = The comment has more than 500 characters. Please shorten it.
problem-rating-place = This receipt is from another place. Check which one it was.
problem-rating-taken-back = The sale was taken back, so it cannot be rated.
problem-rating-given = This receipt was used for a rating already, and it can no longer be changed.

answer-title = Ratings
answer-lead = What holders of your receipts say. Your answer stands below it, and everybody can read it.
answer-label = Your answer
answer-send = Answer
answer-change = Change the answer
answer-supervisor = Only a supervisor can answer.
problem-answer-empty = Write an answer.
problem-answer-long = The answer has more than 500 characters. Please shorten it.
problem-answer-gone = This rating is no longer there.
