//! Whether patients can read what is written for them: sixth grade (UX, "Plain language").
//!
//! The measure is the Flesch-Kincaid grade (Kincaid et al. 1975): 0.39 × words per sentence + 11.8 × syllables per word −
//! 15.59; below 7 is sixth grade or lower. It is taken of each message of ten words or more, and of each file: all of its
//! messages that are sentences, together, so that short labels can't hide long sentences. What a message is filled in with
//! ("{ $who }") counts as one word of one syllable; of plurals each form is a message.
//!
//! Syllables are counted by their vowels, with a list of words for which that is wrong. A wrong count is corrected there,
//! never by leaving the message out.

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use std::{collections::BTreeMap, fs, path::Path};

/// The first grade that is too high.
const TOO_HIGH: f64 = 7.0;
/// How many words a message has that is measured by itself.
const LONG: usize = 10;

/// Files that no patient reads, or whose words are the law's, by the beginning of their names.
const EXCEPTED_FILES: [(&str, &str); 4] = [
    ("chart.ftl", "what clinicians see of a chart"),
    ("office", "the office"),
    ("stopping.ftl", "the office: what staff write down"),
    (
        "notice.ftl",
        "a legal text: the notice of 42 CFR 2.22 and 45 CFR 164.520, of which counsel looks at every change",
    ),
];

/// Messages that no patient reads, or whose words are not ours, by the beginning of their keys.
const EXCEPTED: [(&str, &str); 8] = [
    ("office-", "the office"),
    (
        "emergency-",
        "what clinicians and the office see of an emergency; patients read told-…",
    ),
    (
        "sharing-wording-",
        "the elements of a consent in the words of 42 CFR 2.31(a), beside the plain ones",
    ),
    (
        "recipient-tpo",
        "the words of 42 CFR 2.31(a)(4)(i) for the class",
    ),
    ("until-", "a part of a sentence"),
    ("role-", "the office: names of roles"),
    (
        "recovery-new",
        "the office: opening a case for somebody who lost every way in",
    ),
    (
        "recovery-takes-two",
        "the office: an account that two people answer for",
    ),
];

/// Words whose vowels don't tell their syllables.
const SYLLABLES: [(&str, usize); 34] = [
    ("anyone", 3),
    ("area", 3),
    ("being", 2),
    ("business", 2),
    ("create", 2),
    ("diary", 3),
    ("doesn't", 2),
    ("evening", 2),
    ("every", 2),
    ("everyday", 3),
    ("everyone", 3),
    ("everything", 3),
    ("everywhere", 3),
    ("hasn't", 2),
    ("hearing", 2),
    ("idea", 3),
    ("isn't", 2),
    ("leaves", 1),
    ("lines", 1),
    ("medicine", 3),
    ("middle", 2),
    ("people", 2),
    ("reviewed", 2),
    ("sometimes", 2),
    ("somebody", 3),
    ("someone", 2),
    ("something", 2),
    ("somewhere", 2),
    ("therefore", 2),
    ("used", 1),
    ("uses", 2),
    ("wasn't", 2),
    ("whole", 1),
    ("worried", 2),
];

fn syllables(word: &str) -> usize {
    let word = word.to_lowercase().replace('’', "'");
    if let Some((_, count)) = SYLLABLES.iter().find(|(known, _)| *known == word) {
        return *count;
    }
    let word = word.strip_suffix("'s").unwrap_or(&word).replace('\'', "");
    let letters: Vec<char> = word.chars().collect();
    let vowel = |letter: char| "aeiouy".contains(letter);
    let mut count = 0_usize;
    let mut before = false;
    for letter in &letters {
        let now = vowel(*letter);
        count += usize::from(now && !before);
        before = now;
    }
    let ends = |end: &str| word.ends_with(end);
    let any = |ends: &[&str]| ends.iter().any(|end| word.ends_with(end));
    // A silent e at the end, alone or before s or d.
    let silent = (ends("e")
        && !(ends("le")
            && letters
                .iter()
                .rev()
                .nth(2)
                .is_some_and(|letter| !vowel(*letter))))
        || (ends("es") && !any(&["ses", "xes", "zes", "ches", "shes", "ces", "ges"]))
        || (ends("ed") && !any(&["ted", "ded"]));
    let double_end = any(&[
        "ee", "eed", "ees", "oe", "oes", "ied", "ies", "ie", "ye", "ue",
    ]);
    if silent && !double_end && count > 1 {
        count -= 1;
    }
    // Two vowels that are two syllables, as in "medial", "period", "quiet" and "video".
    let pairs = ["ia", "io", "eo", "iu", "ua", "uie", "uou", "yi", "oing"];
    let one = [
        "cia", "tia", "gia", "tio", "sio", "cio", "gio", "xio", "qua", "gua", "eou",
    ];
    if pairs.iter().any(|pair| word.contains(pair)) && !one.iter().any(|one| word.contains(one)) {
        count += 1;
    }
    count.max(1)
}

#[derive(Clone, Copy, Default)]
struct Measure {
    words: usize,
    sentences: usize,
    syllables: usize,
}

impl Measure {
    fn of(text: &str) -> Self {
        let mut measure = Self::default();
        let mut open = false;
        let spaced = text.replace(['-', '–', '/'], " ");
        for token in spaced.split_whitespace() {
            let word: String = token
                .chars()
                .filter(|letter| letter.is_alphanumeric() || *letter == '\'' || *letter == '’')
                .collect();
            if word.chars().any(char::is_alphanumeric) {
                measure.words += 1;
                measure.syllables += syllables(&word);
                open = true;
            }
            let bare = token.trim_end_matches(['"', '”', ')', '’']);
            if open && bare.ends_with(['.', '!', '?', ':', ';']) {
                measure.sentences += 1;
                open = false;
            }
        }
        measure.sentences += usize::from(open);
        measure
    }

    fn add(&mut self, other: Self) {
        self.words += other.words;
        self.sentences += other.sentences;
        self.syllables += other.syllables;
    }

    fn grade(self) -> f64 {
        let number = |count: usize| f64::from(u32::try_from(count).expect("few"));
        let (words, sentences) = (number(self.words.max(1)), number(self.sentences.max(1)));
        0.39 * words / sentences + 11.8 * number(self.syllables) / words - 15.59
    }
}

/// Every form of a pattern: of a plural each.
fn forms(pattern: &Pattern<String>) -> Vec<String> {
    let mut all = vec![String::new()];
    for element in &pattern.elements {
        let parts = match element {
            PatternElement::TextElement { value } => vec![value.clone()],
            PatternElement::Placeable { expression } => match expression {
                Expression::Select { variants, .. } => variants
                    .iter()
                    .flat_map(|variant| forms(&variant.value))
                    .collect(),
                Expression::Inline(InlineExpression::StringLiteral { value }) => {
                    vec![value.clone()]
                }
                Expression::Inline(_) => vec!["it".to_owned()],
            },
        };
        all = all
            .iter()
            .flat_map(|begun| parts.iter().map(move |part| format!("{begun}{part}")))
            .collect();
    }
    all
}

/// Every message of a file in each of its forms, with its key.
fn messages(text: &str) -> Vec<(String, String)> {
    let resource = fluent_syntax::parser::parse(text.to_owned()).expect("a file of messages");
    let mut found = Vec::new();
    for entry in &resource.body {
        if let Entry::Message(message) = entry
            && let Some(pattern) = &message.value
        {
            for form in forms(pattern) {
                found.push((message.id.name.clone(), form));
            }
        }
    }
    found
}

fn files() -> BTreeMap<String, Vec<(String, String)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("i18n/en");
    fs::read_dir(folder)
        .expect("the words")
        .map(|entry| {
            let entry = entry.expect("a file");
            let text = fs::read_to_string(entry.path()).expect("text");
            let name = entry.file_name().into_string().expect("a name");
            (name, messages(&text))
        })
        .collect()
}

/// UX: each message and each file that patients read is at sixth grade or lower.
#[test]
fn patients_can_read_it() {
    let mut faults = Vec::new();
    let mut measured = 0;
    for (file, messages) in files() {
        if EXCEPTED_FILES
            .iter()
            .any(|(begin, _)| file.starts_with(begin))
        {
            continue;
        }
        let mut whole = Measure::default();
        for (key, text) in messages {
            if EXCEPTED.iter().any(|(begin, _)| key.starts_with(begin)) {
                continue;
            }
            let measure = Measure::of(&text);
            if text.trim_end().ends_with(['.', '!', '?']) {
                whole.add(measure);
            }
            if measure.words >= LONG {
                measured += 1;
                let grade = measure.grade();
                if grade >= TOO_HIGH {
                    faults.push(format!("{file}: {key} is at grade {grade:.1}: {text}"));
                }
            }
        }
        if whole.grade() >= TOO_HIGH {
            faults.push(format!(
                "{file} as a whole is at grade {:.1}",
                whole.grade()
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(measured > 200, "only {measured} messages were measured");
}

/// The exceptions are there for something, so that none outlives it.
#[test]
fn no_exception_is_left_over() {
    let files = files();
    for (begin, why) in EXCEPTED_FILES {
        let used = files.keys().any(|file| file.starts_with(begin));
        assert!(used, "no file begins with {begin} ({why})");
    }
    for (begin, why) in EXCEPTED {
        let used = files
            .values()
            .flatten()
            .any(|(key, _)| key.starts_with(begin));
        assert!(used, "no message begins with {begin} ({why})");
    }
}

/// The measure itself: known words, and a sentence that is too hard.
#[test]
fn the_measure_measures() {
    for (word, count) in [
        ("share", 1),
        ("shared", 1),
        ("record", 2),
        ("records", 2),
        ("agreement", 3),
        ("agreed", 2),
        ("medical", 3),
        ("emergency", 4),
        ("substance", 2),
        ("people", 2),
        ("someone", 2),
        ("everyone", 3),
        ("table", 2),
        ("closed", 1),
        ("looked", 1),
        ("started", 2),
        ("places", 2),
        ("period", 3),
        ("action", 2),
        ("clinician", 3),
        ("can't", 1),
        ("Okafor's", 3),
        ("42", 1),
        ("see", 1),
    ] {
        assert_eq!(syllables(word), count, "{word}");
    }
    let easy = Measure::of("You can stop at any time. Press the red button.");
    assert!(easy.grade() < 3.0, "{}", easy.grade());
    assert_eq!((easy.words, easy.sentences), (10, 2));
    let hard = Measure::of(
        "Authorization for the disclosure of individually identifiable information may be revoked \
         in accordance with applicable regulations.",
    );
    assert!(hard.grade() > 12.0, "{}", hard.grade());
    let forms =
        messages("key = { $count ->\n    [one] One thing\n   *[other] { $count } things\n }\n");
    let texts: Vec<&str> = forms.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["One thing", "it things"]);
}
