# The errors a person sees. The first one is the same for a page that is missing, one that is
# not shared, and one that is somebody else's: it must not tell which.

problem-missing-heading = We can't show this page
problem-missing-advice = The address may be wrong, or the page may not be there for you. Check the address, or start again from the first page.

problem-unreadable-heading = We couldn't read that form
problem-unreadable-advice = Nothing was saved. Go back, load the page again, and fill in the form once more.

problem-large-heading = That was too much at once
problem-large-advice = Nothing was saved. Go back and send less text or a smaller file.

problem-refused-heading = We couldn't accept that
problem-refused-advice = Nothing was changed. The page may have been open for too long. Go back, load the page again, and try once more.

problem-many-heading = Please wait a little
problem-many-advice = There were too many tries in a short time. Wait a few minutes, then try again.

problem-unavailable-heading = This is not possible right now
problem-unavailable-advice = Nothing was shown and nothing was changed. Please try again in a few minutes.

problem-fault-heading = Something went wrong on our side
problem-fault-advice = It was not your fault. Please try again in a few minutes. If you were saving something, check that it is there.

problem-way-on = Go to the first page
