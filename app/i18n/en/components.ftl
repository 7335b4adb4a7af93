# Words that components bring along.

masked-hidden = Hidden: { $labels }
masked-show = Show
masked-show-what = Show this: { $kind }, { $date }
masked-hide = Hide again
card-why = Why is this labelled?
card-details = Details
date-none = No date

list-two = { $first } and { $second }
list-more = { $first }, { $second }
list-last = { $first }, and { $second }

errors-heading =
    { $count ->
        [one] There is a problem
       *[other] There are { $count } problems
    }
error-prefix = Error:
field-optional = { $label } (if you like)

pagination-label = Pages
pagination-previous = Previous page
pagination-next = Next page
pagination-position = Page { $page } of { $pages }

steps-label = Steps
steps-position = Step { $step } of { $steps }
steps-done = Done:
steps-now = You are here:

banner-info = Note
banner-success = Done
banner-warning = Please note
banner-danger = Important

see-all = { $who } can see { $what }.
see-until = { $who } can see { $what } until { $until }.
see-nobody = Nobody else can see your record here.
