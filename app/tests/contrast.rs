//! The colours of `style/tokens.css`, measured (WCAG 2.2, 1.4.3 and 1.4.11).

/// Text and its ground: 4.5:1 or better.
const TEXT: &[(&str, &str)] = &[
    ("ink", "ground"),
    ("ink", "ground-raised"),
    ("ink", "accent-ground"),
    ("ink", "warning-ground"),
    ("ink", "danger-ground"),
    ("ink-soft", "ground"),
    ("ink-soft", "ground-raised"),
    ("accent", "ground"),
    ("accent", "ground-raised"),
    ("accent", "accent-ground"),
    ("accent", "warning-ground"),
    ("accent-strong", "ground"),
    ("accent-strong", "accent-ground"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("warning", "warning-ground"),
    ("danger", "ground"),
    ("danger", "danger-ground"),
    ("on-danger", "danger"),
];

/// Edges of controls and the focus ring: 3:1 or better.
const EDGES: &[(&str, &str)] = &[
    ("edge", "ground"),
    ("edge", "ground-raised"),
    ("accent", "ground"),
    ("focus", "ground"),
    ("focus", "ground-raised"),
    ("warning", "ground"),
];

/// A colour in the light and the dark scheme.
fn pair(tokens: &str, name: &str) -> [f64; 2] {
    let start = format!("--{name}: light-dark(");
    let (_, rest) = tokens.split_once(&start).expect(name);
    let (colours, _) = rest.split_once(')').expect(name);
    let mut both = colours.split(',').map(|colour| luminance(colour.trim()));
    [both.next().expect(name), both.next().expect(name)]
}

/// Relative luminance of `#rrggbb`.
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = u8::from_str_radix(&colour[at..at + 2], 16).expect("two digits");
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn check(pairs: &[(&str, &str)], least: f64) {
    let tokens = include_str!("../../style/tokens.css");
    for (one, other) in pairs {
        let (one_pair, other_pair) = (pair(tokens, one), pair(tokens, other));
        for scheme in 0..2 {
            let (a, b) = (one_pair[scheme], other_pair[scheme]);
            let ratio = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(
                ratio >= least,
                "{one} on {other}, scheme {scheme}: {ratio:.2}"
            );
        }
    }
}

#[test]
fn text_is_legible() {
    check(TEXT, 4.5);
}

#[test]
fn edges_are_visible() {
    check(EDGES, 3.0);
}
