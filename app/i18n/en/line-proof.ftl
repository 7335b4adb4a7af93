# "Prove this line" on the page that says who looked.
line-proof-column = Proof
line-proof-button = Prove this line
# Read aloud: { $line } is who and what, such as "Dr. Amara Okafor: Looked at 12 items".
line-proof-button-label = Prove this line. { $line }
line-proof-lead = "Prove this line" gives you a small file. With it, anyone can check that the line was here, and that nothing was changed or taken away since. The file has nothing about your health in it.
history-proof-taken = Took a file that proves a line of this list
history-ledger-copied = Copied this list for a review
# In the house's own list, for staff.
audit-what-exported = Copied entries out of the ledger, on the command line
