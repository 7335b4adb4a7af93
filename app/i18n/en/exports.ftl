# A copy of the record to take away.

exports-title = Downloads
exports-heading = Download a copy of my records
exports-lead = Pick what you want in your copy. You will be asked for a code before you get it.
exports-days = Days
exports-from = From this day on
exports-until = Until this day
exports-days-hint = Leave both days empty to get all days.
exports-topics = Topics
exports-topics-hint = Pick none to get everything.
exports-format = Kind of file
exports-format-pdf = PDF
exports-format-pdf-hint = To read and to print.
exports-format-fhir = File for other health apps (FHIR)
exports-format-fhir-hint = Holds everything we keep, with its privacy labels. Hard to read for people.
exports-go-on = Go on
exports-segment-wrong = Pick topics from the list
exports-format-missing = Pick a kind of file
exports-past = What you downloaded before
exports-past-none = You have not downloaded anything lately.

exports-ready-title = Your copy is ready
exports-ready-heading = Your copy is ready
exports-ready-lead = It holds:
exports-days-all = All days
exports-days-from = From { $from } on
exports-days-until = Until { $until }
exports-days-between = From { $from } to { $until }
exports-topics-all = Everything
exports-ready-advice = The file is not locked. Anyone who can open your phone or computer can read it. Don't keep it on a shared computer.
exports-download = Download
exports-other = Pick something else
