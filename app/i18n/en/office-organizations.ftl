# What administrators and privacy officers read about organizations.

office-organizations = Organizations
office-organizations-lead = Programs, hospitals, practices and others: what they are, and who works there.

organizations-title = Organizations
organizations-heading = Organizations
organizations-lead = Everybody whose records are here, who works here, or who can be shared with.
organizations-empty = There is no organization yet.
organizations-caption = Organizations by name
organizations-column-name = Name
organizations-column-kind = What it is
organizations-column-program = Part 2 program
organizations-column-npi = NPI
organizations-none = Not told
organizations-back = Back to the organizations
organizations-new = Record an organization
organizations-saved = This is saved.

organization-title = An organization
organization-new-title = Record an organization
organization-new-heading = Record an organization
organization-new-lead = Look first whether it is on the list already. Whether it is a Part 2 program is said afterwards, on its own page.
organization-new-do = Record it
organization-name = Name
organization-kind = What it is
organization-kind-file = As a file said: { $words }
organization-kind-pick = Pick one
organization-npi = National Provider Identifier (NPI)
organization-npi-hint = Ten digits. Leave it empty if there is none.
organization-class = What it is as a recipient
organization-class-hint = What the law lets it do further with what it gets on a consent (42 CFR 2.33(b)).
organization-class-none = Nobody has said
organization-class-covered-entity = A covered entity or business associate under HIPAA
organization-class-part2-program = A Part 2 program that is neither of these
organization-class-other = Another lawful holder
organization-facts-heading = What is kept of it
organization-facts-save = Save
organization-facts-files = What you save here stays when files are imported. No file writes over it.

organization-kind-treatment-program = Substance use treatment program
organization-kind-hospital = Hospital
organization-kind-practice = Practice or clinic
organization-kind-laboratory = Laboratory
organization-kind-pharmacy = Pharmacy
organization-kind-health-plan = Health plan
organization-kind-intermediary = Intermediary, such as a health information exchange
organization-kind-court = Court or probation
organization-kind-research = Research
organization-kind-other = Other

organization-cant-name = Type a name of at most 200 characters.
organization-cant-kind = Pick what it is.
organization-cant-class = Pick what it is as a recipient.
organization-cant-npi-form = An NPI has ten digits.
organization-cant-npi-check = This is no NPI: a digit is wrong, or two changed places. Look at it again.
organization-cant-npi-taken = Another organization has this NPI.

organization-program = Part 2 program
organization-program-yes = Yes: a Part 2 program (42 CFR 2.11)
organization-program-no = No
organization-program-heading = Part 2 program
organization-program-on-lead = A Part 2 program holds itself out as giving substance use disorder care, and gets federal help (42 CFR 2.11). When you say that this is one:
organization-program-on-later = What is imported from it from then on gets the label of Part 2.
organization-program-on-here = What is here already does not get the label at once. It gets it when a file with the same patient is imported again.
organization-program-on-staff = People who work there and care for a patient may see the patient's labelled records from there.
organization-program-on-decide = Every page that is open now is decided anew.
organization-program-off-lead = When you say that this is no Part 2 program any more:
organization-program-off-later = What is imported from it from then on does not get the label of Part 2 because it comes from there.
organization-program-off-here = What is here keeps its labels until a file with the same patient is imported again. Then it is labelled by what is known at that time, and the label can go.
organization-program-off-staff = People who work there no longer see labelled records because they work there. Consents stay in force.
organization-program-off-config = If the settings of the server name it as a program, the next import makes it one again.
organization-program-code = You will be asked for a code first.
organization-program-set = It is a Part 2 program
organization-program-unset = It is no Part 2 program
organization-program-confirmed = Press the button once more.

organization-people-heading = Who works there
organization-people-none = Nobody works there now.
organization-people-caption = Who works there, by name
organization-people-role = Role
organization-people-from = From
organization-people-until = Until
organization-people-open = No end
organization-people-began = Not told

step-up-program-on = Say that an organization is a Part 2 program
step-up-program-off = Say that an organization is no Part 2 program any more
