//! What a report is made of, before it is HTML or PDF.

use std::fmt::Display;

use crate::bundle::document::{EvidenceFile, Exhibit};
use crate::bundle::texts::Texts;

/// One block of a report.
#[derive(Clone, Debug)]
pub(in crate::bundle) enum Block {
    /// A heading; level 1 is the title, 2 a part, 3 a sheet or a part of a part, 4 below that.
    Heading(Heading),
    /// Text that stands alone in a cell or beside a term.
    Line(Text),
    /// Text with space around it.
    Paragraph(Text),
    /// What a person wrote or said, at length: line breaks and spaces stay.
    Quote(String),
    /// A code in large type, to be read by tired eyes and copied by hand.
    Large(String),
    /// A command or a path to type.
    Command(String),
    /// Points in no order that matters.
    List(Vec<Vec<Block>>),
    /// Points with their numbers.
    Numbered(Vec<(u64, Vec<Block>)>),
    /// Terms with what belongs to them.
    Facts(Vec<Fact>),
    /// Columns under a head that is repeated on each sheet of paper.
    Table(Table),
    /// What stands on one sheet of paper, if one holds it.
    Together(Vec<Block>),
    /// What must be read before the rest.
    Notice(Vec<Block>),
    /// An original that is a picture.
    Picture(Picture),
    /// How many incidents when, drawn.
    Timeline(Timeline),
    /// A code for cameras.
    Qr(Qr),
    /// The parts of the report, each with its place.
    Contents(Vec<(Anchor, String)>),
    /// Room to write by hand.
    Blank,
    /// What follows begins a new sheet of paper.
    Sheet,
}

#[derive(Clone, Debug)]
pub(in crate::bundle) struct Heading {
    pub(in crate::bundle) level: u8,
    pub(in crate::bundle) text: String,
    pub(in crate::bundle) anchor: Option<Anchor>,
}

/// A place in the report that others point to.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(in crate::bundle) enum Anchor {
    /// A part, by name.
    Section(&'static str),
    /// The sheet of an incident, by its number in this report.
    Incident(usize),
    /// An exhibit.
    Exhibit(Exhibit),
}

/// Text in one piece, of parts that look different.
#[derive(Clone, Debug, Default)]
pub(in crate::bundle) struct Text(pub(in crate::bundle) Vec<Span>);

/// A part of a text.
#[derive(Clone, Debug)]
pub(in crate::bundle) enum Span {
    /// Text of the program: labels, numbers, times.
    Plain(String),
    /// What a person wrote or a device named.
    Words(String),
    /// Text of the program that must be seen.
    Strong(String),
    /// The code of the log.
    Code(String),
    /// Digits to compare.
    Hash(String),
    /// ORIGINAL, WITHHELD: a mark on an exhibit.
    Mark(String),
    /// Text of the program that leads elsewhere in the report.
    Link(Anchor, String),
    /// An original in the bundle.
    File(EvidenceFile),
    /// A new line.
    Break,
}

#[derive(Clone, Debug)]
pub(in crate::bundle) struct Fact {
    pub(in crate::bundle) term: Text,
    pub(in crate::bundle) content: Vec<Block>,
}

#[derive(Clone, Debug)]
pub(in crate::bundle) struct Table {
    pub(in crate::bundle) form: TableForm,
    pub(in crate::bundle) columns: Vec<Column>,
    pub(in crate::bundle) rows: Vec<Vec<Cell>>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::bundle) enum TableForm {
    /// As wide as it needs.
    Plain,
    /// The table of all incidents.
    Summary,
    /// Columns of one width, with room to write by hand.
    Form,
}

/// A column with its share of the width on paper.
#[derive(Clone, Debug)]
pub(in crate::bundle) struct Column {
    pub(in crate::bundle) label: String,
    pub(in crate::bundle) share: u8,
}

#[derive(Clone, Debug)]
pub(in crate::bundle) struct Cell {
    pub(in crate::bundle) kind: CellKind,
    pub(in crate::bundle) content: Vec<Block>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::bundle) enum CellKind {
    /// Names the row.
    Head,
    /// Anything.
    Data,
    /// A count, at the right.
    Number,
    /// A time to the second.
    Time,
    /// Digits to compare.
    Hash,
}

#[derive(Clone, Debug)]
pub(in crate::bundle) struct Picture {
    pub(in crate::bundle) file: EvidenceFile,
    pub(in crate::bundle) exhibit: Exhibit,
    /// Stands under it.
    pub(in crate::bundle) caption: Text,
}

/// Counts over months or years without a gap.
#[derive(Clone, Debug)]
pub(in crate::bundle) struct Timeline {
    /// The same in words, for those who do not see it.
    pub(in crate::bundle) description: String,
    /// Each with its label and its count.
    pub(in crate::bundle) columns: Vec<(String, u64)>,
    /// The column in which a refusal was stated first, and how that is said.
    pub(in crate::bundle) mark: Option<(usize, String)>,
}

#[derive(Clone, Debug)]
pub(in crate::bundle) struct Qr {
    /// What it is, for those who do not see it.
    pub(in crate::bundle) description: String,
    /// Its modules by row, `true` for dark.
    pub(in crate::bundle) modules: Vec<bool>,
    /// Modules in a row.
    pub(in crate::bundle) width: usize,
}

impl Block {
    /// A paragraph with the text of a key.
    pub(in crate::bundle) fn paragraph(texts: &Texts, key: &str) -> Self {
        Self::Paragraph(Text::label(texts, key))
    }

    /// A heading of this level with the text of a key.
    pub(in crate::bundle) fn heading(texts: &Texts, level: u8, key: &str) -> Self {
        Self::Heading(Heading {
            level,
            text: texts.get(key).to_owned(),
            anchor: None,
        })
    }

    /// The heading of a part: its name to point to, and the key of its text.
    pub(in crate::bundle) fn section(texts: &Texts, name: &'static str, key: &str) -> Self {
        Self::Heading(Heading {
            level: 2,
            text: texts.get(key).to_owned(),
            anchor: Some(Anchor::Section(name)),
        })
    }
}

impl Text {
    /// Text of the program.
    pub(in crate::bundle) fn plain(text: impl Display) -> Self {
        Self(vec![Span::Plain(text.to_string())])
    }

    /// The text of a key.
    pub(in crate::bundle) fn label(texts: &Texts, key: &str) -> Self {
        Self::plain(texts.get(key))
    }

    /// What a person wrote.
    pub(in crate::bundle) fn words(words: &str) -> Self {
        Self(vec![Span::Words(words.to_owned())])
    }

    /// An incident's title, leading to it.
    pub(in crate::bundle) fn incident(texts: &Texts, shown: usize) -> Self {
        let title = texts.with("incident.title", shown);
        Self(vec![Span::Link(Anchor::Incident(shown), title)])
    }

    /// An exhibit's number, leading to it.
    pub(in crate::bundle) fn exhibit(exhibit: Exhibit) -> Self {
        Self(vec![Span::Link(
            Anchor::Exhibit(exhibit),
            exhibit.to_string(),
        )])
    }

    pub(in crate::bundle) fn push(&mut self, span: Span) {
        self.0.push(span);
    }

    /// Adds text of the program.
    pub(in crate::bundle) fn add(&mut self, text: &str) {
        self.push(Span::Plain(text.to_owned()));
    }

    /// Adds another text.
    pub(in crate::bundle) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// Its words alone, for those who do not see what it stands under.
    pub(in crate::bundle) fn to_plain(&self) -> String {
        let words = self.0.iter().map(|span| match span {
            Span::Plain(text)
            | Span::Words(text)
            | Span::Strong(text)
            | Span::Code(text)
            | Span::Hash(text)
            | Span::Mark(text)
            | Span::Link(_, text) => text.clone(),
            Span::File(file) => file.path(),
            Span::Break => " ".to_owned(),
        });
        words.collect()
    }

    pub(in crate::bundle) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As one line in a cell or beside a term.
    pub(in crate::bundle) fn line(self) -> Vec<Block> {
        vec![Block::Line(self)]
    }
}

impl Fact {
    /// A term by key, with what belongs to it.
    pub(in crate::bundle) fn new(texts: &Texts, key: &str, content: Vec<Block>) -> Self {
        Self {
            term: Text::label(texts, key),
            content,
        }
    }

    /// A term by key, with text of the program.
    pub(in crate::bundle) fn plain(texts: &Texts, key: &str, text: impl Display) -> Self {
        Self::new(texts, key, Text::plain(text).line())
    }
}

impl Table {
    /// A table with these columns: the key of the label and the share of the width on paper.
    pub(in crate::bundle) fn new(texts: &Texts, form: TableForm, columns: &[(&str, u8)]) -> Self {
        let column = |(key, share): &(&str, u8)| Column {
            label: texts.get(key).to_owned(),
            share: *share,
        };
        Self {
            form,
            columns: columns.iter().map(column).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row of a label and a number.
    pub(in crate::bundle) fn count(&mut self, label: &str, count: impl Display) {
        self.rows.push(vec![
            Cell::head(Text::plain(label)),
            Cell::new(CellKind::Number, Text::plain(count)),
        ]);
    }
}

impl Cell {
    pub(in crate::bundle) fn new(kind: CellKind, text: Text) -> Self {
        Self {
            kind,
            content: text.line(),
        }
    }

    /// A cell that names its row.
    pub(in crate::bundle) fn head(text: Text) -> Self {
        Self::new(CellKind::Head, text)
    }

    /// A cell with one line.
    pub(in crate::bundle) fn text(text: Text) -> Self {
        Self::new(CellKind::Data, text)
    }

    /// A cell with anything in it, or nothing.
    pub(in crate::bundle) fn data(content: Vec<Block>) -> Self {
        Self {
            kind: CellKind::Data,
            content,
        }
    }
}
