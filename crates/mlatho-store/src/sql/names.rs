//! SQL functions that put texts in the place of numbers. They give dictionary columns, so that a text is looked at
//! once for each term and not once for each row.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Date32Array, DictionaryArray, Int32Array, StringArray};
use arrow::datatypes::{DataType, Date32Type, Int8Type, Int32Type};
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, create_udf,
};

use crate::warehouse::{PeriodCache, days};

fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// Number → text, where the texts stand in the order of their numbers.
pub(super) fn text<'a>(name: &str, texts: impl IntoIterator<Item = Option<&'a str>>) -> ScalarUDF {
    let signature = Signature::exact(vec![DataType::Int32], Volatility::Immutable);
    ScalarUDF::new_from_impl(TextOf { name: name.into(), texts: Arc::new(texts.into_iter().collect()), signature })
}

/// The function that [`text`] makes. Two of one name are one: a session has one list of texts for each.
#[derive(Debug)]
pub(super) struct TextOf {
    name: String,
    texts: Arc<StringArray>,
    signature: Signature,
}

impl TextOf {
    /// The number of a text; −1, which no row has, for a text that has none.
    pub(super) fn number(&self, text: &str) -> i32 {
        let place = self.texts.iter().position(|known| known == Some(text));
        place.and_then(|place| i32::try_from(place).ok()).unwrap_or(-1)
    }
}

impl PartialEq for TextOf {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for TextOf {}

impl Hash for TextOf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for TextOf {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(dictionary())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [numbers] = arrays(&args.args)?;
        let numbers = numbers.as_primitive::<Int32Type>().clone();
        let found = DictionaryArray::<Int32Type>::try_new(numbers, Arc::clone(&self.texts) as ArrayRef)?;
        Ok(ColumnarValue::Array(Arc::new(found)))
    }
}

/// Type and start → the period as DHIS2 writes it.
pub(super) fn period() -> ScalarUDF {
    let signature = Signature::exact(vec![DataType::Int8, DataType::Date32], Volatility::Immutable);
    ScalarUDF::new_from_impl(PeriodOf { signature })
}

/// The function that [`period`] makes.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct PeriodOf {
    signature: Signature,
}

impl ScalarUDFImpl for PeriodOf {
    fn name(&self) -> &'static str {
        "period_text"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(dictionary())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [kinds, starts] = arrays(&args.args)?;
        let (kinds, starts) = (kinds.as_primitive::<Int8Type>(), starts.as_primitive::<Date32Type>());
        let (mut cache, mut texts, mut known) = (PeriodCache::default(), Vec::new(), HashMap::new());
        let mut keys = Vec::with_capacity(kinds.len());
        for stored in kinds.values().iter().copied().zip(starts.values().iter().copied()) {
            let key = if let Some(key) = known.get(&stored) {
                *key
            } else {
                let period = cache.period(stored.0, stored.1).map_err(outside)?;
                let key = i32::try_from(texts.len()).unwrap_or(i32::MAX);
                texts.push(period.to_string());
                known.insert(stored, key);
                key
            };
            keys.push(key);
        }
        let texts: ArrayRef = Arc::new(StringArray::from(texts));
        let found = DictionaryArray::<Int32Type>::try_new(Int32Array::from(keys), texts)?;
        Ok(ColumnarValue::Array(Arc::new(found)))
    }
}

/// Type and start → the last day.
pub(super) fn period_end() -> ScalarUDF {
    let compute = |args: &[ColumnarValue]| {
        let [kinds, starts] = arrays(args)?;
        let (kinds, starts) = (kinds.as_primitive::<Int8Type>(), starts.as_primitive::<Date32Type>());
        let (mut cache, mut known, mut ends) = (PeriodCache::default(), HashMap::new(), Vec::new());
        for stored in kinds.values().iter().copied().zip(starts.values().iter().copied()) {
            let end = if let Some(end) = known.get(&stored) {
                *end
            } else {
                let end = days(cache.period(stored.0, stored.1).map_err(outside)?.end());
                known.insert(stored, end);
                end
            };
            ends.push(end);
        }
        Ok(ColumnarValue::Array(Arc::new(Date32Array::from(ends))))
    };
    let input = vec![DataType::Int8, DataType::Date32];
    create_udf("period_end", input, DataType::Date32, Volatility::Immutable, Arc::new(compute))
}

fn arrays<const N: usize>(args: &[ColumnarValue]) -> Result<[ArrayRef; N]> {
    let arrays = ColumnarValue::values_to_arrays(args)?;
    arrays.try_into().map_err(|_| DataFusionError::Internal("wrong number of arguments".into()))
}

fn outside(error: crate::error::StoreError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
