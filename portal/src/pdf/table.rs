//! Tables: how wide the columns are, and the rows.

use krilla::tagging::{TableHeaderScope, Tag};

use super::flow::{Cell, Flow, MARGIN, Repeat, TEXT_WIDTH, height_of};
use super::line::Style;
use super::structure::NodeId;
use super::text::{is_break, paragraphs};
use super::typeface::{Typefaces, Weight};

const GUTTER: f32 = 10.0;
const CELL: Style = Style {
    weight: Weight::Regular,
    size: 9.5,
    leading: 13.5,
};
const HEADER: Style = Style {
    weight: Weight::Bold,
    ..CELL
};
/// Rows looked at to find the widths. More hardly change them.
const SAMPLE: usize = 400;

/// A column's place: left edge and width, in points.
#[derive(Clone, Copy)]
struct Column {
    x: f32,
    width: f32,
}

impl Flow<'_> {
    /// Places a table.
    pub(super) fn table(&mut self, headers: &[String], rows: &[Vec<String>]) {
        let count = rows
            .iter()
            .map(Vec::len)
            .max()
            .unwrap_or(0)
            .max(headers.len());
        if count == 0 {
            return;
        }
        let columns = columns(self.faces, headers, rows, count);
        let table = self.structure.add(None, Tag::Table);
        self.gap(4.0);
        let mut repeat = None;
        if headers.iter().any(|header| !header.trim().is_empty()) {
            let head = self.structure.add(Some(table), Tag::THead);
            let cells = self.cells(head, headers, &columns, true);
            let tallest = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(0);
            // The header and the first lines of the table stay on one page.
            if self.lines_left(0.0, HEADER.leading) < tallest.saturating_add(3) && tallest < 20 {
                self.place(&super::Block::PageBreak);
            }
            repeat = Some(Repeat {
                cells: cells
                    .iter()
                    .map(|cell| (cell.x, cell.style, cell.lines.clone()))
                    .collect(),
                height: height_of(tallest, HEADER.leading),
            });
            self.row(cells, None);
            self.stroke(MARGIN, TEXT_WIDTH);
            self.advance(4.0);
        }
        let body = self.structure.add(Some(table), Tag::TBody);
        for (index, row) in rows.iter().enumerate() {
            if index > 0 {
                self.advance(4.0);
            }
            let cells = self.cells(body, row, &columns, false);
            self.row(cells, repeat.as_ref());
        }
        self.advance(12.0);
    }

    fn cells(
        &mut self,
        group: NodeId,
        texts: &[String],
        columns: &[Column],
        header: bool,
    ) -> Vec<Cell> {
        let row = self.structure.add(Some(group), Tag::TR);
        let style = if header { HEADER } else { CELL };
        let mut cells = Vec::with_capacity(columns.len());
        for (index, column) in columns.iter().enumerate() {
            let node = if header {
                self.structure
                    .add(Some(row), Tag::TH(TableHeaderScope::Column))
            } else {
                self.structure.add(Some(row), Tag::TD)
            };
            let text = texts.get(index).map_or("", String::as_str);
            let lines = self.lines_of(text, style, column.width);
            cells.push(Cell {
                node: Some(node),
                x: column.x,
                style,
                lines,
            });
        }
        cells
    }
}

/// Gives each column its widest word, and what is left in proportion to how much text it has.
fn columns(
    faces: &mut Typefaces,
    headers: &[String],
    rows: &[Vec<String>],
    count: usize,
) -> Vec<Column> {
    let gaps = height_of(count.saturating_sub(1), GUTTER);
    let gutter = if gaps < TEXT_WIDTH / 3.0 { GUTTER } else { 0.0 };
    let room = TEXT_WIDTH - height_of(count.saturating_sub(1), gutter);
    let mut widths = Vec::with_capacity(count);
    for index in 0..count {
        let mut word = 6.0_f32;
        let mut line = 6.0_f32;
        let header = headers.get(index).map(|text| (text, HEADER));
        let cells = rows
            .iter()
            .take(SAMPLE)
            .filter_map(|row| row.get(index))
            .map(|text| (text, CELL));
        for (text, style) in header.into_iter().chain(cells) {
            let (widest, whole) = measure(faces, text, style);
            word = word.max(widest);
            line = line.max(whole);
        }
        widths.push((word.min(room / 3.0), line.clamp(word.min(room / 3.0), room)));
    }
    let least: f32 = widths.iter().map(|(word, _)| word).sum();
    let wished: f32 = widths.iter().map(|(_, line)| line).sum();
    let mut x = MARGIN;
    widths
        .into_iter()
        .map(|(word, line)| {
            let width = if wished <= room {
                line
            } else if least >= room {
                word * room / least
            } else {
                word + (line - word) * (room - least) / (wished - least)
            };
            let column = Column {
                x,
                width: width + 0.01,
            };
            x += width + gutter;
            column
        })
        .collect()
}

/// The widths of the widest word and of the widest line, in points.
fn measure(faces: &mut Typefaces, text: &str, style: Style) -> (f32, f32) {
    let space = faces.shape(style.weight, " ").width * style.size;
    let mut widest = 0.0_f32;
    let mut whole = 0.0_f32;
    for paragraph in paragraphs(text) {
        for line in paragraph.split('\n') {
            let mut width = 0.0;
            for word in line.split(is_break).filter(|word| !word.is_empty()) {
                let word = faces.shape(style.weight, word).width * style.size;
                widest = widest.max(word);
                width += word + space;
            }
            whole = whole.max(width);
        }
    }
    (widest, whole)
}
