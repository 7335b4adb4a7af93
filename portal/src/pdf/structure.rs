//! What the document is made of, apart from how it looks: the tag tree and the bookmarks.

use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::outline::{Outline, OutlineNode};
use krilla::tagging::{Identifier, Node as TagNode, TagGroup, TagKind, TagTree};

/// A place in the tag tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NodeId(usize);

struct Node {
    tag: TagKind,
    children: Vec<NodeId>,
    content: Vec<Identifier>,
}

/// The tag tree while it grows. A node holds either other nodes or pieces of text.
#[derive(Default)]
pub(super) struct Structure {
    nodes: Vec<Node>,
    roots: Vec<NodeId>,
}

impl Structure {
    /// Adds a node after its siblings; without a parent, at the top.
    pub(super) fn add(&mut self, parent: Option<NodeId>, tag: impl Into<TagKind>) -> NodeId {
        let id = NodeId(self.nodes.len());
        self.nodes.push(Node {
            tag: tag.into(),
            children: Vec::new(),
            content: Vec::new(),
        });
        match parent.and_then(|parent| self.nodes.get_mut(parent.0)) {
            Some(parent) => parent.children.push(id),
            None => self.roots.push(id),
        }
        id
    }

    /// Says that a piece of a page belongs to a node.
    pub(super) fn attach(&mut self, node: NodeId, content: Identifier) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.content.push(content);
        }
    }

    /// The finished tree.
    pub(super) fn into_tree(self, language: &str) -> TagTree {
        let mut nodes: Vec<Option<Node>> = self.nodes.into_iter().map(Some).collect();
        let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
        for root in self.roots {
            if let Some(group) = group(&mut nodes, root) {
                tree.push(group);
            }
        }
        tree
    }
}

fn group(nodes: &mut [Option<Node>], id: NodeId) -> Option<TagGroup> {
    // Depth is at most that of a table cell: Table, THead, TR, TH.
    let node = nodes.get_mut(id.0)?.take()?;
    let mut children: Vec<TagNode> = node.content.into_iter().map(TagNode::from).collect();
    for child in node.children {
        children.extend(group(nodes, child).map(TagNode::from));
    }
    (!children.is_empty()).then(|| TagGroup::with_children(node.tag, children))
}

/// A heading as a bookmark.
pub(super) struct Bookmark {
    pub level: u8,
    pub text: String,
    /// Counted from 0.
    pub page: usize,
    /// From the top of the page, in points.
    pub top: f32,
}

/// The bookmarks as a tree: each heading stands under the nearest higher one before it.
pub(super) fn outline(bookmarks: Vec<Bookmark>) -> Outline {
    let mut outline = Outline::new();
    let mut open: Vec<(u8, OutlineNode)> = Vec::new();
    for bookmark in bookmarks {
        close(&mut outline, &mut open, bookmark.level);
        let place = XyzDestination::new(bookmark.page, Point::from_xy(0.0, bookmark.top));
        open.push((
            bookmark.level,
            OutlineNode::new(bookmark.text, place).with_open(bookmark.level == 1),
        ));
    }
    close(&mut outline, &mut open, 0);
    outline
}

/// Puts away every open heading of the level or below it.
fn close(outline: &mut Outline, open: &mut Vec<(u8, OutlineNode)>, level: u8) {
    while let Some((_, node)) = open.pop_if(|(open_level, _)| *open_level >= level) {
        match open.last_mut() {
            Some((_, parent)) => parent.push_child(node),
            None => outline.push_child(node),
        }
    }
}
