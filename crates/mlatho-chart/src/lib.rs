#![doc = include_str!("../README.md")]

mod axis;
mod fan;
mod frame;
mod heat;
mod league;
mod map;
mod scatter;
mod stock;
mod svg;
mod trend;
mod waterfall;

pub use fan::{FanChart, FanPoint, FanWords};
pub use frame::Frame;
pub use heat::{HeatRow, HeatTable};
pub use league::{LeagueRow, LeagueTable};
pub use map::{Area, AreaMap, Dot, breaks_of};
pub use scatter::{Scatter, ScatterPoint};
pub use stock::{StockChart, StockClass, StockRow};
pub use trend::{Band, Place, TrendChart, TrendPoint, TrendWords};
pub use waterfall::{Step, Waterfall};
