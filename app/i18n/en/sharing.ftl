# Sharing: the grid, making an agreement, and an agreement that was signed.

sharing-title = Sharing
sharing-heading = Sharing
sharing-count =
    { $count ->
        [0] You have no sharing agreement in force.
        [one] You have { $count } sharing agreement in force.
       *[other] You have { $count } sharing agreements in force.
    }
sharing-start = Share with someone
sharing-start-another = Share with someone else
sharing-open-heading = Who can see what
sharing-none = No one can see your record through an agreement. You can share with someone at any time.
sharing-treating-hint = People who treat you can see your everyday health items. They can do so for your care, even without an agreement.
sharing-begun-heading = You have not finished sharing
sharing-begun = You began to share with: { $to }. Nothing is shared until you sign.
sharing-begun-change = You began to change what you share with: { $to }. What you signed stays in force until you sign the new one.
sharing-begun-on = Go on
sharing-begun-discard = Throw this away
sharing-begun-label = { $words }: { $to }
sharing-ended-heading = Ended
sharing-ended-caption = Agreements that are not in force
sharing-ended-how = What happened
sharing-ended-when = When
sharing-ended-signed = Signed

sharing-standing-active = In force
sharing-standing-not-yet = Has not begun
sharing-standing-expired = Ran out
sharing-standing-revoked = You stopped it
sharing-standing-suspended = On hold
sharing-standing-superseded = Replaced by a newer one
sharing-standing-unsound = Can't be used

# The grid
grid-caption = Who can see what. One row for each agreement, one column for each kind of record.
grid-key = What the signs mean
grid-who = Who
grid-until = How long
grid-open = All of it
grid-partly = Some of it
grid-closed = Closed
grid-ends-soon = Ends soon
grid-rest-closed = Everything else is closed.
grid-all-closed = Everything is closed.

# Parts of an agreement in words
sharing-detail-place = { $detail }, { $place }
sharing-why-request = Because I ask for it
sharing-until-day = Until the end of { $day }
sharing-until-event = Until this happens: { $event }
sharing-until-treatment = Until my treatment ends
sharing-until-research = Until the research study ends
sharing-until-none = No end date
sharing-until-missing = Not chosen yet
sharing-segment-without = { $segment } (but not: { $without })
sharing-segment-only = { $segment } (only: { $only })
sharing-segments-none = Only the single items you put in
sharing-part2-yes-short = Included
sharing-part2-no-short = Not included
sharing-dates-all = From all dates
sharing-dates-from = From { $from } on
sharing-dates-until = Up to { $until }
sharing-dates-between = From { $from } to { $until }
sharing-future-yes = Yes, what is added later too
sharing-future-no = No, only what was there on { $day }
sharing-items-out =
    { $count ->
        [one] { $count } item left out
       *[other] { $count } items left out
    }
sharing-items-in =
    { $count ->
        [one] { $count } item put in
       *[other] { $count } items put in
    }
sharing-items-both = { $put_in }, { $left_out }
sharing-item-is-in = Item put in: { $item }
sharing-item-is-out = Item left out: { $item }
sharing-item-titled = { $title } ({ $kind }, { $date })
sharing-item-masked = { $kind }, { $date } (about: { $labels })

sharing-row-patient = Patient
sharing-row-who = Who
sharing-row-why = Why
sharing-row-what = Which records
sharing-row-part2 = Substance use program records
sharing-row-dates = Dates of care
sharing-row-future = Later records
sharing-row-items = Single items
sharing-row-until = How long
sharing-row-from = Whose records
sharing-from-any = Records about you from every place whose records are kept here
sharing-change = Change

# Making an agreement
sharing-new-title = Share with someone
sharing-back = Back
sharing-go-on = Go on
sharing-step-who = Who
sharing-step-why = Why
sharing-step-what = Which records
sharing-step-how-long = How long
sharing-step-review = Check
sharing-step-sign = Sign

sharing-who-heading = Who do you want to share with?
sharing-who-find = Find a name, a specialty, or a place
sharing-who-find-do = Find
sharing-who-find-all = Show all names
sharing-who-nobody = No one here has that name. Try a part of the name, or show all names.
sharing-who-more = These are the first { $shown } of { $all }. Type part of a name to find others.
sharing-who-people = People
sharing-who-organizations = Clinics and other groups
sharing-who-class-hint = Everyone who treats you, pays for your care, or helps run your program, now and later. The words above are the law's.
sharing-who-missing = Choose who you want to share with.

sharing-why-heading = What is it for?
sharing-why-legend = They may use your records for
sharing-why-hint = Pick all that you agree to.
sharing-why-missing = Pick at least one reason.
sharing-why-treatment-hint = To decide on your care, such as which medicine is safe for you.
sharing-why-coordination-hint = To plan together who does what in your care.
sharing-why-payment-hint = To bill for your care and get it paid.
sharing-why-operations-hint = To run the clinic well, such as training and checking quality.
sharing-why-research-hint = To learn from records for science.
sharing-why-request-hint = You don't have to give any other reason.
sharing-why-fixed = For this group, the law fixes the reasons. Your records may be used:

sharing-what-heading = Which records do you want to share?
sharing-what-legend = Kinds of records
sharing-what-hint = Pick a kind to share all of it. Then you can take parts of it out.
sharing-what-parts = { $segment }: untick what you want to keep closed
sharing-what-rest = Anything else of this kind
sharing-what-general-hint = Items of no kind below, such as blood pressure, allergies, or a broken arm.
sharing-what-identity-hint = Who you are and how to reach you.
sharing-what-missing = Pick at least one kind of record, or put in single items.
sharing-what-no-part = You picked { $segment } but left out every part of it. Tick a part, or untick the whole kind.
sharing-part2-legend = Share records from a substance use treatment program?
sharing-part2-hint = A special federal law (42 CFR part 2) guards what such a program writes about you, even a blood pressure. If you say no, everything from such a program stays closed.
sharing-part2-yes = Yes, share what these programs wrote, of the kinds I picked
sharing-part2-no = No, keep everything from these programs closed
sharing-part2-missing = Choose yes or no for records from a substance use treatment program.
sharing-what-dates-legend = From which dates of care?
sharing-what-dates-hint = Leave both empty to share from all dates.
sharing-what-from = First day
sharing-what-until = Last day
sharing-what-not-a-day = Type a day, such as 06/03/2026.
sharing-what-reversed = The last day must not be before the first day.
sharing-what-future-legend = Share what is added to your record later?
sharing-what-future-yes = Yes, later records too
sharing-what-future-no = No, only what is there on the day I sign
sharing-what-items-legend = Single items
sharing-what-items-hint = You can leave out single items, or put in single items from a kind that stays closed.
sharing-what-items-do = Choose single items

sharing-items-heading = Single items
sharing-items-lead = Tick "Leave out" to keep an item closed. Tick "Put in" to share it even if its kind is closed. An item with no tick follows the kinds you picked.
sharing-items-done = Save and go back
sharing-items-next = Save and show the next page
sharing-item-out = Leave out
sharing-item-in = Put in
sharing-item-about = this one: { $kind }, { $date }

sharing-long-heading = How long do you want to share?
sharing-long-legend = Share
sharing-long-hint = You can stop at any time before.
sharing-long-months =
    { $months ->
        [12] For one year
       *[other] For { $months } months
    }
sharing-long-date = Until a day I choose
sharing-long-day = The last day
sharing-long-day-hint = Only if you chose "Until a day I choose".
sharing-long-treatment-hint = It ends when your care team records that your treatment is over, or when you stop it.
sharing-long-never-hint = It goes on until you stop it.
sharing-long-missing = Choose how long you want to share.
sharing-long-past = Choose a day that is not over yet.
sharing-long-far = Choose a day within { $years } years.

sharing-review-heading = Check exactly what this opens
sharing-review-lead = Nothing is shared yet. Read your answers and look at the items below.
sharing-review-on = Go on to sign
sharing-review-opens = What this opens today
sharing-review-by-itself = This is what your agreement opens by itself. People who treat you may see your everyday health items anyway.

sharing-opens-count =
    { $count ->
        [0] This opens none of your items.
        [one] This opens { $count } item.
       *[other] This opens { $count } items.
    }
sharing-opens-closed =
    { $count ->
        [0] None of your items stay closed.
        [one] { $count } of your items stays closed.
       *[other] { $count } of your items stay closed.
    }
sharing-opens-nothing = Nothing in your record fits your answers today.
sharing-opens-kinds = How many of each kind
sharing-opens-items = The items
sharing-opens-as-seen = Each item holds just the parts that they would see.
sharing-opens-show = Show what is in them
sharing-opens-hide = Hide what is in them
sharing-entry-partly = Hidden on this screen

sharing-sign-heading = Read and sign
sharing-sign-answers = Your agreement
sharing-sign-read = Please read this
sharing-sign-statements = What you should know before you sign
sharing-legal-wording = The exact legal wording
sharing-sign-sign = Sign
sharing-sign-name = Type your full name
sharing-sign-name-hint = This is your signature.
sharing-sign-name-long = Type a name of at most 200 letters.
sharing-sign-code = Next, we ask for a new code from your app. Then you come back here to sign.
sharing-sign-now = When you press the button, sharing begins at once.
sharing-sign-do = Sign and share
sharing-sign-confirmed-heading = Your code was right
sharing-sign-confirmed = Press "Sign and share" within 5 minutes to finish.
sharing-sign-changed = Your answers changed in another window. Read them again, then sign.
sharing-sign-missing = Something is missing. See the list at the top of this page.

sharing-wording-patient = Patient: { $name }
sharing-wording-signature = Signature: given for the patient by someone else, as: { $right }
sharing-wording-discloser = Who may disclose: every program, provider and organization whose records about the patient are kept in this portal.
sharing-wording-part2 = records of programs under 42 CFR part 2
sharing-wording-information = Information: { $words }
sharing-wording-recipient = Recipient: { $words }
sharing-wording-purpose = Purpose: { $words }
sharing-wording-expiration = Expiration: { $words }

missing-heading = This can't be signed yet
missing-recipient = Choose who you want to share with.
missing-purpose = Pick at least one reason.
missing-information = Pick at least one kind of record.
missing-discloser = Choose whose records are shared.
missing-expiration = Choose how long you want to share.
missing-expiration-not-allowed = For these reasons, the law asks for an end. Choose a day.
missing-expiration-past = The last day is over. Choose a later day.
missing-statement = Read the statements.
missing-notes = Counseling notes need an agreement of their own.
missing-legal = A legal case needs an agreement of its own.
missing-not-started = This reason is only for sharing that you began yourself.
missing-class = A whole group can only be chosen for treatment, payment, and running the health service.
missing-purposes = For this group, only treatment, payment, and running the health service are allowed.
missing-participants = Name who takes part.
missing-dates = The last day must not be before the first day.
missing-authority = Leave out the records that you may not sign for. Records of a substance use program need a minor's own signature first.
missing-signature = Type your full name to sign.
missing-patient = There is no name of the patient here, and what you sign has to name them. Ask the office of your care program to add the name.

# An agreement that was signed
consent-title = A sharing agreement
consent-back = Back to sharing
consent-heading = Sharing with { $to }
consent-signed-heading = You are now sharing
consent-signed = { $to } can see what is listed below from now on. You can stop this at any time.
consent-row-start = Began
consent-row-signed = Signed
sharing-signed-for-patient = Signed for the patient by
sharing-signed-as = { $name }, as: { $right }
consent-changes-items = The single items are not the same ones as before.
consent-signed-by = { $name }, on { $at }
# The statement that is signed (domain::notice) says "press Revoke": the button must bear that word.
consent-revoke = Revoke: stop sharing
consent-opens = What it opens today
consent-used = Who used it
consent-used-caption = Each look and each copy, newest first
consent-used-last = The last uses
consent-used-when = When
consent-used-what = What
consent-unused = No one has used this agreement.
consent-uses =
    { $count ->
        [0] It was never used.
        [one] It was used { $count } time.
       *[other] It was used { $count } times.
    }
consent-revoked-heading = You stopped this. Sharing has ended.
consent-revoked = Since { $at }, nothing is shown through this agreement.
consent-expired = Since { $at }, this agreement opens nothing. It has ended.
consent-expired-day = This agreement ran until the end of { $day }. It opens nothing now.
consent-suspended-heading = This agreement is on hold
consent-suspended = On { $at }, you told the staff to stop. It opens nothing now. Press "Revoke" to end it for good.
consent-superseded = On { $at }, a newer agreement took its place. This one opens nothing now.
consent-not-yet = This agreement has not begun. It opens nothing now.
consent-unsound = Something is wrong with this agreement, so it opens nothing. Please make a new one.

revoke-title = Stop sharing
revoke-heading = Stop sharing with { $to }?
revoke-lead = It works at once. After this, nothing more is shown through this agreement.
revoke-seen = What they saw before can't be taken back.
revoke-others = Other agreements stay as they are. People who treat you may still see your everyday health items.
revoke-again = You can share again later with a new agreement.
revoke-code = Next, we ask for a new code from your app. Then you come back here.
revoke-confirmed = Press "Revoke now" within 5 minutes to finish.
revoke-do = Revoke now: stop sharing
