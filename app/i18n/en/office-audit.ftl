# What administrators and privacy officers read of the house's ledger.

office-audit = Ledger of this website
office-audit-lead = Sign-ins, staff, organizations, imports: who did what, and when. Check that nothing was changed.

audit-title = Ledger of this website
audit-heading = Ledger of this website
audit-lead = What happened in this website, the newest first. What concerns a patient's record is not here: the patient reads it on their own page. Patients are not named. That you look here is written down too.
audit-topic = About
audit-topic-all = Everything
audit-topic-sign-in = Signing in
audit-topic-accounts = Accounts
audit-topic-staff = Staff and roles
audit-topic-organizations = Organizations
audit-topic-turned-down = Turned down
audit-topic-imports = Imports
audit-topic-ledger = This ledger
audit-from = From
audit-until = Until
audit-show = Show
audit-wrong = Type both days as dates, the first before the last.
audit-narrow = What to show
audit-caption = What happened, the newest first
audit-column-when = When
audit-column-who = Who
audit-column-what = What
audit-empty = There is nothing here.
audit-empty-stretch = There is nothing among these. Older entries may follow.
audit-older = Older
audit-newest = Back to the newest

audit-check-heading = Was anything changed?
audit-check-lead = This reads the whole ledger of this website from its beginning, and checks that each entry is as it was written and none is missing. It stops after 20 seconds.
audit-check = Check it
audit-check-sound = Nothing was changed. { $entries ->
        [one] One entry was checked.
       *[other] { $entries } entries were checked.
    }
audit-check-missing = An entry is missing at place { $place }, or the end of the ledger is. Tell whoever runs the server, and keep a copy of the database.
audit-check-changed = The entry at place { $place } is not what was written. Tell whoever runs the server, and keep a copy of the database.
audit-check-order = The order at place { $place } can't be right. Tell whoever runs the server, and keep a copy of the database.
audit-check-long = The ledger is too long to check here. “confide audit verify” on the server has no limit.
audit-check-others = Patients' own ledgers are not checked here. “confide audit verify” on the server checks all.

audit-copy-heading = Take a copy
audit-copy-lead = A file for other programs, with what is shown here: one entry a line (NDJSON), at most 100,000. You will be asked for a code first.
audit-copy = Take a copy
audit-copy-confirmed = Press the button once more to take the copy.

audit-who-patient = A patient's account
audit-who-gone = Somebody who is no longer here
audit-who-nobody = Somebody we don't know
audit-who-system = This website
audit-who-role = { $name }, { $role }

audit-what-signed-in = Signed in
audit-what-signed-out = Signed out
audit-what-code-failed = Typed a wrong code
audit-what-password-failed = Typed a wrong password
audit-what-password-failed-for = Typed a wrong password for the account of { $about }
audit-what-stepped-up = Confirmed with a fresh code
audit-what-account-made = An account was made: { $about }
audit-what-account-changed = An account was changed: { $about }
audit-what-factor-changed = What an account signs in with was changed: { $about }
audit-what-recovery = Came back with a recovery code
audit-what-factor-suspected = A passkey that may be a copy was turned down: { $about }
audit-what-sessions-ended = Sign-ins were ended: { $about }
audit-what-account-closed = An account that nobody used was closed: { $about }
audit-what-invited = Made a code for { $about }
audit-what-invitation-used = A code was used: { $about }
audit-what-invitation-withdrawn = A code was taken back
audit-what-notice-read = Read the privacy notice
audit-what-places = Places of work were recorded: { $about }
audit-what-proposed-role = Asked for a second administrator: the role “{ $role }” for { $about }
audit-what-proposed-code = Asked for a second administrator: a new code for { $about }
audit-what-refused = Said no to a change, or took it back: { $about }
audit-what-approved = Agreed to a change: { $about }
audit-what-role-given = Gave { $about } the role “{ $role }” at { $place }
audit-what-roles-ended = Ended roles of { $about }: { $roles }
audit-what-role-taken = Works in the role “{ $role }” now
audit-what-reviewed = Signed the review of access. Kept: { $kept }. Lost: { $removed }.
audit-what-organization-added = Recorded the organization { $place }
audit-what-organization-changed = Changed what is kept of { $place }: { $what }
audit-what-organization-put = What is kept of { $place } was changed
audit-what-program-on = Said that { $place } is a Part 2 program
audit-what-program-off = Said that { $place } is no Part 2 program any more
audit-what-denied = Asked for what they may not see, and was turned down
audit-what-emergency = Asked for emergency access. No record was opened
audit-what-not-assigned = Wanted to give a care relationship. No record was found
audit-what-sharing-not-found = Wanted to write down that sharing ends. No record was found
audit-what-imported = A file was taken in
audit-what-read = Looked at this ledger
audit-what-checked-sound = Had this ledger checked: nothing was changed
audit-what-checked-fault = Had this ledger checked: something is wrong
audit-what-checked-long = Had this ledger checked: it took too long
audit-what-taken = { $entries ->
        [one] Took a copy of one entry of this ledger
       *[other] Took a copy of { $entries } entries of this ledger
    }
audit-what-key = A new key locks all other keys
audit-what-key-dropped = The old key was taken out of use
audit-what-keys = Everything was locked again with new keys
audit-what-shredded = A record was destroyed for good
audit-what-backup = A backup was made
audit-what-restored = All of this was put back from a backup. What came after the backup is gone
audit-what-other = Something else

audit-changed-name = name
audit-changed-kind = what it is
audit-changed-npi = NPI
audit-changed-class = what it is as a recipient
audit-changed-program = Part 2 program

step-up-house-ledger = Take a copy of the ledger of this website
