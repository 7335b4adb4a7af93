# The body of the patient notice (42 CFR 2.22(b)(1), 45 CFR 164.520(b)(1)). A legal text in plain words: counsel has to
# look at every change.

notice-consent-heading = What we share when you agree in writing
notice-consent-needed = In most cases we need your written consent before we use or share records of your substance use care. You choose who gets them, what they get, why, and for how long.
notice-consent-single = You may give one consent for all future uses for treatment, payment, and health care operations. Here is what those words mean:
notice-consent-treatment = Treatment: to care for you. For example, your counselor tells your family doctor which medicine you take, so that no other medicine harms you.
notice-consent-payment = Payment: to be paid for your care. For example, we send your health plan the date and the kind of a visit.
notice-consent-operations = Health care operations: to run our program. For example, we look at records to see how well our care works.
notice-consent-further = If you give that one consent, then a program, a health care provider, or a health plan that gets your records may use and share them again as the HIPAA rules allow. They may never do so in a case against you, unless you agree in writing or a court orders it.
notice-consent-notes = Counseling notes about substance use that are kept apart from your record, and psychotherapy notes, are shared only if you sign a consent for just those notes.
notice-consent-other = For any other use or sharing that this notice does not name, we need your written consent. We need it to sell your information, and for most marketing.
notice-consent-fundraising = We may use your records to raise funds for our program only if you were first given a clear chance to say no.
notice-consent-revoke = You may take back a consent at any time, in writing. In this portal, open Sharing, choose the agreement, and stop it. Sharing ends at once. What was shared before you stopped it can't be taken back.

notice-without-heading = What we may share without your consent
notice-without-lead = The law lets us use or share records of your substance use care without your consent only in cases like these:
notice-without-emergency = In a medical emergency, when you can't agree: with the medical staff who treat you. We write it down and you can read about it here.
notice-without-program = Inside our program, and with those who direct it: with people who need it for your care.
notice-without-service = With companies that work for us, such as a lab or this portal. They must sign that they keep the same rules.
notice-without-research = For research that meets strict rules. No report may name you.
notice-without-audit = For audits and reviews of our program, by those the law names. They may not use your records against you.
notice-without-health = With public health offices, only after all that could tell who you are is taken out.
notice-without-crime = To report a crime, or the threat of a crime, at our program or against our staff.
notice-without-child = To report that a child may be abused or neglected, as state law asks.
notice-without-death = To report a death, as the laws on causes of death ask.
notice-without-court = When a court orders it under the special rules for these records.
notice-without-others = Health records that are not about substance use care from a program follow the HIPAA rules. Under those we may also share what we must for your treatment, for payment, to run our clinic, for public health, to prevent a serious threat, for oversight, and when a law or a court asks for it. Where another law protects your records more, we follow that law.

notice-court-heading = Courts and cases against you
notice-court-rule = Records of your substance use care, and what somebody could say about them as a witness, may not be used in any civil, criminal, administrative, or legislative case against you. The only ways around this are your own written consent, or a court order after you or the holder of the records had notice and a chance to be heard.
notice-court-order = A court order alone is not enough. There must also be a subpoena or a like legal demand before we hand anything over.

notice-rights-heading = Your rights
notice-rights-lead = You have the right to:
notice-rights-restrict = Ask us to limit what we share for treatment, payment, or health care operations, even after you signed a consent. We do not have to agree, but we tell you our answer and why.
notice-rights-paid = Have us keep a service from your health plan if you paid for it in full yourself. In that case we must agree.
notice-rights-copy = See your record and get a copy.
notice-rights-amend = Ask us to correct your record.
notice-rights-contact = Ask us to reach you in another way or at another place.
notice-rights-accounting = Get a list of those we shared your records with in the past three years.
notice-rights-intermediary = Get a list of those an exchange or other go-between shared your records with in the past three years.
notice-rights-notice = Get this notice on paper or by computer.
notice-rights-discuss = Talk about this notice with { $who }.
notice-rights-fundraising = Say that you do not want to be asked for funds.

notice-duties-heading = Our duties
notice-duties-keep = We must by law keep your records private and give you this notice of our duties and of how we handle privacy.
notice-duties-breach = We must tell you if your records were not kept safe and a breach put them at risk.
notice-duties-abide = We must do what the notice in effect says.
notice-duties-change = We may change this notice. A change then holds for all records that we have. The new notice then stands here, and you can ask us for a copy.

notice-complaints-heading = How to complain
notice-complaints-program = If you think your privacy rights were not kept, you may complain to { $who } at { $reached }.
notice-complaints-secretary = You may also complain to the Secretary of the U.S. Department of Health and Human Services: Office for Civil Rights, 200 Independence Avenue, S.W., Washington, D.C. 20201, phone 1-877-696-6775, or www.hhs.gov/ocr/complaints.
notice-complaints-safe = Nobody may treat you worse because you complained. Nobody may ask you to give up this right as a condition of care.

notice-contact-heading = Contact and date
notice-contact-who = If you have questions about this notice, ask { $who } at { $reached }.
