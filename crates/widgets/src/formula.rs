use piecewise_plot::format_number;
use yew::prelude::*;

/// A variable, in italics.
pub fn symbol(name: &'static str) -> Html {
    html! { <mi>{ name }</mi> }
}

/// A variable with an index, as θ with 10.
pub fn symbol_with_index(name: &'static str, index: impl Into<AttrValue>) -> Html {
    html! { <msub><mi>{ name }</mi><mn>{ index.into() }</mn></msub> }
}

/// A number.
pub fn number(value: f64, decimals: usize) -> Html {
    html! { <mn>{ format_number(value, decimals) }</mn> }
}

/// A number to be added to what stands before it: its sign as an operator, then its magnitude.
pub fn signed(value: f64, decimals: usize) -> Html {
    html! { <><mo>{ if value < 0.0 { "−" } else { "+" } }</mo><mn>{ format_number(value.abs(), decimals) }</mn></> }
}
