use std::{fs, path::Path};

use tintero_domain::text_work::TextLimit;

#[test]
fn the_limits_of_texts_are_documented() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api-design.md");
    let page = fs::read_to_string(page).expect("the page is a text");
    for limit in TextLimit::ALL {
        let row = format!("| `{}` | {} | ", limit.code(), limit.max());
        assert!(page.contains(&row), "{row}");
    }
}
