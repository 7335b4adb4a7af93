# What a patient asks to be kept back (42 CFR 2.26, 45 CFR 164.522(a)), and what the office answers.

sharing-restrictions = Ask a clinic to keep something back

restrictions-title = Limits
restrictions-heading = Ask to keep something back
restrictions-lead = You can ask a clinic not to share parts of your record with someone. You can ask even after you agreed to share.
restrictions-free = The clinic may say yes or no. You will get an answer here, with a reason if it is no.
restrictions-paid = If you paid for a service in full yourself, they must keep it from your health plan. That works at once. Open that item in your record to ask.
restrictions-emergency = In a medical emergency, the people who treat you may still see what they need.
restrictions-ask = Ask a clinic
restrictions-back = Back to sharing
restrictions-none = You have not asked for anything yet.
restrictions-caption = What you asked for, newest first
restrictions-who = Keep it from
restrictions-what = What
restrictions-of = Asked of
restrictions-standing = How it stands
restrictions-when = Asked on

restriction-asked = Waiting for an answer
restriction-asked-more = Nothing is kept back yet. It will be when they say yes.
restriction-must = In force: they must keep it back
restriction-must-more = You paid for it in full, so they must keep it from your health plan. They may ask you if you paid.
restriction-agreed = In force: they said yes
restriction-limited = In force for what was there before they ended it
restriction-limited-more = They ended it. What was in your record by then stays kept back. What comes later does not.
restriction-refused = They said no
restriction-refused-more = You may ask again. You can also stop sharing, or complain.
restriction-ended = Ended
restriction-gone = A clinic that is no longer here
restriction-items = { $count ->
        [one] { $count } record item
       *[other] { $count } record items
    }

restriction-new-title = Ask to keep something back
restriction-new-heading = What should be kept back?
restriction-back = Back to the list
restriction-organization = Who do you ask?
restriction-organization-hint = These are the places your record came from.
restriction-organization-missing = Choose who you ask.
restriction-recipient = Who should not see it?
restriction-recipient-hint = Choose one person or one place. You can ask again for another.
restriction-recipient-missing = Choose who should not see it.
restriction-segments = Which parts of your record?
restriction-segments-hint = Choose all that should be kept back. To keep back one item only, open it in your record.
restriction-segments-missing = Choose at least one part.
restriction-about-item = It is about the item that you chose: { $kind }.
restriction-item-link = Ask a clinic to keep this item back from someone
restriction-paid = Did you pay for it yourself?
restriction-paid-yes = I paid for this in full, and my health plan paid nothing
restriction-paid-hint = Then they must keep it from your health plan, starting now. Choose your health plan above.
restriction-paid-no-plan = This is for a health plan only. Choose your health plan above, or take the mark away.
restriction-why = Why
restriction-why-hint = A few words in your own way. Between 10 and 1,000 letters.
restriction-why-missing = Say why, in 10 to 1,000 letters.
restriction-they-read = The privacy office of the place you ask will read this page with your name.
restriction-do = Ask

restriction-title = A limit you asked for
restriction-heading = A limit you asked for
restriction-due = Answer due by
restriction-question = They asked you
restriction-answer-agreed = They said yes
restriction-answer-refused = They said no
restriction-end = Ended
restriction-said = { $words } ({ $at })
restriction-end-heading = End this
restriction-end-lead = You can end this at any time. Then what it kept back may be seen again, if you agreed to share it or the law allows it.
restriction-end-confirmed = Press the button to end it now.
restriction-end-code = We will ask you to confirm with a code or a passkey first.
restriction-end-do = End it now

office-restrictions = Limits patients asked for
office-restrictions-lead = Answer what patients ask your organization to keep back.
office-restrictions-title = Limits patients asked for
office-restrictions-heading = Limits patients asked for
office-restrictions-page-lead = Each needs an answer. The patient reads it with your reason.
office-restrictions-none = Nothing waits for an answer.
office-restrictions-caption = What waits for an answer
office-restrictions-late = Late since { $day }
office-restrictions-answered = Answered
office-restrictions-answered-caption = What was answered or is over
office-restriction-title = A limit that was asked for
office-restriction-heading = A limit that was asked for
office-restriction-back = Back to the list
office-restriction-written-down = That you read this is written down, and the patient can see it.
office-restriction-patient = Patient
office-restriction-answer = Your answer
office-restriction-must = The patient says that they paid for it in full. It is in force, and you can't refuse or end it (45 CFR 164.522(a)(1)(vi)). You can ask them if it was paid.
office-restriction-say = What do you answer?
office-restriction-say-missing = Choose an answer.
office-restriction-agree = We agree
office-restriction-agree-hint = It is in force at once, for everyone it names.
office-restriction-refuse = We do not agree
office-restriction-refuse-hint = Say why. The patient reads it.
office-restriction-question = Ask the patient if it was paid in full
office-restriction-question-hint = It stays in force.
office-restriction-end = End what we agreed to
office-restriction-end-hint = It ends for what comes later. What is in the record now stays kept back (45 CFR 164.522(a)(2)(iii)).
office-restriction-words = In your words
office-restriction-words-hint = The patient reads this. Between 10 and 1,000 letters. If you agree, you can leave it empty.
office-restriction-words-missing = Write 10 to 1,000 letters.
office-restriction-confirmed = Press the button to send your answer.
office-restriction-do = Send the answer
office-restriction-moved = It changed in the meantime. Look at it again.

step-up-end-restriction = End a limit that you asked for
step-up-answer-restriction = Send the answer to what a patient asked

history-restriction-asked = Asked to keep something back
history-restriction-agreed = Agreed to keep something back
history-restriction-refused = Did not agree to keep something back
history-restriction-questioned = Asked about something to be kept back
history-restriction-looked-at = Read what you asked to be kept back
history-restriction-limited = Ended keeping something back for what comes later
history-restriction-ended = Ended keeping something back
