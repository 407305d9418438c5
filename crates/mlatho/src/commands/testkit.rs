//! `mlatho testkit serve`: an invented country behind a test double, for people who want to try.

use mlatho_model::Arg;
use mlatho_testkit::openhim;

use super::{Context, Done, Failure, block_on, demo};
use crate::arguments::{System, Testkit, TestkitServe};

pub(super) fn testkit(context: &Context, args: &Testkit) -> Result<Done, Failure> {
    let Testkit::Serve(args) = args;
    let country = || demo::country(context, args.facilities, args.months, args.seed);
    let secret = demo::token();
    match args.system {
        System::Dhis2 => {
            let version = demo::DHIS2.parse().map_err(std::io::Error::other)?;
            let server = country().serve_hmis(version, &secret)?;
            wait(context, args, server.url(), &secret)
        }
        System::Openlmis => {
            let server = country().serve_lmis(&secret)?;
            wait(context, args, server.url(), &secret)
        }
        System::Elmis => {
            let server = country().serve_elmis(&secret)?;
            wait(context, args, server.url(), &secret)
        }
        System::Logistimo => {
            let server = country().serve_logistimo(&secret)?;
            wait(context, args, server.url(), &secret)
        }
        System::Openhim => {
            let server = openhim::Server::start(openhim::Config::new("mlatho", &secret))?;
            wait(context, args, server.url(), &secret)
        }
    }
}

/// Says where it serves, and serves until it is ended.
fn wait(context: &Context, args: &TestkitServe, url: &str, secret: &str) -> Result<Done, Failure> {
    let told = [("system", Arg::from(args.system.name())), ("url", url.into()), ("secret", secret.into())];
    let key = if args.system == System::Openhim { "testkit-openhim" } else { "testkit-serving" };
    context.out.tell(key, &told);
    block_on(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await; // no signal can be waited for: it is ended from outside
        }
        Ok(Done::Well)
    })
}
