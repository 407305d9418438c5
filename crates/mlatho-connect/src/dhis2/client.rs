//! A connection to one server: what it is, who we are there.

use std::time::Duration;

use mlatho_model::{Finding, Uid};
use serde::Deserialize;
use url::Url;

use crate::http::Citation;

use super::{Config, Credentials, Dhis2Error, Dhis2Own, Engine, Version};

/// A server that answered and let us in. Keeps no cookie, so that org unit scope is read afresh (`dhis2.md` 7 #15).
#[derive(Debug)]
pub struct Client {
    pub(super) http: reqwest::Client,
    pub(super) base: Url,
    pub(super) credentials: Credentials,
    pub(super) read_timeout: Duration,
    pub(super) retry_wait: Duration,
    pub(super) page_size: u32,
    pub(super) first_chunk: usize,
    pub(super) async_import: bool,
    info: SystemInfo,
    version: Version,
    me: Me,
    findings: Vec<Finding>,
    /// By which mappings what is sent came about.
    pub(super) cited: Citation,
}

/// `/api/system/info`, as far as it is used.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SystemInfo {
    pub version: String,
    /// Build; hidden from users without authority.
    pub revision: Option<String>,
    pub calendar: Option<String>,
    /// The server's own time, without an offset: `2026-08-01T12:00:00.000`.
    pub server_date: Option<String>,
    pub server_time_zone_id: Option<String>,
    pub last_analytics_table_success: Option<String>,
}

/// The user that the token or password belongs to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    pub id: Option<String>,
    #[serde(default)]
    pub authorities: Vec<String>,
    /// Org units with everything below them that the user may write to.
    #[serde(default)]
    pub organisation_units: Vec<Reference>,
    /// Org units with everything below them that the user may read in analytics.
    #[serde(default)]
    pub data_view_organisation_units: Vec<Reference>,
}

/// A metadata object named by its UID only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Reference {
    pub id: Uid,
}

impl Client {
    /// Connects, reads what the server is and who the user is.
    ///
    /// # Errors
    /// The settings are wrong, the server does not answer or is no DHIS2, the token or password is refused.
    pub async fn connect(config: &Config, credentials: Credentials) -> Result<Self, Dhis2Error> {
        let base = config.base_url()?;
        let read_timeout = Duration::from_secs(config.read_timeout_seconds);
        let connect_timeout = Duration::from_secs(config.connect_timeout_seconds);
        let http = crate::http::client(connect_timeout, read_timeout).map_err(Dhis2Error::Setup)?;
        let mut client = Self {
            http,
            base,
            credentials,
            read_timeout,
            retry_wait: config.retry_wait(),
            page_size: config.page_size,
            first_chunk: config.first_chunk,
            async_import: config.async_import,
            info: SystemInfo::default(),
            version: Version { line: 0, patch: 0, hotfix: 0 },
            me: Me::default(),
            findings: Vec::new(),
            cited: Citation::default(),
        };
        client.info = client.get_json("api/system/info", &[]).await?;
        client.version = client.info.version.parse().map_err(|error: super::BadVersion| Dhis2Error::Answer {
            path: "api/system/info".into(),
            problem: error.to_string(),
        })?;
        let fields = "id,authorities,organisationUnits[id],dataViewOrganisationUnits[id]";
        client.me = client.get_json("api/me", &[("fields", fields)]).await?;
        client.findings = client.doubts();
        tracing::info!(server = %client.base, version = %client.version, engine = ?client.engine(), "connected to DHIS2");
        Ok(client)
    }

    fn doubts(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let version = self.version.to_string();
        if self.version.line < Version::OLDEST_WRITABLE {
            findings.push(Finding::warning("dhis2-too-old").with("version", version));
        } else if self.version.line > Version::NEWEST_KNOWN {
            findings.push(Finding::warning("dhis2-newer").with("version", version));
        }
        if !self.has_authority("F_DATAVALUE_ADD") {
            findings.push(Finding::warning("dhis2-no-data-authority"));
        }
        findings
    }

    /// Whether values may be sent to this server at all.
    ///
    /// # Errors
    /// It is older than 2.38, or its periods are counted in another calendar than the ISO one.
    pub fn writable(&self) -> Result<(), Dhis2Error> {
        if self.version.line < Version::OLDEST_WRITABLE {
            return Err(Dhis2Error::Own(Dhis2Own::TooOld { version: self.version }));
        }
        match self.info.calendar.as_deref() {
            None | Some("" | "iso8601" | "gregorian") => Ok(()),
            Some(calendar) => Err(Dhis2Error::Own(Dhis2Own::Calendar { calendar: calendar.into() })),
        }
    }

    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    #[must_use]
    pub const fn engine(&self) -> Engine {
        self.version.engine()
    }

    #[must_use]
    pub const fn info(&self) -> &SystemInfo {
        &self.info
    }

    #[must_use]
    pub const fn me(&self) -> &Me {
        &self.me
    }

    /// Whether the user has an authority; `ALL` includes every one.
    #[must_use]
    pub fn has_authority(&self, authority: &str) -> bool {
        self.is_super() || self.me.authorities.iter().any(|own| own == authority)
    }

    /// Whether the user may do everything (`ALL`); the server then asks for no access.
    #[must_use]
    pub fn is_super(&self) -> bool {
        self.me.authorities.iter().any(|own| own == "ALL")
    }

    /// Says with everything that is sent from now on by which mappings it came about.
    pub fn cite(&mut self, mappings: &str) {
        self.cited = Citation::new(mappings);
    }

    /// What is cited; empty where nothing is.
    #[must_use]
    pub fn cited(&self) -> &str {
        self.cited.text()
    }

    /// What is doubtful about the server or the user: a version not known here, a missing authority.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The address, without secrets.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.base.as_str()
    }
}
