//! Breaking text into lines.

use krilla::text::{GlyphId, KrillaGlyph};

use super::text::is_break;
use super::typeface::{FontId, PlacedGlyph, Typefaces, Weight};

/// How a piece of text is set. Lengths are in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    pub weight: Weight,
    pub size: f32,
    /// From one baseline to the next.
    pub leading: f32,
}

/// Neighbouring glyphs of a line that are in the same font.
#[derive(Clone)]
pub(super) struct Run {
    pub font: FontId,
    pub glyphs: Vec<KrillaGlyph>,
    /// In em.
    pub width: f32,
}

/// A line ready to be drawn. `text` is what its glyphs stand for.
#[derive(Clone, Default)]
pub(super) struct Line {
    pub text: String,
    pub runs: Vec<Run>,
    /// In em.
    pub width: f32,
}

impl Line {
    pub(super) fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Adds glyphs of a word, whose bytes from `from` to `to` they stand for.
    fn push(&mut self, word: &str, glyphs: &[PlacedGlyph], from: usize, to: usize) {
        let base = self.text.len();
        self.text.push_str(word.get(from..to).unwrap_or_default());
        for glyph in glyphs {
            let range =
                base + glyph.start.saturating_sub(from)..base + glyph.end.saturating_sub(from);
            let shape = KrillaGlyph::new(
                GlyphId::new(glyph.id),
                glyph.x_advance,
                glyph.x_offset,
                glyph.y_offset,
                0.0,
                range,
                None,
            );
            match self.runs.last_mut().filter(|run| run.font == glyph.font) {
                Some(run) => {
                    run.glyphs.push(shape);
                    run.width += glyph.x_advance;
                }
                None => self.runs.push(Run {
                    font: glyph.font,
                    glyphs: vec![shape],
                    width: glyph.x_advance,
                }),
            }
            self.width += glyph.x_advance;
        }
    }
}

/// Breaks cleaned text into lines of at most `width` points; `\n` always ends one. Never returns none.
pub(super) fn wrap(faces: &mut Typefaces, text: &str, style: Style, width: f32) -> Vec<Line> {
    let limit = width.max(1.0) / style.size;
    let mut lines = Vec::new();
    for (index, hard) in text.split('\n').enumerate() {
        if let Some(before) = lines
            .last_mut()
            .filter(|line: &&mut Line| index > 0 && !line.is_empty())
        {
            before.push(" ", &faces.shape(style.weight, " ").glyphs, 0, 1);
        }
        wrap_one(faces, hard, style.weight, limit, &mut lines);
    }
    lines
}

/// A line holding one space: content for a cell that has none, so that the table keeps its shape for
/// screen readers.
pub(super) fn blank(faces: &mut Typefaces, weight: Weight) -> Line {
    let mut line = Line::default();
    let space = faces.shape(weight, " ");
    line.push(" ", &space.glyphs, 0, 1);
    line
}

fn wrap_one(faces: &mut Typefaces, text: &str, weight: Weight, limit: f32, lines: &mut Vec<Line>) {
    let space = faces.shape(weight, " ");
    let mut line = Line::default();
    for word in text.split(is_break).filter(|word| !word.is_empty()) {
        let shaped = faces.shape(weight, word);
        if !line.is_empty() {
            // Spaces are real characters, also where the line ends, so that words stay apart for
            // whoever reads the text rather than the picture.
            let fits = line.width + space.width + shaped.width <= limit;
            line.push(" ", &space.glyphs, 0, 1);
            if !fits {
                lines.push(std::mem::take(&mut line));
            }
        }
        if line.width + shaped.width <= limit {
            line.push(word, &shaped.glyphs, 0, word.len());
        } else {
            break_word(word, &shaped.glyphs, limit, &mut line, lines);
        }
    }
    lines.push(line);
}

/// Sets a word wider than a line: after a hyphen, slash or the like where there is one, else anywhere
/// between two characters. Leaves the last piece in `line`, which comes in empty.
fn break_word(
    word: &str,
    glyphs: &[PlacedGlyph],
    limit: f32,
    line: &mut Line,
    lines: &mut Vec<Line>,
) {
    let mut from = 0;
    while from < glyphs.len() {
        let rest = glyphs.get(from..).unwrap_or_default();
        let taken = fitting(word, rest, limit);
        let start = rest.first().map_or(word.len(), |glyph| glyph.start);
        let end = rest.get(taken).map_or(word.len(), |glyph| glyph.start);
        line.push(word, rest.get(..taken).unwrap_or_default(), start, end);
        from += taken;
        if from < glyphs.len() {
            lines.push(std::mem::take(line));
        }
    }
}

/// How many of the glyphs go on one line: at least one character's.
fn fitting(word: &str, glyphs: &[PlacedGlyph], limit: f32) -> usize {
    let mut width = 0.0;
    let mut anywhere = 0;
    let mut after_mark = 0;
    for (index, glyph) in glyphs.iter().enumerate() {
        let previous = index.checked_sub(1).and_then(|index| glyphs.get(index));
        if let Some(previous) = previous.filter(|previous| previous.start != glyph.start) {
            anywhere = index;
            let end = word.get(previous.start..glyph.start).unwrap_or_default();
            if end.ends_with([
                '-', '/', '_', ',', ';', '.', '@', '&', '=', '?', '‐', '–', '—',
            ]) {
                after_mark = index;
            }
        }
        width += glyph.x_advance;
        if width > limit && anywhere > 0 {
            // A break after a mark is taken only if it doesn't leave the line mostly empty.
            return if after_mark * 2 >= anywhere {
                after_mark
            } else {
                anywhere
            };
        }
    }
    glyphs.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: Style = Style {
        weight: Weight::Regular,
        size: 10.0,
        leading: 14.0,
    };

    fn lines(text: &str, width: f32) -> Vec<String> {
        let mut faces = Typefaces::load().unwrap();
        let found = wrap(&mut faces, text, STYLE, width);
        for line in &found {
            for glyph in line.runs.iter().flat_map(|run| &run.glyphs) {
                assert!(line.text.get(glyph.text_range.clone()).is_some());
            }
        }
        found.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn words_go_to_the_next_line_and_nothing_is_lost() {
        let found = lines("The quick brown fox jumps over the lazy dog", 100.0);
        assert!(found.len() > 1);
        assert_eq!(
            found.concat(),
            "The quick brown fox jumps over the lazy dog"
        );
    }

    #[test]
    fn long_words_break() {
        let word = "x".repeat(500);
        let found = lines(&word, 100.0);
        assert!(found.len() > 10);
        assert_eq!(found.concat(), word);
        assert_eq!(lines("aaaa-bbbbbbb", 45.0), ["aaaa-", "bbbbbbb"]);
    }

    #[test]
    fn no_width_at_all_still_ends() {
        assert_eq!(lines("ab 漢c", 0.0).concat(), "ab 漢c");
        assert_eq!(lines("", 10.0), [""]);
    }

    #[test]
    fn line_ends_are_kept() {
        assert_eq!(lines("a\nb", 100.0), ["a ", "b"]);
    }
}
