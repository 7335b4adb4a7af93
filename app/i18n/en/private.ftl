# "Keep this one private", on the page of one record item.

private-heading = Keep this one private
private-lead = You can keep this one item from people who see your records now. It works at once.
private-marked-heading = You keep this one private
private-marked-lead = People who see your other records do not see this one.
private-by-name = You can open this very item to someone when you sign an agreement to share. Then they can see it.
private-program = If it came from a treatment program, the people there who care for you can still see it.
private-emergency = In a medical emergency, the law lets those who treat you see it.
private-keep = Keep this one private
private-open = Stop keeping it private
