# Joining: from a code on paper to an account.

join-title = Join
join-heading = Join with your code
join-lead = Your clinic gave you a code on paper. Type it here. Then you choose how you sign in.
join-code = Code
join-code-hint = 16 letters and numbers. Small or capital letters, with or without lines between, all work.
join-code-missing = Type the code from your paper
join-code-slip = This is not the whole code, or one letter is wrong. Look at your paper and type it again.
join-birth = Your birth date
join-birth-hint = If you work at the clinic and got a staff code, leave this empty.
join-birth-unreadable = Type your birth date like this: 06/30/1984
join-refused = This code and this birth date don't open anything. Check both. If you tried many times, wait a little first. A code works one time, and not after the date on your paper. The office of your clinic can give you a new one.
join-go-on = Go on
join-back = Back
join-no-code-heading = You have no code?
join-no-code = Ask the office of your clinic. They give it to you on paper, so that nobody else can join in your name.
join-have-account = I have an account: sign in

join-step-email = E-mail
join-step-password = Password
join-step-second = Second step
join-step-codes = Recovery codes
join-step-notice = Privacy notice

join-email-title = Your e-mail
join-email-heading = Which e-mail do you want to sign in with?
join-email-lead = You will type it each time you sign in. It should be one that only you read.
join-email = E-mail
join-email-missing = Type your e-mail
join-email-unreadable = Type a whole e-mail, like name@example.com
join-email-shared-heading = What if someone uses this e-mail here already?
join-email-shared = Then it still works for you. People in a family may share an e-mail. Each has an account of their own, with their own password. You can't see theirs, and they can't see yours. We may write to them that their e-mail was used again.

join-password-title = Choose a password
join-password-heading = Choose a password
join-password-taken = You have chosen one already. You can go on, or type another.
join-password-none-heading = No password?
join-password-none = You can sign in with a passkey alone. You use your fingerprint, your face, or the code that unlocks your phone or computer.
join-password-none-do = Use a passkey, no password

password-new = New password
password-again = The same password again
password-hint = Use { $least } or more letters, numbers or signs. Three or four words that don't belong together are easy to keep in mind and hard to guess. You may paste it.
password-missing = Type a password
password-differs = Type the same password in both places
password-short = Make it longer: { $least } or more letters, numbers or signs
password-long = Make it shorter: no more than { $most } letters, numbers and signs
password-common = Many people use this one, so it is tried first. Add two more words that don't belong to it.
password-about-you = This is made of your name, your e-mail, or words of this site. Choose words that nobody would think of.
password-sequence = Keys or letters in a row are easy to guess. Use a few words instead.
password-repeats = The same again and again is easy to guess. Use a few words instead.
password-date = A date is easy to guess. Use a few words instead.
password-word = One word or name is easy to guess. Add two more words that don't belong to it.
password-guessable = This one is too easy to guess. Add two more words that don't belong to it.

join-second-title = Second step
join-second-heading = Your second step
join-second-lead = A password can be stolen. So each time you sign in, we ask for a second thing that only you have.
join-second-lead-passkey = A passkey is your way in, so you make one now.
join-second-which = Which do you want to use?
join-second-app = An app on my phone that shows codes
join-second-app-hint = It works on every phone and computer. You type 6 digits each time.
join-second-passkey = A passkey
join-second-passkey-hint = Your fingerprint, your face, or the code that unlocks your phone or computer. Nobody can trick you into giving it away.
join-second-missing = Choose one of these
join-second-script = Passkeys need JavaScript. It is turned off in your browser, so choose the app.
join-second-ready-app = Your app is set up.
join-second-ready-passkey = Your passkey is made.
join-second-ready-both = Your app and your passkey are set up.
join-second-enough = Go on without another
join-second-other = Choose another way

join-app-title = Set up your app
join-app-heading = Set up your app
app-install = Get an authenticator app on your phone, if you have none. Most of them are free.
app-scan = In the app, add an account. Point the camera at the picture below.
app-type = The app now shows 6 digits. Type them here.
app-secret = No camera? Type this key into the app instead:
app-code = Code from your app
app-code-hint = The 6 digits it shows now.
app-confirm = Go on
qr-code-label = The picture for your app. The key below says the same.

codes-title = Recovery codes
codes-heading = Keep your recovery codes
codes-lead = If you lose your phone or your passkey, one of these codes lets you in.
codes-once = Each code works one time.
codes-write = Write them down or print this page. We can't show them again.
codes-secret = Keep them where nobody else looks. Don't keep them in the phone that they stand in for.
codes-kept-legend = Are they in a safe place?
codes-kept = I have kept them
codes-kept-missing = Write the codes down first, then tick "I have kept them"
codes-are-kept = You have kept your codes.

join-notice-title = Privacy notice
join-notice-heading = Please read the privacy notice
join-notice-lead = It says how your health information may be used, and what your rights are.
join-notice-copy = You can read it again at any time: there is a link at the foot of each page.
join-notice-read = I have read it: open my account

join-over-title = Start again
join-over-heading = Please start again
join-over-lead = It took too long, or this code was used already. What you typed was not kept.
join-over-code = If you have not finished yet, your code still works. Start again with the same one.
join-over-again = Type the code
join-over-recover = Did you come with a recovery code? Each works one time, so take the next one on your list.

demo-invitation-heading = Demo: a code to join with
demo-invitation-lead = This made-up person has no account yet. Type the code and the birth date above. The code works one time. To try it again, start the demo over with --fresh.
