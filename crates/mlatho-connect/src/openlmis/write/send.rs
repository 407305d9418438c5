//! One requisition, sent whole with its version, and read back.

use reqwest::header::{ACCEPT, CONTENT_TYPE, IF_MATCH};
use secrecy::ExposeSecret;

use super::super::{Client, OpenlmisError, OpenlmisOwn};
use super::body::Body;
use super::{Change, Draft, Drafts, Found, Planned, Receipt};
use crate::http::Expect;
use crate::requisition::write::{Answer, Look, judged, settle};

impl Client {
    /// Writes the changes of one requisition: the whole body as it was read with only these numbers replaced, its version
    /// in `If-Match` and its date of change in the body. What is lost on the way is looked up before it is sent again; a
    /// conflict is never forced.
    ///
    /// # Errors
    /// The server does not answer, or refuses the key or password. Whether the write arrived may then be unknown; planning
    /// again tells.
    pub async fn write(&self, drafts: &Drafts<Draft>, planned: &Planned) -> Result<Receipt, OpenlmisError> {
        let id = &planned.requisition;
        let path = format!("api/v2/requisitions/{id}");
        let problem =
            |error: serde_json::Error| OpenlmisError::Answer { path: path.clone(), problem: error.to_string() };
        let draft = drafts.list.get(planned.draft);
        let receipt = Receipt::begun(planned, draft.and_then(|draft| draft.etag.clone()));
        // The plan holds back what has no version; without one there is no guard, and nothing is sent.
        let Some((draft, version)) = draft.and_then(|draft| Some((draft, draft.etag.as_ref()?))) else {
            return Ok(receipt);
        };
        let mut body = draft.body.clone();
        for change in &planned.changes {
            body.set(change.line, change.cell.column.name(), change.new).map_err(problem)?;
        }
        let bytes = body.bytes().map_err(problem)?;
        let send = async |tries| self.put(&path, version, &bytes, tries).await;
        let look = async || {
            let (now, version_now) = self.whole(id).await?;
            let untouched = version_now.as_ref() == Some(version);
            Ok(Look { found: draft.found(planned, &now), untouched, version: version_now, touched: false })
        };
        settle(planned, receipt, send, look).await
    }

    /// Sends once, or twice where the first token is refused, for then nothing was done.
    async fn put(
        &self,
        path: &str,
        version: &str,
        body: &[u8],
        tries: u32,
    ) -> Result<Answer<OpenlmisOwn>, OpenlmisError> {
        let mut refused = false;
        loop {
            let token = self.token().await?;
            let request = self.requests.http.put(self.requests.url(path, &[])?).bearer_auth(token.expose_secret());
            let request = request.header(ACCEPT, "application/json").header(CONTENT_TYPE, "application/json");
            let request = self.cited.on(request.header(IF_MATCH, version)).body(body.to_vec());
            let reply = self.requests.once(path, Expect::Json, request).await;
            match judged(&self.requests, path, tries, reply).await {
                Some(answer) => return Ok(answer),
                None if !refused && self.refuse(&token).await => refused = true,
                None => return Err(OpenlmisError::Unauthorized { path: path.into() }),
            }
        }
    }
}

impl Draft {
    /// What stands in the cells of the changes. Lines are found by their id, for their order may differ.
    fn found(&self, planned: &Planned, now: &Body) -> Vec<Found> {
        let id = |line: usize| self.body.lines().get(line).map(|line| &line["id"]);
        let found = |change: &Change| {
            let line = now.lines().iter().find(|line| Some(&line["id"]) == id(change.line))?;
            let number = |name: &str| line[name].as_number().and_then(|number| number.to_string().parse().ok());
            let order = number("calculatedOrderQuantityIsa")
                .filter(|_| self.template["populateStockOnHandFromStockCards"] == true);
            Some(Found {
                value: number(change.cell.column.name()),
                order: order.or_else(|| number("calculatedOrderQuantity")),
            })
        };
        planned.changes.iter().map(|change| found(change).unwrap_or_default()).collect()
    }
}
