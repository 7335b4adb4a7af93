# Letters by e-mail. Others may see them: no word of health, care, a clinic or a record here (LAW B6).

letter-subject = About your account
letter-greeting = Hello,
letter-new-device = Somebody signed in to your account from a new device.
letter-account-made = Your account was made.
letter-name-shared = Somebody else made an account with your e-mail address. Your own account stays as it is.
letter-recovery-code-used = Somebody used a recovery code to sign in to your account.
letter-set-up-anew = Your password and the other ways to sign in to your account were set up again.
letter-factors-reset = Our staff took away the ways to sign in to your account. They can give you a code to set them up again.
letter-password-changed = The password of your account was changed.
letter-factor-changed = A way to sign in to your account was added, changed or removed.
letter-recovery-codes-changed = Your account has new recovery codes. The old ones don't work any more.
letter-sessions-ended = Our staff signed you out on all devices.
letter-to-read = There is something new for you to read in your account.
letter-how-to-read = To read it, type our web address into your browser and sign in.
letter-when = When: { $when }
letter-device = Device: { $device }
letter-if-you = If this was you, or you know about it, there is nothing to do.
letter-if-not-you = If it was not you: type our web address into your browser, sign in, sign out all other devices on your account page, and change your password. If you can't sign in, call us.
letter-no-answer = Nobody reads answers to this e-mail.
