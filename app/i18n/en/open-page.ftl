# What takes the place of a page that was open when somebody lost the right to see it.

page-closed-title = Page closed
page-closed-heading = This page was closed
page-closed-lead = It was closed because what you may see has changed.
page-closed-again = Open it again
