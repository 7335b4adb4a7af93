# Ways back in for somebody who lost a phone, a passkey or a password.

recover-title = Get back in
recover-heading = Get back in
recover-code-heading = With a recovery code
recover-code-lead = You got ten codes when you joined. Use one now. After that you set up a new second step and get new codes. The lost phone or passkey then stops working.
recover-password-hint = If you sign in with a passkey and have no password, leave this empty.
recover-code = Recovery code
recover-code-hint = 16 letters and numbers. Each code works one time.
recover-code-missing = Type one of your recovery codes
recover-refused = We couldn't let you in. Check your e-mail, your password and the code. Each code works one time. If you tried many times, wait a little first.
recover-other-heading = With another device
recover-other = If you are still signed in on another phone or computer, or have a second passkey, use that. On the page "Account" you can set up a new phone.
recover-staff-heading = With help from your clinic
recover-staff = If you have no code left, or don't know your password, your clinic can help.
recover-staff-ask = Go to the office of your clinic, or call them.
recover-staff-check = They check that it is you. They never ask for your password. Then you wait one to three days, and we write to your e-mail addresses. So nobody can do this behind your back.
recover-staff-code = They give you a new code on paper. With it you choose a new password and a new second step. All the old ways in stop working.
recover-staff-have = I have a new code from my clinic
