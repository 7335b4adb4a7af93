//! One form for all spellings of a text: lower case, no accents, one space for whatever separates words.

/// What one character becomes.
enum Folded {
    /// Letters or digits.
    Letters(&'static str),
    /// One letter or digit.
    Letter(u8),
    /// The end of a sentence, if a space follows.
    Stop,
    /// Whatever else separates words.
    Space,
    /// Nothing: an apostrophe, an invisible character, a combining accent.
    Nothing,
    /// A letter of another script: it keeps words apart from neither side.
    Other,
}

/// The folded text: words in `a-z0-9`, single spaces, and `.` where a sentence ends.
pub(super) fn fold(text: &str) -> Vec<u8> {
    let mut folded = Vec::with_capacity(text.len());
    walk(text, |byte, _| folded.push(byte));
    folded
}

/// For each byte of [`fold`], where the character that it came from begins in the text.
pub(super) fn places(text: &str) -> Vec<usize> {
    let mut places = Vec::with_capacity(text.len());
    walk(text, |_, at| places.push(at));
    places
}

/// What ASCII becomes: the folded byte, or one of these marks.
const SPACE: u8 = 0;
const STOP: u8 = 1;
const NOTHING: u8 = 2;

const ASCII: [u8; 128] = ascii();

const fn ascii() -> [u8; 128] {
    let mut table = [SPACE; 128];
    let mut at: u8 = 0;
    while at < 128 {
        // INVARIANT: `at` is below 128, the length of the table; this runs when the product is built.
        #[expect(
            clippy::indexing_slicing,
            reason = "evaluated by the compiler, which refuses an index out of range"
        )]
        {
            table[at as usize] = match at {
                b'a'..=b'z' | b'0'..=b'9' => at,
                b'A'..=b'Z' => at.to_ascii_lowercase(),
                b'.' | b';' | b'!' | b'?' => STOP,
                b'\'' | b'`' => NOTHING,
                _ => SPACE,
            };
        }
        at = at.saturating_add(1);
    }
    table
}

fn walk(text: &str, mut push: impl FnMut(u8, usize)) {
    let bytes = text.as_bytes();
    // A text begins at the edge of a word.
    let mut last = b' ';
    let mut at = 0;
    while let Some(first) = bytes.get(at) {
        let (folded, next) = match ASCII.get(usize::from(*first)) {
            Some(&SPACE) => (Folded::Space, at.saturating_add(1)),
            Some(&STOP) => (Folded::Stop, at.saturating_add(1)),
            Some(&NOTHING) => (Folded::Nothing, at.saturating_add(1)),
            Some(letter) => (Folded::Letter(*letter), at.saturating_add(1)),
            None => match text.get(at..).and_then(|rest| rest.chars().next()) {
                Some(letter) => (folded(letter), at.saturating_add(letter.len_utf8())),
                None => (Folded::Nothing, at.saturating_add(1)),
            },
        };
        match folded {
            Folded::Letter(byte) => {
                push(byte, at);
                last = byte;
            }
            Folded::Letters(more) => {
                for byte in more.bytes() {
                    push(byte, at);
                    last = byte;
                }
            }
            Folded::Other => {
                push(b'~', at);
                last = b'~';
            }
            Folded::Stop if last != b'.' && ends_sentence(bytes.get(next)) => {
                push(b'.', at);
                last = b'.';
            }
            Folded::Space | Folded::Stop if last != b' ' && last != b'.' => {
                push(b' ', at);
                last = b' ';
            }
            Folded::Space | Folded::Stop | Folded::Nothing => {}
        }
        at = next;
    }
}

fn ends_sentence(next: Option<&u8>) -> bool {
    next.is_none_or(u8::is_ascii_whitespace)
}

/// What a character beyond ASCII becomes.
fn folded(letter: char) -> Folded {
    match letter {
        '\''
        | '’'
        | '‘'
        | 'ʼ'
        | '`'
        | '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2060}'
        | '\u{feff}'
        | '\u{300}'..='\u{36f}' => Folded::Nothing,
        'à'..='å' | 'À'..='Å' | 'ā' | 'ă' | 'ą' => Folded::Letter(b'a'),
        'ç' | 'Ç' | 'ć' | 'č' => Folded::Letter(b'c'),
        'è'..='ë' | 'È'..='Ë' | 'ē' | 'ę' | 'ě' => Folded::Letter(b'e'),
        'ì'..='ï' | 'Ì'..='Ï' | 'ī' | 'ı' => Folded::Letter(b'i'),
        'ñ' | 'Ñ' | 'ń' | 'ň' => Folded::Letter(b'n'),
        'ò'..='ö' | 'Ò'..='Ö' | 'ø' | 'Ø' | 'ō' | 'ő' => Folded::Letter(b'o'),
        'ù'..='ü' | 'Ù'..='Ü' | 'ū' | 'ů' | 'ű' => Folded::Letter(b'u'),
        'ý' | 'ÿ' | 'Ý' => Folded::Letter(b'y'),
        'š' | 'Š' | 'ś' => Folded::Letter(b's'),
        'ž' | 'Ž' | 'ź' | 'ż' => Folded::Letter(b'z'),
        'æ' | 'Æ' => Folded::Letters("ae"),
        'œ' | 'Œ' => Folded::Letters("oe"),
        'ß' => Folded::Letters("ss"),
        // Ligatures, as text taken from a PDF has them.
        'ﬀ' => Folded::Letters("ff"),
        'ﬁ' => Folded::Letters("fi"),
        'ﬂ' => Folded::Letters("fl"),
        'ﬃ' => Folded::Letters("ffi"),
        'ﬄ' => Folded::Letters("ffl"),
        // Full-width forms of ASCII.
        '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => {
            full_width(letter)
        }
        other if other.is_alphanumeric() => Folded::Other,
        _ => Folded::Space,
    }
}

fn full_width(letter: char) -> Folded {
    let ascii = u32::from(letter)
        .checked_sub(0xfee0)
        .and_then(|code| u8::try_from(code).ok());
    ascii.map_or(Folded::Other, |byte| {
        Folded::Letter(byte.to_ascii_lowercase())
    })
}
