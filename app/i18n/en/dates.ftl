# Dates as people say them. Numbers of days and years come as text.

date-month-name =
    { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }
date-day = { $month } { $day }, { $year }
date-month = { $month } { $year }
date-moment = { $day } at { $hour }:{ $minute } { $half }
date-half-am = a.m.
date-half-pm = p.m.
date-today = Today
date-yesterday = Yesterday
date-time = { $hour }:{ $minute } { $half }
# The time ends in "a.m." or "p.m.", whose last point ends the sentence too.
date-as-of = This page was true at { $time }
