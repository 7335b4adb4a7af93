//! The built-in fonts, and words as glyphs.

use std::collections::HashMap;
use std::rc::Rc;

use krilla::text::Font;
use rustybuzz::{Direction, Face, UnicodeBuffer};

use super::PdfError;
use super::text::REPLACEMENT;

const REGULAR: &[u8] = include_bytes!("../../fonts/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../fonts/NotoSans-Bold.ttf");

/// Signs that the text fonts lack: comparison, arrows, check boxes. One weight for both.
const SYMBOLS: &[u8] = include_bytes!("../../fonts/DejaVuSans-Symbols.ttf");

/// How heavy the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// Which of the built-in fonts a glyph is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum FontId {
    Text(Weight),
    Symbols,
}

/// A glyph of a word. Lengths are in em, the range is in bytes of the word.
#[derive(Clone, Copy)]
pub(super) struct PlacedGlyph {
    pub font: FontId,
    pub id: u32,
    pub start: usize,
    pub end: usize,
    pub x_advance: f32,
    pub x_offset: f32,
    pub y_offset: f32,
}

/// A word turned into glyphs.
pub(super) struct ShapedWord {
    pub glyphs: Vec<PlacedGlyph>,
    /// In em.
    pub width: f32,
}

/// One font: as the shaper reads it and as the writer embeds it.
struct Typeface {
    id: FontId,
    face: Face<'static>,
    font: Font,
}

impl Typeface {
    fn load(id: FontId, data: &'static [u8]) -> Option<Self> {
        Some(Self {
            id,
            face: Face::from_slice(data, 0)?,
            font: Font::new(data.into(), 0)?,
        })
    }

    fn covers(&self, character: char) -> bool {
        self.face.glyph_index(character).is_some()
    }

    fn em(&self, units: i32) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "font units fit in 16 bits")]
        let units = units as f32;
        units / self.font.units_per_em()
    }

    /// The mark for what no font has: U+FFFD, which the text fonts hold; the others only guard against
    /// a font without it.
    fn replacement(&self, start: usize, end: usize) -> PlacedGlyph {
        let glyph = [REPLACEMENT, '?']
            .into_iter()
            .find_map(|mark| self.face.glyph_index(mark))
            .unwrap_or_default();
        let advance = self
            .face
            .glyph_hor_advance(glyph)
            .map_or(0.6, |advance| self.em(advance.into()));
        PlacedGlyph {
            font: self.id,
            id: glyph.0.into(),
            start,
            end,
            x_advance: advance,
            x_offset: 0.0,
            y_offset: 0.0,
        }
    }

    /// Adds the glyphs of a part of a word that the font covers.
    fn shape(&self, word: &str, start: usize, end: usize, glyphs: &mut Vec<PlacedGlyph>) {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(word.get(start..end).unwrap_or_default());
        buffer.guess_segment_properties();
        // The fonts cover left-to-right scripts only, and lines are put together left to right.
        buffer.set_direction(Direction::LeftToRight);
        let shaped = rustybuzz::shape(&self.face, &[], buffer);
        let infos = shaped.glyph_infos();
        for (index, (info, position)) in infos.iter().zip(shaped.glyph_positions()).enumerate() {
            let from = start + info.cluster as usize;
            let to = infos
                .iter()
                .skip(index)
                .find(|later| later.cluster > info.cluster)
                .map_or(end, |later| start + later.cluster as usize);
            if info.glyph_id == 0 {
                glyphs.push(self.replacement(from, to));
            } else {
                glyphs.push(PlacedGlyph {
                    font: self.id,
                    id: info.glyph_id,
                    start: from,
                    end: to,
                    x_advance: self.em(position.x_advance),
                    x_offset: self.em(position.x_offset),
                    y_offset: self.em(position.y_offset),
                });
            }
        }
    }
}

/// The built-in fonts with the words shaped so far.
pub(super) struct Typefaces {
    regular: Typeface,
    bold: Typeface,
    symbols: Typeface,
    words: HashMap<(Weight, String), Rc<ShapedWord>>,
}

impl Typefaces {
    pub(super) fn load() -> Result<Self, PdfError> {
        let load = |id, data| Typeface::load(id, data).ok_or(PdfError::Font);
        Ok(Self {
            regular: load(FontId::Text(Weight::Regular), REGULAR)?,
            bold: load(FontId::Text(Weight::Bold), BOLD)?,
            symbols: load(FontId::Symbols, SYMBOLS)?,
            words: HashMap::new(),
        })
    }

    fn face(&self, id: FontId) -> &Typeface {
        match id {
            FontId::Text(Weight::Regular) => &self.regular,
            FontId::Text(Weight::Bold) => &self.bold,
            FontId::Symbols => &self.symbols,
        }
    }

    /// The font as the writer takes it.
    pub(super) fn font(&self, id: FontId) -> Font {
        self.face(id).font.clone()
    }

    fn shape_word(&self, weight: Weight, word: &str) -> ShapedWord {
        let text = self.face(FontId::Text(weight));
        let owner = |character: char| {
            if text.covers(character) {
                Some(text)
            } else {
                Some(&self.symbols).filter(|symbols| symbols.covers(character))
            }
        };
        let id = |face: Option<&Typeface>| face.map(|face| face.id);
        let mut glyphs = Vec::new();
        let mut start = 0;
        while let Some(first) = word.get(start..).and_then(|rest| rest.chars().next()) {
            let face = owner(first);
            let mut end = start + first.len_utf8();
            if let Some(face) = face {
                let more = word.get(end..).unwrap_or_default().chars();
                end += more
                    .take_while(|next| id(owner(*next)) == Some(face.id))
                    .map(char::len_utf8)
                    .sum::<usize>();
                face.shape(word, start, end, &mut glyphs);
            } else {
                glyphs.push(text.replacement(start, end));
            }
            start = end;
        }
        let width = glyphs.iter().map(|glyph| glyph.x_advance).sum();
        ShapedWord { glyphs, width }
    }

    /// A word (or a space) as glyphs.
    pub(super) fn shape(&mut self, weight: Weight, word: &str) -> Rc<ShapedWord> {
        let key = (weight, word.to_owned());
        if let Some(shaped) = self.words.get(&key) {
            return Rc::clone(shaped);
        }
        let shaped = Rc::new(self.shape_word(weight, word));
        self.words.insert(key, Rc::clone(&shaped));
        shaped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_greek_and_cyrillic_have_glyphs() {
        let mut faces = Typefaces::load().unwrap();
        for weight in [Weight::Regular, Weight::Bold] {
            let replacement = faces.face(FontId::Text(weight)).replacement(0, 0).id;
            for word in [
                "Straße",
                "Łódź",
                "Ωμέγα",
                "Щербаков",
                "Nguyễn",
                "µg/m²",
                "≥≤",
                "↑↓→",
                "☐☑✓",
                "•…–“”",
            ] {
                let shaped = faces.shape(weight, word);
                assert!(
                    shaped
                        .glyphs
                        .iter()
                        .all(|glyph| glyph.id != replacement && glyph.id != 0),
                    "{word}"
                );
                assert!(shaped.width > 0.0);
            }
        }
    }

    #[test]
    fn what_is_missing_is_replaced_one_by_one() {
        let mut faces = Typefaces::load().unwrap();
        let shaped = faces.shape(Weight::Regular, "a漢字b");
        let ranges: Vec<_> = shaped
            .glyphs
            .iter()
            .map(|glyph| (glyph.start, glyph.end))
            .collect();
        assert_eq!(ranges, [(0, 1), (1, 4), (4, 7), (7, 8)]);
    }

    #[test]
    fn combining_marks_stay_with_their_letter() {
        let mut faces = Typefaces::load().unwrap();
        let shaped = faces.shape(Weight::Regular, "e\u{301}x");
        assert_eq!(
            shaped.glyphs.last().map(|glyph| (glyph.start, glyph.end)),
            Some((3, 4))
        );
        assert_eq!(shaped.glyphs.first().map(|glyph| glyph.start), Some(0));
    }
}
