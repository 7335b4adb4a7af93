# Signing in, signing out, confirming.

sign-in-title = Sign in
sign-in-heading = Sign in
sign-in-name = E-mail
sign-in-password = Password
sign-in-go-on = Go on
sign-in-name-missing = Type your e-mail
sign-in-password-missing = Type your password
sign-in-refused = We couldn't sign you in. Check your e-mail and your password.
sign-in-ways = If it still doesn't work, here is what you can do:
sign-in-way-wait = Wait 15 minutes, then try again. After many tries we make everyone wait.
sign-in-way-device = Use a phone or computer that you signed in on before. Others can't make you wait there.
sign-in-way-passkey = Use your passkey, if you have one. It works at any time.
sign-in-way-recovery = Use one of your recovery codes.
sign-in-way-staff = Or call the office. They can help you set up your sign-in again.
sign-in-recover = I lost my phone or my passkey
sign-in-join = I have a code from my clinic and want to join
sign-in-trouble = Trouble signing in?
sign-in-help = Get help

verify-title = Enter your code
verify-heading = Enter your code
verify-code = Code
verify-hint = Open your authenticator app. Type the 6 digits it shows now. Each code works one time.
verify-go-on = Sign in
verify-recover = I don't have my app
verify-back = Start again
verify-refused = That code didn't work. Wait for the next code in your app, then type it here.

signed-out-title = Signed out
signed-out-heading = You are signed out
signed-out-lead = Nobody can use this page to see your record now.
signed-out-advice = On a shared computer, close the browser too.
signed-out-again = Sign in again

step-up-title = Confirm it is you
step-up-heading = Confirm it is you
step-up-lead = You are about to do this:
step-up-again = Before this goes on, type a code from your authenticator app. This keeps others from doing it in your place.
step-up-code = Code
step-up-hint = Type the 6 digits your app shows now. Each code works one time.
step-up-confirm = Confirm
step-up-leave = Don't do it
step-up-sign = Sign an agreement to share your records
step-up-revoke = Stop sharing: end an agreement that you signed
step-up-export = Download a copy of your records
step-up-export-pdf = Download a copy of your records as a PDF
step-up-export-fhir = Download a copy of your records as a file for other health apps
step-up-clinician-export = Download what you may see of a patient's record
step-up-lower-labels = Take a label off a record item
step-up-counseling-note = Open a counseling note
step-up-nothing-title = Nothing to confirm
step-up-nothing-heading = Nothing to confirm
step-up-nothing = There is nothing here that waits for you. It may be done already, or the time for it may be over.
step-up-nothing-home = Go to the first page

demo-people-heading = People to sign in as
demo-people-lead = This is a demo. Pick a person and type their e-mail and password above. You will find the code on the next page.
demo-sign-in = E-mail
demo-password = Password
demo-person = Person
demo-code = Code now
demo-codes-heading = Demo: the code of each person
demo-codes-advice = In real use, the code is only in the person's own app. A code works one time and changes every 30 seconds.
demo-codes-again = Show new codes
