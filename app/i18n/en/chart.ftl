# What clinicians see: their patients, a chart, an item, a copy to take away.

patients-title = Patients
patients-heading = Patients
patients-lead = People whose chart you can open now, by a care relationship or a consent.
patients-none = There is no chart that you can open now.
patients-caption = Patients
patients-name = Name
patients-birth = Date of birth
patients-unnamed = Name not recorded

chart-title = A patient
chart-item-title = A record item
chart-export-title = Take a copy
chart-unnamed = A patient
chart-birth = Born { $date }

chart-purpose-heading = Why do you open this chart?
chart-purpose-legend = Purpose of use
chart-purpose-hint = It is written down with everything you look at, and the patient can read it.
chart-purpose-missing = Choose the purpose.
chart-purpose-do = Open the chart
chart-purpose-now = Purpose: { $purpose }
chart-purpose-change = Change
chart-purpose-change-do = Use this purpose

chart-purpose-treatment = Treatment
chart-purpose-coordination = Care coordination
chart-purpose-payment = Payment
chart-purpose-operations = Health care operations

chart-notice = Notice to the recipient of this record (42 CFR 2.32)
chart-rests-heading = What this page rests on
chart-rests-relationship = Your care relationship with the patient.
chart-rests-consent = A consent signed { $signed }, { $until }, for: { $purposes }.
chart-rests-what = It opens of this page: { $what }
chart-until-day = in force until the end of { $day }
chart-until-event = in force until this happens: { $event }
chart-until-treatment = in force until the end of the treatment
chart-until-research = in force until the end of the research study
chart-until-none = in force until revoked

chart-items-heading = Record
chart-total =
    { $count ->
        [0] No items.
        [one] { $count } item.
       *[other] { $count } items.
    }
chart-nothing = There is nothing to show for this purpose.
chart-export-link = Take a copy
chart-back = Back to the chart
chart-back-patients = Back to patients

chart-export-heading = Take a copy of this chart
chart-export-lead = The copy holds what you may see now for the declared purpose. The notice and the scope of the consents are inside.
chart-export-format = File
chart-export-format-pdf = PDF, to read and print
chart-export-format-fhir = FHIR, for another system
chart-export-format-missing = Choose a file.
chart-export-code = Next, we ask for a new code from your app. Then you come back here.
chart-export-go-on = Go on
chart-export-ready-heading = Your code was right
chart-export-ready = Press "Download" within 5 minutes.
chart-export-download = Download
chart-export-written-down = The copy is written into the patient's access history.
