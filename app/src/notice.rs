//! The patient notice (LAW C5, N3) filled in for the page. Its words are `domain::notice`.

use domain::notice::{N3_INTRO, N3_POINTS, N3_TITLE, n3_closing};

/// Whose notice it is and whom to ask. PLACEHOLDER: these come from the configuration, once that
/// reaches `app::State`; nothing else here changes.
const PROGRAM: &str = "the programs and clinics of this portal";
const CONTACT: &str = "the privacy officer";
const REACHED: &str = "the phone number and email address of your clinic";

/// The header of the patient notice, 42 CFR 2.22(b)(1)(i), one paragraph a line.
pub fn patient_notice() -> String {
    let mut lines = vec![format!("{N3_TITLE} {PROGRAM}. {N3_INTRO}")];
    lines.extend(N3_POINTS.iter().map(|point| format!("• {point}")));
    lines.push(n3_closing(CONTACT, REACHED));
    lines.join("\n")
}
