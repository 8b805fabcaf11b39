//! The structure of the document for readers who do not see it (PDF/UA-1): a tree that is built
//! with the layout and filled with what is painted.

use std::num::NonZeroU16;

use krilla::geom::Rect;
use krilla::tagging::{
    BBox, Identifier, ListNumbering, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree,
};

/// A node of the tree.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct NodeId(usize);

/// What a node is.
#[derive(Clone, Debug)]
pub(super) enum Role {
    Heading { level: u8, title: String },
    Paragraph,
    Quote,
    Group,
    Bullets,
    Numbered,
    Terms,
    Item,
    ItemLabel,
    ItemBody,
    Table,
    TableHead,
    TableBody,
    Row,
    ColumnHead,
    RowHead,
    Cell,
    Figure { description: String },
    Contents,
    ContentsItem,
}

#[derive(Debug, Default)]
pub(super) struct Tags {
    nodes: Vec<Tagged>,
    roots: Vec<NodeId>,
    open: Vec<NodeId>,
}

#[derive(Debug)]
struct Tagged {
    role: Role,
    children: Vec<Child>,
    place: Option<BBox>,
}

#[derive(Debug)]
enum Child {
    Node(NodeId),
    Painted(Identifier),
}

impl Tags {
    /// A node inside those that are open.
    pub(super) fn add(&mut self, role: Role) -> NodeId {
        let id = NodeId(self.nodes.len());
        self.nodes.push(Tagged {
            role,
            children: Vec::new(),
            place: None,
        });
        let parent = self
            .open
            .last()
            .and_then(|parent| self.nodes.get_mut(parent.0));
        match parent {
            Some(parent) => parent.children.push(Child::Node(id)),
            None => self.roots.push(id),
        }
        id
    }

    /// A node that holds what is added until it is closed.
    pub(super) fn open(&mut self, role: Role) {
        let id = self.add(role);
        self.open.push(id);
    }

    pub(super) fn close(&mut self) {
        self.open.pop();
    }

    /// Something of this node was painted.
    pub(super) fn painted(&mut self, node: NodeId, what: Identifier) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.children.push(Child::Painted(what));
        }
    }

    /// Where a figure is.
    pub(super) fn placed(&mut self, node: NodeId, page: usize, rect: Rect) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.place = Some(BBox::new(page, rect));
        }
    }

    pub(super) fn into_tree(self) -> TagTree {
        let mut nodes: Vec<Option<Tagged>> = self.nodes.into_iter().map(Some).collect();
        let mut tree = TagTree::new();
        for root in self.roots {
            if let Some(group) = group(&mut nodes, root) {
                tree.push(group);
            }
        }
        tree
    }
}

fn group(nodes: &mut [Option<Tagged>], id: NodeId) -> Option<TagGroup> {
    let tagged = nodes.get_mut(id.0)?.take()?;
    let painted = match tagged.children.as_slice() {
        [Child::Node(only)] if tagged.role.is_a_cell() => take_paragraph(nodes, *only),
        _ => None,
    };
    let mut children = Vec::with_capacity(tagged.children.len());
    for child in painted.unwrap_or(tagged.children) {
        match child {
            Child::Painted(identifier) => children.push(Node::from(identifier)),
            Child::Node(node) => children.extend(group(nodes, node).map(Node::from)),
        }
    }
    // Cells stay, or the rows of a table had different lengths; nothing else may be empty.
    let may_be_empty = matches!(tagged.role, Role::ColumnHead | Role::RowHead | Role::Cell);
    if children.is_empty() && !may_be_empty {
        return None;
    }
    let kind = tagged.role.kind(tagged.place);
    Some(TagGroup::with_children(kind, children))
}

/// The children of a paragraph, which is then no node any more.
fn take_paragraph(nodes: &mut [Option<Tagged>], id: NodeId) -> Option<Vec<Child>> {
    let node = nodes.get_mut(id.0)?;
    let paragraph = node.take_if(|node| matches!(node.role, Role::Paragraph))?;
    Some(paragraph.children)
}

impl Role {
    /// Text that stands alone in it needs no paragraph: a report has thousands of these.
    fn is_a_cell(&self) -> bool {
        matches!(
            self,
            Self::ItemBody | Self::ColumnHead | Self::RowHead | Self::Cell
        )
    }

    fn kind(self, place: Option<BBox>) -> TagKind {
        match self {
            Self::Heading { level, title } => {
                let level = NonZeroU16::new(level.into()).unwrap_or(NonZeroU16::MIN);
                Tag::Hn(level, Some(title)).into()
            }
            Self::Paragraph => Tag::P.into(),
            Self::Quote => Tag::BlockQuote.into(),
            Self::Group => Tag::Div.into(),
            Self::Bullets => Tag::L(ListNumbering::Disc).into(),
            Self::Numbered => Tag::L(ListNumbering::Decimal).into(),
            Self::Terms => Tag::L(ListNumbering::None).into(),
            Self::Item => Tag::LI.into(),
            Self::ItemLabel => Tag::Lbl.into(),
            Self::ItemBody => Tag::LBody.into(),
            Self::Table => Tag::Table.into(),
            Self::TableHead => Tag::THead.into(),
            Self::TableBody => Tag::TBody.into(),
            Self::Row => Tag::TR.into(),
            Self::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
            Self::RowHead => Tag::TH(TableHeaderScope::Row).into(),
            Self::Cell => Tag::TD.into(),
            Self::Figure { description } => Tag::Figure(Some(description)).with_bbox(place).into(),
            Self::Contents => Tag::TOC.into(),
            Self::ContentsItem => Tag::TOCI.into(),
        }
    }
}
