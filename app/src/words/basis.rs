//! Why something is labelled, one plain sentence a reason (POLICY §2, "Labeling on ingestion").

use crate::{i18n::label_name, t};
use domain::{
    label::{Label, LabelSet},
    labeling::{Basis, BasisKind},
};

/// The sentences for an item's labels, each once, in the order of its parts.
pub fn sentences(basis: &[Vec<Basis>], labels: LabelSet) -> Vec<String> {
    let mut sentences = Vec::new();
    // What nothing vouches for has no basis: that is why it is labelled.
    if labels.has(Label::Unclassified) {
        sentences.push(t!("why-unclassified"));
    }
    for reason in basis.iter().flatten() {
        let sentence = sentence(reason);
        // A review that leaves a part ordinary has a ground all the same.
        let counts = reason.label != Label::General || reason.kind == BasisKind::Reviewed;
        if counts && !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    sentences
}

fn sentence(reason: &Basis) -> String {
    let label = label_name(reason.label);
    match (reason.label, reason.kind) {
        (Label::Unclassified, _) => t!("why-unclassified"),
        (Label::PatientRequested, _) => t!("why-asked"),
        (Label::General, BasisKind::Reviewed) if reason.rule == "review.lowered" => {
            t!("why-lowered")
        }
        (Label::General, BasisKind::Reviewed) => t!("why-confirmed"),
        (Label::Part2, BasisKind::Origin) => t!("why-program"),
        (_, BasisKind::Code) => t!("why-code", label = label),
        (_, BasisKind::Text) => t!("why-text", label = label),
        (_, BasisKind::Reference) => t!("why-reference", label = label),
        (_, BasisKind::Origin) => t!("why-origin", label = label),
        (_, BasisKind::Incoming) => t!("why-incoming", label = label),
        (_, BasisKind::Reviewed) => t!("why-reviewed", label = label),
    }
}
