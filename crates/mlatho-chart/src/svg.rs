//! Writes SVG elements. Presentation attributes only, so that a picture needs no style sheet.

use std::fmt::{Display, Write};

pub(crate) const TEXT: &str = "#212934";
pub(crate) const SECONDARY: &str = "#4a5768";
pub(crate) const GRID: &str = "#e8edf2";
pub(crate) const FONT: &str = "Roboto, 'Noto Sans', 'Noto Sans Ethiopic', system-ui, 'DejaVu Sans', sans-serif";

/// An SVG text that grows.
#[derive(Default)]
pub(crate) struct Svg(String);

/// Where a text stands to its point.
#[derive(Clone, Copy)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// The looks of a text.
#[derive(Clone, Copy)]
pub(crate) struct Type {
    pub(crate) size: u8,
    pub(crate) weight: u16,
    pub(crate) colour: &'static str,
    pub(crate) anchor: Anchor,
    /// A white edge, for a text that stands on lines.
    pub(crate) halo: bool,
}

impl Type {
    pub(crate) const SMALL: Self =
        Self { size: 12, weight: 400, colour: SECONDARY, anchor: Anchor::Start, halo: false };

    pub(crate) const fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    pub(crate) const fn coloured(self, colour: &'static str) -> Self {
        Self { colour, ..self }
    }

    pub(crate) const fn bold(self) -> Self {
        Self { weight: 500, ..self }
    }

    pub(crate) const fn with_halo(self) -> Self {
        Self { halo: true, ..self }
    }

    /// About how wide a text of this size is.
    pub(crate) fn width(self, text: &str) -> f64 {
        let letters = u16::try_from(text.chars().count()).unwrap_or(u16::MAX);
        f64::from(letters) * f64::from(self.size) * 0.54
    }
}

impl Svg {
    pub(crate) fn into_text(self) -> String {
        self.0
    }

    /// Writes an element as it stands. Writing to a string cannot fail.
    pub(crate) fn raw(&mut self, element: impl Display) {
        let _ = writeln!(self.0, "{element}");
    }

    pub(crate) fn text(&mut self, x: f64, y: f64, looks: Type, text: &str) {
        let anchor = match looks.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let Type { size, weight, colour, .. } = looks;
        let text = escaped(text);
        let halo = if looks.halo { r##" stroke="#fff" stroke-width="3" paint-order="stroke""## } else { "" };
        self.raw(format_args!(
            r#"<text x="{x:.1}" y="{y:.1}" font-size="{size}" font-weight="{weight}" fill="{colour}" text-anchor="{anchor}"{halo}>{text}</text>"#
        ));
    }

    /// What is drawn, with a title that a pointer shows, as a link where there is one to follow. `title` is escaped.
    pub(crate) fn linked(&mut self, link: &str, title: &str, draw: impl FnOnce(&mut Self)) {
        let (open, close) = match link {
            "" => ("<g>".to_owned(), "</g>"),
            link => (format!(r#"<a href="{}">"#, escaped(link)), "</a>"),
        };
        self.raw(format_args!("{open}<title>{title}</title>"));
        draw(self);
        self.raw(close);
    }

    /// A horizontal line.
    pub(crate) fn level(&mut self, from: f64, to: f64, y: f64, colour: &str) {
        self.raw(format_args!(r#"<path d="M{from:.1} {y:.1}H{to:.1}" stroke="{colour}" stroke-width="1"/>"#));
    }

    /// A line through points, broken where there is none.
    pub(crate) fn line(&mut self, points: impl IntoIterator<Item = Option<(f64, f64)>>, colour: &str) {
        let (mut path, mut pen_down) = (String::new(), false);
        for point in points {
            if let Some((x, y)) = point {
                let command = if pen_down { 'L' } else { 'M' };
                let _ = write!(path, "{command}{x:.1} {y:.1}");
            }
            pen_down = point.is_some();
        }
        if !path.is_empty() {
            self.raw(format_args!(
                r#"<path d="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-linejoin="round"/>"#
            ));
        }
    }

    pub(crate) fn rect(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), looks: &str) {
        self.raw(format_args!(r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" {looks}/>"#));
    }

    /// A closed shape through points.
    pub(crate) fn area(&mut self, points: impl IntoIterator<Item = (f64, f64)>, looks: &str) {
        let mut path = String::new();
        for (x, y) in points {
            let _ = write!(path, "{}{x:.1} {y:.1}", if path.is_empty() { 'M' } else { 'L' });
        }
        if !path.is_empty() {
            self.raw(format_args!(r#"<path d="{path}Z" {looks}/>"#));
        }
    }

    /// The pattern of what is not known: `fill="url(#<id>-hatch)"`.
    pub(crate) fn hatch(&mut self, id: &str, colour: &str) {
        let id = escaped(id);
        self.raw(format_args!(
            r##"<defs><pattern id="{id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/><path d="M0 0V6" stroke="{colour}" stroke-width="3"/></pattern></defs>"##
        ));
    }

    /// A vertical line.
    pub(crate) fn plumb(&mut self, x: f64, from: f64, to: f64, looks: &str) {
        self.raw(format_args!(r#"<path d="M{x:.1} {from:.1}V{to:.1}" {looks}/>"#));
    }

    /// A mark at a point: a shape given by moves relative to it.
    pub(crate) fn mark(&mut self, x: f64, y: f64, shape: &str, colour: &str) {
        self.raw(format_args!(r##"<path d="M{x:.1} {y:.1}{shape}" fill="{colour}" stroke="#fff" stroke-width="1"/>"##));
    }
}

/// Text for an element or an attribute; characters that XML cannot hold are left out.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {}
            letter => safe.push(letter),
        }
    }
    safe
}
