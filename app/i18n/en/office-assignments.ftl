# What administrators and privacy officers read about care relationships that were assigned.

office-assignments = Care relationships
office-assignments-lead = Who was given a care relationship with a patient by an administrator, for how long, and why.

assignments-title = Care relationships
assignments-heading = Care relationships
assignments-lead = Most care relationships come with the records: visits, care teams, referrals. Those on this list were given by an administrator. Patients are not named here. The letters only tell one patient from another.
assignments-empty = No care relationship was given by an administrator.
assignments-caption = Given by an administrator, the newest first
assignments-column-who = With whom
assignments-column-patient = Patient
assignments-column-kind = What for
assignments-column-until = Last day
assignments-column-state = State
assignments-in-force = In force
assignments-over = Over
assignments-ended = Ended
assignments-new = Give a care relationship
assignments-back = Back to the care relationships

assignment-title = A care relationship
assignment-heading = A care relationship
assignment-from = From
assignment-until = Last day
assignment-reason = Why
assignment-by = Given by
assignment-at = Given on
assignment-ended-by = Ended by
assignment-end = End it now
assignment-end-lead = It ends at once. What was seen on it stays written down.

assignment-new-title = Give a care relationship
assignment-new-heading = Give a care relationship
assignment-new-lead = Only where somebody needs a record for their work, and no visit, care team or referral says so. The patient can read who got it, from whom, and until when.
assignment-new-opens = It opens everyday health records for care. In a Part 2 program it opens the program's own records too. Everything else needs the patient's consent.
assignment-new-patient = The patient
assignment-new-name = Full name of the patient
assignment-new-name-hint = All names, as in the record.
assignment-new-birth = Date of birth
assignment-new-party = With whom
assignment-new-party-hint = With an organization, it holds for everybody who cares for patients there.
assignment-new-pick = Pick one
assignment-new-kind = What for
assignment-new-until = Last day
assignment-new-until-hint = At most one year from now.
assignment-new-reason = Why
assignment-new-reason-hint = 10 to 500 letters. Write nothing about the patient's health.
assignment-new-code = You will be asked for a code first.
assignment-new-do = Give it
assignment-new-confirmed = Press the button once more.

assignment-kind-treating = Treats the patient
assignment-kind-coordinating = Coordinates the patient's care
assignment-kind-payer = Pays for the patient's care
assignment-kind-operations = Helps to run the program

assignment-cant-name = Type the patient's full name.
assignment-cant-birth = Type the patient's date of birth.
assignment-cant-party = Pick with whom.
assignment-cant-own = You can't give this to yourself, or to where you look at records. Somebody else has to.
assignment-cant-kind = Pick what for.
assignment-cant-care = This person does not care for patients in their role. Pick something else.
assignment-cant-until = Pick a last day: today or later, and at most one year from now.
assignment-cant-reason = Write why, in 10 to 500 letters.
assignment-cant-record = Nothing was given. There is no record of this name and date of birth, or there is more than one.
assignment-cant-wait = There were too many tries. Wait until { $time }.

step-up-assign = Give somebody a care relationship with a patient
