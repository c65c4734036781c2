//! Pages written as PDF, with the tree that says what everything is.

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind, TagTree,
};
use krilla::text::{GlyphId, KrillaGlyph};

use crate::document::{Document, DocumentError};
use crate::face::Face;
use crate::layout::{Ink, Length, Line, Node, PAGE_HEIGHT, PAGE_WIDTH, Pages, Rule};

const HAIRLINE: Length = 500;
const STRONG_LINE: Length = 1_000;

/// The document as a file.
pub(crate) fn write(document: &Document, face: &Face, pages: &Pages) -> Result<Vec<u8>, DocumentError> {
    let standard = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| DocumentError::Standard(format!("{error:?}")))?;
    let settings = SerializeSettings { configuration: standard, enable_tagging: true, ..SerializeSettings::default() };
    let mut pdf = krilla::Document::new_with(settings);
    pdf.set_metadata(metadata(document));
    let mut tags = vec![None; pages.lines.len()];
    for page in 0..pages.count {
        let size = PageSettings::from_wh(points(PAGE_WIDTH), points(PAGE_HEIGHT));
        let mut sheet = pdf.start_page_with(size.unwrap_or_default());
        let mut surface = sheet.surface();
        draw(&mut surface, face, pages, page, &mut tags);
        surface.finish();
        sheet.finish();
    }
    pdf.set_tag_tree(tree(document, pages, &mut tags));
    pdf.set_outline(outline(pages));
    pdf.finish().map_err(|error| DocumentError::Standard(format!("{error:?}")))
}

fn metadata(document: &Document) -> Metadata {
    Metadata::new()
        .title(document.title.clone())
        .authors(vec![document.issuer.clone()])
        .language(document.language.clone())
        .creator("Ringup".to_owned())
        .creation_date(date(document.made))
}

fn date(made: Timestamp) -> DateTime {
    let at = made.to_zoned_datetime(TimeZone::UTC);
    let small = |part: i8| u8::try_from(part).unwrap_or_default();
    DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

/// Draws one page, and remembers by which mark each of its lines is found.
fn draw(surface: &mut Surface<'_>, face: &Face, pages: &Pages, page: usize, tags: &mut [Option<Identifier>]) {
    for rule in pages.rules.iter().filter(|rule| rule.page == page) {
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
        hairline(surface, rule);
        surface.end_tagged();
    }
    for line in pages.artifacts.iter().filter(|line| line.page == page) {
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)));
        letters(surface, face, line);
        surface.end_tagged();
    }
    for (line, tag) in pages.lines.iter().zip(tags).filter(|(line, _)| line.page == page) {
        *tag = Some(surface.start_tagged(ContentTag::Span(SpanTag::empty())));
        letters(surface, face, line);
        surface.end_tagged();
    }
}

fn letters(surface: &mut Surface<'_>, face: &Face, line: &Line) {
    surface.set_fill(Some(fill(match line.ink {
        Ink::Full => rgb::Color::new(0x16, 0x21, 0x1f),
        Ink::Muted => rgb::Color::new(0x56, 0x62, 0x5f),
        Ink::Brand => rgb::Color::new(0x0a, 0x64, 0x59),
    })));
    let placed = line.text.char_indices().zip(face.glyphs(&line.text, 1_000));
    let glyphs: Vec<KrillaGlyph> = placed
        .map(|((at, character), (id, advance))| {
            let range = at..at + character.len_utf8();
            // Advances are said in parts of the size: a point stands for the whole of it.
            KrillaGlyph::new(GlyphId::new(u32::from(id)), points(advance), 0.0, 0.0, 0.0, range, None)
        })
        .collect();
    let start = Point::from_xy(points(line.x), points(line.y));
    surface.draw_glyphs(start, &glyphs, face.font().clone(), &line.text, points(line.size), false);
}

fn hairline(surface: &mut Surface<'_>, rule: &Rule) {
    let (height, color) = if rule.is_strong {
        (STRONG_LINE, rgb::Color::new(0x16, 0x21, 0x1f))
    } else {
        (HAIRLINE, rgb::Color::new(0xda, 0xd6, 0xcc))
    };
    let place = Rect::from_xywh(points(rule.x), points(rule.y), points(rule.width), points(height));
    let Some(place) = place else { return };
    let mut path = PathBuilder::new();
    path.push_rect(place);
    surface.set_fill(Some(fill(color)));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

fn fill(color: rgb::Color) -> Fill {
    Fill { paint: color.into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

fn tree(document: &Document, pages: &Pages, tags: &mut [Option<Identifier>]) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some(document.language.clone()));
    let level = |level: u16| std::num::NonZeroU16::new(level).unwrap_or(std::num::NonZeroU16::MIN);
    for node in &pages.tree {
        match node {
            Node::Title(lines) => {
                tree.push(group(Tag::Hn(level(1), Some(document.title.clone())), lines, tags));
            }
            Node::Heading(lines) => {
                tree.push(group(Tag::Hn(level(2), Some(said(pages, lines))), lines, tags));
            }
            Node::Paragraph(lines) => tree.push(group(Tag::P, lines, tags)),
            Node::Table { head, rows } => {
                let mut table = TagGroup::new(Tag::Table);
                if let Some(head) = head {
                    let cells = head.iter().map(|cell| group(Tag::TH(TableHeaderScope::Column), cell, tags));
                    let row = TagGroup::with_children(Tag::TR, cells.map(Into::into).collect());
                    table.push(TagGroup::with_children(Tag::THead, vec![row.into()]));
                }
                let mut body = TagGroup::new(Tag::TBody);
                for row in rows {
                    let cell = |(column, cell): (usize, &Vec<usize>)| {
                        let tag: TagKind = match row.is_named && column == 0 {
                            true => Tag::TH(TableHeaderScope::Row).into(),
                            false => Tag::TD.into(),
                        };
                        group(tag, cell, tags).into()
                    };
                    body.push(TagGroup::with_children(Tag::TR, row.cells.iter().enumerate().map(cell).collect()));
                }
                table.push(body);
                tree.push(table);
            }
        }
    }
    tree
}

fn group(tag: impl Into<TagKind>, lines: &[usize], tags: &mut [Option<Identifier>]) -> TagGroup {
    let found = lines.iter().filter_map(|line| tags.get_mut(*line).and_then(Option::take));
    TagGroup::with_children(tag, found.map(Into::into).collect())
}

/// The title and the headings, to jump to.
fn outline(pages: &Pages) -> Outline {
    let mut outline = Outline::new();
    for node in &pages.tree {
        if let Node::Title(lines) | Node::Heading(lines) = node
            && let Some(first) = lines.first().and_then(|line| pages.lines.get(*line))
        {
            let place = Point::from_xy(points(first.x), points(first.y - first.size));
            outline.push_child(OutlineNode::new(said(pages, lines), XyzDestination::new(first.page, place)));
        }
    }
    outline
}

fn said(pages: &Pages, lines: &[usize]) -> String {
    let texts = lines.iter().filter_map(|line| pages.lines.get(*line)).map(|line| line.text.as_str());
    texts.collect::<Vec<_>>().join(" ")
}

/// A length as the file says it.
#[expect(clippy::float_arithmetic, reason = "PDF counts in points, and says parts of them as decimals")]
fn points(length: Length) -> f32 {
    length as f32 / 1_000.0
}
