//! The country's DHIS2 server, running.

use std::io;

use super::Country;
use crate::dhis2::{Config, Metadata, NewValue, Server, User, Version};

impl Country {
    /// Starts a double of DHIS2 that holds the country's metadata and its service counts, entered by `data-entry`. The
    /// token is that of a user who may read everything and write data; its clock stands a week after the last month.
    ///
    /// # Errors
    /// There is no free port, or no thread can be started.
    pub fn serve_hmis(&self, version: Version, token: &str) -> io::Result<Server> {
        let user = User::new(self.uid, "mlatho", "", &["F_DATAVALUE_ADD"], &[self.uid]).with_token(token, None);
        let mut config = Config::new(version, vec![user]);
        config.log_bodies = false;
        if let Some(last) = self.months.last() {
            config.now = last.end().saturating_add(jiff::Span::new().days(7)).at(8, 0, 0, 0);
        }
        let metadata = Metadata::from_json(&self.dhis2_metadata()).map_err(io::Error::other)?;
        let server = Server::start(config, metadata)?;
        let values = self.service_values();
        let new = |value: &super::ServiceValue| {
            NewValue::new(value.data_element, value.org_unit, value.period, &value.value.to_string())
        };
        server.load("data-entry", values.iter().map(new));
        Ok(server)
    }
}
