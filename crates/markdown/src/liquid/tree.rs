use super::token::{LiquidToken, LiquidTokenKind};

/// The most blocks in each other. Deeper ones are not evaluated.
const MAX_DEPTH: usize = 48;

/// A part of a text whose blocks are matched with their ends.
#[derive(Debug)]
pub(super) enum Node<'a> {
    Leaf(LiquidToken<'a>),
    /// A tag of a block without its end, or an end without its block.
    Stray(LiquidToken<'a>),
    Block(LiquidBlock<'a>),
}

#[derive(Debug)]
pub(super) struct LiquidBlock<'a> {
    pub(super) name: &'a str,
    pub(super) start: usize,
    pub(super) end: usize,
    /// The part after the opening tag, then one for each `elsif`, `else` and `when`.
    pub(super) branches: Vec<Branch<'a>>,
}

#[derive(Debug)]
pub(super) struct Branch<'a> {
    pub(super) tag: LiquidToken<'a>,
    pub(super) name: &'a str,
    pub(super) arguments: &'a str,
    pub(super) nodes: Vec<Node<'a>>,
    /// Whether it shows nothing but white space, which Liquid then removes.
    pub(super) is_blank: bool,
}

impl<'a> Branch<'a> {
    fn new(tag: LiquidToken<'a>, name: &'a str, arguments: &'a str) -> Self {
        Self {
            tag,
            name,
            arguments,
            nodes: Vec::new(),
            is_blank: false,
        }
    }
}

fn is_blank(nodes: &[Node<'_>], source: &str) -> bool {
    nodes.iter().all(|node| match node {
        Node::Leaf(token) => match token.kind {
            LiquidTokenKind::Text => source[token.start..token.end].trim().is_empty(),
            LiquidTokenKind::Comment => true,
            LiquidTokenKind::Tag(name, _) => matches!(name, "assign" | "break" | "continue"),
            _ => false,
        },
        Node::Stray(_) => false,
        Node::Block(block) => {
            block.name == "capture" || block.branches.iter().all(|branch| branch.is_blank)
        }
    })
}

/// Matches the blocks of a source.
pub(super) fn tree<'a>(source: &'a str, tokens: Vec<LiquidToken<'a>>) -> Vec<Node<'a>> {
    let mut builder = TreeBuilder {
        source,
        roots: Vec::new(),
        open: Vec::new(),
    };
    for token in tokens {
        match token.kind {
            LiquidTokenKind::Tag(name, arguments) => builder.tag(token, name, arguments),
            _ => builder.add(Node::Leaf(token)),
        }
    }
    while !builder.open.is_empty() {
        builder.dissolve();
    }
    builder.roots
}

struct TreeBuilder<'a> {
    source: &'a str,
    roots: Vec<Node<'a>>,
    /// The branches of each open block.
    open: Vec<Vec<Branch<'a>>>,
}

impl<'a> TreeBuilder<'a> {
    fn nodes(&mut self) -> &mut Vec<Node<'a>> {
        match self
            .open
            .last_mut()
            .and_then(|branches| branches.last_mut())
        {
            Some(branch) => &mut branch.nodes,
            None => &mut self.roots,
        }
    }

    fn add(&mut self, node: Node<'a>) {
        self.nodes().push(node);
    }

    fn tag(&mut self, token: LiquidToken<'a>, name: &'a str, arguments: &'a str) {
        let name_of = |branches: &Vec<Branch<'a>>| branches.first().map_or("", |first| first.name);
        let top = self.open.last().map_or("", name_of);
        match name {
            "if" | "unless" | "case" | "for" | "capture" if self.open.len() < MAX_DEPTH => {
                self.open.push(vec![Branch::new(token, name, arguments)]);
            }
            "elsif" if matches!(top, "if" | "unless") => self.branch(token, name, arguments),
            "else" if matches!(top, "if" | "unless" | "case" | "for") => {
                self.branch(token, name, arguments);
            }
            "when" if top == "case" => self.branch(token, name, arguments),
            "if" | "unless" | "case" | "for" | "capture" | "elsif" | "else" | "when" => {
                self.add(Node::Stray(token));
            }
            _ => {
                let opening = name.strip_prefix("end").unwrap_or_default();
                let place = self
                    .open
                    .iter()
                    .rposition(|branches| name_of(branches) == opening);
                match place {
                    Some(place) => self.end(place, token.end),
                    None => self.add(Node::Leaf(token)),
                }
            }
        }
    }

    fn branch(&mut self, token: LiquidToken<'a>, name: &'a str, arguments: &'a str) {
        if let Some(branches) = self.open.last_mut() {
            branches.push(Branch::new(token, name, arguments));
        }
    }

    fn end(&mut self, place: usize, end: usize) {
        while self.open.len() > place + 1 {
            self.dissolve();
        }
        let mut branches = self.open.pop().unwrap_or_default();
        for branch in &mut branches {
            branch.is_blank = is_blank(&branch.nodes, self.source);
        }
        let Some(first) = branches.first() else {
            return;
        };
        let (name, start) = (first.name, first.tag.start);
        self.add(Node::Block(LiquidBlock {
            name,
            start,
            end,
            branches,
        }));
    }

    /// Turns the last open block into strays and its content.
    fn dissolve(&mut self) {
        for branch in self.open.pop().unwrap_or_default() {
            self.add(Node::Stray(branch.tag));
            self.nodes().extend(branch.nodes);
        }
    }
}
