use std::collections::BTreeMap;
use std::rc::Rc;

use super::evaluator::{Evaluator, Flow, Source};
use super::expression::{ExpressionParser, condition};
use super::filters::integer;
use super::result::{Failure, LiquidResult};
use super::tree::{Branch, LiquidBlock};
use super::value::LiquidValue;
use crate::budget::{Stopped, TextLimit};
use crate::report::RenderWarningKind;

impl<'a> Evaluator<'a> {
    pub(super) fn block(
        &mut self,
        block: &LiquidBlock<'a>,
        source: Source<'a>,
    ) -> Result<Flow, Stopped> {
        let done = match block.name {
            "if" | "unless" => self.conditional(block, source),
            "case" => self.case(block, source),
            "for" => self.repeat(block, source),
            _ => self.capture(block, source),
        };
        match done {
            Ok(flow) => Ok(flow),
            Err(Failure::Stopped(stopped)) => Err(stopped),
            Err(Failure::Unsupported) => {
                if let Some(first) = block.branches.first() {
                    let construct = &source.text[first.tag.start..first.tag.end];
                    let kind = RenderWarningKind::Liquid;
                    self.warn_of(kind, construct, first.tag.start, source);
                }
                let text = &source.text[block.start..block.end];
                self.write(text, block.start, source)?;
                Ok(Flow::Next)
            }
        }
    }

    fn branch(&mut self, branch: &Branch<'a>, source: Source<'a>) -> LiquidResult<Flow> {
        Ok(self.nodes(&branch.nodes, source, branch.is_blank)?)
    }

    fn conditional(&mut self, block: &LiquidBlock<'a>, source: Source<'a>) -> LiquidResult<Flow> {
        for branch in &block.branches {
            self.scope.budget.spend(1 + branch.arguments.len())?;
            let holds = match branch.name {
                "else" => true,
                "unless" => !condition(branch.arguments, &self.scope)?,
                _ => condition(branch.arguments, &self.scope)?,
            };
            if holds {
                return self.branch(branch, source);
            }
        }
        Ok(Flow::Next)
    }

    fn case(&mut self, block: &LiquidBlock<'a>, source: Source<'a>) -> LiquidResult<Flow> {
        let Some((first, branches)) = block.branches.split_first() else {
            return Ok(Flow::Next);
        };
        let mut parser = ExpressionParser::new(first.arguments, &self.scope);
        let value = parser.value()?;
        parser.end()?;
        if value == LiquidValue::Unknown {
            return Err(Failure::Unsupported);
        }
        for branch in branches {
            self.scope.budget.spend(1 + branch.arguments.len())?;
            if branch.name == "else" || self.is_one_of(&value, branch.arguments)? {
                return self.branch(branch, source);
            }
        }
        Ok(Flow::Next)
    }

    fn is_one_of(&self, value: &LiquidValue<'a>, choices: &str) -> LiquidResult<bool> {
        let mut parser = ExpressionParser::new(choices, &self.scope);
        loop {
            let choice = parser.value()?;
            self.scope.budget.spend(choice.comparison_steps(value))?;
            if choice.equals(value) {
                return Ok(true);
            }
            if parser.rest.is_empty() {
                return Ok(false);
            }
            if !parser.eat(",") && parser.word()? != "or" {
                return Err(Failure::Unsupported);
            }
        }
    }

    fn repeat(&mut self, block: &LiquidBlock<'a>, source: Source<'a>) -> LiquidResult<Flow> {
        let Some(first) = block.branches.first() else {
            return Ok(Flow::Next);
        };
        let Loop { name, list, places } = Loop::read(first.arguments, self)?;
        if places.is_empty() {
            return match block.branches.get(1) {
                Some(other) => self.branch(other, source),
                None => Ok(Flow::Next),
            };
        }
        let count = places.len();
        for (index, place) in places.into_iter().enumerate() {
            self.scope.budget.spend(8)?;
            let item = list.item(place).unwrap_or(LiquidValue::Nil);
            self.scope.enter(&name, item);
            self.scope.enter("forloop", loop_state(index, count));
            let flow = self.branch(first, source);
            self.scope.leave();
            self.scope.leave();
            if flow? == Flow::Break || self.is_too_long {
                break;
            }
        }
        Ok(Flow::Next)
    }

    /// Counts iterations. Returns false if there are too many.
    pub(super) fn can_repeat(&mut self, rounds: usize) -> bool {
        self.rounds = self.rounds.saturating_add(rounds as u64);
        let is_within = self.rounds <= TextLimit::LiquidRounds.max();
        if !is_within {
            self.scope.budget.simplify(TextLimit::LiquidRounds);
            self.is_too_long = true;
        }
        is_within
    }

    fn capture(&mut self, block: &LiquidBlock<'a>, source: Source<'a>) -> LiquidResult<Flow> {
        let Some(branch) = block.branches.first() else {
            return Ok(Flow::Next);
        };
        let name = branch.arguments.trim_matches(['"', '\'']);
        self.output.begin_capture();
        let flow = self.branch(branch, source);
        let text = self.output.end_capture();
        self.scope.assign(name, LiquidValue::text(text));
        flow
    }
}

/// The head of a loop.
struct Loop<'a> {
    name: String,
    list: LiquidValue<'a>,
    /// The indexes of the items in their order.
    places: Vec<usize>,
}

impl<'a> Loop<'a> {
    fn read(head: &str, evaluator: &mut Evaluator<'a>) -> LiquidResult<Self> {
        evaluator.scope.budget.spend(head.len())?;
        let mut parser = ExpressionParser::new(head, &evaluator.scope);
        let name = parser.word()?.to_owned();
        if parser.word()? != "in" {
            return Err(Failure::Unsupported);
        }
        let list = parser.value()?;
        let (mut offset, mut limit, mut is_reversed) = (0, usize::MAX, false);
        while !parser.rest.is_empty() {
            parser.eat(",");
            let option = parser.word()?;
            if option == "reversed" {
                is_reversed = true;
                continue;
            }
            if !parser.eat(":") {
                return Err(Failure::Unsupported);
            }
            let number = integer(&parser.value()?).and_then(|number| usize::try_from(number).ok());
            match option {
                "limit" => limit = number.unwrap_or(0),
                "offset" => offset = number.unwrap_or(0),
                _ => return Err(Failure::Unsupported),
            }
        }
        let (list, length) = items(list)?;
        let end = offset.saturating_add(limit).min(length);
        let mut places: Vec<usize> = Vec::new();
        if evaluator.can_repeat(end.saturating_sub(offset)) {
            places.extend(offset..end);
        }
        if is_reversed {
            places.reverse();
        }
        Ok(Self { name, list, places })
    }
}

/// The list that a loop repeats, and its length. A text or a number is one item.
fn items(value: LiquidValue<'_>) -> LiquidResult<(LiquidValue<'_>, usize)> {
    match value {
        LiquidValue::Unknown | LiquidValue::Fields(_) => Err(Failure::Unsupported),
        LiquidValue::Nil | LiquidValue::Blank | LiquidValue::Bool(_) => Ok((LiquidValue::Nil, 0)),
        LiquidValue::Text(text) if text.is_empty() => Ok((LiquidValue::Nil, 0)),
        LiquidValue::Text(_) | LiquidValue::Int(_) | LiquidValue::Float(_) => {
            Ok((LiquidValue::list(vec![value]), 1))
        }
        list => {
            let length = list.size().unwrap_or(0);
            Ok((list, length))
        }
    }
}

fn loop_state<'a>(index: usize, count: usize) -> LiquidValue<'a> {
    let number = |number: usize| LiquidValue::Int(i64::try_from(number).unwrap_or(i64::MAX));
    let fields = [
        ("index", number(index + 1)),
        ("index0", number(index)),
        ("rindex", number(count - index)),
        ("rindex0", number(count - index - 1)),
        ("length", number(count)),
        ("first", LiquidValue::Bool(index == 0)),
        ("last", LiquidValue::Bool(index + 1 == count)),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value));
    LiquidValue::Fields(Rc::new(BTreeMap::from(fields)))
}
