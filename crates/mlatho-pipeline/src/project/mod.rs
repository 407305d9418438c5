//! The project folder: what a ministry keeps in version control.

mod checks;
mod config;
mod elements;
mod init;
mod mappings;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use mlatho_formats::Layout;
use mlatho_model::Finding;

pub(crate) use checks::load as load_checks;
pub use config::{Config, Side, Source, StockBounds, Target};
pub(crate) use config::{
    ElmisData, GateSettings, Gateway, OpenHim, Policy, PullDhis2, PullElmis, PullLogistimo, PullOpenlmis, Register,
    Sender,
};
pub use elements::{Element, ElementMap};
pub use init::init_project;
use mappings::Decided;
pub use mappings::ProjectMappings;
pub(crate) use mappings::{link_of, stored};

use crate::PipelineError;

/// Name of the project file.
pub(crate) const FILE: &str = "mlatho.toml";

/// A loaded project.
#[derive(Clone, Debug)]
pub struct Project {
    root: PathBuf,
    config: Config,
}

impl Project {
    /// Reads `mlatho.toml` in `root`.
    ///
    /// # Errors
    /// There is none, or it does not say what it may say.
    pub fn load(root: &Path) -> Result<Self, PipelineError> {
        let path = root.join(FILE);
        let text = std::fs::read_to_string(&path).map_err(|error| {
            Finding::error("project-missing").in_file(&shown(&path)).with("reason", error.to_string())
        })?;
        let config: Config = toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(0, |span| 1 + text[..span.start].matches('\n').count());
            Finding::error("project-invalid")
                .in_file(&shown(&path))
                .at(line as u64, "")
                .with("line", line)
                .with("reason", error.message())
        })?;
        Ok(Self { root: root.into(), config })
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Where the repository lives.
    pub fn data_dir(&self) -> PathBuf {
        self.root.join(&self.config.data_dir)
    }

    /// The project folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path as messages and receipts name it: from the project folder on, where it lies there.
    pub fn relative(&self, path: &Path) -> String {
        shown(path.strip_prefix(&self.root).unwrap_or(path))
    }

    /// A path of the project file, made whole.
    pub fn path(&self, relative: &Path) -> PathBuf {
        self.root.join(relative)
    }

    /// The source of that name; without a name, the only one.
    ///
    /// # Errors
    /// There is none, or there are several to choose from.
    pub fn source(&self, name: Option<&str>) -> Result<&Source, PipelineError> {
        let sources = &self.config.sources;
        self.choose(sources, name, |source| source.name.as_str(), "source-unknown")
    }

    /// The target of that name; without a name, the only one.
    ///
    /// # Errors
    /// There is none, or there are several to choose from.
    pub fn target(&self, name: Option<&str>) -> Result<&Target, PipelineError> {
        self.choose(&self.config.targets, name, |target| &target.name, "target-unknown")
    }

    fn choose<'a, T>(
        &self,
        all: &'a [T],
        name: Option<&str>,
        name_of: impl Fn(&T) -> &str,
        code: &'static str,
    ) -> Result<&'a T, PipelineError> {
        let chosen = match (name, all) {
            (None, [only]) => Some(only),
            (None, _) => None,
            (Some(name), all) => all.iter().find(|one| name_of(one) == name),
        };
        chosen.ok_or_else(|| {
            let known: Vec<&str> = all.iter().map(&name_of).collect();
            let finding = Finding::error(code).in_file(&shown(&self.root.join(FILE)));
            finding.with("name", name.unwrap_or_default()).with("known", known.join(", ")).into()
        })
    }

    /// The files of a source, in the order of their paths.
    ///
    /// # Errors
    /// A pattern is no pattern, or a folder cannot be listed.
    pub fn files(&self, source: &Source) -> Result<Vec<PathBuf>, PipelineError> {
        self.matching(&source.files)
    }

    /// The files of comparison rules and of checks, in the order of their paths.
    ///
    /// # Errors
    /// A pattern is no pattern, or a folder cannot be listed.
    pub fn rules(&self) -> Result<Vec<PathBuf>, PipelineError> {
        self.matching(&self.config.rules)
    }

    /// The product tables, in the order of their paths.
    ///
    /// # Errors
    /// A pattern is no pattern, or a folder cannot be listed.
    pub fn products(&self) -> Result<Vec<PathBuf>, PipelineError> {
        self.matching(&self.config.products)
    }

    fn matching(&self, patterns: &[String]) -> Result<Vec<PathBuf>, PipelineError> {
        let mut found = Vec::new();
        for pattern in patterns {
            let bad = |reason: String| {
                let finding = Finding::error("bad-pattern").in_file(&shown(&self.root.join(FILE)));
                finding.with("pattern", pattern.as_str()).with("reason", reason)
            };
            let root = glob::Pattern::escape(&self.root.to_string_lossy());
            let whole = Path::new(&root).join(pattern);
            for path in glob::glob(&whole.to_string_lossy()).map_err(|error| bad(error.to_string()))? {
                found.push(path.map_err(|error| bad(error.to_string()))?);
            }
        }
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// The layout of a source, where it has one.
    ///
    /// # Errors
    /// The file cannot be read, or is no layout.
    pub fn layout(&self, source: &Source) -> Result<Option<Layout>, PipelineError> {
        let Some(path) = &source.layout else { return Ok(None) };
        let path = self.path(path);
        let text = std::fs::read_to_string(&path).map_err(PipelineError::io("reading the layout", &path))?;
        let layout = Layout::parse(&text).map_err(|error| {
            Finding::error("layout-invalid").in_file(&shown(&path)).with("reason", error.to_string())
        })?;
        Ok(Some(layout))
    }

    /// All mappings, checked.
    ///
    /// # Errors
    /// A file that the project names cannot be read.
    pub fn mappings(&self) -> Result<ProjectMappings, PipelineError> {
        mappings::load(self, Decided::All)
    }

    /// All mappings, as they would be with this file of decisions.
    pub(crate) fn mappings_with(&self, decisions: &[u8]) -> Result<ProjectMappings, PipelineError> {
        mappings::load(self, Decided::As(decisions))
    }

    /// All mappings as they would be with the files of now and what had been decided at a time.
    pub(crate) fn mappings_known_at(&self, time: Timestamp) -> Result<ProjectMappings, PipelineError> {
        mappings::load(self, Decided::By(time))
    }
}

pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string()
}
