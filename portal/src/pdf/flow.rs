//! Placing blocks on pages, from top to bottom.
//!
//! Lengths are in points; y grows downward from the top of the page.

use std::num::NonZeroU16;

use krilla::tagging::{ListNumbering, Tag};

use super::Block;
use super::line::{Line, Style, blank, wrap};
use super::structure::{Bookmark, NodeId, Structure};
use super::text::{one_line, paragraphs};
use super::typeface::{Typefaces, Weight};

/// US Letter, the paper of the country whose law the notices cite.
pub(super) const PAGE_WIDTH: f32 = 612.0;
pub(super) const PAGE_HEIGHT: f32 = 792.0;
/// Left and right.
pub(super) const MARGIN: f32 = 60.0;
const TOP: f32 = 56.0;
pub(super) const TEXT_WIDTH: f32 = PAGE_WIDTH - 2.0 * MARGIN;
/// From the top of a line to its baseline, as a part of the leading.
const BASELINE: f32 = 0.76;
/// A row or paragraph of at most so many lines is not parted by a page break.
const KEEP: usize = 3;
const BOX_PADDING: f32 = 9.0;
/// Longest bookmark, in characters.
const BOOKMARK_LENGTH: usize = 200;

pub(super) const BODY: Style = Style {
    weight: Weight::Regular,
    size: 10.5,
    leading: 15.0,
};
const LABEL: Style = Style {
    weight: Weight::Bold,
    ..BODY
};
const NOTICE: Style = Style {
    weight: Weight::Regular,
    size: 10.0,
    leading: 14.0,
};

/// Something to be drawn.
pub(super) enum Mark {
    /// A line of text. Without a node it repeats something and is passed over by screen readers.
    Text {
        node: Option<NodeId>,
        x: f32,
        baseline: f32,
        style: Style,
        line: Line,
        heading: bool,
    },
    /// A thin line from left to right.
    Stroke { x: f32, y: f32, width: f32 },
    /// A framed area.
    Frame {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
    },
}

/// All pages with what stands on them.
pub(super) struct Laid {
    pub pages: Vec<Vec<Mark>>,
    pub structure: Structure,
    pub bookmarks: Vec<Bookmark>,
}

/// One column's share of a row.
pub(super) struct Cell {
    pub node: Option<NodeId>,
    pub x: f32,
    pub style: Style,
    pub lines: Vec<Line>,
}

/// What stands again on the next page when a table goes on.
pub(super) struct Repeat {
    pub cells: Vec<(f32, Style, Vec<Line>)>,
    pub height: f32,
}

/// The pages while they fill.
pub(super) struct Flow<'a> {
    pub faces: &'a mut Typefaces,
    pub structure: Structure,
    pages: Vec<Vec<Mark>>,
    bookmarks: Vec<Bookmark>,
    y: f32,
    bottom: f32,
    /// Nothing but repeated headers stands on the page yet.
    fresh: bool,
    level: u8,
}

impl<'a> Flow<'a> {
    /// Begins a document whose pages may be filled down to `bottom`.
    pub(super) fn new(faces: &'a mut Typefaces, bottom: f32) -> Self {
        Self {
            faces,
            structure: Structure::default(),
            pages: vec![Vec::new()],
            bookmarks: Vec::new(),
            y: TOP,
            bottom,
            fresh: true,
            level: 0,
        }
    }

    /// All pages.
    pub(super) fn finish(self) -> Laid {
        Laid {
            pages: self.pages,
            structure: self.structure,
            bookmarks: self.bookmarks,
        }
    }

    /// Puts a block below what is there.
    pub(super) fn place(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => self.heading(*level, text),
            Block::Paragraph(text) => self.paragraphs(text),
            Block::Notice(text) => self.notice(text),
            Block::Facts(facts) => self.facts(facts),
            Block::List(items) => self.list(items),
            Block::Table { headers, rows } => self.table(headers, rows),
            Block::Rule => self.rule(),
            Block::PageBreak => {
                if !self.fresh {
                    self.new_page(None);
                }
            }
        }
    }

    fn heading(&mut self, level: u8, text: &str) {
        let text = one_line(text, usize::MAX);
        if text.is_empty() {
            return;
        }
        let level = level.clamp(1, 6).min(self.level.saturating_add(1));
        self.level = level;
        let (size, leading, before, after) = match level {
            1 => (20.0, 26.0, 16.0, 8.0),
            2 => (15.0, 20.0, 16.0, 5.0),
            3 => (12.5, 17.0, 12.0, 3.0),
            _ => (11.0, 15.5, 9.0, 2.0),
        };
        let style = Style {
            weight: Weight::Bold,
            size,
            leading,
        };
        let lines = wrap(self.faces, &text, style, TEXT_WIDTH);
        self.gap(before);
        // A heading is kept with the first lines of what follows.
        let height = height_of(lines.len(), leading) + after + 3.0 * BODY.leading;
        if self.y + height > self.bottom {
            self.new_page(None);
        }
        let bookmark = one_line(&text, BOOKMARK_LENGTH);
        self.bookmarks.push(Bookmark {
            level,
            text: bookmark.clone(),
            page: self.pages.len().saturating_sub(1),
            top: self.y,
        });
        let number = NonZeroU16::new(level.into()).unwrap_or(NonZeroU16::MIN);
        let node = self.structure.add(None, Tag::Hn(number, Some(bookmark)));
        self.row(
            vec![Cell {
                node: Some(node),
                x: MARGIN,
                style,
                lines,
            }],
            None,
        );
        self.y += after;
    }

    fn paragraphs(&mut self, text: &str) {
        for paragraph in paragraphs(text) {
            let node = self.structure.add(None, Tag::P);
            let lines = wrap(self.faces, &paragraph, BODY, TEXT_WIDTH);
            self.row(
                vec![Cell {
                    node: Some(node),
                    x: MARGIN,
                    style: BODY,
                    lines,
                }],
                None,
            );
            self.y += 7.0;
        }
    }

    fn notice(&mut self, text: &str) {
        let inner = TEXT_WIDTH - 2.0 * BOX_PADDING;
        let mut lines: Vec<(NodeId, Line)> = Vec::new();
        let mut group = None;
        for paragraph in paragraphs(text) {
            let group = *group.get_or_insert_with(|| self.structure.add(None, Tag::Div));
            let node = self.structure.add(Some(group), Tag::P);
            if !lines.is_empty() {
                lines.push((node, Line::default()));
            }
            lines.extend(
                wrap(self.faces, &paragraph, NOTICE, inner)
                    .into_iter()
                    .map(|line| (node, line)),
            );
        }
        if lines.is_empty() {
            return;
        }
        self.gap(6.0);
        let whole = height_of(lines.len(), NOTICE.leading) + 2.0 * BOX_PADDING;
        if self.y + whole > self.bottom && whole <= self.bottom - TOP {
            self.new_page(None);
        }
        let mut rest = lines.into_iter().peekable();
        while rest.peek().is_some() {
            let mut fit = self.lines_left(2.0 * BOX_PADDING, NOTICE.leading);
            if fit == 0 && !self.fresh {
                self.new_page(None);
                fit = self.lines_left(2.0 * BOX_PADDING, NOTICE.leading);
            }
            let part: Vec<_> = rest.by_ref().take(fit.max(1)).collect();
            let height = height_of(part.len(), NOTICE.leading) + 2.0 * BOX_PADDING;
            self.mark(Mark::Frame {
                x: MARGIN,
                y: self.y,
                width: TEXT_WIDTH,
                height,
            });
            let mut y = self.y + BOX_PADDING;
            for (node, line) in part {
                self.text(Some(node), MARGIN + BOX_PADDING, y, NOTICE, line, false);
                y += NOTICE.leading;
            }
            self.y += height;
            self.fresh = false;
            if rest.peek().is_some() {
                self.new_page(None);
            }
        }
        self.y += 10.0;
    }

    fn facts(&mut self, facts: &[(String, String)]) {
        let column = 150.0;
        let gutter = 12.0;
        let list = self.structure.add(None, Tag::L(ListNumbering::None));
        for (name, value) in facts {
            let item = self.structure.add(Some(list), Tag::LI);
            let label = self.structure.add(Some(item), Tag::Lbl);
            let body = self.structure.add(Some(item), Tag::LBody);
            let names = self.lines_of(name, LABEL, column);
            let values = self.lines_of(value, BODY, TEXT_WIDTH - column - gutter);
            self.row(
                vec![
                    Cell {
                        node: Some(label),
                        x: MARGIN,
                        style: LABEL,
                        lines: names,
                    },
                    Cell {
                        node: Some(body),
                        x: MARGIN + column + gutter,
                        style: BODY,
                        lines: values,
                    },
                ],
                None,
            );
            self.y += 3.0;
        }
        self.y += 6.0;
    }

    /// Wraps text without its blank lines; a space if there is no text.
    pub(super) fn lines_of(&mut self, text: &str, style: Style, width: f32) -> Vec<Line> {
        let text = paragraphs(text).join("\n");
        if text.is_empty() {
            vec![blank(self.faces, style.weight)]
        } else {
            wrap(self.faces, &text, style, width)
        }
    }

    fn list(&mut self, items: &[String]) {
        let indent = 16.0;
        let list = self.structure.add(None, Tag::L(ListNumbering::Disc));
        for item in items {
            let text = paragraphs(item).join("\n");
            if text.is_empty() {
                continue;
            }
            let node = self.structure.add(Some(list), Tag::LI);
            let label = self.structure.add(Some(node), Tag::Lbl);
            let body = self.structure.add(Some(node), Tag::LBody);
            let bullet = wrap(self.faces, "•", BODY, indent);
            let lines = wrap(self.faces, &text, BODY, TEXT_WIDTH - indent);
            self.row(
                vec![
                    Cell {
                        node: Some(label),
                        x: MARGIN + 4.0,
                        style: BODY,
                        lines: bullet,
                    },
                    Cell {
                        node: Some(body),
                        x: MARGIN + indent,
                        style: BODY,
                        lines,
                    },
                ],
                None,
            );
            self.y += 2.0;
        }
        self.y += 6.0;
    }

    fn rule(&mut self) {
        self.gap(6.0);
        if self.y + 12.0 > self.bottom {
            self.new_page(None);
            return;
        }
        self.stroke(MARGIN, TEXT_WIDTH);
        self.y += 10.0;
    }

    /// Places cells side by side, going on to further pages line by line where they are too tall.
    pub(super) fn row(&mut self, cells: Vec<Cell>, repeat: Option<&Repeat>) {
        let leading = cells
            .iter()
            .map(|cell| cell.style.leading)
            .fold(1.0, f32::max);
        let total = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(0);
        let mut cells: Vec<_> = cells
            .into_iter()
            .map(|cell| (cell.node, cell.x, cell.style, cell.lines.into_iter()))
            .collect();
        let mut done = 0;
        while done < total {
            let left = total - done;
            let fit = self.lines_left(0.0, leading);
            // Neither one or two lines alone at the foot of a page nor at the head of the next.
            let breaks_badly = fit < KEEP.min(left) || left <= KEEP || left - fit.min(left) < 2;
            if fit < left && breaks_badly && !self.fresh && fit.saturating_sub(1) < KEEP {
                self.new_page(repeat);
                continue;
            }
            let take = if fit < left && left - fit < 2 && fit > KEEP {
                fit - 1
            } else {
                fit.clamp(1, left)
            };
            for (node, x, style, lines) in &mut cells {
                let mut y = self.y;
                for line in lines.by_ref().take(take) {
                    self.text(*node, *x, y, *style, line, style.size > BODY.size);
                    y += leading;
                }
            }
            self.y += height_of(take, leading);
            self.fresh = false;
            done += take;
            if done < total {
                self.new_page(repeat);
            }
        }
    }

    /// Ends the page.
    pub(super) fn new_page(&mut self, repeat: Option<&Repeat>) {
        self.pages.push(Vec::new());
        self.y = TOP;
        self.fresh = true;
        // A header that would fill the page is not worth repeating.
        if let Some(repeat) = repeat.filter(|repeat| repeat.height < (self.bottom - TOP) / 3.0) {
            for (x, style, lines) in &repeat.cells {
                let mut y = self.y;
                for line in lines {
                    self.text(None, *x, y, *style, line.clone(), false);
                    y += style.leading;
                }
            }
            self.y += repeat.height;
            self.stroke(MARGIN, TEXT_WIDTH);
            self.y += 4.0;
        }
    }

    /// Leaves room above, except at the top of a page.
    pub(super) fn gap(&mut self, height: f32) {
        if !self.fresh {
            self.y += height;
        }
    }

    /// Leaves room below.
    pub(super) fn advance(&mut self, height: f32) {
        self.y += height;
    }

    /// A thin line at the present height.
    pub(super) fn stroke(&mut self, x: f32, width: f32) {
        self.mark(Mark::Stroke {
            x,
            y: self.y,
            width,
        });
    }

    /// How many lines still fit on the page.
    pub(super) fn lines_left(&self, less: f32, leading: f32) -> usize {
        let room = ((self.bottom - self.y - less) / leading).floor();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most a page's lines, not negative"
        )]
        let lines = room.max(0.0) as usize;
        lines
    }

    fn text(
        &mut self,
        node: Option<NodeId>,
        x: f32,
        top: f32,
        style: Style,
        line: Line,
        heading: bool,
    ) {
        if line.is_empty() {
            return;
        }
        let baseline = top + style.leading * BASELINE;
        self.mark(Mark::Text {
            node,
            x,
            baseline,
            style,
            line,
            heading,
        });
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }
}

/// The height of so many lines.
pub(super) fn height_of(lines: usize, leading: f32) -> f32 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a page has fewer than a hundred lines; beyond that only the comparison matters"
    )]
    let lines = lines as f32;
    lines * leading
}
