//! What is known of a facility or an area in one register.

/// One record of a register. Only the name is needed; whatever else is known helps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facility {
    /// The name as it is written.
    pub name: String,
    /// Other names of the same facility.
    pub aliases: Vec<String>,
    /// What it is, in the register's own words, such as `Health Centre III`.
    pub kind: Option<String>,
    /// Who owns it, in the register's own words.
    pub owner: Option<String>,
    /// Administrative areas from the top; an unknown one in between is empty.
    pub areas: Vec<String>,
    /// Latitude and longitude in degrees.
    pub position: Option<(f64, f64)>,
    /// Identifiers that the other register may know too.
    pub codes: Vec<String>,
}
