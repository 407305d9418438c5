//! Settings that every server has, where the configuration does not say otherwise.

pub(crate) const fn ten() -> u64 {
    10
}

pub(crate) const fn two_minutes() -> u64 {
    120
}

pub(crate) const fn ten_minutes() -> u64 {
    600
}

pub(crate) const fn one_second() -> u64 {
    1000
}

pub(crate) const fn hundred() -> usize {
    100
}

pub(crate) const fn five_hundred() -> u32 {
    500
}

pub(crate) const fn quarter_gigabyte() -> u64 {
    256
}
