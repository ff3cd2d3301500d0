//! The table of networks that are born constant, in the exhibit `neural-field`.

use piecewise_tests::browser::Page;

/// The button of a cell, by row and column.
fn cell(row: usize, column: usize) -> String {
    format!("document.querySelectorAll('.neural-field-births tbody tr')[{row}].cells[{column}].querySelector('button')")
}

const PROGRESS: &str = "(document.querySelector('.births-progress')?.textContent ?? '')";
const TOGGLE: &str = "document.querySelector('.neural-field-births summary').click()";

#[tokio::test]
async fn narrow_and_deep_networks_are_counted_while_one_looks_and_one_of_them_is_drawn() {
    let page = Page::open("#/neural-field?steps=0", 1280, 900, false).await;
    page.until("return document.querySelector('.neural-field-births') !== null").await;
    assert_eq!(page.text("return `${document.querySelector('.neural-field-births table')}`").await, "null");

    // Closed, it rests; opened again, it goes on.
    page.eval(TOGGLE).await;
    page.until(&format!("return parseInt({PROGRESS}) >= 5")).await;
    page.eval(TOGGLE).await;
    page.until("return !document.querySelector('.neural-field-births').open").await;
    page.eval("return new Promise(done => setTimeout(done, 200))").await;
    let rests = page.text(&format!("return {PROGRESS}")).await;
    page.eval("return new Promise(done => setTimeout(done, 200))").await;
    assert_eq!(page.text(&format!("return {PROGRESS}")).await, rests);
    page.eval(TOGGLE).await;
    page.until(&format!("return {PROGRESS}.startsWith('400 networks a cell')")).await;
    assert!(rests.contains("of 400"), "{rests}");

    let share = async |row, column| -> f64 {
        let text = page.text(&format!("return {}.textContent", cell(row, column))).await;
        text.parse().expect("a share")
    };
    assert!(share(0, 5).await > 0.9);
    assert_eq!(share(4, 1).await, 0.0);
    // From left to right, deeper networks; from top to bottom, wider ones.
    assert!(share(2, 3).await < share(2, 4).await && share(2, 3).await < share(1, 3).await);

    // The second row of the second column: networks of three units and four layers.
    page.eval(&format!("{}.click()", cell(1, 2))).await;
    page.until("return ['width=3', 'depth=4', 'weights=he'].every(s => location.hash.includes(s))").await;
    page.until(&format!("return {}.ariaCurrent === 'true'", cell(1, 2))).await;
    assert_eq!(
        page.number("return document.querySelectorAll('.neural-field-births [aria-current]').length").await,
        1.0
    );
    // It was one step.
    page.eval("[...document.querySelectorAll('.tools button')].find(b => b.innerText.includes('Undo')).click()").await;
    page.until("return !location.hash.includes('width=') && !location.hash.includes('depth=') && !location.hash.includes('weights=')").await;
    page.assert_console_is_empty().await;
    page.close().await;
}
