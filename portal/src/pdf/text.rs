//! Makes text fit to be drawn: line ends, characters a PDF may not map to, characters without a shape.

/// Stands for what can't be drawn (U+FFFD).
pub(super) const REPLACEMENT: char = '\u{FFFD}';

/// Text with `\n` as the only line end, without tabs, control characters and invisible layout
/// characters. What PDF/A-2a forbids as the text of a glyph (private use, U+0000, U+FFFE) is replaced.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\n' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push(' '),
            _ if is_invisible(character) => {}
            _ if character.is_control() || is_unmappable(character) => out.push(REPLACEMENT),
            _ => out.push(character),
        }
    }
    out
}

/// Steers joining, breaking, direction or variants, and has no shape of its own.
fn is_invisible(character: char) -> bool {
    matches!(
        u32::from(character),
        0xAD
            | 0x034F
            | 0x061C
            | 0x180B..=0x180F
            | 0x200B..=0x200F
            | 0x202A..=0x202E
            | 0x2060..=0x206F
            | 0xFE00..=0xFE0F
            | 0xFEFF
            | 0xFFF9..=0xFFFB
            | 0xE0000..=0xE0FFF
    )
}

/// Private use or not a character: has no meaning outside the program that wrote it.
fn is_unmappable(character: char) -> bool {
    let code = u32::from(character);
    matches!(code, 0xE000..=0xF8FF | 0xFDD0..=0xFDEF | 0xF_0000..) || code & 0xFFFE == 0xFFFE
}

/// Whether a line may break at this space and the space be dropped there. The no-break spaces
/// (U+00A0, U+2007, U+202F) are not.
pub(super) fn is_break(character: char) -> bool {
    character.is_whitespace() && !matches!(character, '\u{A0}' | '\u{2007}' | '\u{202F}')
}

/// Cleaned text cut at blank lines, empty pieces left out.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let cleaned = clean(text);
    let mut found = Vec::new();
    let mut current = String::new();
    for line in cleaned.lines() {
        if line.trim().is_empty() {
            if !current.is_empty() {
                found.push(std::mem::take(&mut current));
            }
        } else {
            if !current.is_empty() {
                current.push('\n');
            }
            current.push_str(line);
        }
    }
    if !current.is_empty() {
        found.push(current);
    }
    found
}

/// Cleaned text on one line, cut to at most `limit` characters: for bookmarks and the title, which
/// PDF/A-2 limits in length.
pub(super) fn one_line(text: &str, limit: usize) -> String {
    let cleaned = clean(text);
    let joined = cleaned.split_whitespace().collect::<Vec<_>>().join(" ");
    if joined.chars().count() <= limit {
        return joined;
    }
    let mut cut: String = joined.chars().take(limit.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// The tag if it has the form of a BCP 47 language tag, else `und`.
pub(super) fn language_tag(tag: &str) -> String {
    let well_formed = tag.len() <= 35
        && tag.split('-').all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
        && tag.bytes().take(2).all(|b| b.is_ascii_alphabetic())
        && tag.len() >= 2;
    if well_formed {
        tag.to_owned()
    } else {
        "und".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_become_one_kind() {
        assert_eq!(clean("a\r\nb\rc\u{2028}d\te"), "a\nb\nc\nd e");
    }

    #[test]
    fn unmappable_characters_are_replaced_and_invisible_ones_dropped() {
        assert_eq!(
            clean("a\u{0}b\u{E000}c\u{FFFE}d\u{202E}e\u{AD}f"),
            "a�b�c�def"
        );
        assert_eq!(clean("\u{10FFFF}\u{1FFFE}\u{FEFF}"), "��");
    }

    #[test]
    fn blank_lines_part_paragraphs() {
        assert_eq!(paragraphs("\n\na\nb\n \n\nc\n"), ["a\nb", "c"]);
        assert!(paragraphs(" \n ").is_empty());
    }

    #[test]
    fn language_tags_are_checked() {
        assert_eq!(language_tag("en-US"), "en-US");
        for bad in ["", "e", "en_US", "en US", "-", "en-", "1a", "x\u{e9}"] {
            assert_eq!(language_tag(bad), "und", "{bad}");
        }
    }

    #[test]
    fn long_titles_are_cut() {
        assert_eq!(one_line("a\nb  c", 10), "a b c");
        assert_eq!(one_line("abcdef", 4), "abc…");
    }
}
