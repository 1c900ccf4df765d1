use comrak::Node;
use comrak::nodes::NodeValue;

use crate::budget::{Budget, TextLimit};

/// Replaces nodes deeper than [`TextLimit::Nesting`] by their text. An HTML parser needs time for each level at
/// every tag.
pub(super) fn limit(root: Node<'_>, budget: &Budget) {
    let mut open = vec![(root, 0)];
    while let Some((node, depth)) = open.pop() {
        if depth == TextLimit::Nesting.max() {
            if node.first_child().is_some() {
                budget.simplify(TextLimit::Nesting);
                flatten(node);
            }
            continue;
        }
        open.extend(node.children().map(|child| (child, depth + 1)));
    }
}

/// Replaces a node by its text.
fn flatten(node: Node<'_>) {
    let mut text = String::new();
    for inner in node.descendants().skip(1) {
        match &inner.data().value {
            NodeValue::Text(literal) => text.push_str(literal),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::CodeBlock(block) => text.push_str(&block.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak | NodeValue::Paragraph => text.push(' '),
            _ => {}
        }
    }
    while let Some(child) = node.first_child() {
        child.detach();
    }
    node.data_mut().value = NodeValue::Text(text.trim().to_owned().into());
}
