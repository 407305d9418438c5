//! What an account does not see: servers leave it out and say nothing.

use std::collections::{BTreeMap, BTreeSet};

use mlatho_model::Finding;
use serde::Deserialize;

use super::{Client, OpenlmisError};
use crate::http::named;

/// The facilities that the account sees, and those that it should.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visibility {
    /// Codes of the facilities that the server lists.
    pub seen: BTreeSet<String>,
    /// Codes that were expected and are not listed: not visible to this account, which is not the same as silent.
    pub not_visible: Vec<String>,
    /// Facilities that are members of a requisition group, and so must report, and are not listed; by id.
    pub hidden_members: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    #[serde(default)]
    member_facilities: Vec<Member>,
}

#[derive(Deserialize)]
struct Member {
    id: String,
}

impl Client {
    /// Compares the facilities that the server lists with those whose codes are expected, and with the members of the
    /// requisition groups. Codes are compared without regard to case and spaces around them.
    ///
    /// # Errors
    /// The server does not answer, refuses, or answers with something else. Groups that the account may not read are
    /// taken as none.
    pub async fn visibility(&self, expected: &BTreeSet<String>) -> Result<Visibility, OpenlmisError> {
        let facilities = self.facilities().await?.values;
        let codes: BTreeMap<String, &str> = facilities.iter().map(|own| (same(&own.code), own.code.as_str())).collect();
        let ids: BTreeSet<String> = facilities.iter().map(|own| own.id.to_lowercase()).collect();
        let groups = match self.list::<Group>("api/requisitionGroups", &[]).await {
            Ok(listed) => listed.objects.into_iter().flatten().collect(),
            Err(OpenlmisError::Forbidden { .. } | OpenlmisError::NotFound { .. }) => Vec::new(),
            Err(error) => return Err(error),
        };
        let members =
            groups.into_iter().flat_map(|group| group.member_facilities).map(|member| member.id.to_lowercase());
        let hidden: BTreeSet<String> = members.filter(|id| !ids.contains(id)).collect();
        Ok(Visibility {
            not_visible: expected.iter().filter(|code| !codes.contains_key(&same(code))).cloned().collect(),
            hidden_members: hidden.into_iter().collect(),
            seen: codes.into_values().map(str::to_owned).collect(),
        })
    }
}

fn same(code: &str) -> String {
    code.trim().to_lowercase()
}

impl Visibility {
    /// For the person: what is not visible to this account, if anything.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let of = |code: &'static str, all: &[String]| {
            let finding = || Finding::warning(code).with("count", all.len()).with("facilities", named(all, ", "));
            (!all.is_empty()).then(finding)
        };
        let expected = of("openlmis-not-visible", &self.not_visible);
        expected.into_iter().chain(of("openlmis-hidden-members", &self.hidden_members)).collect()
    }
}
