use comrak::Node;
use comrak::nodes::NodeValue;

/// Maximum number of levels of nested nodes. An HTML parser needs time for each level at every tag.
const MAX_DEPTH: usize = 100;

/// Replaces nodes deeper than [`MAX_DEPTH`] by their text.
pub(super) fn limit(root: Node<'_>) {
    let mut open = vec![(root, 0)];
    while let Some((node, depth)) = open.pop() {
        if depth == MAX_DEPTH {
            if node.first_child().is_some() {
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
