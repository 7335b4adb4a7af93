# A person's own account: what they sign in with, and where they are signed in.

navigation-account = Account

account-title = Your account
account-heading = Your account
account-name = Name
account-sign-in = E-mail
account-receipt-added = Your new passkey works now. Everywhere else, you were signed out.
account-receipt-removed = The passkey is gone. It can't be used to sign in any more. Everywhere else, you were signed out.
account-receipt-others = Everywhere else, you were signed out.

account-receipt-password = Your new password works now. Everywhere else, you were signed out.
account-receipt-app = Your app is set up. Codes from before don't work any more. Everywhere else, you were signed out.
account-receipt-app-removed = The app is gone. Its codes don't work any more. Everywhere else, you were signed out.
account-receipt-codes = Your new recovery codes work now. The old ones don't. Everywhere else, you were signed out.

account-passkeys-heading = Passkeys
account-passkeys-lead = With a passkey you sign in by your fingerprint, your face, or the code that unlocks your phone or computer. A passkey works only on this site. Nobody can trick you into giving it away.
account-passkeys-caption = Your passkeys
account-passkeys-none = You have no passkey yet.
account-passkey-label = Passkey
account-passkey-added = Added
account-passkey-used = Last used
account-passkey-never = Not yet
account-passkey-change = Change
account-passkey-remove = Remove
account-passkey-unnamed = Passkey without a name
account-passkey-only = You need this one to sign in
account-passkeys-add = Add a passkey
account-passkeys-full = You have as many passkeys as an account can have. To add another, remove one first.
account-passkeys-not-here = Passkeys don't work at this address.
account-passkeys-script = Passkeys need JavaScript. It is turned off in your browser, so you can't add one or sign in with one here. All else works without it.

account-app-heading = Authenticator app
account-app-set-up = Your app is set up. Its codes confirm that it is you.
account-app-missing = No app is set up.

account-app-replace = Set up another app
account-app-add = Set up an app
account-app-remove = Remove the app

account-codes-heading = Recovery codes
account-codes-renew = Get new recovery codes

account-password-heading = Password
account-password-set-up = You have a password.
account-password-missing = You have no password. You sign in with a passkey.

account-password-change = Change your password
account-password-add = Choose a password

account-confirm-first = Before that, we ask you to confirm that it is you.
account-confirm-go-on = Go on
account-others-end = After this, you will be signed out everywhere else.
account-leave = Leave it as it is

change-password-title = Your password
change-password-heading = Choose a new password
change-password-do = Save the new password

set-up-app-title = Authenticator app
set-up-app-heading = Set up an authenticator app
set-up-app-lead = An app you had before will give no working codes after this.

remove-app-title = Remove the app
remove-app-heading = Remove your authenticator app?
remove-app-lead = You will sign in with a passkey only. Your password alone doesn't sign you in.
remove-app-do = Remove the app
remove-app-last = You need this app to sign in. Add a passkey first. Then you can remove the app.

renew-codes-left =
    { $count ->
        [0] You have no recovery codes.
        [one] You have { $count } recovery code left.
       *[other] You have { $count } recovery codes left.
    }
renew-codes-lead = A recovery code lets you in when you lose your phone or your passkey. If you get new codes, the old ones stop working.
renew-codes-do = Show me new codes

account-devices-heading = Other devices
account-devices = Are you still signed in on another phone or computer? You can end that from here. You stay signed in on this one.
account-devices-end = Sign out everywhere else

add-passkey-title = Add a passkey
add-passkey-heading = Add a passkey
add-passkey-lead = Your browser will ask where to keep the passkey, and then for your fingerprint, your face, or your code.
add-passkey-label = A name for it
add-passkey-hint = So that you know later which one it is, such as "My phone".
add-passkey-shared = Don't add a passkey on a phone or computer that others can unlock.
add-passkey-others = After this, you will be signed out everywhere else.
add-passkey-do = Make the passkey
add-passkey-leave = Don't add one
add-passkey-refused = That passkey couldn't be added. Nothing was changed. Please try again.

remove-passkey-title = Remove a passkey
remove-passkey-heading = Remove this passkey?
remove-passkey-lead = You won't be able to sign in with it any more.
remove-passkey-device = Your phone, computer or password manager may still show it. You can delete it there too.
remove-passkey-others = After this, you will be signed out everywhere else.
remove-passkey-first = Before that, we ask you to confirm that it is you.
remove-passkey-confirmed-heading = Thank you
remove-passkey-confirmed = We know that it is you. Press the button once more to remove the passkey.
remove-passkey-do = Remove the passkey
remove-passkey-leave = Keep it
remove-passkey-last = You need this passkey to sign in. Add another passkey first. Then you can remove this one.

passkey-sign-in = Sign in with a passkey
passkey-confirm = Confirm with a passkey
passkey-or = Or use your passkey:
passkey-refused = That passkey didn't work. Please try again, or go on another way.
passkey-cancelled = Nothing happened: your browser or your device stopped it. You can try again.
passkey-known = This device has a passkey for your account already.
passkey-offline = We couldn't reach the portal. Check your connection and try again.
passkey-not-supported = Your browser can't use passkeys.

step-up-add-passkey = Add a passkey to your account
step-up-remove-passkey = Remove a passkey from your account
step-up-password = Change your password
step-up-app = Set up an authenticator app for your account
step-up-remove-app = Remove the authenticator app from your account
step-up-recovery-codes = Get new recovery codes
