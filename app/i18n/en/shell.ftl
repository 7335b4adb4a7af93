# What surrounds each page.

-product = Confide

shell-product = { -product }
shell-title = { $page } – { -product }
shell-skip = Skip to main content
shell-navigation = Main
shell-demo-label = Demo
shell-demo = Demo: the people and records here are made up.
shell-demo-advice = Do not enter real information.
shell-acting-label = Who you act for
shell-acting-for = You are acting for { $name }.
shell-acting-switch = Switch or stop
shell-sign-out = Sign out
shell-hide-now = Hide this page
shell-privacy-notice = Privacy notice
shell-help = Help
shell-escape-key = Press the Esc key twice to leave this page fast.

navigation-sign-in = Sign in
navigation-help = Help
navigation-home = Home
navigation-records = My records
navigation-sharing = Sharing
navigation-access-history = Who looked
navigation-exports = Downloads
navigation-proxies = Helpers
navigation-patients = Patients
navigation-office = Office

time-out-heading = Are you still there?
time-out-advice =
    { $seconds ->
        [one] To keep your records safe, we will sign you out in { $seconds } second.
       *[other] To keep your records safe, we will sign you out in { $seconds } seconds.
    }
time-out-stay = Stay signed in
