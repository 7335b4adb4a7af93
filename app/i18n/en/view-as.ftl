# One's own record as somebody else sees it.

view-as-title = A view of your record
view-as-heading = What { $who } sees
view-as-lead = See your record just as they see it now. They have to say why they look. What they see can depend on that.
view-as-purpose = They look for
view-as-role = They look as
view-as-screen = The next page shows what is in the items, private ones too. Make sure that no one else sees your screen.
view-as-do = Show what they see
view-as-nobody = someone who is not in our list of people
view-as-banner = This is a view. It shows what { $who } sees of your record for: { $purpose }.
view-as-yours = Only you see this page. It is not written down as a look by them.
view-as-organization = This is what someone sees who gives care there but does not care for you. People there who care for you may see more.
view-as-emergency = They opened your record in an emergency. That ends at { $time }.
view-as-change = Change why they look
view-as-change-do = Show this
view-as-region = What { $who } sees
view-as-nothing = They can't see anything of your record for this. They get the same answer as for a person who has no record here.
view-as-people-heading = People who work there
view-as-people = Each of them may see something else. Choose one to see what they see.
view-as-back = Back to all they see
view-as-own-item = Open this item in your own record
view-as-own-page = An item that asks you for a code: open it in your own record
view-as-link = See what they see
view-as-link-who = ({ $who })
