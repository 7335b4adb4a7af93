# Making an agreement: the kinds beyond the plain one.

# Who
sharing-kind-legend = What do you want to share?
sharing-kind-records = My records
sharing-kind-records-hint = You choose which ones in a later step.
sharing-kind-notes = My counseling notes
sharing-kind-notes-hint = Notes about what you said in counseling are kept apart from your records. They need an agreement of their own.
sharing-who-picked = You share with
sharing-who-remove = Take out
sharing-who-about = this one: { $name }
sharing-who-add = Add and stay on this page
sharing-who-classes = A whole group
sharing-who-treating = Everyone who treats me
sharing-who-treating-hint = Those who treat you now and later, as long as they do.
sharing-who-named-legend = Somebody who has no account here
sharing-who-named = Their full name, or the name of their office
sharing-who-named-hint = Such as your sister, your lawyer, or a court. They can't see anything online with this. You get a paper that you can hand over.
sharing-who-named-long = Type a name of at most 200 letters.
sharing-who-through-legend = Through a go-between
sharing-who-through-hint = A go-between, such as a health information exchange, gets your records and passes them on. The law calls it an intermediary.
sharing-who-through-do = Choose a go-between
sharing-who-class-alone = The law's whole group needs an agreement of its own. Take the other names out, or take the group out.
sharing-who-class-notes = Counseling notes can't be shared with the law's whole group. Pick people or places by name.

# Through a go-between
sharing-through-heading = Share through a go-between
sharing-through-lead = Pick the go-between. Then say who may get your records from it. Without that, the law does not let you sign.
sharing-through-legend = The go-between
sharing-through-whom = Who may get your records from it?
sharing-through-treating = Everyone who takes part in it and treats me
sharing-through-named = Only those I pick below
sharing-through-participants = Who takes part
sharing-through-missing = Pick the go-between.
sharing-through-whom-missing = Choose who may get your records from it.
sharing-through-nobody = Pick at least one person or place that may get your records from it.
sharing-through-do = Save and go back

# Why
sharing-why-fundraising-hint = To ask you or others for gifts of money. You can say no to such messages at any time.
sharing-why-family-hint = So that a relative, a friend, or a helper can stand by you.
sharing-why-legal-hint = To use in a court case or another legal process. It needs an agreement of its own: pick no other reason with it.
sharing-why-criminal-justice = A court or probation program that sent me to care
sharing-why-criminal-justice-hint = To tell a judge, probation, or parole how your care goes. It needs an agreement of its own: pick no other reason with it.
sharing-why-public-health-hint = To watch over the health of everyone, such as counting illnesses.
sharing-why-legal-alone = A legal case can't be combined with another reason. The law asks for an agreement of its own, so that no one is led to sign it along with something else. Pick the legal case alone, or leave it out.
sharing-why-criminal-justice-alone = A court or probation program can't be combined with another reason. The law asks for an agreement of its own. Pick it alone, or leave it out.
sharing-why-notes-legal = Counseling notes can't be shared for a legal case or with a court or probation program in this agreement. Pick another reason.

# What
sharing-what-everything = Pick everything
sharing-what-everything-hint = Then take out what you want to keep closed.
sharing-notes-heading = Which counseling notes do you want to share?
sharing-notes-legend = Kinds of notes
sharing-notes-hint = This agreement opens notes and nothing else. No one may make your care, your payment, or your plan depend on it.
sharing-notes-sud = Counseling notes of a substance use program
sharing-notes-psychotherapy = Notes of a psychotherapist
sharing-notes-psychotherapy-hint = You may not see these notes yourself. They are not among the items we count here.
sharing-notes-missing = Pick at least one kind of notes.
sharing-notes-about = What the notes may be about
sharing-notes-about-hint = A note opens only if you tick everything that it is about.
sharing-which-kinds-legend = Only some kinds of items?
sharing-which-kinds-all = No, items of all kinds
sharing-which-kinds-some = Yes, only the kinds I tick
sharing-kinds-legend = Kinds of items
sharing-kinds-missing = Tick at least one kind of item.
sharing-places-legend = Whose records?
sharing-places-do = Choose places
sharing-places-heading = Whose records do you want to share?
sharing-places-lead = Records come from the places that cared for you.
sharing-places-any = From every place, now and later
sharing-places-some = Only from the places I tick
sharing-places-list = Places
sharing-places-missing = Tick at least one place.
sharing-places-choose = Choose from every place, or only from some.
sharing-counts-heading = What this opens now
sharing-counts-do = Count what this opens
sharing-counts-none = Pick what you want to share. Then this tells you how many items it opens.
sharing-counts-first = Counted for { $to }: { $purpose }.

# How long
sharing-long-program-finished = Until I finish this program
sharing-long-provider-changed = Until I move to another provider
sharing-long-claim-paid = Until my claim is paid
sharing-long-case-closed = Until my case is closed
sharing-long-final-disposition = Until my case is finally decided
sharing-long-event-hint = It ends when staff record that this has happened, or when you stop it.
sharing-long-research-hint = It ends when staff record that the study is over, or when you stop it.
sharing-long-birthday = Until I turn 18
sharing-long-court = For a court or probation program, the law asks for an end. It can't go on after your case is finally decided.

# Review
sharing-as-heading = Whose view is this?
sharing-as-label = See it as
sharing-why-label = For this reason
sharing-review-paper-none = With this, no one can open anything online. Sign it, save it as PDF, and hand it over.
sharing-change-heading = What changes for them
sharing-change-opened =
    { $count ->
        [0] They see no new items.
        [one] They will see { $count } item that they can't see today.
       *[other] They will see { $count } items that they can't see today.
    }
sharing-change-more =
    { $count ->
        [one] Of { $count } item they will see more than today.
       *[other] Of { $count } items they will see more than today.
    }
sharing-change-less =
    { $count ->
        [one] Of { $count } item they will see less than today, or nothing.
       *[other] Of { $count } items they will see less than today, or nothing.
    }
sharing-opens-closed-kinds = What stays closed

# In words
sharing-row-kind = Kind of agreement
sharing-row-item-kinds = Kinds of items
sharing-kind-is-tpo = For treatment, payment, and health care operations
sharing-kind-is-notes = For counseling notes alone
sharing-kind-is-legal = For a legal case alone
sharing-kind-is-proxy = For a helper
sharing-kind-is-criminal-justice = For a court or probation program alone
sharing-paper = { $name } (on paper)
sharing-through-named-words = { $name }, and through it: { $participants }
sharing-through-treating-words = { $name }, and through it everyone who takes part and treats you
sharing-wording-from = Who may disclose: { $places }
sharing-wording-kinds = kinds of items: { $kinds }
sharing-wording-dates = dates of care: { $dates }
sharing-wording-notes = separated notes: { $notes }
consent-signed-paper-heading = Your paper is ready
consent-signed-paper = No one can open anything online with it. Save it as PDF below, and hand it to { $to }. You can revoke it at any time.
missing-criminal-justice = A court or probation program needs an agreement of its own.
