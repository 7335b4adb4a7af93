# The signed document of an agreement, and its versions.

consent-change = Change this agreement
consent-change-hint = You make a new one from its answers. This one stays in force until you sign the new one.
consent-changes = What changed
consent-changes-lead = This agreement took the place of an earlier one.
consent-changes-earlier = See the earlier one
consent-changes-caption = What reads in another way than before
consent-changes-what = About
consent-changes-before = Before
consent-changes-now = Now
consent-changes-nothing = Nothing
consent-changes-none = Every answer is the same as before.
consent-kept = The signed paper
consent-kept-lead = This is what you signed, word for word. This website put its own seal on it, so that anyone can check that no one changed it.
consent-kept-by-signer = The person who signed this can save the signed paper. You see here what it says. If you need the paper and they can't save it, ask the office of the care program.
consent-kept-pdf = Save as PDF
consent-kept-json = Save the sealed file
consent-kept-check = To check a saved file: run "confide consent verify" and the name of the file. It must show this seal:

document-consent-title = Consent to share health records
document-consent-footer = A signed consent. Page { "{page}" } of { "{pages}" }
document-consent-signature = Signature
document-consent-signed-by = Signed by
document-consent-signed-at = Signed on
document-consent-confirmed-at = Confirmed with a second step on
document-consent-version = Version
document-consent-checking = How to check this paper
document-consent-check = The server signed this consent (Ed25519). The signed form is a file inside this PDF. Run "confide consent verify" with this PDF: it checks the signature and shows the words that were signed. It must show this fingerprint of the key: { $fingerprint }
document-consent-attached = The consent and its words as they were signed, with the signature of the server
