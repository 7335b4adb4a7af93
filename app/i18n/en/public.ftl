# Pages that everyone can open.

welcome-title = Welcome
welcome-heading = Your health records, shared the way you decide
welcome-lead = { -product } is a place to see your health records. You decide who else can see them. You can check who did.
welcome-see-heading = See your record
welcome-see = Private things stay hidden on the screen until you ask for them.
welcome-share-heading = Decide who sees what
welcome-share = You choose the person, the parts, and how long. You see just what they will see before you sign.
welcome-stop-heading = Change your mind
welcome-stop = One button ends sharing. It works at once.
welcome-check-heading = Check who looked
welcome-check = Every look at your record is written down. You can read that list at any time.
welcome-sign-in = Sign in
welcome-join = Join with a code from your clinic
welcome-notice = Read the privacy notice

help-title = Help
help-heading = Help
help-hide-heading = Hide this page fast
help-hide = Press the Esc key twice. The page you are on goes away and this help page opens. You can also use the link "Hide this page" at the top.
help-hidden-heading = Why are some things hidden?
help-hidden = Parts of your record are extra private, like substance use care or mental health. We hide them until you press "Show". That way, nobody next to you sees them by chance.
help-see-heading = Who can see my record?
help-see = Only people you have agreed to, and people who care for you as the law allows. Your home page tells you who they are.
help-stop-heading = How do I stop sharing?
help-stop = Open Sharing, choose the agreement, and press "Stop sharing". It works at once. What someone has seen before can't be taken back.
help-time-heading = Why was I signed out?
help-time = After 15 minutes without a click, we sign you out. This keeps your record safe on a shared computer or phone.
help-trouble-heading = I can't sign in
help-trouble = If you lost your phone or your passkey, use one of your recovery codes: choose "I lost my phone or my passkey" on the sign-in page. If you have no code left, ask the office of your clinic to help you. They will never ask for your password.
help-danger-heading = If you are in danger
help-danger = This site is not for emergencies. Call 911. For support in a crisis, call or text 988.

privacy-title = Privacy notice
privacy-heading = Privacy notice
privacy-lead = This notice says how your health information may be used and what your rights are.
privacy-legal = The exact legal wording
# Under the legal wording: the notice is in effect from a day on.
privacy-effective = This notice is in effect from { $day } on.
