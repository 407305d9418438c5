//! The tables of supply and prices.

use mlatho_model::{Decimal, Period};
use serde::Deserialize;

use super::Scenario;
use super::number::{Amount, Share, nothing};
use crate::supply::{Buffer, Lot, Outlook, Packing, Policy, Prices, Shipment, Stock, Supply};

/// How a product is stocked and ordered.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct SupplyTable {
    pack_size: Amount,
    #[serde(default = "one_pack")]
    multiple: u64,
    #[serde(default = "one_pack")]
    minimum: u64,
    lead_months: u32,
    #[serde(default)]
    lead_spread: Amount,
    review_months: u32,
    /// Chance that stock lasts from one delivery to the next; or `buffer_months`.
    service_level: Option<Share>,
    buffer_months: Option<Amount>,
    least_months: Option<Amount>,
    most_months: Option<Amount>,
    /// Months that what is ordered can be used from its arrival on.
    life_months: Option<u32>,
    /// On hand, without a date of expiry; lots with one are `[[product.supply.lot]]`.
    #[serde(default)]
    stock: Amount,
    #[serde(default, rename = "lot")]
    lots: Vec<LotTable>,
    #[serde(default, rename = "shipment")]
    shipments: Vec<ShipmentTable>,
    #[serde(default)]
    back_orders: Amount,
    /// Standard deviation of a month over its mean, where no ledger tells it.
    pub(in crate::quantify) spread: Option<Amount>,
}

const fn one_pack() -> u64 {
    1
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct LotTable {
    quantity: Amount,
    /// The last month in which it may be used.
    expires: Period,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShipmentTable {
    quantity: Amount,
    arrives: Period,
    expires: Option<Period>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::quantify) struct PriceTable {
    pack: Amount,
    /// Share of the price of the goods.
    #[serde(default = "nothing")]
    freight: Share,
    #[serde(default = "nothing")]
    clearing: Share,
    #[serde(default)]
    pub(in crate::quantify) funder: String,
    /// 1 is bought first when the budget is short.
    #[serde(default = "first")]
    pub(in crate::quantify) priority: u32,
}

const fn first() -> u32 {
    1
}

impl PriceTable {
    pub(in crate::quantify) fn prices(&self) -> Prices {
        Prices { pack: self.pack.0, freight: self.freight.0, clearing: self.clearing.0 }
    }
}

impl SupplyTable {
    pub(super) fn check(&self) -> Result<(), String> {
        if self.pack_size.0 <= Decimal::ZERO {
            return Err("pack_size is above zero".into());
        }
        if self.multiple == 0 || self.multiple > 1_000_000 || self.minimum > 1_000_000_000 {
            return Err("multiple is between 1 and a million, minimum at most a thousand million".into());
        }
        if self.lead_months > 60 || !(1..=60).contains(&self.review_months) {
            return Err("lead_months is at most 60 and review_months between 1 and 60".into());
        }
        match (self.service_level, self.buffer_months) {
            (Some(level), None) if level.0 > Decimal::ZERO && level.0 < Decimal::ONE => Ok(()),
            (Some(_), None) => Err("service_level is between 0 and 1, both left out".into()),
            (None, Some(_)) => Ok(()),
            _ => Err("[product.supply] needs either `service_level` or `buffer_months`".into()),
        }
    }

    /// Every period that is named.
    pub(super) fn periods(&self) -> impl Iterator<Item = Period> + '_ {
        let lots = self.lots.iter().map(|lot| lot.expires);
        lots.chain(self.shipments.iter().flat_map(|shipment| [Some(shipment.arrives), shipment.expires]).flatten())
    }

    pub(in crate::quantify) fn packing(&self) -> Packing {
        Packing { pack_size: self.pack_size.0, multiple: self.multiple, minimum: self.minimum }
    }

    pub(in crate::quantify) fn supply(&self, scenario: &Scenario, outlook: Outlook) -> Supply {
        let mut lots: Vec<Lot> = self
            .lots
            .iter()
            .map(|lot| Lot { quantity: lot.quantity.0, expires: Some(scenario.month_of(lot.expires)) })
            .collect();
        lots.push(Lot { quantity: self.stock.0, expires: None });
        let shipment = |shipment: &ShipmentTable| Shipment {
            quantity: shipment.quantity.0,
            arrives: scenario.month_of(shipment.arrives),
            expires: shipment.expires.map(|period| scenario.month_of(period)),
        };
        let number = |amount: Decimal| f64::try_from(amount).unwrap_or_default();
        let level = self.service_level.map(|level| Buffer::ServiceLevel(number(level.0)));
        let months = Buffer::Months(self.buffer_months.unwrap_or_default().0);
        Supply {
            outlook,
            stock: Stock {
                lots,
                on_order: self.shipments.iter().map(shipment).collect(),
                back_orders: self.back_orders.0,
            },
            policy: Policy {
                lead_months: self.lead_months,
                lead_spread: number(self.lead_spread.0),
                review_months: self.review_months,
                buffer: level.unwrap_or(months),
                least_months: self.least_months.map(|months| months.0),
                most_months: self.most_months.map(|months| months.0),
            },
            packing: self.packing(),
            life: self.life_months,
        }
    }

    pub(in crate::quantify) fn lead_months(&self) -> u32 {
        self.lead_months
    }
}
