# The sharing grid beyond its columns, and what needs the patient below it.

grid-emergency = Open in an emergency
grid-because-care = They care for you
grid-because-emergency = Emergency
grid-because-helper = They act for you
grid-until-care = As long as they care for you
grid-until-emergency = Emergency until { $at }
grid-until-helper = As long as they may act for you
grid-cell = { $state }: { $what }
grid-words-heading = What is open in part
grid-words-rest = Everything but everyday health: { $what }
grid-words-row = All of this: { $what }
grid-words-cell = { $segment }: { $what }

grid-only = only { $what }
grid-without = but not { $what }
grid-own-program = what their own program wrote
grid-for-care = open because they care for you
grid-kept = kept closed, as you asked
grid-kept-some = but not { $what }, as you asked
grid-kept-from-some = but not for all of them, as you asked
grid-kept-some-from-some = but { $what } not for all of them, as you asked
grid-kept-items =
    { $count ->
        [one] but not { $count } item, as you asked
       *[other] but not { $count } items, as you asked
    }
grid-kept-items-from-some =
    { $count ->
        [one] but { $count } item not for all of them, as you asked
       *[other] but { $count } items not for all of them, as you asked
    }
grid-kept-bills =
    { $count ->
        [one] but not { $count } bill for what you keep back
       *[other] but not { $count } bills for what you keep back
    }
grid-kept-bills-from-some =
    { $count ->
        [one] but { $count } bill for what you keep back not for all of them
       *[other] but { $count } bills for what you keep back not for all of them
    }
grid-dates-from = only from { $from } on
grid-dates-until = only up to { $until }
grid-dates-between = only from { $from } to { $until }
grid-existing = only what was there on { $day }
grid-places =
    { $count ->
        [one] only from { $count } place
       *[other] only from { $count } places
    }
grid-items-out =
    { $count ->
        [one] but not { $count } single item
       *[other] but not { $count } single items
    }
grid-items-in =
    { $count ->
        [one] { $count } single item
       *[other] { $count } single items
    }
grid-notes-alone = only the counseling notes
grid-not-own-services = but not care that you agreed to on your own

attention-heading = Needs your attention
attention-ends = What you share with { $who } ends soon: { $until }.
attention-ends-do = See it, or share for longer
attention-on-hold = On { $at }, you told the staff to stop sharing with { $who }. Nothing is open now. It is on hold until you end it.
attention-on-hold-do = End it for good
attention-care-ended = { $who } stopped caring for you on { $day }. Your agreement still lets them see your record.
attention-care-ended-do = Look at the agreement
attention-left = { $who } left { $place } on { $day }. Your agreement is with them, so they can still see your record.
attention-left-do = Look at the agreement
attention-new-care = { $who } began to care for you on { $day }. They can see your everyday health items.
attention-new-care-do = See what they see

uses-title = Who used an agreement
uses-heading = Who used what you share with { $to }
uses-back = Back to the agreement
uses-by-caption = How often each of them used it
uses-by-count = How often
uses-by-last = Last time
uses-all = See every use
uses-list-heading = Every use
uses-file = Save the list as a file
uses-file-hint = The file opens in programs for tables. It names people, so keep it in a safe place. You can also print this page.
uses-count =
    { $count ->
        [one] { $count } time
       *[other] { $count } times
    }
