//! Terms: the texts that rows name by a small number.

use std::collections::HashMap;
use std::sync::Arc;

use mlatho_model::{MissingReason, Value};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel, QueryOrder};

use super::entity::terms::{Column, Entity, Model};
use super::{CHUNK, Catalogue};
use crate::error::{Result, StoreError};

/// What a term is a name of. Each kind numbers its own terms from 0, which is always the empty text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i16)]
pub enum TermKind {
    Source = 0,
    OrgUnit = 1,
    Item = 2,
    Measure = 3,
    Disaggregation = 4,
    Unit = 5,
    /// A value state, as [`Value::state`] writes it.
    State = 6,
    /// Column of the source.
    Column = 7,
    /// Hash of the mappings in force.
    Crosswalk = 8,
    UnitRule = 9,
    PeriodRule = 10,
    /// The source's own code of an org unit.
    SourceOrgUnit = 11,
    /// The source's own code of an item.
    SourceItem = 12,
    /// Code of a finding.
    Finding = 13,
    /// Why a row does not count, such as `unmapped-item`.
    Reason = 14,
}

impl TermKind {
    pub(crate) const COUNT: usize = 15;
}

/// A text with what is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub text: Arc<str>,
    /// What a person calls it; empty where nobody said.
    pub name: String,
    /// Whether a mapping leads to it (org units and items).
    pub mapped: bool,
}

#[derive(Clone, Debug, Default)]
struct Vocabulary {
    ids: HashMap<Arc<str>, i32>,
    terms: Vec<Term>,
    /// Ids whose row in the catalogue is missing or old.
    unsaved: Vec<i32>,
}

/// All terms of a repository, both ways. Ids are dense and never change.
#[derive(Clone, Debug)]
pub struct Terms {
    kinds: Vec<Vocabulary>,
}

/// The state term of a reported number.
pub(crate) const REPORTED: i32 = 1;

impl Terms {
    fn empty() -> Self {
        Self { kinds: vec![Vocabulary::default(); TermKind::COUNT] }
    }

    /// Makes sure of the empty text at 0 and of the value states at their fixed places.
    fn seed(&mut self) {
        for vocabulary in &mut self.kinds {
            vocabulary.id("");
        }
        let states = &mut self.kinds[TermKind::State as usize];
        states.id("reported");
        for reason in [
            MissingReason::Blank,
            MissingReason::NotANumber,
            MissingReason::NoColumn,
            MissingReason::NoReport,
            MissingReason::Withdrawn,
        ] {
            states.id(&Value::Missing(reason).state().to_string());
        }
        states.id("not-applicable");
    }

    /// The number of a text, given now if it has none.
    pub fn id(&mut self, kind: TermKind, text: &str) -> i32 {
        self.kinds[kind as usize].id(text)
    }

    /// The number of a text that was stored before.
    #[must_use]
    pub fn find(&self, kind: TermKind, text: &str) -> Option<i32> {
        self.kinds[kind as usize].ids.get(text).copied()
    }

    /// The text of a number; empty for a number that was never given.
    #[must_use]
    pub fn text(&self, kind: TermKind, id: i32) -> &str {
        self.term(kind, id).map_or("", |term| &term.text)
    }

    #[must_use]
    pub fn term(&self, kind: TermKind, id: i32) -> Option<&Term> {
        self.kinds[kind as usize].terms.get(usize::try_from(id).ok()?)
    }

    /// The terms of a kind in the order of their numbers.
    #[must_use]
    pub fn all(&self, kind: TermKind) -> &[Term] {
        &self.kinds[kind as usize].terms
    }

    /// Keeps what is known about a text, which gets a number if it has none.
    pub fn describe(&mut self, kind: TermKind, text: &str, name: &str, mapped: bool) -> i32 {
        let vocabulary = &mut self.kinds[kind as usize];
        let id = vocabulary.id(text);
        if let Some(term) = usize::try_from(id).ok().and_then(|index| vocabulary.terms.get_mut(index))
            && (term.name != name || term.mapped != mapped)
        {
            term.name = name.into();
            term.mapped = mapped;
            vocabulary.unsaved.push(id);
        }
        id
    }

    /// The state number of a value.
    pub fn state(&mut self, value: &Value) -> i32 {
        match value {
            Value::Reported(_) => REPORTED,
            other => self.id(TermKind::State, &other.state().to_string()),
        }
    }

    pub(crate) fn saved(&mut self) {
        self.kinds.iter_mut().for_each(|vocabulary| vocabulary.unsaved.clear());
    }
}

impl Vocabulary {
    fn id(&mut self, text: &str) -> i32 {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = i32::try_from(self.terms.len()).unwrap_or(i32::MAX);
        let text: Arc<str> = text.into();
        self.ids.insert(Arc::clone(&text), id);
        self.terms.push(Term { text, name: String::new(), mapped: false });
        self.unsaved.push(id);
        id
    }
}

impl Catalogue {
    pub(crate) async fn terms(&self) -> Result<Terms> {
        let mut terms = Terms::empty();
        let rows = Entity::find().order_by_asc(Column::Kind).order_by_asc(Column::Id).all(&self.db).await;
        for row in rows.map_err(StoreError::db("reading terms"))? {
            let kind = usize::try_from(row.kind).ok();
            let known = kind.and_then(|kind| terms.kinds.get_mut(kind));
            let vocabulary = known.ok_or_else(|| StoreError::damaged(format!("a term of kind {}", row.kind)))?;
            if vocabulary.id(&row.text) != row.id {
                return Err(StoreError::damaged(format!("the number of term `{}`", row.text)));
            }
            if let Some(term) = vocabulary.terms.last_mut() {
                term.name = row.name;
                term.mapped = row.mapped;
            }
        }
        terms.saved();
        terms.seed();
        Ok(terms)
    }

    /// Writes what is not yet in the catalogue.
    pub(crate) async fn save_terms(&self, terms: &mut Terms) -> Result<()> {
        let mut rows = Vec::new();
        for (kind, vocabulary) in (0i16..).zip(&mut terms.kinds) {
            vocabulary.unsaved.sort_unstable();
            vocabulary.unsaved.dedup();
            for &id in &vocabulary.unsaved {
                let Some(term) = usize::try_from(id).ok().and_then(|index| vocabulary.terms.get(index)) else {
                    continue;
                };
                let (text, name) = (term.text.as_ref().into(), term.name.clone());
                rows.push(Model { kind, id, text, name, mapped: term.mapped }.into_active_model());
            }
        }
        let renewed =
            OnConflict::columns([Column::Kind, Column::Id]).update_columns([Column::Name, Column::Mapped]).to_owned();
        for chunk in rows.chunks(CHUNK) {
            let insert = Entity::insert_many(chunk.to_vec()).on_conflict(renewed.clone());
            insert.exec_without_returning(&self.db).await.map_err(StoreError::db("saving terms"))?;
        }
        terms.saved();
        Ok(())
    }
}
