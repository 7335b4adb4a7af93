//! Whatever the text: the term matcher stays inside it, and neither case nor what stands around it hides a term.

use domain::label::LabelSet;
use domain::labeling::terms;

/// # Panics
/// When one of the promises below does not hold.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let hits = terms::scan(&text);
    for hit in &hits {
        let term = text.get(hit.start..hit.end).expect("on letter boundaries");
        assert!(!term.is_empty(), "a term has letters");
    }
    let labels = terms::labels(&text);
    let same = |other: &str, what: &str| assert!(terms::labels(other) == labels, "{what}");
    same(&text.to_ascii_uppercase(), "capitals");
    same(&text.to_ascii_lowercase(), "small letters");
    same(&format!(" \t\n{text}\u{a0}\r\n "), "spaces around");
    same(&format!("\"{text}\""), "quotation marks around");
    same(&text.replace(' ', "  "), "wider spaces");
    let joined = terms::labels(&format!("{text}\n.\n Takes heroin."));
    let heroin: LabelSet = terms::labels("Takes heroin.");
    assert!(!heroin.is_empty());
    assert!(
        joined.contains(labels.join(heroin)),
        "another sentence hides nothing"
    );
}
