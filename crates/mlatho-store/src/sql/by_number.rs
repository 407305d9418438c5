//! Comparisons with texts, as comparisons with the numbers that stand for them in the files: only these can be looked for
//! in the ranges that row groups state, and compared without a text for each row.

use std::any::Any;

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::expr::{InList, ScalarFunction};
use datafusion::logical_expr::{BinaryExpr, Expr, LogicalPlan, Operator, lit, or};
use datafusion::optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule};
use mlatho_model::Period;

use super::names::{PeriodOf, TextOf};
use crate::warehouse::days;

/// Rewrites `=`, `<>`, `IN` and `NOT IN` of conditions. Texts have an order of their own, so `<` and its like stay.
#[derive(Debug)]
pub(super) struct ByNumber;

impl OptimizerRule for ByNumber {
    fn name(&self) -> &'static str {
        "texts_by_number"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::TopDown)
    }

    fn supports_rewrite(&self) -> bool {
        true
    }

    fn rewrite(&self, plan: LogicalPlan, _: &dyn OptimizerConfig) -> Result<Transformed<LogicalPlan>> {
        match plan {
            LogicalPlan::Filter(_) | LogicalPlan::TableScan(_) => {
                plan.map_expressions(|condition| condition.transform_up(|part| Ok(by_number(part))))
            }
            other => Ok(Transformed::no(other)),
        }
    }
}

fn by_number(part: Expr) -> Transformed<Expr> {
    let found = match &part {
        Expr::BinaryExpr(BinaryExpr { left, op: op @ (Operator::Eq | Operator::NotEq), right }) => {
            let one = |named, text| one_of(named, std::slice::from_ref(text), *op == Operator::NotEq);
            one(left, right.as_ref()).or_else(|| one(right, left.as_ref()))
        }
        Expr::InList(InList { expr, list, negated }) => one_of(expr, list, *negated),
        _ => None,
    };
    found.map_or_else(|| Transformed::no(part), Transformed::yes)
}

/// `name(number) IN (texts)` by the numbers. None of these columns is null, so that what is not in the list is outside.
fn one_of(named: &Expr, texts: &[Expr], negated: bool) -> Option<Expr> {
    let Expr::ScalarFunction(ScalarFunction { func, args }) = bare(named) else { return None };
    let texts: Vec<&str> = texts.iter().map(literal).collect::<Option<_>>()?;
    let function: &dyn Any = func.inner().as_ref();
    if let Some(names) = function.downcast_ref::<TextOf>() {
        let numbers: Vec<Expr> = texts.iter().map(|text| lit(names.number(text))).collect();
        let column = args.first()?.clone();
        return Some(match (<[Expr; 1]>::try_from(numbers), negated) {
            (Ok([number]), false) => column.eq(number),
            (Ok([number]), true) => column.not_eq(number),
            (Err(numbers), negated) => column.in_list(numbers, negated),
        });
    }
    function.downcast_ref::<PeriodOf>()?;
    let [kind, start] = args.as_slice() else { return None };
    let equals: Option<Vec<Expr>> = texts.iter().map(|text| is_period(kind, start, text)).collect();
    let any = equals?.into_iter().reduce(or)?;
    Some(if negated { Expr::Not(Box::new(any)) } else { any })
}

/// That a period, stored as its type and start, is the one that the text says; nothing where no period is written so.
fn is_period(kind: &Expr, start: &Expr, text: &str) -> Option<Expr> {
    let period = text.parse::<Period>().ok().filter(|period| period.to_string() == text)?;
    let first = lit(ScalarValue::Date32(Some(days(period.start()))));
    let number = i8::try_from(period.period_type() as u8).ok()?;
    Some(kind.clone().eq(lit(number)).and(start.clone().eq(first)))
}

/// Without casts that only serve the function or the comparison.
fn bare(part: &Expr) -> &Expr {
    match part {
        Expr::Cast(cast) => bare(&cast.expr),
        other => other,
    }
}

fn literal(part: &Expr) -> Option<&str> {
    match bare(part) {
        Expr::Literal(ScalarValue::Dictionary(_, value), _) => match value.as_ref() {
            ScalarValue::Utf8(text) | ScalarValue::LargeUtf8(text) | ScalarValue::Utf8View(text) => text.as_deref(),
            _ => None,
        },
        Expr::Literal(ScalarValue::Utf8(text) | ScalarValue::LargeUtf8(text) | ScalarValue::Utf8View(text), _) => {
            text.as_deref()
        }
        _ => None,
    }
}
