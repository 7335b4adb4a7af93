# What administrators and privacy officers read about the staff: people, roles, reviews of access.

role-patient = Patient
role-proxy = Acts for a patient
role-sud-clinician = Clinician of a substance use program
role-clinician = Clinician
role-care-coordinator = Care coordinator
role-billing = Billing
role-support = Support
role-privacy-officer = Privacy officer
role-administrator = Administrator

office-people = People
office-people-lead = Who works here, in which roles. Invite somebody, give a role, or end one.
office-access-review = Review of access
office-access-review-lead = Every quarter: who keeps access, and who does not need it any more.
office-access-review-overdue = This review is overdue.
office-support-lead = There is nothing here for your role yet. You can look after your own account.

people-title = People
people-heading = People
people-lead = Everybody who works here. Nobody on this list sees a record by being on it: what they see depends on care and on what patients allow.
people-back = Back to the people
people-empty = Nobody works here yet.
people-caption = The staff by name
people-column-name = Name
people-column-roles = Roles
people-column-state = Account
people-column-used = Last used
people-place = { $role }, { $place }
people-never-used = Never
people-state-active = Active
people-state-invited = Invited. The code works until { $until }.
people-state-over = Invited. The code is over.
people-state-anew = Waits to be set up again
people-state-dormant = Not used for 90 days: closed
people-state-closed = Closed
people-state-none = No account
people-done = This is done.
people-waiting = This waits for a second administrator.

people-invite = Invite somebody
people-invite-title = Invite somebody
people-invite-heading = Invite somebody
people-invite-lead = You get a code on a page to print. Hand it over yourself. They choose their own password or passkey.
people-invite-do = Invite
people-name = Name
people-role = Role
people-role-hint = Give no more than the work needs.
people-organization = Where
people-pick = Pick one
people-from = First day
people-from-hint = Leave it empty for today. Who joins before that day can sign in from that day on.
people-until = Last day
people-until-hint = Leave it empty if there is no end. After that day the role ends by itself.
people-place-until = { $place }, until { $until }
people-place-from = { $place }, from { $from }
people-place-from-until = { $place }, from { $from } until { $until }
people-npi = NPI
people-cant-from = Type a first day of today or later.
people-cant-until = Type a last day that is not over, and not before the first day.
people-second = Privacy officers and administrators have to be agreed to by a second administrator. If there is only one of you, the command “confide user add” on the server is the way.
people-confirmed = Press the button once more.

people-one-title = A person
people-no-role = No role.
people-end = End this role
people-end-label = End this role: { $place }
people-give-heading = Give a role
people-give = Give this role
people-code-new-heading = A new code
people-code-new-lead = For somebody who has no account yet and whose code got lost or is over. The old code stops working.
people-code-new = Make a new code
people-recover-heading = Help them back in
people-recover-lead = For somebody who lost every way to sign in, or who was away for long. You record how you made sure who they are. After a day or three you can make a code for them.
people-recover = Open a case

people-waits-heading = Waits for a second administrator
people-waits-one = This waits for a second administrator
people-waits-what = What
people-waits-by = Asked for by
people-waits-at = Asked for on
people-waits-role = The role “{ $role }” at { $place }
people-waits-code = A new code to sign in with
people-agree = Agree
people-refuse = Say no
people-withdraw = Take it back

people-cant-name = Type a name of at most 200 characters.
people-cant-organization = Pick where they work.
people-cant-role = Pick a role.
people-cant-yourself = This is you. Somebody else has to change your roles.
people-cant-same = You asked for this. A second administrator has to agree.
people-cant-held = They have this already, or somebody asked for it already.
people-cant-gone = This is not there any more. Look at the page again. Nothing was changed.

people-cant-account = They have an account already. To help them back in, open a case.

people-code-title = A code to hand over
people-code-heading = A code to hand over
people-code-lead = Print this page now. The code is not kept and is not shown again.
people-code-for = For
people-code-until = Works until
people-code-where = To be typed at
people-code-once = It works one time.
people-code-hand = Hand it over yourself, to nobody else.
people-code-alone = Whoever has it can make the account. If it gets lost, make a new one.
people-code-gone = The code was shown already. If it got lost, make a new one.

access-title = Review of access
access-heading = Review of access
access-quarter = Quarter { $number } of { $year }
access-due = Due on { $due }.
access-overdue = This review was due on { $due }.
access-last = Signed last by { $by } on { $at }.
access-lead = Say of each whether they still need what they have. Who loses it is signed out at once.
access-myself = You are on the list too. Somebody else has to say it of you.
access-empty = There is nobody left to look at in this quarter.
access-facts = Account: { $state }. Last used: { $used }.
access-keep = Keeps it
access-remove = Loses it
access-sign-lead = You will be asked for a code first.
access-sign = Sign the review
access-unanswered = Say it of everybody on the list.
access-changed = The list is another by now. Look at it again. Nothing was changed.
access-confirmed = Press the button once more to sign.

step-up-staff-invite = Invite { $name }, in the role “{ $role }”
step-up-staff-give = Give somebody the role “{ $role }”
step-up-staff-end = End somebody's role “{ $role }”
step-up-staff-code = Make a new code for somebody who has no account yet
step-up-staff-agree = Agree to what another administrator asked for
step-up-access-review = Sign the review of access. { $keep ->
        [one] One person keeps
       *[other] { $keep } people keep
    } what they have, { $remove ->
        [0] nobody loses it
        [one] one person loses it
       *[other] { $remove } people lose it
    }

account-role-title = My role
account-role-heading = In which role do you work now?
account-role-lead = You have more than one role. You work in one at a time.
account-role-legend = Role
account-role-take = Work in this role
account-role-back = Back to your account
account-role-link = Work in another role
