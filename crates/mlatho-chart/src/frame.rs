//! What every picture has around it: title, subtitle, a sentence for those who do not see it, footer.

use crate::svg::{FONT, Svg, TEXT, Type, escaped};

/// The words around a picture. Every text comes from the caller, in the reader's language.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Starts the ids in the picture, so that several may stand on one page: letters, digits, `-`.
    pub id: &'a str,
    /// The question or the finding.
    pub title: &'a str,
    /// Org unit and periods.
    pub subtitle: &'a str,
    /// One sentence for those who do not see the picture.
    pub description: &'a str,
    /// Source and completeness.
    pub footer: &'a str,
}

/// The width of every picture, in units of its own.
pub(crate) const WIDTH: f64 = 800.0;
/// Where the drawing may begin below title and subtitle.
pub(crate) const HEAD: f64 = 64.0;
/// What the footer takes at the bottom.
pub(crate) const FOOT: f64 = 36.0;

impl Frame<'_> {
    /// A whole `<svg>` element of this height around what `draw` adds.
    pub(crate) fn around(&self, height: f64, draw: impl FnOnce(&mut Svg)) -> String {
        let mut svg = Svg::default();
        let id = escaped(self.id);
        svg.raw(format_args!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" aria-labelledby="{id}-title {id}-description" font-family="{FONT}">"#
        ));
        svg.raw(format_args!(r#"<title id="{id}-title">{}</title>"#, escaped(self.title)));
        svg.raw(format_args!(r#"<desc id="{id}-description">{}</desc>"#, escaped(self.description)));
        svg.rect((0.0, 0.0), (WIDTH, height), r##"fill="#fff""##);
        let title = Type { size: 18, ..Type::SMALL.coloured(TEXT).bold() };
        svg.text(16.0, 30.0, title, self.title);
        svg.text(16.0, 51.0, Type { size: 14, ..Type::SMALL }, self.subtitle);
        draw(&mut svg);
        svg.text(16.0, height - 14.0, Type::SMALL, self.footer);
        svg.raw("</svg>");
        svg.into_text()
    }
}
