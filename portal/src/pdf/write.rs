//! Drawing the laid-out pages and putting the file together.

use chrono::{Datelike, Timelike};
use domain::clock::Instant;
use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::error::KrillaError;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};

use super::flow::{Laid, MARGIN, Mark, PAGE_HEIGHT, PAGE_WIDTH, TEXT_WIDTH};
use super::line::{Line, Style, wrap};
use super::structure::{Bookmark, NodeId, Structure, outline};
use super::text::{clean, language_tag, one_line};
use super::typeface::{Typefaces, Weight};
use super::{Document, PdfError};

const FOOTER: Style = Style {
    weight: Weight::Regular,
    size: 8.5,
    leading: 11.5,
};
const FOOTER_BOTTOM: f32 = 30.0;
const TITLE_LENGTH: usize = 300;
/// Near black, the deep teal of headings (11:1 on white) and the grey of lines and footers (7:1).
const INK: (u8, u8, u8) = (0x14, 0x18, 0x1a);
const HEADING_INK: (u8, u8, u8) = (0x0a, 0x40, 0x46);
const QUIET_INK: (u8, u8, u8) = (0x4a, 0x50, 0x54);
const FRAME_FILL: (u8, u8, u8) = (0xf4, 0xf6, 0xf6);

/// What stands at the foot of every page.
pub(super) struct Footer {
    template: String,
    /// Most lines it can take.
    lines: usize,
}

impl Footer {
    pub(super) fn new(document: &Document, faces: &mut Typefaces) -> Result<Self, PdfError> {
        let mut template = clean(&document.footer).trim().to_owned();
        if !template.contains("{page}") {
            if !template.is_empty() {
                template.push('\n');
            }
            let english = document
                .language
                .split('-')
                .next()
                .is_some_and(|tag| tag.eq_ignore_ascii_case("en"));
            template.push_str(if english {
                "Page {page} of {pages}"
            } else {
                "{page} / {pages}"
            });
        }
        let mut footer = Self { template, lines: 0 };
        footer.lines = footer.set(faces, 88_888, 88_888).len();
        if footer.height() > PAGE_HEIGHT / 3.0 {
            Err(PdfError::FooterTooLong)
        } else {
            Ok(footer)
        }
    }

    fn set(&self, faces: &mut Typefaces, page: usize, pages: usize) -> Vec<Line> {
        let text = self
            .template
            .replace("{page}", &page.to_string())
            .replace("{pages}", &pages.to_string());
        wrap(faces, &text, FOOTER, TEXT_WIDTH)
    }

    fn height(&self) -> f32 {
        super::flow::height_of(self.lines, FOOTER.leading)
    }

    /// How far down a page may be filled, in points from its top.
    pub(super) fn top(&self) -> f32 {
        PAGE_HEIGHT - FOOTER_BOTTOM - self.height() - 14.0
    }

    fn draw(&self, surface: &mut Surface<'_>, faces: &mut Typefaces, page: usize, pages: usize) {
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(
            ArtifactType::Footer,
        )));
        stroke_line(surface, MARGIN, self.top() + 8.0, TEXT_WIDTH);
        let mut y = self.top() + 14.0;
        for line in self.set(faces, page, pages) {
            draw_line(
                surface,
                faces,
                MARGIN,
                y + FOOTER.leading * 0.76,
                FOOTER,
                QUIET_INK,
                &line,
            );
            y += FOOTER.leading;
        }
        surface.end_tagged();
    }
}

/// Makes the file.
pub(super) fn write(
    document: &Document,
    laid: Laid,
    faces: &mut Typefaces,
    footer: &Footer,
) -> Result<Vec<u8>, PdfError> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(if document.attachment.is_some() {
            Archival::A3_A
        } else {
            Archival::A2_A
        })
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|_| PdfError::Writer)?;
    let settings = SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    };
    let mut file = krilla::Document::new_with(settings);
    let Laid {
        pages,
        mut structure,
        mut bookmarks,
    } = laid;
    let count = pages.len();
    for (index, marks) in pages.iter().enumerate() {
        let settings = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).ok_or(PdfError::Writer)?;
        let mut page = file.start_page_with(settings);
        let mut surface = page.surface();
        draw_page(&mut surface, faces, &mut structure, marks);
        footer.draw(&mut surface, faces, index + 1, count);
        surface.finish();
        page.finish();
    }

    let language = language_tag(&document.language);
    let mut title = one_line(&document.title, TITLE_LENGTH);
    if title.is_empty() {
        "Document".clone_into(&mut title);
    }
    if bookmarks.is_empty() {
        // PDF/UA-1 wants a way to navigate, also in a document without headings.
        bookmarks.push(Bookmark {
            level: 1,
            text: title.clone(),
            page: 0,
            top: 0.0,
        });
    }
    file.set_outline(outline(bookmarks));
    file.set_tag_tree(structure.into_tree(&language));
    file.set_metadata(
        Metadata::new()
            .title(title)
            .language(language)
            .creator("Confide".to_owned())
            .producer("Confide".to_owned())
            .creation_date(date(document.created)),
    );
    if let Some(attachment) = &document.attachment {
        let media_type = MimeType::new(&attachment.media_type).ok_or(PdfError::Writer)?;
        file.embed_file(EmbeddedFile {
            path: attachment.name.clone(),
            mime_type: Some(media_type),
            description: Some(attachment.description.clone()),
            association_kind: AssociationKind::Source,
            data: attachment.bytes.clone().into(),
            modification_date: Some(date(document.created)),
            compress: Some(false),
            location: None,
        })
        .ok_or(PdfError::Writer)?;
    }
    // The writer's errors quote text, so only their kind goes on.
    file.finish().map_err(|error| match error {
        KrillaError::Validation(faults) => PdfError::Invalid {
            rules: faults.len(),
        },
        KrillaError::Font(..) => PdfError::Font,
        _ => PdfError::Writer,
    })
}

fn draw_page(
    surface: &mut Surface<'_>,
    faces: &mut Typefaces,
    structure: &mut Structure,
    marks: &[Mark],
) {
    // Lines that follow one another and belong together are one piece of tagged content.
    let mut open: Option<Option<NodeId>> = None;
    for mark in marks {
        let belongs = match mark {
            Mark::Text { node, .. } => *node,
            Mark::Stroke { .. } | Mark::Frame { .. } => None,
        };
        if open != Some(belongs) {
            if open.is_some() {
                surface.end_tagged();
            }
            if let Some(node) = belongs {
                let content = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                structure.attach(node, content);
            } else {
                surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(
                    ArtifactType::Layout,
                )));
            }
            open = Some(belongs);
        }
        match mark {
            Mark::Text {
                x,
                baseline,
                style,
                line,
                heading,
                ..
            } => {
                let ink = if *heading { HEADING_INK } else { INK };
                draw_line(surface, faces, *x, *baseline, *style, ink, line);
            }
            Mark::Stroke { x, y, width } => stroke_line(surface, *x, *y, *width),
            Mark::Frame {
                x,
                y,
                width,
                height,
            } => frame(surface, *x, *y, *width, *height),
        }
    }
    if open.is_some() {
        surface.end_tagged();
    }
}

fn draw_line(
    surface: &mut Surface<'_>,
    faces: &Typefaces,
    x: f32,
    baseline: f32,
    style: Style,
    ink: (u8, u8, u8),
    line: &Line,
) {
    surface.set_stroke(None);
    surface.set_fill(Some(fill(ink)));
    let mut x = x;
    for run in &line.runs {
        let start = Point::from_xy(x, baseline);
        surface.draw_glyphs(
            start,
            &run.glyphs,
            faces.font(run.font),
            &line.text,
            style.size,
            false,
        );
        x += run.width * style.size;
    }
}

fn stroke_line(surface: &mut Surface<'_>, x: f32, y: f32, width: f32) {
    let mut path = PathBuilder::new();
    path.move_to(x, y);
    path.line_to(x + width, y);
    if let Some(path) = path.finish() {
        surface.set_fill(None);
        surface.set_stroke(Some(stroke()));
        surface.draw_path(&path);
    }
}

fn frame(surface: &mut Surface<'_>, x: f32, y: f32, width: f32, height: f32) {
    let Some(rect) = Rect::from_xywh(x, y, width, height) else {
        return;
    };
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    if let Some(path) = path.finish() {
        surface.set_fill(Some(fill(FRAME_FILL)));
        surface.set_stroke(Some(stroke()));
        surface.draw_path(&path);
    }
}

fn fill((red, green, blue): (u8, u8, u8)) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::default(),
    }
}

fn stroke() -> Stroke {
    let (red, green, blue) = QUIET_INK;
    Stroke {
        paint: rgb::Color::new(red, green, blue).into(),
        width: 0.6,
        ..Stroke::default()
    }
}

fn date(instant: Instant) -> DateTime {
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    DateTime::new(u16::try_from(instant.year()).unwrap_or_default())
        .month(small(instant.month()))
        .day(small(instant.day()))
        .hour(small(instant.hour()))
        .minute(small(instant.minute()))
        .second(small(instant.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}
