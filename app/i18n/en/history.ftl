# Who looked at the record, and what else happened.

history-title = Who looked
history-heading = Who looked at my record
history-lead = Every look at your record is written down here, before anyone sees it. So is every try that we turned down.
history-caption = What happened, newest first
history-column-when = When
history-column-who = Who
history-column-what = What
history-column-why = Why
history-older = Older
history-newest = Back to the newest
history-empty = Nothing has happened yet.
history-empty-older = There is nothing older.
history-on-consent = You agreed to it
history-on-consent-link = See the agreement
history-on-care = They care for you

history-you = You
history-somebody = Someone who is no longer here
history-system = This website
history-unknown = Somebody we don't know
history-sentence = { $who }: { $what }

history-viewed = { $count ->
        [one] Looked at { $count } item
       *[other] Looked at { $count } items
    }
history-viewed-both = { $count ->
        [one] Looked at { $count } item, and { $hidden } more as hidden lines
       *[other] Looked at { $count } items, and { $hidden } more as hidden lines
    }
history-viewed-masked = { $count ->
        [one] Looked at a list with { $count } hidden item
       *[other] Looked at a list with { $count } hidden items
    }
history-of-kind = { $kind }: { $count }
history-with-kinds = { $what } ({ $kinds })
history-viewed-nothing = Looked, and there was nothing to see
history-downloaded = { $count ->
        [one] Downloaded { $count } item
       *[other] Downloaded { $count } items
    }
history-previewed = { $count ->
        [one] Looked at what others can see: { $count } item
       *[other] Looked at what others can see: { $count } items
    }
history-labels-looked-at = { $count ->
        [one] Looked at how { $count } item is labelled
       *[other] Looked at how { $count } items are labelled
    }
history-labels-reviewed = Checked how an item is labelled, and set it
history-labels-proposed = Asked to take a label off an item. Nothing changed yet
history-labels-lowered = Agreed to take a label off an item
history-labels-refused = Turned down taking a label off an item
history-kept-private = Marked an item to keep private
history-no-longer-private = Took back the mark to keep an item private
history-denied = Tried to look and was turned down
history-signed-in = Signed in
history-sign-in-failed = Typed a wrong code
history-password-failed = Typed a wrong password for your account
history-factor-changed = Changed what you sign in with
history-factor-suspected = Used what may be a copy of your passkey, and was turned down
history-sessions-ended = Ended your sign-ins on other devices
history-signed-out = Signed out
history-stepped-up = Confirmed with a code
history-consent-signed = Signed an agreement to share
history-consent-revoked = Stopped sharing
history-told-to-end = Wrote down that sharing is to stop
history-consent-copied = Took a copy of a signed agreement
history-consent-ended = An agreement to share came to its end
history-relationship = A care team changed
history-imported = { $new ->
        [one] Added { $new } new record item. Changed: { $changed }
       *[other] Added { $new } new record items. Changed: { $changed }
    }
history-other = Changed who may see what
history-recovery-asked = Checked who asked for help to get back into your account
history-recovery-stopped = Stopped the help to get back into your account
history-recovery-finished = Made a code to set up again how you sign in
history-addresses-changed = Changed or confirmed the e-mail addresses of your account
history-recovery-code-used = Came back with a recovery code
history-notice-read = Read the privacy notice
history-relationship-given = { $who } was given a care relationship: { $kind }. Last day: { $until }
history-relationship-given-open = { $who } was given a care relationship: { $kind }
history-relationship-ended = { $who } no longer has a care relationship
history-kind-treating = treats you
history-kind-coordinating = coordinates your care
history-kind-payer = pays for your care
history-kind-operations = helps to run the program
