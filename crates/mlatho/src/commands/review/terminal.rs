//! The cards on a terminal: keys in, screens out, each decision into the project.

use std::io::{self, IsTerminal};

use console::{Key, Style, Term};
use mlatho_pipeline::Project;
use mlatho_pipeline::review::{Case, decide};

use super::card::{Line, Tone, screen};
use super::session::{Flow, Session};
use crate::commands::{Context, Failure};

/// Whether a person sits in front of both ends.
pub(super) fn is_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Shows card after card until the person leaves, and tells how many decisions were saved. A decision is saved by the
/// first key after it; one that the project refuses is shown again with the reason. A terminal that is closed is a
/// person who leaves.
pub(super) fn sit(context: &Context, project: &Project, cases: &[Case], by: &str) -> Result<usize, Failure> {
    let texts = &context.out.texts;
    let term = Term::stderr();
    let mut session = Session::new(cases, by);
    loop {
        let lines = screen(&session, texts, usize::from(term.size().1));
        let pressed = draw(&term, &lines).and_then(|()| term.read_key_raw());
        let key = pressed.as_ref().unwrap_or(&Key::CtrlC);
        if let Some(unsaved) = session.unsaved.as_ref().filter(|_| !session.takes_back(key)) {
            match decide(project, std::slice::from_ref(&unsaved.decision)) {
                Ok(()) => session.keep(),
                Err(error) => match error.finding() {
                    Some(finding) if pressed.is_ok() => {
                        session.refuse(texts.finding(&finding));
                        continue;
                    }
                    _ => return Err(error.into()),
                },
            }
        }
        if session.press(key, crate::now().timestamp()) == Flow::Leave {
            // Where the terminal is gone nobody looks.
            let _ = term.write_line("");
            return Ok(session.saved);
        }
    }
}

fn draw(term: &Term, lines: &[Line]) -> io::Result<()> {
    let styled = |line: &Line| style(line.tone).apply_to(&line.text).to_string();
    term.clear_screen()?;
    term.write_str(&lines.iter().map(styled).collect::<Vec<_>>().join("\n"))
}

/// `NO_COLOR` turns all of it off.
fn style(tone: Tone) -> Style {
    let style = Style::new().for_stderr();
    match tone {
        Tone::Plain => style,
        Tone::Strong => style.bold(),
        Tone::Faint => style.dim(),
        Tone::Warning => style.yellow(),
    }
}
