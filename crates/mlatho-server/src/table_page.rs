//! A page of one picture and the same numbers as a table.

use askama::Template;
use mlatho_text::Texts;

use crate::Pages;
use crate::asked::Asked;
use crate::view::{Choice, languages, places};

/// Lines of a table on one page.
pub(crate) const MOST_LINES: usize = 200;

/// What such a page shows, in the reader's language.
pub(crate) struct Content {
    pub(crate) title: String,
    /// How the numbers come about.
    pub(crate) explained: String,
    /// Safe HTML: charts escape every text.
    pub(crate) svg: String,
    pub(crate) heads: Vec<String>,
    /// The first cell names the line.
    pub(crate) lines: Vec<Vec<String>>,
}

#[derive(Template)]
#[template(path = "table_page.html")]
struct Page<'a> {
    texts: &'a Texts,
    project: &'a str,
    languages: Vec<Choice>,
    places: Vec<Choice>,
    title: String,
    explained: String,
    svg: String,
    csv: String,
    picture: String,
    extent: String,
    heads: Vec<String>,
    lines: Vec<Vec<String>>,
}

impl Page<'_> {
    /// A text without placeholders.
    fn say(&self, key: &str) -> String {
        self.texts.say(key, &[])
    }
}

/// The page at `path` as HTML, or why the template could not write it.
pub(crate) fn page(pages: &Pages, asked: &Asked, path: &str, content: Content) -> Result<String, askama::Error> {
    let texts = pages.texts(asked.language);
    let Content { title, explained, svg, heads, mut lines } = content;
    let count = lines.len();
    lines.truncate(MOST_LINES);
    let query = asked.query(asked.rule.as_deref(), None);
    Page {
        texts,
        project: pages.project_name(),
        languages: languages(pages, asked, path),
        places: places(texts, asked, path),
        extent: texts.say("pages-extent", &[("last", lines.len().into()), ("count", count.into())]),
        title,
        explained,
        svg,
        csv: format!("{path}.csv{query}"),
        picture: format!("{path}.svg{query}"),
        heads,
        lines,
    }
    .render()
}
