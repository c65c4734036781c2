//! Why a measurement could not be made.

/// What any step may end with.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Says what was being done when something failed.
pub fn doing<E: std::fmt::Display>(what: impl std::fmt::Display) -> impl FnOnce(E) -> Failure {
    move |error| format!("{what}: {error}").into()
}
