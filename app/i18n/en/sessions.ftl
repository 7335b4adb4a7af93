# Where a person is signed in, and what happens when they were away for a while.

sessions-title = Where you are signed in
sessions-heading = Where you are signed in
sessions-lead = Each line is a phone or computer on which you are signed in now.
sessions-caption = Your sign-ins
sessions-device = Device
sessions-network = Network
sessions-since = Signed in
sessions-seen = Last used
sessions-change = Change
sessions-this = This is the one you use now
sessions-network-this = The network you are on now
sessions-network-other = Another network
sessions-network-unknown = Not known
sessions-end = Sign out there
sessions-end-which = Sign out there: { $device }
sessions-end-others = Sign out everywhere else
sessions-only-here = You are signed in only here.
sessions-not-you = Is one of them not you? Sign it out, then change your password.
sessions-back = Back to your account
sessions-link = See where you are signed in
sessions-receipt-one = You are signed out there.

timed-out-heading = You were signed out
timed-out-why = You were away for a while. We sign people out then, so that nobody else can see their record.
timed-out-kept = Sign in again to go on where you were. If you sent a form, we kept what you typed for 30 minutes. We never keep passwords or codes.

late-form-heading = What you typed is here again
late-form = You were signed out before this form reached us. Please look at it and send it again.

device-in-words = { $browser } on { $system }
browser-chrome = Chrome
browser-edge = Edge
browser-firefox = Firefox
browser-opera = Opera
browser-safari = Safari
browser-samsung = Samsung Internet
browser-other = A browser
system-android = Android
system-chromeos = a Chromebook
system-ipad = an iPad
system-iphone = an iPhone
system-linux = Linux
system-mac = a Mac
system-windows = Windows
