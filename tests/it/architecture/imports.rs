//! Files of a crate import each other in one direction.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use syn::{
    Attribute, ItemMod, ItemUse, UseTree, Visibility,
    visit::{self, Visit},
};
use walkdir::WalkDir;

use crate::dependencies::root;

/// A module of a crate, as the names from its root.
type Module = Vec<String>;

/// Modules that may import each other: every error variant of the domain names its details, and
/// everything returns errors.
const ERROR_CIRCLE: [&str; 4] = ["error", "images", "posts", "site"];

#[test]
fn files_import_each_other_in_one_direction() {
    let crates = fs::read_dir(root().join("crates")).expect("the folder can be read");
    for folder in crates.map(|entry| entry.expect("the folder can be read").path()) {
        let mut circle = circle(&imports(&folder.join("src")));
        if folder.ends_with("domain") {
            circle.retain(|module| !ERROR_CIRCLE.contains(&module.as_str()));
        }
        assert!(circle.is_empty(), "{}: {circle:?}", folder.display());
    }
}

/// Modules that import themselves through others.
fn circle(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    let is_in_circle = |start: &Module| {
        let mut reached = BTreeSet::new();
        let mut ahead: Vec<&Module> = imports[start].iter().collect();
        while let Some(module) = ahead.pop() {
            if reached.insert(module) {
                ahead.extend(&imports[module]);
            }
        }
        reached.contains(start)
    };
    let modules = imports.keys().filter(|module| is_in_circle(module));
    modules.map(|module| module.join("::")).collect()
}

/// The modules that each module of a crate imports.
fn imports(src: &Path) -> BTreeMap<Module, BTreeSet<Module>> {
    let files = WalkDir::new(src).into_iter().filter_map(Result::ok);
    let sources = files.filter_map(|file| Some((module(src, file.path())?, file.into_path())));
    let sources: BTreeMap<_, _> = sources.collect();
    let import = |(module, path): (&Module, _)| {
        let text = fs::read_to_string(path).expect("code is text");
        let mut reader = ImportReader {
            module,
            modules: sources.keys().collect(),
            imported: BTreeSet::new(),
        };
        reader.visit_file(&syn::parse_file(&text).expect("the code compiles"));
        (module.clone(), reader.imported)
    };
    sources.iter().map(import).collect()
}

/// The module of a file. `mod.rs` stands for its folder. Test modules are skipped.
fn module(src: &Path, file: &Path) -> Option<Module> {
    let path = file.strip_prefix(src).ok()?.with_extension("");
    let is_code = file.extension().is_some_and(|end| end == "rs");
    let mut names: Module = path
        .iter()
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    let last = names.last().map_or("", String::as_str);
    if !is_code || names.iter().any(|name| name == "tests") {
        return None;
    }
    if ["mod", "lib", "main"].contains(&last) {
        names.pop();
    }
    Some(names)
}

struct ImportReader<'a> {
    module: &'a Module,
    modules: BTreeSet<&'a Module>,
    imported: BTreeSet<Module>,
}

impl ImportReader<'_> {
    /// Adds the module of a path. A module does not import the modules that contain it.
    fn add(&mut self, path: &[String]) {
        let Some((first, rest)) = path.split_first() else {
            return;
        };
        let mut target = match first.as_str() {
            "crate" => rest.to_vec(),
            "self" => [self.module, rest].concat(),
            "super" => {
                let ups = path.iter().take_while(|name| *name == "super").count();
                let kept = self.module.len().saturating_sub(ups);
                [&self.module[..kept], &path[ups..]].concat()
            }
            _ => [self.module.as_slice(), path].concat(),
        };
        while !self.modules.contains(&target) && target.pop().is_some() {}
        if !self.module.starts_with(&target) {
            self.imported.insert(target);
        }
    }

    fn add_tree(&mut self, tree: &UseTree, path: &mut Vec<String>) {
        match tree {
            UseTree::Path(step) => {
                path.push(step.ident.to_string());
                self.add_tree(&step.tree, path);
                path.pop();
            }
            UseTree::Name(name) => self.add(&[path.as_slice(), &[name.ident.to_string()]].concat()),
            UseTree::Rename(name) => {
                self.add(&[path.as_slice(), &[name.ident.to_string()]].concat());
            }
            UseTree::Glob(_) => self.add(path),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_tree(tree, path);
                }
            }
        }
    }
}

impl<'ast> Visit<'ast> for ImportReader<'_> {
    /// A re-export is no import: users of the name depend on the module that it is in.
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if matches!(item.vis, Visibility::Inherited) {
            self.add_tree(&item.tree, &mut Vec::new());
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            let names: Vec<_> = path
                .segments
                .iter()
                .map(|it| it.ident.to_string())
                .collect();
            self.add(&names);
        }
        visit::visit_path(self, path);
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        let is_test = |attribute: &Attribute| attribute.path().is_ident("cfg");
        if !item.attrs.iter().any(is_test) {
            visit::visit_item_mod(self, item);
        }
    }
}
