//! Documents for people: a tagged, accessible PDF from a plain document model.
//!
//! Nothing of FHIR and nothing of who may see what is known here: what goes in was already released.
//! The file aims at PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2): every piece of text belongs to
//! a heading, paragraph, list or table, the language and the title are set, fonts are embedded, and
//! what repeats on each page is marked as an artifact so that screen readers pass over it.

mod flow;
mod line;
mod structure;
mod table;
mod text;
mod typeface;
mod write;

use std::fmt;

use domain::clock::Instant;

/// A document to be rendered, in reading order.
///
/// Prints as `[redacted]`: it holds what a record says.
#[derive(Clone)]
pub struct Document {
    /// BCP 47 tag of the language the text is in, such as `en-US`. One that isn't of that form is
    /// written as `und` (undetermined).
    pub language: String,
    /// What viewers show as the window's title and file managers index. Keep it neutral: no name, no
    /// date of birth, nothing of the record.
    pub title: String,
    /// When the document was made. The only time in the file.
    pub created: Instant,
    /// Small text at the foot of each page. `{page}` and `{pages}` in it become the page's number and
    /// the number of pages. If it has no `{page}`, a line "Page 2 of 5" ("2 / 5" in languages other
    /// than English) is added.
    pub footer: String,
    /// The content.
    pub blocks: Vec<Block>,
    /// A file that goes along inside. The document is PDF/A-3a then (ISO 19005-3), which allows any kind of file.
    pub attachment: Option<Attachment>,
}

/// A file inside a document. It is not compressed, so that it can be found without reading the PDF's structure.
///
/// Prints as `[redacted]`.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// What it is, for people.
    pub description: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Attachment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Attachment [redacted]")
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Document [redacted]")
    }
}

/// One piece of a [`Document`].
///
/// Prints as `[redacted]`.
#[derive(Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading, which is also a bookmark. Levels go from 1 to 6; one that skips a level (ISO 14289-1
    /// §7.4.2) is raised to the next one below the heading before it.
    Heading {
        /// 1 for the highest.
        level: u8,
        /// Its words.
        text: String,
    },
    /// Running text. A blank line begins a new paragraph, a line end a new line.
    Paragraph(String),
    /// Legal text in a box, such as the notice that goes with a disclosure (LAW B1).
    Notice(String),
    /// Names and values side by side.
    Facts(Vec<(String, String)>),
    /// A list with bullets.
    List(Vec<String>),
    /// A table. Its headers stand again on every page it goes on to.
    Table {
        /// One for each column.
        headers: Vec<String>,
        /// Rows of cells. Missing cells are empty; cells beyond the headers make columns without one.
        rows: Vec<Vec<String>>,
    },
    /// A line across the page.
    Rule,
    /// What follows begins on a new page. Several in a row make one.
    PageBreak,
}

impl fmt::Debug for Block {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Block [redacted]")
    }
}

/// Why no PDF came out. None of these carries any of the document's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// The fonts built into the program can't be read.
    #[error("the built-in fonts can't be read")]
    Font,
    /// The footer would take more than a third of each page.
    #[error("the footer is too long for a page")]
    FooterTooLong,
    /// The writer's check against PDF/UA-1 and PDF/A-2a found faults.
    #[error("the document breaks {rules} rules of PDF/UA-1 or PDF/A-2a")]
    Invalid {
        /// How many kinds of fault.
        rules: usize,
    },
    /// The writer could not put the file together.
    #[error("the file could not be put together")]
    Writer,
}

/// Renders a document as a PDF file. The same document gives the same bytes.
///
/// Characters the built-in font has no glyph for are drawn as a replacement mark, and stay themselves
/// for searching, copying and reading aloud. Control characters and characters that only steer layout
/// are left out. Words wider than the page are broken.
///
/// # Errors
/// See [`PdfError`].
pub fn render(document: &Document) -> Result<Vec<u8>, PdfError> {
    let mut faces = typeface::Typefaces::load()?;
    let footer = write::Footer::new(document, &mut faces)?;
    let mut flow = flow::Flow::new(&mut faces, footer.top());
    for block in &document.blocks {
        flow.place(block);
    }
    write::write(document, flow.finish(), &mut faces, &footer)
}
