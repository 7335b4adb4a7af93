# The first page after signing in.

home-title = Home
home-heading = Hello, { $name }
home-needs-heading = This needs you
home-ends-soon = What you share with { $who } ends soon: { $until }.
home-sharing-heading = Who can see my records now
home-single-items = items you picked one by one
home-nothing-shared = You are not sharing anything by an agreement now.
home-treating = These people care for you now. They can see your everyday health items, because the law allows it for your care:
home-treating-program = Some people work at a substance use treatment program. They can also see what their own program wrote about you.
home-share = Share with someone
home-sharing = See or stop what I share
home-lately-heading = Who looked lately
home-nobody-looked = Nobody else has looked at your record.
home-history = See everyone who looked
home-more-heading = More
home-records = See my records
home-exports = Download a copy of my records
home-notice = Read the privacy notice
