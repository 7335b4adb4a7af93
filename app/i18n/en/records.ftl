# My record: the list, and one item.

records-title = My records
records-heading = My records
records-lead = Private items are hidden, so that nobody next to you sees them by chance. Press "Show" to see one.
records-shown-heading = Hidden items are shown now
records-shown = They hide again when you leave this page.
records-hide-all = Hide everything now
records-count = { $count ->
        [one] { $count } item, newest first
       *[other] { $count } items, newest first
    }
records-found = { $count ->
        [one] { $count } item found
       *[other] { $count } items found
    }
records-none = There is nothing in your record yet.
records-none-found = Nothing fits what you picked. Pick something else, or show everything again.
records-part-hidden = Part of this is hidden: { $labels }
records-show-part-of = Show all of this: { $item }
records-item-of = { $kind }, { $date }
records-show-by-topic = Show hidden items by topic
records-show-once = What you pick is shown one time. It hides again when you leave the page.
records-show-segment = Show everything about: { $label }

records-filter = Pick what to see
records-filter-all = All
records-filter-kind = Kind of item
records-filter-segment = Topic
records-filter-from = From this day on
records-filter-until = Until this day
records-filter-go = Show these
records-filter-clear = Show everything again
records-filter-kind-wrong = Pick a kind of item from the list
records-filter-segment-wrong = Pick a topic from the list
date-wrong = Type a day, like 2026-06-03
date-before = The last day must not be before the first day

record-title = A record item
record-heading = A record item
record-back = All my records
record-kind = Kind
record-date = Date
record-from = Came from
record-why-means = Items with a label like this are hidden on the screen at first. Other people see them only if you agree, or if the law says so.
